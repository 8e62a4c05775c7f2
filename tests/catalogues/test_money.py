"""Laws of the ledgers of money and decision: sums that must agree, and what is refused or told at entry."""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.kernel.catalogue.items import Item, ItemEnv
from shuzhi.kernel.catalogue.ledgers import LedgerEnv
from shuzhi.kernel.catalogue.load import calendar_of, load, national_folder
from shuzhi.kernel.catalogue.rules import check_item
from shuzhi.kernel.expr.nodes import Amount
from shuzhi.kernel.expr.parse import parse
from shuzhi.kernel.expr.rows import evaluate
from shuzhi.kernel.finding import Severity

CATALOGUE = load(national_folder()).catalogue
CALENDAR = calendar_of(CATALOGUE)
DAY = date(2025, 12, 31)
_WAN = 1_000_000  # a 万元 in fen, as money is kept
DAYS = st.dates(date(2023, 6, 1), DAY)
DEBTS = st.lists(st.tuples(DAYS, st.integers(1, 5000)), max_size=8)
PAID = st.lists(st.tuples(DAYS, st.integers(1, 900), st.booleans()), max_size=8)


def _debt(delivered: date, amount: int) -> Item:
    fields = {"delivered": delivered.isoformat(), "overdue_amount": amount * _WAN}
    return Item(CATALOGUE.kinds["sme_debt"], {"opened": delivered}, fields)


def _payment(day: date, amount: int, overdue: bool) -> Item:
    kind = "清偿拖欠" if overdue else "按期支付"
    return Item(
        CATALOGUE.kinds["debt_payment"],
        {"date": day},
        {"paid_amount": amount * _WAN, "payment_kind": kind},
    )


@given(DEBTS, PAID)
def test_opening_and_new_less_cleared_is_the_balance_and_last_year_s_end_is_this_year_s_opening(
    debts: list[tuple[date, int]], paid: list[tuple[date, int, bool]]
) -> None:
    items = {"sme_debt": [_debt(*row) for row in debts], "debt_payment": [_payment(*row) for row in paid]}
    env = LedgerEnv(items, CATALOGUE, CALENDAR, DAY)

    def value(expression: str) -> Fraction:
        found = evaluate(parse(expression), env)
        assert isinstance(found, Amount)
        return found.value

    opening, new = value("sme_debt.opening"), value("sme_debt.new_arrears")
    assert opening + new - value("sme_debt.cleared") == value("sme_debt.balance")
    assert opening == value("lastyear(sme_debt.balance)")


def _told(code: str, fields: Mapping[str, object], **lines: list[Mapping[str, object]]) -> list[Severity]:
    item = Item(CATALOGUE.kinds[code], {"date": DAY - timedelta(days=1)}, fields, lines)
    return [finding.severity for finding in check_item(ItemEnv(item, CATALOGUE, CALENDAR, DAY))]


def _part(part: str, spent: int, **more: object) -> Mapping[str, object]:
    return {
        "part": part,
        "year_budget": 50 * _WAN,
        "part_spent": spent * _WAN,
        "spent_to_date": spent * _WAN,
        **more,
    }


REFUSED, WARNED = [Severity.ERROR], [Severity.WARNING]


@pytest.mark.parametrize(
    ("total", "parts", "told"),
    [
        (12, [_part("公务用车运行费", 8), _part("公务接待费", 4, batches=3, persons=20)], []),
        (13, [_part("公务用车运行费", 8), _part("公务接待费", 4, batches=3, persons=20)], REFUSED),
        (12, [_part("公务用车运行费", 8), _part("公务用车运行费", 4)], REFUSED),
        (4, [_part("公务接待费", 4, batches=9, persons=8)], REFUSED),
        (4, [_part("公务接待费", 4)], REFUSED),
        (60, [_part("公务用车运行费", 60)], WARNED),
    ],
    ids=[
        "agrees",
        "total is not the sum",
        "one part twice",
        "fewer persons than batches",
        "no counts",
        "over budget",
    ],
)
def test_a_quarter_of_the_three_public_expenses_adds_up(
    total: int, parts: list[Mapping[str, object]], told: list[Severity]
) -> None:
    assert _told("public_expense", {"season": "一季度", "total": total * _WAN}, parts=parts) == told


@pytest.mark.parametrize(
    ("guests", "companions", "told"),
    [(10, 3, []), (10, 4, WARNED), (12, 4, []), (11, 4, WARNED), (30, 11, WARNED)],
)
def test_companions_at_a_reception_are_limited(guests: int, companions: int, told: list[Severity]) -> None:
    fields = {
        "letter_no": "函1",
        "guests": guests,
        "companions": companions,
        "meal_kind": "自助餐",
        "alcohol": False,
    }
    assert _told("reception_slip", fields) == told


def test_a_yearly_notice_whose_sums_disagree_is_refused() -> None:
    sums = {"opening": 100, "new_arrears": 20, "cleared": 70, "unpaid": 55}
    fields = {**{code: amount * _WAN for code, amount in sums.items()}, "contracts": 3}
    assert _told("arrears_report", fields) == REFUSED
    assert _told("arrears_report", {**fields, "unpaid": 50 * _WAN}) == []


@pytest.mark.parametrize("code", ["major_decision", "policy_document"])
def test_who_drafts_does_not_review_the_legality(code: str) -> None:
    kind = CATALOGUE.kinds[code]
    review = kind.stage("合法性审查")
    assert review is not None
    assert review.by == "verify"
    assert kind.duties["verify"] == ("legal",)
    assert "legal" not in kind.duties["fill"]


@pytest.mark.parametrize(
    "code",
    ["arrears_cleared", "arrears_balance", "three_public", "reception_batches", "reception_persons", "proc_saving",
     "audit_amount", "audit_rectify"],
)  # fmt: skip
def test_what_a_ledger_holds_is_not_asked_again(code: str) -> None:
    assert CATALOGUE.indicators[code].expression is not None
