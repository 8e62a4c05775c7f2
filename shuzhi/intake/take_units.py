"""Rows of 单位, 职务 and 任职."""

import re

from shuzhi.intake.columns import LEVEL_WORDS
from shuzhi.intake.steps import CHANGED, OPENED, UNCHANGED, Reading, nearest
from shuzhi.subjects.rights import SYSTEM
from shuzhi.units.models import Appointment, Post, Unit, User
from shuzhi.units.verbs import appoint, create_post, found_unit, register_user, relieve, rename_unit

_BETWEEN = re.compile(r"[、,，;；/\s]+")
# Who may found units and posts: the duty that administers the instance.
ADMINISTERS = ("admin",)


def _by(reading: Reading, unit: Unit | None) -> str:
    """The journal's word for who acts; founding the root is the instance's own act."""
    if unit is None:
        return SYSTEM
    post = reading.context.actor.post(ADMINISTERS, unit)
    return post.code if post is not None else SYSTEM


def take_unit(reading: Reading) -> tuple[str, str]:
    """Found a unit, or rename it from 设立日期 on when the name differs."""
    code, name, since = reading.needed("code"), reading.needed("name"), reading.day("since")
    level = LEVEL_WORDS.get(reading.text("level"), "")
    if not level:
        reading.wrong(
            "level",
            "intake.choice",
            f"没有“{reading.text('level')}”这一层级",
            f"可填：{'、'.join(LEVEL_WORDS)}",
        )
    parent = reading.unit("parent")
    order = reading.whole("order")
    if since is None and not reading.findings:
        reading.wrong("since", "intake.empty", "“设立日期”必填", "请补填，记不清可填建制以来的1月1日")
    what = f"单位 {name}"
    if reading.findings or since is None:
        return UNCHANGED, what
    found = Unit.objects.filter(code=code).first()
    if found is None:
        root = reading.context.root()
        if parent is None and root is not None:
            reading.wrong(
                "parent",
                "intake.second-root",
                f"“{name}”没有上级单位，而最上一级已是{root.name}",
                "请填上级单位",
            )
            return UNCHANGED, what
        made = found_unit(
            code=code,
            name=name,
            level=level,
            parent=parent,
            since=since,
            by=_by(reading, parent),
            order=order or 0,
        )
        reading.context.remember(made)
        return OPENED, what
    if found.level != level or found.parent_id != (parent.code if parent else None):
        reading.wrong(
            "code",
            "intake.unit-differs",
            f"代码 {code} 已是{found}，层级或上级与本行不同",
            "层级和上级定了不改；撤并请在系统中办理",
        )
    elif found.name != name:
        rename_unit(found, name=name, since=since, by=_by(reading, found))
        reading.context.remember(found)
        return CHANGED, f"{what}（更名）"
    return UNCHANGED, what


def _duties(reading: Reading) -> list[str]:
    known = reading.context.catalogue.duties
    by_label = {item.label: item.code for item in known.values()} | {code: code for code in known}
    duties = []
    for said in filter(None, _BETWEEN.split(reading.needed("duties"))):
        if said in by_label:
            duties.append(by_label[said])
        else:
            reading.wrong("duties", "intake.duty", f"没有“{said}”这项职责", nearest(said, by_label))
    return sorted(set(duties))


def take_post(reading: Reading) -> tuple[str, str]:
    """Create a post with its duties; what a post is does not change afterwards."""
    code, title, unit = reading.needed("code"), reading.needed("title"), reading.unit("unit")
    since, duties = reading.day("since"), _duties(reading)
    what = f"职务 {reading.text('unit')}{title}"
    if unit is None or since is None:
        if not reading.findings:
            reading.wrong("since", "intake.empty", "“所在单位”和“设置日期”必填", "请补填")
        return UNCHANGED, what
    found = Post.objects.filter(code=code).first()
    if found is None:
        if not reading.findings:
            create_post(code=code, unit=unit, title=title, duties=duties, since=since, by=_by(reading, unit))
        return OPENED, what
    if (found.title, found.unit_id, sorted(found.duties)) != (title, unit.code, duties):
        reading.wrong(
            "code",
            "intake.post-differs",
            f"职务代码 {code} 已是{found.unit}{found}，与本行不同",
            "职责变动请撤旧设新，另编代码",
        )
    return UNCHANGED, what


def take_seat(reading: Reading) -> tuple[str, str]:
    """Appoint a person (opening a log-in without password when there is none), or end an appointment."""
    post, name, login = reading.post("post"), reading.needed("name"), reading.needed("user")
    since, until = reading.day("since"), reading.day("until")
    what = f"任职 {name}"
    if post is None or since is None or reading.findings:
        if not reading.findings:
            reading.wrong("since", "intake.empty", "“职务代码”和“任职日期”必填", "请补填")
        return UNCHANGED, what
    user = User.objects.filter(username=login).first()
    if user is not None and user.name != name:
        reading.wrong("user", "intake.user-differs", f"登录名 {login} 已属于{user.name}", "请另编登录名")
        return UNCHANGED, what
    by = _by(reading, post.unit)
    if user is None:
        user = register_user(username=login, name=name)
    found = Appointment.objects.filter(post=post, user=user, since=since).first()
    if found is None:
        found = appoint(post, user, since=since, by=by)
        if until is not None:
            relieve(found, until=until, by=by)
        return OPENED, what
    if until is not None and found.until != until:
        relieve(found, until=until, by=by)
        return CHANGED, f"{what}（免职）"
    return UNCHANGED, what
