"""Cases beside kinds are run, and a case that does not hold, or cannot be run, is told by name."""

from fractions import Fraction

import pytest

from shuzhi.kernel.catalogue.cases import agrees, run_cases
from shuzhi.kernel.catalogue.load import national
from shuzhi.kernel.expr.nodes import MISSING, Amount, Value
from tests.kernel.shelf import FUND_CASES, ROOF_CASES, TALK_CASES, shelf


def test_every_case_of_the_national_catalogue_holds() -> None:
    count, findings = run_cases(national())
    assert findings == []
    assert count >= len(national().kinds)


def test_every_case_of_the_small_catalogue_holds() -> None:
    assert run_cases(shelf().catalogue) == (4, [])


FAILING = [
    ('light = "yellow"', 'light = "red"', "灯应为 red，实为 yellow（快到期了）"),
    ("repair = 2025-03-19", "repair = 2025-03-17", "due('repair')应为 2025-03-17，实为 2025-03-19"),
    ('"修好" = false', '"修好" = true', "能否进入“修好”应为 true，实为 false"),
    ('"13天"', '"12天"', "days(opened, today)应为 12天，实为 13天"),
    ('listed = "2"', 'listed = "3"', "漏雨屋顶数应为 3，实为 2个"),
    ('fixed_rate = "50%"', 'fixed_rate = "missing"', "修好率应为 missing，实为 50%"),
    ('spent = "1.5"', 'spent = "1.6"', "修缮费用应为 1.6，实为 1.5万元"),
]


@pytest.mark.parametrize(("old", "new", "says"), FAILING)
def test_a_case_that_does_not_hold_says_what_was_found(old: str, new: str, says: str) -> None:
    assert old in ROOF_CASES
    catalogue = shelf(**{"kinds__leaky_roof.cases": ROOF_CASES.replace(old, new)}).catalogue
    _, findings = run_cases(catalogue)
    assert [(finding.id, finding.message) for finding in findings] == [("case.failed", says)]
    assert findings[0].place.startswith("kinds/leaky_roof.cases.toml ")


UNREADABLE = [
    ("leaky_roof", ROOF_CASES, 'light = "yellow"', 'lihgt = "yellow"', "可用：light"),
    ("leaky_roof", ROOF_CASES, "repair = 2025", "repare = 2025", "没有“repare”这个时限"),
    ("leaky_roof", ROOF_CASES, '"修好" = false', '"修坏" = false', "没有“修坏”这个环节"),
    ("leaky_roof", ROOF_CASES, "days(opened, today)", "days(opend, today)", "没有“opend”这个词"),
    ("leaky_roof", ROOF_CASES, 'stage = "施工"', 'stage = "动工"', "施工"),
    ("leaky_roof", ROOF_CASES, 'grade = "大", papers', 'grade = "中", papers', "不在可选的值里"),
    ("leaky_roof", ROOF_CASES, 'papers = ["合同"]', 'papers = ["合约"]', "没有“合约”这种材料"),
    ("leaky_roof", ROOF_CASES, 'papers = ["合同"]', 'papers = "合同"', "应为列表"),
    ("leaky_roof", ROOF_CASES, 'cost = "1.5"', 'coast = "1.5"', "没有“coast”这个字段"),
    ("leaky_roof", ROOF_CASES, "today = 2025-03-14", 'today = "今天"', "today 应为日期"),
    ("leaky_roof", ROOF_CASES, "today = 2025-03-14", "day = 2025-03-14", "today"),
    ("leaky_roof", ROOF_CASES, "today = 2025-03-14\n", "", "缺少 today"),
    ("leaky_roof", ROOF_CASES, "year = 2025", 'year = "2025"', "year 应为整数"),
    ("leaky_roof", ROOF_CASES, 'listed = "2"', 'list = "2"', "没有“list”这个数字"),
    ("roof_talk", TALK_CASES, 'pledged = "3"', 'pledge = "3"', "没有“pledge”这个字段"),
    ("roof_talk", TALK_CASES, "pledges = [{ giver = \"甲\", pledged = \"2\" }]", "pledges = 3", "应为一组表"),
    ("roof_fund", FUND_CASES, 'part = "budget"', 'part = "budgets"', "part 应为"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "old", "new", "says"), UNREADABLE)
def test_a_case_that_cannot_be_run_is_found_too(kind: str, text: str, old: str, new: str, says: str) -> None:
    assert old in text
    _, findings = run_cases(shelf(**{f"kinds__{kind}.cases": text.replace(old, new, 1)}).catalogue)
    assert [finding.id for finding in findings] == ["case.unreadable"]
    assert says in findings[0].message + findings[0].hint


THIRD = Amount(Fraction(1, 3))
AGREEING: list[tuple[Value, str, str, bool]] = [
    (THIRD, "33.3%", "%", True),
    (THIRD, "33.3", "%", True),
    (THIRD, "33%", "%", True),
    (THIRD, "33.4%", "%", False),
    (Amount(Fraction(8_000_000), "金额"), "0.08", "亿元", True),
    (Amount(Fraction(8_000_000), "金额"), "800万元", "亿元", True),
    (THIRD, "三成", "%", False),
    (THIRD, "missing", "%", False),
    (MISSING, "missing", "%", True),
    (MISSING, "0%", "%", False),
    (True, "true", "", True),
]


@pytest.mark.parametrize(("value", "wanted", "unit", "same"), AGREEING)
def test_a_value_agrees_to_the_decimals_a_case_writes(
    value: Value, wanted: str, unit: str, same: bool
) -> None:
    assert agrees(value, wanted, unit) is same
