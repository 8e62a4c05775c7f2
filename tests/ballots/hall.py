"""The hall the tests vote in: two organisers, a paper about a team and two persons, three groups of voters."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from shuzhi.ballots.models import Evaluation
from shuzhi.ballots.paper import INTEGRITY, Group, Paper, Target
from shuzhi.ballots.verbs import cast as cast_paper
from shuzhi.ballots.verbs import issue, open_poll, prepare, seal, stop
from shuzhi.units.verbs import appoint, create_post, register_user
from tests.cast import SINCE, Cast

DAY = date(2025, 12, 30)
ORGANISERS = (("organiser", "许衡"), ("organiser_2", "贺平"))
PAPER = Paper(
    targets=(
        Target("t1", "县政府领导班子", "team"),
        Target("p1", "县长 顾明远", "person", "990100-head"),
        Target("p2", "清河镇镇长 江一帆", "person", "990101-town_head"),
    ),
    groups=(
        Group("A", "县领导", Fraction("0.4"), 8),
        Group("B", "部门和乡镇负责人", Fraction("0.4"), 12),
        Group("C", "代表委员", Fraction("0.2"), 6),
    ),
    coefficients=(Fraction(1), Fraction("0.8"), Fraction("0.6"), Fraction(0)),
    smallest=5,
    integrity=INTEGRITY,
)
BEST = {
    "t1.grade": ["优秀"],
    "t1.integrity": ["好"],
    "p1.grade": ["优秀"],
    "p1.integrity": ["好"],
    "p2.grade": ["优秀"],
    "p2.integrity": ["好"],
}


def organised(cast: Cast) -> Cast:
    """The cast with two who organise."""
    for key, name in ORGANISERS:
        cast.posts[key] = create_post(
            code=f"990100-{key}",
            unit=cast.county,
            title="组织干部",
            duties=("organise",),
            since=SINCE,
            by="system",
        )
        cast.users[key] = register_user(username=key, name=name)
        appoint(cast.posts[key], user=cast.users[key], since=SINCE, by="system")
    return cast


def evaluation(cast: Cast, paper: Paper = PAPER, title: str = "2025年度述职测评") -> Evaluation:
    """An evaluation set up by the first organiser."""
    return prepare(cast.county, paper, title=title, day=DAY, by=cast.post("organiser"))


def polling(
    cast: Cast, paper: Paper = PAPER, slips: int = 12, title: str = "2025年度述职测评"
) -> tuple[Evaluation, dict[str, list[str]]]:
    """An open poll, and by group the codes of its slips."""
    made = evaluation(cast, paper, title)
    by = cast.post("organiser")
    codes = {group.code: issue(made, group.code, slips, by=by) for group in paper.groups}
    return open_poll(made, by=by), codes


def counted(cast: Cast, made: Evaluation, issued: int = 12) -> Evaluation:
    """Stopped by one organiser and sealed by the other."""
    rows = {group.code: (issued, issued) for group in made.asks.groups}
    stop(made, rows, by=cast.post("organiser"))
    seal(made, by=cast.post("organiser_2"))
    return Evaluation.objects.get(pk=made.pk)


def held(
    cast: Cast, votes: Mapping[str, Sequence[Mapping[str, Sequence[str]]]], paper: Paper = PAPER
) -> Evaluation:
    """A whole evaluation: by group the marked papers."""
    made, codes = polling(cast, paper)
    for group, papers in votes.items():
        for code, marks in zip(codes[group], papers, strict=False):
            cast_paper(made, code, marks)
    return counted(cast, made)


def small(smallest: int) -> Paper:
    """The paper with another smallest number shown."""
    return replace(PAPER, smallest=smallest)
