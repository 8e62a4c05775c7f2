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
    ],
)
def test_a_clause_is_claimed_by_its_words(clause: str, kinds: list[str]) -> None:
    text = OPENING + clause
    found = [c.type for c in read(text).claims if c.span.start >= len(OPENING)]
    assert [kind for kind in found if kind != QUALITATIVE] == kinds


def test_shortcomings_and_promises_are_told_by_their_section() -> None:
    text = OPENING + "修渠。\n二、存在的不足\n调研深度不够。\n三、下一步打算\n确保东干渠年内通水。\n"
    assert [c.type for c in read(text).claims] == ["shortcoming", "commitment"]


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
