"""The checkable statements of a draft, and its JSON."""

import json

import pytest

from shuzhi.prose.model import QUALITATIVE
from shuzhi.prose.reading import read

OPENING = "述职报告\n一年来，认真履职。现将情况报告如下。\n一、工作情况\n"


@pytest.mark.parametrize(
    ("clause", "kinds"),
    [
        ("新建泵站X座。", ["figure"]),
        ("出台《泵站管护办法》。", ["document_issued"]),
        ("建立月巡查制度。", ["mechanism"]),
        ("多次召开调度会议。", ["meeting"]),
        ("东干渠工程竣工验收。", ["project"]),
        ("没有收受礼品礼金。", ["declaration"]),
        ("召开调度会议X次。", ["figure", "meeting"]),
        ("印发《河道保洁办法》《管水员守则》。", ["document_issued"]),
        ("制定汛期值守方案。", ["document_issued"]),
        ("每周五研判水情。", ["mechanism"]),
        ("大额采购一律上会。", ["mechanism"]),
        ("凡涉及征地的事项都由村民会议议定。", ["mechanism"]),
        ("推行水费预收管理。", ["mechanism"]),
        ("镇村干部一户一策帮扶。", ["mechanism"]),
        ("成立抗旱工作专班。", ["mechanism"]),
        ("新水厂正式通水。", ["project"]),
        ("西坪村获评省级森林村庄。", ["project"]),
        ("开展河道清障专项行动。", ["project"]),
        ("带队赴邻县考察。", ["meeting"]),
        ("举办插秧比赛活动。", ["meeting"]),
        ("本人没有插手工程建设。", ["declaration"]),
        ("较好地完成了各项任务。", ["declaration"]),
        ("全镇社会大局平稳。", ["declaration"]),
        ("清理沟渠XX公里。", ["figure"]),
        ("天气转凉，大家都很辛苦。", []),
        ("精简会议文件。", []),
        ("水费收缴还没有形成长效办法。", ["shortcoming"]),
        ("未在企业兼职取酬。", ["declaration"]),
        ("认真落实上级要求。", []),
    ],
)
def test_a_clause_is_claimed_by_its_words(clause: str, kinds: list[str]) -> None:
    text = OPENING + clause
    found = [c.type for c in read(text).claims if c.span.start >= len(OPENING)]
    assert [kind for kind in found if kind != QUALITATIVE] == kinds


def test_shortcomings_and_promises_are_told_by_their_section() -> None:
    text = OPENING + "修渠。\n二、存在的不足\n调研深度不够。\n三、下一步打算\n确保东干渠年内通水。\n"
    assert [c.type for c in read(text).claims] == ["shortcoming", "commitment"]


def test_shortcomings_without_a_heading_open_with_words_of_their_own() -> None:
    text = (
        OPENING
        + "修渠。也存在一些不足：干渠老化严重；管护力量偏弱，年轻人手不多。2026年，我将抓好以下工作：推进渠系改造。"
    )
    found = [(c.type, c.span.of(text)) for c in read(text).claims if c.type != QUALITATIVE]
    assert found == [
        ("shortcoming", "干渠老化严重"),
        ("shortcoming", "管护力量偏弱，年轻人手不多"),
        ("commitment", "推进渠系改造"),
    ]


def test_problems_found_elsewhere_are_no_shortcomings_of_the_report() -> None:
    text = OPENING + "针对排查中存在的问题，逐一整改。修好北渠。"
    assert [c.type for c in read(text).claims] == []


def test_the_json_has_the_keys_of_the_draft_schema() -> None:
    text = OPENING + "全县农村公路里程达到三分之一，完成投资12.50亿元、惠及X户。"
    made = json.loads(json.dumps(read(text).as_json(), ensure_ascii=False))
    assert {"title", "boilerplate", "outline", "slots", "figures", "defects", "claims"} <= set(made)
    assert [f["value"] for f in made["figures"]] == ["33.3333", "12.5"]
    assert {
        "id",
        "start",
        "end",
        "text",
        "clause_start",
        "clause_end",
        "kind",
        "unit",
        "concept",
        "time",
    } <= set(made["slots"][0])
