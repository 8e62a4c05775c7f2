"""Rows of a fund's three sheets: budgets, allocations, payments. What is in the books is never changed by a sheet."""

from datetime import date
from fractions import Fraction

from shuzhi.funds.models import Allocation, Budget, Payment
from shuzhi.funds.verbs import allocate, budget, money, pay, reverse
from shuzhi.intake.papers import hand_in
from shuzhi.intake.steps import CHANGED, OPENED, UNCHANGED, Reading, nearest
from shuzhi.intake.take_ledgers import acting, find_matter, find_subject, kind_of
from shuzhi.kernel.measure import unit, whole


def _fen(reading: Reading, *, needed: bool = True) -> int | None:
    """The amount in fen; an error at the cell when empty or finer than a fen. Refusals of the row are about it."""
    reading.focus = "amount"
    text = reading.amount("amount")
    if text is None:
        if needed and not reading.findings:
            reading.needed("amount")
        return None
    column = reading.sheet.form.column("amount")
    try:
        return whole(Fraction(text), unit(column.unit if column is not None else "元"))
    except ValueError as error:
        reading.wrong("amount", "intake.unreadable-cell", str(error), "金额最小到分")
        return None


def _differs(reading: Reading, code: str, what: str, kept: str) -> None:
    message = f"{what}已登记为{kept}，与本行不同"
    reading.wrong(code, "intake.fund-differs", message, "已入账的不改：付错的用冲销，另一笔请另编号")


def take_budget(reading: Reading) -> tuple[str, str]:
    """Provide a budget; one already provided must agree."""
    kind, owner = kind_of(reading), reading.unit()
    number, title, year, fen = (
        reading.needed("number"),
        reading.needed("title"),
        reading.whole("year"),
        _fen(reading),
    )
    what = f"{kind.label}预算 {number}"
    if owner is None or year is None or fen is None or reading.findings:
        if not reading.findings:
            reading.wrong("year", "intake.empty", "“主管单位”和“年度”必填", "请补填")
        return UNCHANGED, what
    found = Budget.objects.filter(kind=kind.code, number=number).first()
    if found is None:
        by = acting(reading, kind, "fill", owner)
        made = budget(kind, owner, number=number, title=title, year=year, amount=fen, by=by)
        hand_in(reading, made.ref, date(year, 1, 1))
        return OPENED, what
    if (found.amount, found.unit_id, found.year) != (fen, owner.code, year):
        _differs(reading, "amount", f"预算 {number} ", f"{found.year}年{found.unit}{money(found.amount)}")
    return UNCHANGED, what


def take_allocation(reading: Reading) -> tuple[str, str]:
    """Allocate from a budget; one already allocated must agree."""
    kind, user = kind_of(reading), reading.unit()
    number, title, day, fen = (
        reading.needed("number"),
        reading.needed("title"),
        reading.day("date"),
        _fen(reading),
    )
    matter, fields = find_matter(reading, "matter"), reading.fields()
    what = f"{kind.label}分配 {number}"
    source = Budget.objects.filter(kind=kind.code, number=reading.needed("budget")).first()
    if source is None and not reading.findings:
        numbers = dict.fromkeys(Budget.objects.filter(kind=kind.code).values_list("number", flat=True))
        reading.wrong(
            "budget",
            "intake.budget",
            f"没有编号“{reading.text('budget')}”的预算",
            nearest(reading.text("budget"), numbers),
        )
    if source is None or user is None or day is None or fen is None or reading.findings:
        if not reading.findings:
            reading.wrong("date", "intake.empty", "“使用单位”和“分配日期”必填", "请补填")
        return UNCHANGED, what
    found = source.allocations.filter(number=number).first()
    if found is None:
        by = acting(reading, kind, "fill", source.unit)
        made = allocate(
            source,
            number=number,
            title=title,
            unit=user,
            day=day,
            amount=fen,
            by=by,
            matter=matter,
            fields=fields,
        )
        hand_in(reading, made.ref, day)
        return OPENED, what
    if (found.amount, found.unit_id, found.date) != (fen, user.code, day):
        _differs(reading, "amount", f"分配 {number} ", f"{found.date}{found.unit}{money(found.amount)}")
        return UNCHANGED, what
    return (CHANGED if hand_in(reading, found.ref, day) else UNCHANGED), what


def take_payment(reading: Reading) -> tuple[str, str]:
    """Pay out of an allocation, or reverse a payment; one already paid must agree."""
    kind, number, title, day = (
        kind_of(reading),
        reading.needed("number"),
        reading.needed("title"),
        reading.day("date"),
    )
    said = reading.needed("allocation")
    sources = list(Allocation.objects.filter(budget__kind=kind.code, number=said)[:2])
    what = f"{kind.label}支付 {number}"
    if len(sources) != 1 and not reading.findings:
        numbers = dict.fromkeys(
            Allocation.objects.filter(budget__kind=kind.code).values_list("number", flat=True)
        )
        told = f"分配编号“{said}”不止一笔" if sources else f"没有编号“{said}”的分配"
        reading.wrong("allocation", "intake.allocation", told, nearest(said, numbers))
    fen = _fen(reading, needed=not reading.text("reverses"))
    subject = find_subject(reading)
    if day is None and not reading.findings:
        reading.needed("date")
    if reading.findings or day is None:
        return UNCHANGED, what
    source = sources[0]
    found = source.payments.filter(number=number).first()
    if found is not None:
        if found.date != day or (fen is not None and abs(found.amount) != abs(fen)):
            _differs(reading, "amount", f"支付 {number} ", f"{found.date}{money(found.amount)}")
            return UNCHANGED, what
        return (CHANGED if hand_in(reading, found.ref, day) else UNCHANGED), what
    by = acting(reading, kind, "fill", source.unit)
    if reading.text("reverses"):
        back = source.payments.filter(number=reading.text("reverses")).first()
        if back is None:
            reading.wrong(
                "reverses",
                "intake.reverses",
                f"这笔分配下没有支付“{reading.text('reverses')}”",
                "请核对被冲销的支付编号",
            )
            return UNCHANGED, what
        made: Payment = reverse(
            back, number=number, title=title, day=day, by=by, amount=abs(fen) if fen else None
        )
    else:
        assert fen is not None
        made = pay(source, number=number, title=title, day=day, amount=fen, by=by, subject=subject)
    hand_in(reading, made.ref, day)
    return OPENED, what
