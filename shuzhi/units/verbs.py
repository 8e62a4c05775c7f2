"""All that can be done to units, posts and appointments: found, rename, move, merge, split, appoint, relieve."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from shuzhi.evidence.instance import catalogue
from shuzhi.evidence.journal import Writing, enter
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.units.models import (
    LEVELS,
    Appointment,
    Post,
    Spelling,
    Succession,
    Unit,
    UnitName,
    UnitPlace,
    User,
)
from shuzhi.units.queries import ancestors
from shuzhi.units.spelling import initials


def found_unit(
    *, code: str, name: str, level: str, parent: Unit | None, since: date, by: str, order: int = 0
) -> Unit:
    """Found a unit under its parent. Writes the unit and its first name."""
    if level not in dict(LEVELS):
        raise Refused(
            Finding("unit.level", f"没有“{level}”这一层级", f"可用：{'、'.join(dict(LEVELS))}", code)
        )
    if Unit.objects.filter(code=code).exists():
        raise Refused(Finding("unit.exists", f"代码 {code} 已有单位", "单位代码终身不重用，请另编代码", code))
    with enter("设立单位", by=by, note=name) as entry:
        unit = Unit(code=code, name=name, level=level, parent=parent, since=since, order=order)
        entry.save(unit)
        entry.save(UnitName(unit=unit, name=name, since=since))
    spell([unit])
    return unit


def rename_unit(unit: Unit, *, name: str, since: date, by: str) -> Unit:
    """Give a unit a new name from a day on; the old name stays for its time. Writes the name, then the unit."""
    if since <= unit.since:
        raise Refused(Finding("unit.rename", "更名日期须晚于设立日期", f"设立于 {unit.since}", unit.code))
    with enter("单位更名", by=by, note=f"{unit.name}→{name}") as entry:
        if not unit.names.exists():  # units of the national tree come with their present name only
            entry.save(UnitName(unit=unit, name=unit.name, since=unit.since))
        entry.save(UnitName(unit=unit, name=name, since=since))
        unit.name = name
        entry.save(unit)
    spell([unit])
    return unit


def move_unit(unit: Unit, *, parent: Unit, day: date, by: str) -> Unit:
    """Put a unit under another one from a day on; the old place stays for its time.

    Side effects, in order: the old place is kept; the unit; one link. Raises Refused: no change, a day before the unit
    (or its last change of place) began, or a place below itself.
    """
    _may_move(unit, parent, day)
    with enter("隶属调整", by=by, note=f"{unit.name}划归{parent.name}") as entry:
        _place(entry, unit, parent, day)
        entry.save(unit)
    return unit


def merge_units(units: Sequence[Unit], *, into: Unit, day: date, document: str, by: str) -> list[Succession]:
    """Merge units whole into another one on a day: what lay under them moves with them, their past is the successor's.

    Side effects, in order, for each unit: its living children are put under the successor; it ends the day before and is
    put under the successor, so that as of now its history counts there; the succession; one link for all. Raises Refused.
    """
    _decided(document, into)
    steps = []
    with enter(
        "单位合并", by=by, note=f"{'、'.join(unit.name for unit in units)}并入{into.name}（{document}）"
    ) as entry:
        for unit in units:
            _may_end(unit, day)
            for child in list(unit.children.filter(until=None).exclude(pk=into.pk)):
                _may_move(child, into, day)
                _place(entry, child, into, day)
                entry.save(child)
            _may_move(unit, into, day)
            _place(entry, unit, into, day)
            unit.until = day - timedelta(1)
            entry.save(unit)
            step = Succession(unit=unit, into=into, day=day, whole=True, document=document)
            entry.save(step)
            steps.append(step)
    return steps


def split_unit(
    unit: Unit, *, parts: Mapping[str, Sequence[Unit]], day: date, document: str, by: str
) -> list[Succession]:
    """Split a unit on a day: each successor (by code) takes some of the units below it; the unit itself ends.

    What the parts below have reported goes with them; what the unit reported as a whole stays its own, because nobody can
    say whose it was. Side effects, in order: the children's places; the unit's end; the successions; one link. Raises
    Refused when a living child is left over or given twice, or a successor is unknown.
    """
    into = {code: Unit.objects.filter(code=code).first() for code in parts}
    unknown = [code for code, found in into.items() if found is None]
    if unknown:
        raise Refused(
            Finding("unit.unknown", f"没有代码为“{unknown[0]}”的单位", "请先设立分设后的单位", unit.code)
        )
    _decided(document, unit)
    _may_end(unit, day)
    given = [child.code for children in parts.values() for child in children]
    living = set(unit.children.filter(until=None).values_list("code", flat=True))
    if sorted(given) != sorted(living):
        left = "、".join(sorted(living - set(given))[:5]) or "有下级单位给了两处"
        raise Refused(
            Finding(
                "unit.left-over",
                f"{unit}的下级单位没有分清：{left}",
                "每个下级单位须分给一个后继单位",
                unit.code,
            )
        )
    steps = []
    with enter("单位分设", by=by, note=f"{unit.name}（{document}）") as entry:
        for code, children in parts.items():
            successor = into[code]
            assert successor is not None
            for child in children:
                _may_move(child, successor, day)
                _place(entry, child, successor, day)
                entry.save(child)
            step = Succession(unit=unit, into=successor, day=day, whole=False, document=document)
            entry.save(step)
            steps.append(step)
        unit.until = day - timedelta(1)
        entry.save(unit)
    return steps


def _place(entry: Writing, unit: Unit, parent: Unit, day: date) -> None:
    """Keep the unit's old place and set the new one; whoever calls saves the unit."""
    old = unit.parent
    if old is None:
        raise Refused(Finding("unit.root", f"{unit}是最上一级，不能划归", "", unit.code))
    last = unit.places.order_by("-since").first()
    since = last.until + timedelta(1) if last else unit.since
    entry.save(UnitPlace(unit=unit, parent=old, since=since, until=day - timedelta(1)))
    unit.parent = parent


def _may_move(unit: Unit, parent: Unit, day: date) -> None:
    last = unit.places.order_by("-since").first()
    earliest = last.until + timedelta(1) if last else unit.since
    if day <= earliest:
        raise Refused(
            Finding("unit.move-day", f"{unit}的调整日期须晚于{earliest}", "请核对生效日期", unit.code)
        )
    if unit.parent_id == parent.code:
        raise Refused(Finding("unit.same-place", f"{unit}已属{parent}", "不用调整", unit.code))
    if unit.code in ancestors(parent):
        raise Refused(
            Finding("unit.circle", f"{parent}在{unit}之下，不能倒过来", "请核对上级单位", unit.code)
        )


def _may_end(unit: Unit, day: date) -> None:
    if unit.until is not None:
        raise Refused(Finding("unit.ended", f"{unit}已于{unit.until}撤销", "", unit.code))
    if day <= unit.since:
        raise Refused(
            Finding("unit.end-day", f"{unit}设立于{unit.since}，不能在此前撤销", "请核对生效日期", unit.code)
        )


def _decided(document: str, unit: Unit) -> None:
    """Boundaries change by a decision (行政区划管理条例): no document, no change."""
    if not document.strip():
        raise Refused(Finding("unit.undecided", "撤并、分设须写明批准文件", "如 民政部门批复文号", unit.code))


def spell(units: Iterable[Unit]) -> int:
    """Write the pinyin initials by which units are found; returns how many. Derived, outside the journal."""
    rows = [Spelling(unit=unit, initials=initials(unit.name)) for unit in units]
    Spelling.objects.bulk_create(
        rows, batch_size=500, update_conflicts=True, unique_fields=["unit"], update_fields=["initials"]
    )
    return len(rows)


def create_post(*, code: str, unit: Unit, title: str, duties: Sequence[str], since: date, by: str) -> Post:
    """Create a post with its duties; every duty must be one of the catalogue's. Writes the post."""
    known = catalogue().duties
    unknown = [duty for duty in duties if duty not in known]
    if unknown:
        allowed = "、".join(f"{duty.code} {duty.label}" for duty in known.values())
        raise Refused(Finding("post.duty", f"没有“{'、'.join(unknown)}”这项职责", f"可用：{allowed}", code))
    if Post.objects.filter(code=code).exists():
        raise Refused(Finding("post.exists", f"职务代码 {code} 已用过", "请另编代码", code))
    with enter("设置职务", by=by, note=title) as entry:
        post = Post(code=code, unit=unit, title=title, duties=sorted(duties), since=since)
        entry.save(post)
    return post


def appoint(post: Post, user: User, *, since: date, by: str) -> Appointment:
    """Appoint a person to a post from a day on. Writes the appointment."""
    if since < post.since:
        raise Refused(
            Finding("appointment.early", "任职早于职务设置日期", f"职务设于 {post.since}", post.code)
        )
    with enter("任职", by=by, note=f"{user}任{post}") as entry:
        appointment = Appointment(post=post, user=user, since=since)
        entry.save(appointment)
        entry.forget()  # who holds what was read before
    return appointment


def relieve(appointment: Appointment, *, until: date, by: str) -> Appointment:
    """End an appointment on a day; rights end with it at once. Writes the appointment."""
    if until < appointment.since:
        raise Refused(Finding("appointment.end", "免职日期早于任职日期", f"任职于 {appointment.since}"))
    with enter("免职", by=by, note=str(appointment)) as entry:
        appointment.until = until
        entry.save(appointment)
        entry.forget()
    return appointment


def register_user(*, username: str, name: str, password: str | None = None) -> User:
    """Open a log-in for a person. A log-in is no account of the county: without a post it may do nothing.

    Side effects: one row of the log-in table, outside the journal (it holds a password hash).
    """
    user = User(username=username, name=name)
    user.set_password(password)
    user.save()
    return user
