"""Structure: carrier text, title, opening, headings on their own line and run in, nesting."""

import pytest

from shuzhi.prose.reading import read

REPORT = """某材料网会员专享，转载请先联系站长
青岭县水利局2025年度工作总结

一年来，全局上下共同努力，完成了各项任务。现将情况报告如下。
一、抓项目，补短板
（一）防洪工程提速。1.开工早。完成土方X万方。2.质量好。抽检合格率X%。
（二）供水保障增强。一是建管网。新铺XX公里。二是建水厂。新建X座。
二、存在的不足
干部力量仍然不足。
总之，我们将继续努力。
更多范文请加客服微信：gw0001
"""


def test_the_carrier_is_told_from_the_report() -> None:
    draft = read(REPORT)
    assert draft.title.of(REPORT) == "青岭县水利局2025年度工作总结"
    assert [s.of(REPORT) for s in draft.boilerplate] == [
        "某材料网会员专享，转载请先联系站长",
        "更多范文请加客服微信：gw0001",
    ]
    assert draft.preamble is not None
    assert draft.preamble.of(REPORT).startswith("一年来")
    assert draft.closing is not None
    assert draft.closing.of(REPORT).startswith("总之")


def test_headings_nest_as_they_are_numbered() -> None:
    outline = read(REPORT).outline
    assert [(h.level, h.number, h.text) for h in outline] == [
        (1, "一", "抓项目，补短板"),
        (2, "一", "防洪工程提速"),
        (3, "1", "开工早"),
        (3, "2", "质量好"),
        (2, "二", "供水保障增强"),
        (3, "一", "建管网"),
        (3, "二", "建水厂"),
        (1, "二", "存在的不足"),
    ]
    assert outline[3].body.of(REPORT) == "抽检合格率X%。"
    assert outline[2].parent == outline[1].id


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("首先，学习不够。其次，调研不多。", ["首先", "其次"]),
        ("第一，抓学习。第二，抓落实。", ["一", "二"]),
        ("这是唯一是非分明的做法。", []),
        ("全年完成（1）项工作。", []),
        ("①摸底；②整改；③验收。", ["①", "②", "③"]),
    ],
)
def test_run_in_numbers_count_only_in_a_list(text: str, numbers: list[str]) -> None:
    assert [h.number for h in read(text).outline] == numbers
