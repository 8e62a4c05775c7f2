"""The secretary knows the year, the place and what was said a page before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.prose.faults import (
    RULES,
    agreement,
    conflicts,
    dates,
    eras,
    faults,
    measures,
    own,
    ranks,
    repetition,
    spellings,
    years,
)
from shuzhi.prose.faults.repetition import copied
from shuzhi.prose.faults.rule import Rule
from shuzhi.prose.faults.years import report_years
from shuzhi.prose.reading import read

Cases = list[tuple[str, str]]


def found(text: str, rules: tuple[Rule, ...]) -> list[tuple[str, str]]:
    """Type and words of what `rules` object to in `text`."""
    return [(d.type, d.span.of(text)) for d in faults(read(text), rules)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("水利总结\n全乡现有11个村。\n12个村全部通水。", "12个村全部"),
        ("水利总结\n全县综合考评列全市第3位。\n全市综合考评第5位的名次有差距。", "第5位"),
        ("水利总结\n营商环境评价由第8位上升到第5位，前移2位。", "前移2位"),
        ("水利总结\n营商环境评价由第5位上升到第8位。", "第8位"),
        ("水利总结\n受理投诉56件，全部办结，办结率98.2%。", "办结率98.2%"),
        ("水利总结\n反馈问题56个已全部整改，尚有3个问题未整改到位。", "尚有3个"),
        ("水利总结\n所有缺水村全部通水。\n还有2个缺水村未通水。", "还有2个"),
        ("水利总结\n新签约水站41个，总投资20亿元。\n总的看，全区新签约水站达到36个。", "36个"),
        ("水利总结\n全年未发生安全事故。\n全年发生安全事故2起。", "2起"),
        ("水利总结\n全县森林覆盖率达到62.3%。\n全县森林覆盖率为58.1%，水土改善。", "58.1%"),
        ("水利总结\n信访总量同比下降12%。\n信访总量同比上升12%。", "上升12%"),
        ("水利总结\n现有在职党员86名。\n在职党员共92名。", "92名"),
    ],
)
def test_a_contradiction_is_told_where_it_comes_second(text: str, words: str) -> None:
    ((kind, place),) = found(text, (*conflicts.RULES, *ranks.RULES))
    assert kind == "contradiction"
    assert words in place


@pytest.mark.parametrize(
    "text",
    [
        "全乡现有11个村。\n5个村全部通水。",
        "规上工业增加值增速居全市第3位，固定资产投资增速居全市第5位。",
        "城镇居民收入增速居全市第3位，农村居民收入增速居全市第5位。",
        "工业增长8.2%，增速居全市第3位；投资增长10.1%，增速居全市第5位。",
        "营商环境评价由第8位上升到第5位，前移3位。",
        "受理投诉56件，全部办结，满意率98.2%。",
        "城镇新增就业4,200人。\n一季度城镇新增就业1,200人。",
        "城镇新增就业4,200人。\n二、下一步打算\n城镇新增就业4,500人。",
        "全年未发生较大以上事故。\n全年发生安全事故2起。",
        "开工水站6座，完成投资3亿元。\n改造渠道8条，完成投资5亿元。",
    ],
)
def test_different_things_may_have_different_numbers(text: str) -> None:
    assert found(f"水利总结\n{text}", (*conflicts.RULES, *ranks.RULES)) == []


@pytest.mark.parametrize(
    ("text", "reviewed", "told"),
    [
        ("2024年度述职报告\n修渠。", 2024, 2024),
        ("二〇二四年度述职报告\n修渠。", 2024, 2024),
        ("政府工作报告\n——2018年1月9日在白石县人民代表大会上\n一、过去一年的工作\n修渠。", 2017, 2018),
        ("政府工作报告\n——2018年1月9日在白石县人民代表大会上\n一、2017年工作回顾\n修渠。", 2017, 2018),
        ("关于2023年预算执行情况和2024年预算草案的报告\n修渠。", 2023, 2023),
        ("述职报告\n（2015年12月28日）\n修渠。", 2015, 2015),
        ("述职报告\n现将本人2019年履职情况报告如下。", 2019, 2019),
    ],
)
def test_the_year_of_a_report_is_the_one_it_looks_back_on(text: str, reviewed: int, told: int) -> None:
    said = report_years(read(text))
    assert said is not None
    assert (said.reviewed, said.told) == (reviewed, told)


def test_a_report_that_names_no_year_has_none() -> None:
    assert report_years(read("述职报告\n一年来，修渠通水。")) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2020年度工作总结\n一、工作\n截至2021年底，建成水库3座。", "2021年"),
        ("2020年度工作总结\n一、工作\n圆满完成了2018年各项任务。", "2018年"),
        ("2019年工作总结及2021年工作打算\n一、工作\n修渠。", "2021年"),
        ("2020年度工作总结\n一、工作\n修渠。\n二、下一步打算\n2020年，我将继续努力。", "2020年，"),
        ("2018年度工作总结\n一、工作\n修渠。\n述职人：李明\n2017年12月20日", "2017年12月20日"),
        ("2019年度述职报告\n2019年是“十三五”收官之年，我认真履职。", "收官"),
        ("2019年度工作总结\n一、工作\n庆祝新中国成立75周年。", "75周年"),
        ("2017年度工作总结\n一、工作\n扎实开展“不忘初心、牢记使命”主题教育。", "主题教育"),
        ("2023年度工作总结\n一、工作\n深入开展扫黑除恶专项斗争。", "扫黑除恶"),
        ("2022年度工作总结\n一、工作\n会同县安监局开展检查。", "安监局"),
        ("2015年度工作总结\n一、工作\n会同县应急管理局开展检查。", "应急管理局"),
        ("2020年度工作总结\n一、工作\n学习党的十九届六中全会公报。", "六中全会"),
        ("2021年度工作总结\n一、工作\n认真学习贯彻党的十八大精神。", "十八大"),
    ],
)
def test_what_does_not_fit_the_year_is_found(text: str, words: str) -> None:
    ((kind, place),) = found(text, (*years.RULES, *eras.RULES))
    assert kind == "year_mismatch"
    assert words in place


@pytest.mark.parametrize(
    "text",
    [
        "2021年度述职报告\n一、工作\n以优异成绩迎接党的二十大胜利召开。",
        "2020年度述职报告\n一、工作\n谋划“十四五”规划编制。\n二、打算\n2021年，我将继续努力。",
        "政府工作报告\n——2018年1月9日在白石县人民代表大会上\n一、过去一年\n2017年，完成投资。\n二、2018年工作安排\n修渠。",
        "2021年度工作总结\n一、工作\n巩固党史学习教育成果，2020年是“十三五”收官之年。",
        "2022年度工作总结\n一、工作\n推动党史学习教育常态化长效化，原安监局人员划转。",
        "2021年度工作总结\n一、工作\n学习党的十八大以来重要论述和党的十九大精神。",
        "2020年度工作总结\n2020年是“十三五”规划收官之年。\n述职人\n2021年1月10日",
        "2019年度述职报告\n一、工作\n组织庆祝新中国成立70周年活动。到2025年建成水库3座。",
    ],
)
def test_history_plans_and_what_is_awaited_may_stand(text: str) -> None:
    assert found(text, (*years.RULES, *eras.RULES)) == []


@pytest.mark.parametrize(
    ("text", "rules", "kind"),
    [
        ("2019年度工作总结\n工程于2月29日完工。", dates.RULES, "impossible_date"),
        ("会议于十一月三十一日召开。", dates.RULES, "impossible_date"),
        ("第五季度完成投资。", dates.RULES, "impossible_date"),
        ("会议定于8时75分召开。", dates.RULES, "impossible_date"),
        ("泵站于9月10日开工，6月底竣工。", dates.RULES, "impossible_date"),
        ("5月20日至5月10日开展检查。", dates.RULES, "impossible_date"),
        ("石桥镇镇长2013年度述职报告\n防汛期间，全体乡干部昼夜值守。", own.RULES, "name_inconsistency"),
        (
            "望江区农业局局长述职报告\n调研报告《关于加快我县水产业转型的建议》。",
            own.RULES,
            "name_inconsistency",
        ),
        ("关于槐树市2023年财政预算执行情况的报告\n自觉接受县人大的监督。", own.RULES, "name_inconsistency"),
        (
            "白石县水利局工作总结\n在清河县委、县政府的领导下，白石县水利局认真工作。",
            own.RULES,
            "name_inconsistency",
        ),
        ("白石县水利局工作总结\n白石县人民政府重视。白沙县人民政府拨款。", own.RULES, "name_inconsistency"),
        ("白石县教育局2020年工作总结\n一年来，我委认真履职。", own.RULES, "name_inconsistency"),
        ("制定《“清渠惠民”行动计划》。\n推动清渠利民行动计划落地。", spellings.RULES, "name_inconsistency"),
        ("白石竹材深加工项目开工。\n白石木材深加工项目投产。", spellings.RULES, "name_inconsistency"),
        (
            "2020年度述职报告\n水利局局长　李明华\n修渠。\n述职人：李明花",
            spellings.RULES,
            "name_inconsistency",
        ),
        ("城镇新增就业4.2人。", measures.RULES, "unit"),
        ("实施水利项目52个，完成投资18.6万元。", measures.RULES, "unit"),
        ("专项债务34.9亿元，偿还到期本息4.08万元。", measures.RULES, "unit"),
        ("工业增加值增长8.5%，高于全市平均水平1.4%。", measures.RULES, "unit"),
        ("供水率由90.2%提高到95.6%，提高5.4%。", measures.RULES, "unit"),
        ("森林覆盖率达到45.6万亩。", measures.RULES, "unit"),
        ("城镇登记失业率3.2个百分点。", measures.RULES, "unit"),
        ("在东山、西山、南坡4个村开展试点。", agreement.RULES, "count_mismatch"),
        ("先后到东山、西山、南坡、北坡等3个村调研。", agreement.RULES, "count_mismatch"),
        ("在3个村（东山村、西山村）开展试点。", agreement.RULES, "count_mismatch"),
        ("开展“清风”“利剑”“护苗”四项行动。", agreement.RULES, "count_mismatch"),
        ("坚持抓堤防、抓渠系、抓泵站“四抓”并举。", agreement.RULES, "count_mismatch"),
        ("力争险情起数、受灾人数和直接损失分别下降5%和8%。", agreement.RULES, "count_mismatch"),
        ("统筹推进教育、医疗、养老、医疗等事业。", repetition.RULES, "duplicate_text"),
        ("进一步进一步夯实基础。", repetition.RULES, "duplicate_text"),
        ("逐座建档验收，强化日常巡查，逐座建档验收，无险情。", repetition.RULES, "duplicate_text"),
    ],
)
def test_a_slip_of_sense_is_found_once(text: str, rules: tuple[Rule, ...], kind: str) -> None:
    assert [k for k, _ in found(text if "\n" in text else f"水利总结\n{text}", rules)] == [kind]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("2020年度工作总结\n工程于2月29日完工。", dates.RULES),
        ("春节自12月25日至1月5日放假，9:30开会。", dates.RULES),
        ("白石县水利局总结\n赴清河县委党校学习，与清河县人民政府签订协议。", own.RULES),
        (
            "白石县水利局总结\n与协作区清河区签订协议，清河区委、区政府来我县调研，收入列全区第3位。",
            own.RULES,
        ),
        ("石桥镇2013年总结\n我曾任乡长，家乡变化大，各乡镇、乡干部都参加。", own.RULES),
        ("白石县人民政府总结\n园区政府投资，社区党委，市、区、县三级联动。", own.RULES),
        ("出台《东片区管护办法》《西片区管护办法》。", spellings.RULES),
        ("变“群众不愿来”为“群众都愿来”。", spellings.RULES),
        ("实施农村公路改造工程、农村道路硬化工程。", spellings.RULES),
        ("平均等候次数由1.9次减少到1.3次，户均养殖1.5头，每千人床位6.5张。", measures.RULES),
        ("万车死亡率降至1.2人/万车，机器功率达到200千瓦。", measures.RULES),
        ("城镇化率提高1.2个百分点，投诉下降5%。", measures.RULES),
        ("惠及城区、园区15个社区，完成水利、交通12个项目。", agreement.RULES),
        ("全区中小学、幼儿园封闭管理、专职保安、一键报警、护学岗四个建设达标。", agreement.RULES),
        ("教育、卫生和健康支出分别增长8%和9%。", agreement.RULES),
        ("健全规章制度45项。\n一、坚持学习\n修渠。\n二、坚持实干\n通水。", agreement.RULES),
        ("一件一件抓落实，逐个逐个过关。", repetition.RULES),
        ("建立县、乡、村三级网络，落实县、乡、村三级责任。", repetition.RULES),
    ],
)
def test_sound_sense_raises_no_alarm(text: str, rules: tuple[Rule, ...]) -> None:
    assert (
        found(
            f"水利总结\n{text}" if text[:4] not in ("2020", "白石县水", "石桥镇2", "白石县人") else text,
            rules,
        )
        == []
    )


LAST = "全年除险加固水库12座，新铺管网35公里，解决了6,000名群众的饮水困难。群众反映良好。全年无一处险情。"


def test_a_passage_copied_with_its_figures_is_told_apart_from_one_brought_up_to_date() -> None:
    (same,) = copied(read(f"2020年度总结\n\n{LAST}\n今年还修了路。"), [LAST])
    (changed,) = copied(read(f"2020年度总结\n\n{LAST.replace('12', '15')}"), [LAST])
    assert "连数字也没有改" in same.explanation
    assert "只改了数字" in changed.explanation
    assert (same.span.start, same.type) == (10, "copied_paragraph")


def test_what_was_written_anew_is_no_copy() -> None:
    assert (
        copied(
            read("2020年度总结\n\n全年修建渠道35公里，惠及群众6,000名，新建泵站12座，清淤河道20公里。"),
            [LAST],
        )
        == ()
    )


PIECES = [
    "2020年",
    "其中",
    "占",
    "合计",
    "由",
    "增加到",
    "，",
    "。",
    "、",
    "\n",
    "12.5",
    "亿元",
    "%",
    "个",
    "分别为",
    "第3位",
    "全部",
    "（",
    "）",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_findings_lie_inside_any_text_and_no_text_breaks_a_rule(pieces: list[str]) -> None:
    text = "".join(pieces)
    draft = read(text)
    for defect in faults(draft, RULES):
        assert 0 <= defect.span.start < defect.span.end <= len(text)
        assert defect.explanation
