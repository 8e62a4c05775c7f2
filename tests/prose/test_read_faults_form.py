"""Numbering, numerals, punctuation, grammar and what a template leaves: what is marked and what is left alone."""

import pytest

from shuzhi.prose.model import Defect
from shuzhi.prose.reading import read


def _found(text: str, *, advice: bool = False) -> list[tuple[str, str]]:
    draft = read(text)
    defects: tuple[Defect, ...] = draft.advice if advice else draft.defects
    return [(d.rule, d.span.of(text)) for d in defects]


@pytest.mark.parametrize(
    ("text", "rule", "place"),
    [
        (
            "一、建库\n储水。\n二、修渠\n通水。\n二、种树\n造林。\n四、修路\n通车。",
            "prose-E1-twice",
            "二、种树",
        ),
        ("一是建库，二是修渠，二是种树，四是修路。", "prose-E1-twice", "二是种树"),
        ("一要建库，二要修渠，四要种树。", "prose-E1-missing", "四要"),
        ("①建库；②修渠；④种树。", "prose-E1-missing", "④"),
        ("1.建库\n储水。\n2.修渠\n通水。\n4.种树\n造林。", "prose-E1-missing", "4."),
        ("一是建库。三是修渠。四是种树。", "prose-E1-missing", "三是"),
        ("第一，建库。第二，修渠。第二，种树。", "prose-E1-twice", "第二，种树"),
        ("一是建库。二是修渠。三是种树。\n存在问题：二是缺钱。三是缺人。", "prose-E1-missing", "二是"),
        ("一是建库。二是修渠。四是种树。三是修路。", "prose-E2-order", "四是种树"),
    ],
)
def test_a_fault_of_numbering_is_said_once(text: str, rule: str, place: str) -> None:
    assert _found(text) == [(rule, place)]


@pytest.mark.parametrize(
    "text",
    [
        "一、建库\n（一）储水。\n（二）通水。\n二、修渠\n（三）引水。\n（四）灌溉。",
        "1.建库\n储水。\n2.修渠\n通水。\n3.种树\n造林。",
        "一是建库，二要修渠，三是种树。",
        "一是建库。二是修渠。\n问题：一是缺钱。二是缺人。",
        "首先，建库。其次，修渠。再次，种树。最后，修路。",
        "一、建库\n1.储水。\n2.通水。\n二、修渠\n1.引水。\n2.灌溉。",
    ],
)
def test_lists_in_order_are_left_alone(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize(
    ("text", "rule", "place"),
    [
        ("水费收入3千2百万元。", "prose-F1-mixed", "3千2百"),
        ("受益群众5百户。", "prose-F1-mixed", "5百"),
        ("水库于2024年05月08日蓄水。", "prose-F1-date", "2024年05月08日"),
        ("水库于二〇二四年5月8日蓄水。", "prose-F1-date", "二〇二四年5月8日"),
        ("水库于2024年五月蓄水。", "prose-F1-date", "2024年五月"),
        ("工程于二0二四年开工。", "prose-F1-date", "二0二四年"),
        ("渠系水利用率提高15～30%。", "prose-F1-range", "15～30%"),
        ("水库投资3-5亿元。", "prose-F1-range", "3-5亿"),
        ("约300户左右用上了自来水。", "prose-F1-bounds", "约300户左右"),
        ("超过80%以上的渠道完好。", "prose-F1-bounds", "超过80%以上"),
        ("近500多人上堤。", "prose-F1-bounds", "近500多"),
        ("不超过30天以内办结。", "prose-F1-bounds", "不超过30天以内"),
        ("渠道渗漏率只有.8%。", "prose-F1-sign", ".8"),
        ("印发办法（云政发[2024]5号）。", "prose-F6-document", "[2024]"),
        ("印发办法（云政发〔2024〕第5号）。", "prose-F6-document", "2024〕第5号"),
        ("水库除险加固完成投资1.2亿，按期完工。", "prose-U1-bare", "投资1.2亿"),
        ("建库修渠等、种树造林都有进展。", "prose-F5-stops", "等、"),
        ("建成“引水上山、”工程。", "prose-F5-stops", "山、”"),
        ("建水库、修渠道...都有进展。", "prose-F5-dots", "..."),
        ("建水库、修渠道等……都有进展。", "prose-F5-dots", "等……"),
        ("建水库--修渠道。", "prose-F5-dots", "--"),
        ("印发《关于落实《水法》的意见》。", "prose-F5-books", "《水法》的意见》"),
        ("印发《》，抓好落实。", "prose-F5-books", "《》"),
        ("渗漏比上年减少了2倍。", "prose-N2-sense", "减少了2倍"),
        ("防止溃坝事故不再发生。", "prose-N2-frame", "防止溃坝事故不再发生"),
        ("抓好巡堤。通过培训，使巡堤员熟悉了水情。", "prose-N2-sense", "通过培训，使"),
        ("重视程度不，整改缓慢。", "prose-N2-missing", "程度不"),
        ("在县委的大力支持，建成了水库。", "prose-N2-missing", "支持"),
        ("以新时期治水思想指导，建成了水库。", "prose-N2-missing", "思想指导"),
        ("加强河道的的管理。", "prose-N2-twice", "的的"),
        ("经研究，同意/不同意立项。", "prose-P1-alternative", "同意/不同意"),
        ("通过评估（省级/国家级）。", "prose-P1-alternative", "省级/国家级"),
        ("是否蓄水（是/否）。", "prose-P1-alternative", "是/否"),
        ("水位增长（下降）3米。", "prose-P1-alternative", "增长（下降）"),
        ("县长/区长到会。", "prose-P1-alternative", "县长/区长"),
        ("修渠3条（以下略）。", "prose-P1-direction", "（以下略）"),
    ],
)
def test_a_fault_of_form_is_marked(text: str, rule: str, place: str) -> None:
    assert _found(text) == [(rule, place)]


@pytest.mark.parametrize(
    "text",
    [
        "装机3千瓦，鱼产2千克，提高3个百分点，面积2千米，全国百强，5百佳。",
        "水库于2024年5月8日蓄水，二〇二四年五月八日通水。",
        "利用率提高15%～30%，投资3亿—5亿元，由15%提高到30%，第3至5名，3至5天。",
        "约300户受益，300户左右受益，超过80%，80%以上，附近500多人，约占30%。",
        "渗漏率0.8%，版本v1.2.3。",
        "印发办法（云政发〔2024〕5号），案号（2024）云01民初5号。",
        "投资1.2亿元，人口1.2万，增加值3.5亿元。",
        "一等、二等、高等、中等教育并举，克服等、靠、要思想。",
        "建水库、修渠道……都有进展。",
        "印发《关于落实〈水法〉的意见》。",
        "减少三分之二，增长2倍，防止溃坝事故再次发生。",
        "通过培训，巡堤员熟悉了水情。",
        "好不热闹，在县委的大力支持下，以治水思想为指导，非做不可。",
        "每吨3元/吨，线上/线下，他说，各县（市、区），村（社区），党委（党组）。",
        "目的明确，的确如此，为了了解民情，大会会场，人和和谐。",
        "实实在在，一把把尺子，和和美美，对对联。",
    ],
)
def test_right_form_is_left_alone(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("首先，抓好建库。第二，抓好修渠。", "prose-E3-mixed"),
        ("一、建库\n（一）储水\n蓄水。\n二、修渠\n引水。", "prose-E2-orphan"),
        ("1.建库\n（一）储水\n蓄水。\n（二）防洪\n泄洪。\n2.修渠\n引水。", "prose-E2-levels"),
        ("印发《甲》、《乙》。", "prose-F4-marks"),
        ("全县 上下齐心治水。", "prose-F4-marks"),
        ("联系人电话13800000000。", "prose-Q1-personal"),
        ("修渠的目的是为了引水。", "prose-N2-redundant"),
        ("做到“两个维护”，增强“四个意识”。", "prose-N2-order"),
    ],
)
def test_advice_is_no_defect(text: str, rule: str) -> None:
    assert _found(text) == []
    assert rule in {found for found, _ in _found(text, advice=True)}


def test_half_width_stops_are_told_where_the_text_is_full_width() -> None:
    text = "修渠,引水。" + "建库，储水。修渠，引水。" * 4
    assert [rule for rule, _ in _found(text)][:1] == ["prose-F5-half-width"]
    assert _found("修渠,引水,种树,造林,修路,通车.") == []


def test_one_percent_sign_is_used() -> None:
    text = "甲库完好率91%，乙库完好率92%，丙库完好率93%，丁库完好率94%，戊库完好率95%，己库完好率96％。"
    assert _found(text) == [("prose-F1-sign", "％")]
