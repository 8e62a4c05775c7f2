"""All that can be done to units, posts and appointments."""

from collections.abc import Sequence
from datetime import date

from shuzhi.evidence.instance import catalogue
from shuzhi.evidence.journal import enter
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.units.models import LEVELS, Appointment, Post, Unit, UnitName, User


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
    return unit


def rename_unit(unit: Unit, *, name: str, since: date, by: str) -> Unit:
    """Give a unit a new name from a day on; the old name stays for its time. Writes the name, then the unit."""
    if since <= unit.since:
        raise Refused(Finding("unit.rename", "更名日期须晚于设立日期", f"设立于 {unit.since}", unit.code))
    with enter("单位更名", by=by, note=f"{unit.name}→{name}") as entry:
        entry.save(UnitName(unit=unit, name=name, since=since))
        unit.name = name
        entry.save(unit)
    return unit


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
    return appointment


def relieve(appointment: Appointment, *, until: date, by: str) -> Appointment:
    """End an appointment on a day; rights end with it at once. Writes the appointment."""
    if until < appointment.since:
        raise Refused(Finding("appointment.end", "免职日期早于任职日期", f"任职于 {appointment.since}"))
    with enter("免职", by=by, note=str(appointment)) as entry:
        appointment.until = until
        entry.save(appointment)
    return appointment


def register_user(*, username: str, name: str, password: str | None = None) -> User:
    """Open a log-in for a person. A log-in is no account of the county: without a post it may do nothing.

    Side effects: one row of the log-in table, outside the journal (it holds a password hash).
    """
    user = User(username=username, name=name)
    user.set_password(password)
    user.save()
    return user
