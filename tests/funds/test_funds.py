"""Funds: payment ≤ allocation ≤ budget, held by the verbs in words and by the database in any case."""

import contextlib
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuzhi.evidence.instance import catalogue
from shuzhi.evidence.journal import enter
from shuzhi.evidence.models import Entry
from shuzhi.figures.layout import encode
from shuzhi.funds.models import Allocation, Budget, Payment
from shuzhi.funds.queries import (
    left_of_allocation,
    left_of_budget,
    list_allocations,
    list_budgets,
    list_payments,
)
from shuzhi.funds.relation import relations
from shuzhi.funds.verbs import allocate, budget, money, pay, reverse
from shuzhi.kernel.finding import Refused
from tests.accounts import kind
from tests.cast import Cast

MAY, JUNE = date(2025, 5, 6), date(2025, 6, 2)
WAN = 1_000_000  # fen in a 万元


def grant(cast: Cast, amount: int = 100 * WAN, number: str = "Y1") -> Budget:
    """温如玉 provides a budget for the county."""
    return budget(
        kind("try_grant"),
        cast.county,
        number=number,
        title="村路资金",
        year=2025,
        amount=amount,
        by=cast.post("county_treasurer"),
    )


def share(cast: Cast, source: Budget, amount: int = 60 * WAN, number: str = "F1", **more: Any) -> Allocation:
    """温如玉 allocates part of it to 清河镇."""
    options: dict[str, Any] = {"day": MAY, "by": cast.post("county_treasurer"), **more}
    fields = options.pop("fields", {"purpose": "修路"})
    return allocate(
        source, number=number, title="柳溪村路", unit=cast.town, amount=amount, fields=fields, **options
    )


def spend(cast: Cast, source: Allocation, amount: int, number: str = "P1", **more: Any) -> Payment:
    options: dict[str, Any] = {"day": JUNE, "by": cast.post("county_treasurer"), "title": "工程款", **more}
    return pay(source, number=number, amount=amount, **options)


def fresh(row: Any) -> Any:
    return type(row).objects.get(ref=row.ref)


def ids(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.id for finding in refused.value.findings]


def test_money_goes_down_and_the_sums_follow(cast: Cast) -> None:
    source = grant(cast)
    part = share(cast, source)
    spend(cast, part, 20 * WAN, "P1")
    last = spend(cast, part, 40 * WAN, "P2")
    assert (source.ref, part.ref, last.ref) == (
        "budget/2025-0001",
        "allocation/2025-0001",
        "payment/2025-0002",
    )
    assert (fresh(source).allocated, left_of_budget(fresh(source))) == (60 * WAN, 40 * WAN)
    assert (fresh(part).paid, left_of_allocation(fresh(part))) == (60 * WAN, 0)
    assert fresh(part).fields == {"purpose": "修路"}


def test_a_payment_above_its_allocation_is_refused_with_the_sums(cast: Cast) -> None:
    part = share(cast, grant(cast), 60 * WAN)
    spend(cast, part, 50 * WAN)
    links = Entry.objects.count()
    with pytest.raises(Refused) as refused:
        spend(cast, part, 10 * WAN + 1, "P2")
    (finding,) = refused.value.findings
    assert finding.id == "fund.over-allocation"
    assert finding.message == (
        "支付100,000.01元超过分配余额：分配600,000.00元，已支付500,000.00元，余100,000.00元"
    )
    assert (fresh(part).paid, Payment.objects.count(), Entry.objects.count()) == (50 * WAN, 1, links)


def test_an_allocation_above_its_budget_is_refused_with_the_sums(cast: Cast) -> None:
    source = grant(cast)
    share(cast, source, 60 * WAN)
    with pytest.raises(Refused, match=r"余400,000\.00元") as refused:
        share(cast, source, 40 * WAN + 1, "F2")
    assert ids(refused) == ["fund.over-budget"]


@pytest.mark.parametrize("amount", [0, -1, 1 << 62])
def test_an_amount_is_above_zero_and_fits_the_books(cast: Cast, amount: int) -> None:
    with pytest.raises(Refused):
        grant(cast, amount)
    source = grant(cast)
    with pytest.raises(Refused):
        share(cast, source, amount)
    part = share(cast, source)
    with pytest.raises(Refused):
        spend(cast, part, amount)


def test_a_payment_is_taken_back_by_a_counter_payment(cast: Cast) -> None:
    part = share(cast, grant(cast))
    paid = spend(cast, part, 50 * WAN)
    by = cast.post("county_treasurer")
    back = reverse(paid, number="R1", title="多付退回", day=JUNE, by=by, amount=20 * WAN)
    assert (back.amount, back.reverses, fresh(part).paid) == (-20 * WAN, paid, 30 * WAN)
    with pytest.raises(Refused, match=r"已冲销200,000\.00元，余300,000\.00元"):
        reverse(paid, number="R2", title="再退", day=JUNE, by=by, amount=30 * WAN + 1)
    rest = reverse(paid, number="R2", title="全退", day=JUNE, by=by)
    assert (rest.amount, fresh(part).paid, fresh(paid).amount) == (-30 * WAN, 0, 50 * WAN)
    with pytest.raises(Refused, match="已全部冲销"):
        reverse(paid, number="R3", title="又退", day=JUNE, by=by)
    with pytest.raises(Refused, match="不能再冲销"):
        reverse(rest, number="R3", title="又退", day=JUNE, by=by)


@pytest.mark.parametrize("key", ["town_filler", "statistician", "head", "treasurer"])
def test_only_the_treasury_of_the_unit_or_above_moves_money(cast: Cast, key: str) -> None:
    """温若谷's seat is in the finance bureau, so the county's own budget is not his to give."""
    with pytest.raises(Refused, match="财政"):
        share(cast, grant(cast), by=cast.post(key))


@pytest.mark.parametrize("column", ["number", "title"])
def test_what_has_no_number_or_name_is_refused(cast: Cast, column: str) -> None:
    options = {"number": "Y1", "title": "村路资金", column: " "}
    with pytest.raises(Refused) as refused:
        budget(kind("try_grant"), cast.county, year=2025, amount=1, by=None, **options)
    assert ids(refused) == ["fund.unnamed"]


def test_a_number_is_used_once(cast: Cast) -> None:
    source = grant(cast)
    part = share(cast, source, WAN)
    spend(cast, part, 1)
    for again in (
        lambda: grant(cast),
        lambda: share(cast, source, WAN),
        lambda: spend(cast, part, 1),
    ):
        with pytest.raises(Refused) as refused:
            again()
        assert ids(refused) == ["fund.exists"]


def test_nothing_is_paid_before_it_is_allocated_or_reversed_before_it_is_paid(cast: Cast) -> None:
    part = share(cast, grant(cast))
    with pytest.raises(Refused, match="早于下达日期"):
        spend(cast, part, 1, day=date(2025, 5, 5))
    paid = spend(cast, part, 1)
    with pytest.raises(Refused, match="早于支付日期"):
        reverse(paid, number="R", title="退", day=MAY, by=None)


def test_fields_of_an_allocation_are_cleaned(cast: Cast) -> None:
    source = grant(cast)
    with pytest.raises(Refused, match="“用途”必填"):
        share(cast, source, fields={})
    assert share(cast, source, fields={"purpose": "办学", "households": "３０"}).fields["households"] == 30


@pytest.mark.parametrize(
    ("column", "value"),
    [("paid", 60 * WAN + 1), ("paid", -1), ("amount", 0)],
    ids=["over", "below", "nothing"],
)
def test_the_database_itself_holds_the_allocation(cast: Cast, column: str, value: int) -> None:
    part = share(cast, grant(cast))
    setattr(part, column, value)
    with pytest.raises(IntegrityError), transaction.atomic(), enter("绕过", by="system") as entry:
        entry.save(part)


def test_the_database_itself_holds_budget_and_payment(cast: Cast) -> None:
    source = grant(cast)
    part = share(cast, source)
    source.allocated = source.amount + 1
    wrong = Payment(ref="payment/x", number="x", allocation=part, date=JUNE, amount=-5, title="负数")
    for row in (source, wrong):
        with pytest.raises(IntegrityError), transaction.atomic(), enter("绕过", by="system") as entry:
            entry.save(row)


def test_the_database_holds_even_against_plain_sql(cast: Cast) -> None:
    part = share(cast, grant(cast))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE funds_allocation SET paid = %s WHERE ref = %s", [60 * WAN + 1, part.ref])


STEPS = st.lists(
    st.tuples(st.sampled_from(["allocate", "pay", "reverse"]), st.integers(1, 60), st.integers(0, 5)),
    max_size=14,
)


@given(STEPS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_sums_hold_whatever_is_tried(cast: Cast, steps: list[tuple[str, int, int]]) -> None:
    """Law: after any attempts, paid and allocated are the sums of what was accepted, and never above what was given."""
    with transaction.atomic():
        source = grant(cast, 100, number=f"H{Budget.objects.count()}")
        parts: list[Allocation] = []
        paid: list[Payment] = []
        for number, (act, amount, choice) in enumerate(steps):
            with contextlib.suppress(Refused):
                if act == "allocate":
                    parts.append(share(cast, source, amount, f"F{number}"))
                elif act == "pay" and parts:
                    paid.append(spend(cast, parts[choice % len(parts)], amount, f"P{number}"))
                elif act == "reverse" and paid:
                    one = paid[choice % len(paid)]
                    reverse(one, number=f"R{number}", title="退", day=JUNE, by=None, amount=amount)
        held = fresh(source)
        assert held.allocated == sum(fresh(part).amount for part in parts) <= held.amount
        for part in parts:
            total = sum(payment.amount for payment in Payment.objects.filter(allocation=part))
            assert 0 <= fresh(part).paid == total <= part.amount


def test_lists_show_what_a_person_may_see(cast: Cast) -> None:
    part = share(cast, grant(cast))
    spend(cast, part, 5)
    user, grants = cast.user("town_filler"), kind("try_grant")
    assert [row.amount for row in list_budgets(user, grants, JUNE).rows] == [100 * WAN]
    listed = list_allocations(user, grants, JUNE, filters={"purpose": "修路"}, sort="-amount")
    assert [column.value(listed.rows[0]) for column in listed.columns] == [
        part.ref,
        "F1",
        "柳溪村路",
        "990101",
        MAY,
        part.budget_id,
        60 * WAN,
        5,
        "修路",
        None,
    ]
    assert [row.number for row in list_payments(user, grants, JUNE, filters={"amount__from": 5}).rows] == [
        "P1"
    ]


def test_the_relations_are_in_fen_and_a_reversal_is_negative(cast: Cast) -> None:
    paid = spend(cast, share(cast, grant(cast)), 50)
    reverse(paid, number="R1", title="退", day=JUNE, by=None, amount=20)
    held = {relation.name: list(relation.rows) for relation in relations(catalogue())}
    assert held["try_grant.budget"] == [("budget/2025-0001", "Y1", "村路资金", "990100", 2025, 100 * WAN)]
    assert sorted(str(row[5]) for row in held["try_grant.payment"]) == ["-20", "50"]
    assert all(encode(relation)[0] for relation in relations(catalogue()))


@pytest.mark.parametrize(("fen", "text"), [(0, "0.00元"), (123456789, "1,234,567.89元"), (-5, "-0.05元")])
def test_sums_are_told_in_yuan(fen: int, text: str) -> None:
    assert money(fen) == text
