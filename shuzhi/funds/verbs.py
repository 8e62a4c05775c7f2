"""All that can be done with funds: provide a budget, allocate it, pay, reverse a payment.

Amounts are whole fen. Every verb locks the row whose running total it moves before it adds, so that two payments at once
cannot both fit; the database's CHECK constraints stand behind that.
"""

from collections.abc import Mapping
from datetime import date

from django.db.models import Sum

from shuzhi.evidence.journal import enter
from shuzhi.evidence.numbering import next_ref
from shuzhi.funds.models import Allocation, Budget, Payment
from shuzhi.kernel.catalogue.definitions import Kind
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.kernel.measure import amount as exact
from shuzhi.kernel.measure import say
from shuzhi.kernel.measure import unit as measure
from shuzhi.matters.fields import MATTER_FINDERS
from shuzhi.matters.models import Matter
from shuzhi.subjects.fields import check, settle
from shuzhi.subjects.kinds import kind_named, require_shape
from shuzhi.subjects.models import Subject
from shuzhi.subjects.ownership import authorise_fields
from shuzhi.subjects.rights import authorise, code_of
from shuzhi.units.models import Post, Unit


def money(fen: int) -> str:
    """An amount for a sentence: ``1,234.50元``."""
    return f"{say(exact(fen, measure('元')), 2, grouped=True)}元"


def budget(
    kind: Kind, unit: Unit, *, number: str, title: str, year: int, amount: int, by: Post | None
) -> Budget:
    """Provide money for a purpose in a year (``amount`` in fen).

    Side effects, in order: a ref is taken (by ``year``); the budget is saved; one link of the journal. Raises Refused:
    no right, number already used, amount not above zero.
    """
    require_shape(kind, "fund")
    authorise(by, act="fill", kind=kind, unit=unit, day=date(year, 1, 1))
    number, title = _named(number, title, kind.label)
    _positive(amount, "预算数", number)
    with enter(f"安排预算（{kind.label}）", by=code_of(by), note=f"{title} {money(amount)}") as entry:
        if Budget.objects.filter(kind=kind.code, number=number).exists():
            raise _used(f"预算项目 {number}", number)
        made = Budget(
            ref=next_ref("budget", year),
            number=number,
            kind=kind.code,
            title=title,
            unit=unit,
            year=year,
            amount=amount,
        )
        entry.save(made)
    return made


def allocate(
    source: Budget,
    *,
    number: str,
    title: str,
    unit: Unit,
    day: date,
    amount: int,
    by: Post | None,
    matter: Matter | None = None,
    fields: Mapping[str, object] | None = None,
) -> Allocation:
    """Give part of a budget to a unit (``amount`` in fen); the right is asked on the budget's unit.

    Side effects, in order: the budget is locked; a ref is taken (by ``day``); the allocation is saved; the budget's
    ``allocated`` grows; one link of the journal. Raises Refused: no right, number used, fields unfit, budget exceeded.
    """
    kind = kind_named(source.kind)
    authorise(by, act="fill", kind=kind, unit=source.unit, day=day)
    number, title = _named(number, title, kind.label)
    _positive(amount, "分配数", number)
    kept = settle(kind.fields, fields or {}, finders=MATTER_FINDERS, place=title)
    authorise_fields(by, kind=kind, unit=source.unit, before={}, after=kept, place=title)
    given = {"number": number, "title": title, "unit": unit.code, "date": day, "amount": amount}
    check(kind, given, kept, day=day, place=title)
    with enter(f"分配资金（{kind.label}）", by=code_of(by), note=f"{title} {money(amount)}") as entry:
        locked = Budget.objects.select_for_update().get(ref=source.ref)
        if locked.allocations.filter(number=number).exists():
            raise _used(f"预算项目 {locked.number} 下的分配 {number}", number)
        if locked.allocated + amount > locked.amount:
            raise _exceeds(
                "fund.over-budget",
                f"分配{money(amount)}超过预算余额",
                ("预算", locked.amount),
                ("已分配", locked.allocated),
                number,
            )
        made = Allocation(
            ref=next_ref("allocation", day.year),
            number=number,
            budget=locked,
            unit=unit,
            matter=matter,
            title=title,
            date=day,
            amount=amount,
            fields=kept,
        )
        entry.save(made)
        locked.allocated += amount
        entry.save(locked)
    return made


def pay(
    source: Allocation,
    *,
    number: str,
    title: str,
    day: date,
    amount: int,
    by: Post | None,
    subject: Subject | None = None,
) -> Payment:
    """Pay out of an allocation (``amount`` in fen).

    Side effects, in order: the allocation is locked; a ref is taken (by ``day``); the payment is saved; the allocation's
    ``paid`` grows; one link of the journal. Raises Refused: no right, number used, day before the allocation, allocation
    exceeded.
    """
    kind = kind_named(source.budget.kind)
    authorise(by, act="fill", kind=kind, unit=source.unit, day=day)
    number, title = _named(number, title, "支付")
    _positive(amount, "支付数", number)
    if day < source.date:
        raise Refused(
            Finding("fund.early", "支付日期早于下达日期", f"资金于{source.date}下达，请核对日期", number)
        )
    with enter("支付", by=code_of(by), note=f"{title} {money(amount)}") as entry:
        locked = Allocation.objects.select_for_update().get(ref=source.ref)
        _number_free(locked, number)
        if locked.paid + amount > locked.amount:
            raise _exceeds(
                "fund.over-allocation",
                f"支付{money(amount)}超过分配余额",
                ("分配", locked.amount),
                ("已支付", locked.paid),
                number,
            )
        made = _payment(locked, number=number, title=title, day=day, amount=amount, subject=subject)
        entry.save(made)
        locked.paid += amount
        entry.save(locked)
    return made


def reverse(
    payment: Payment,
    *,
    number: str,
    title: str,
    day: date,
    by: Post | None,
    amount: int | None = None,
) -> Payment:
    """Take a payment back by a counter-payment, whole or the part ``amount`` (fen, above zero); the payment itself stays.

    Side effects, in order: the allocation is locked; a ref is taken (by ``day``); the counter-payment is saved with a
    negative amount; the allocation's ``paid`` falls; one link of the journal. Raises Refused: no right, number used, day
    before the payment, more than is left of it, or the payment is itself a counter-payment.
    """
    source = payment.allocation
    kind = kind_named(source.budget.kind)
    authorise(by, act="fill", kind=kind, unit=source.unit, day=day)
    number, title = _named(number, title, "冲销")
    if payment.reverses_id is not None:
        raise Refused(
            Finding("fund.reversal-of-reversal", "冲销凭证不能再冲销", "如需重付，请另登支付", number)
        )
    if day < payment.date:
        raise Refused(Finding("fund.early", "冲销日期早于支付日期", f"原支付于{payment.date}", number))
    with enter("冲销支付", by=code_of(by), note=f"{title}（原{payment.number}）") as entry:
        locked = Allocation.objects.select_for_update().get(ref=source.ref)
        _number_free(locked, number)
        back = -(payment.reversals.aggregate(total=Sum("amount"))["total"] or 0)
        taken = payment.amount - back if amount is None else amount
        if amount is not None or taken > 0:
            _positive(taken, "冲销数", number)
        if taken <= 0 or back + taken > payment.amount:
            said = f"冲销{money(taken)}超过可冲销数" if taken > 0 else "此笔支付已全部冲销"
            raise _exceeds("fund.over-reversal", said, ("原支付", payment.amount), ("已冲销", back), number)
        made = _payment(
            locked,
            number=number,
            title=title,
            day=day,
            amount=-taken,
            subject=payment.subject,
            reverses=payment,
        )
        entry.save(made)
        locked.paid -= taken
        entry.save(locked)
    return made


def _payment(
    source: Allocation,
    *,
    number: str,
    title: str,
    day: date,
    amount: int,
    subject: Subject | None,
    reverses: Payment | None = None,
) -> Payment:
    return Payment(
        ref=next_ref("payment", day.year),
        number=number,
        allocation=source,
        date=day,
        amount=amount,
        subject=subject,
        title=title,
        reverses=reverses,
    )


def _named(number: str, title: str, what: str) -> tuple[str, str]:
    number, title = number.strip(), title.strip()
    if not number or not title:
        raise Refused(Finding("fund.unnamed", f"{what}须有序号和名称", "请补填", number or title))
    return number, title


def _positive(fen: int, what: str, place: str) -> None:
    if fen <= 0:
        raise Refused(Finding("fund.not-positive", f"{what}须大于零", "退回资金请用冲销", place))
    if fen >= 1 << 62:
        raise Refused(Finding("fund.too-large", f"{what}超出账上能记的范围", "请核对单位", place))


def _number_free(source: Allocation, number: str) -> None:
    if source.payments.filter(number=number).exists():
        raise _used(f"凭证号 {number}", number)


def _used(what: str, place: str) -> Refused:
    return Refused(Finding("fund.exists", f"{what}已登记过", "同一笔不重复登记；另一笔请另编号", place))


def _exceeds(name: str, said: str, whole: tuple[str, int], used: tuple[str, int], place: str) -> Refused:
    left = money(whole[1] - used[1])
    sums = f"{whole[0]}{money(whole[1])}，{used[0]}{money(used[1])}，余{left}"
    return Refused(Finding(name, f"{said}：{sums}", "请核对金额，或先办理调整手续", place))
