"""The form that sets up an evaluation: what stands in it at first, and the paper that was typed into it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from django.http import QueryDict

from shuzhi.ballots.paper import INTEGRITY, ITEMS, PERSON, TEAM, Group, Paper, Target
from shuzhi.ballots.queries import parameter
from shuzhi.ballots.verbs import KEEPERS
from shuzhi.desk.seat import Seat
from shuzhi.desk.show import tidy
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.kernel.measure import say
from shuzhi.units.models import Appointment, Post, Unit

GROUPS = (("A", "县领导", "30"), ("B", "部门和乡镇主要负责人", "40"), ("C", "代表委员、基层和服务对象", "30"))
BLANK_TEAMS = 2
LEADING = "lead"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A post that may be evaluated, with whoever holds it."""

    code: str
    label: str


def organised_units(seat: Seat) -> list[Unit]:
    """The units whose evaluations this seat may set up: those of its own posts with the duty."""
    found = {post.unit_id: post.unit for post in seat.posts if set(KEEPERS) & set(post.duties)}
    return list(found.values())


def candidates(unit: Unit, day: date) -> list[Candidate]:
    """The leading posts of a unit, by their holders on the day."""
    rows = Appointment.objects.filter(post__unit=unit, since__lte=day).exclude(until__lt=day)
    holders = {row.post_id: row.user.name for row in rows.select_related("user")}
    posts = Post.objects.filter(unit=unit, since__lte=day).exclude(until__lt=day).order_by("code")
    return [
        Candidate(post.code, f"{post.title} {holders[post.code]}")
        for post in posts
        if LEADING in post.duties and post.code in holders
    ]


def first_values(seat: Seat) -> dict[str, Any]:
    """What the form proposes: the parameters of the catalogue, and the words of public practice."""
    coefficients = [parameter(f"ballot_grade_{number}", seat.day) for number in (1, 2, 3, 4)]
    smallest = parameter("ballot_smallest", seat.day)
    return {
        "title": f"{seat.day.year}年度述职民主测评",
        "day": seat.day.isoformat(),
        "groups": [(code, label, weight, "") for code, label, weight in GROUPS],
        "coefficients": ["" if value is None else tidy(say(value, 4)) for value in coefficients],
        "smallest": "" if smallest is None else say(smallest, 0),
        "person": "、".join(PERSON),
        "team": "、".join(TEAM),
        "items": "、".join(ITEMS),
        "integrity": "、".join(INTEGRITY),
        "blanks": "base",
        "spoils": "question",
        "chosen": [],
        "teams": ["", ""],
    }


def typed_values(post: QueryDict) -> dict[str, Any]:
    """The form as it was typed, to be shown again."""
    rows = zip(
        post.getlist("group"),
        post.getlist("group_label"),
        post.getlist("weight"),
        post.getlist("expected"),
        strict=False,
    )
    return {
        **{name: post.get(name, "") for name in ("title", "day", "smallest", "person", "team")},
        **{name: post.get(name, "") for name in ("items", "integrity", "blanks", "spoils")},
        "groups": list(rows),
        "coefficients": post.getlist("coefficient"),
        "chosen": post.getlist("person_post"),
        "teams": post.getlist("team_label"),
    }


def typed_paper(values: dict[str, Any], offered: Sequence[Candidate]) -> Paper:
    """The paper that was typed; raises Refused for numbers that are none. What it asks is judged by the verb."""
    wrong: list[Finding] = []
    groups = []
    for code, label, weight, expected in values["groups"]:
        if not label.strip():
            continue
        place = f"{code}类"
        share = _number(weight, f"{place}权重", wrong) / 100
        groups.append(Group(code.strip(), label.strip(), share, _whole(expected, f"{place}应到", wrong)))
    coefficients = tuple(
        _number(text, f"第{number}档系数", wrong)
        for number, text in enumerate(values["coefficients"], start=1)
    )
    paper = Paper(
        targets=_targets(values, offered),
        groups=tuple(groups),
        coefficients=coefficients,
        smallest=_whole(str(values["smallest"]), "最小显示张数", wrong),
        person=_words(values["person"]),
        team=_words(values["team"]),
        items=_words(values["items"]),
        integrity=_words(values["integrity"]),
        blanks=str(values["blanks"]),
        spoils=str(values["spoils"]),
    )
    if wrong:
        raise Refused(wrong)
    return paper


def _targets(values: dict[str, Any], offered: Sequence[Candidate]) -> tuple[Target, ...]:
    teams = [label.strip() for label in values["teams"] if label.strip()]
    chosen = set(values["chosen"])
    persons = [one for one in offered if one.code in chosen]
    return (
        *(Target(f"t{number}", label, "team") for number, label in enumerate(teams, start=1)),
        *(Target(f"p{number}", one.label, "person", one.code) for number, one in enumerate(persons, start=1)),
    )


def _number(text: str, place: str, wrong: list[Finding]) -> Fraction:
    """A number as typed; what is none is noted and counted as 0."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        wrong.append(Finding("ballot.number", f"{place}“{text}”不是数", "请填数字", place))
        return Fraction(0)
    return Fraction(value)


def _whole(text: str, place: str, wrong: list[Finding]) -> int:
    """A whole number as typed."""
    value = _number(text, place, wrong)
    if value.denominator != 1:
        wrong.append(Finding("ballot.number", f"{place}“{text}”不是整数", "请填整数", place))
    return int(value)


def _words(text: object) -> tuple[str, ...]:
    parts = str(text).replace("，", "、").replace(",", "、").split("、")
    return tuple(part.strip() for part in parts if part.strip())
