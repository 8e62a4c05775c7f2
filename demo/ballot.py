"""The evaluation of the year 2024, held at the meeting of February 2025: printed, voted, stopped, sealed, by the verbs themselves.

The marks come from the seed; slips and receipts too, so that the demo is the same every time (a real instance draws them
from the machine's own chance). Too few of the third group came back, so it was merged before anything was kept.
"""

from datetime import date
from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING

from demo.geography import seat
from shuzhi.ballots.codes import draw_receipt
from shuzhi.ballots.paper import INTEGRITY, ITEMS, Group, Paper, Target

if TYPE_CHECKING:
    from shuzhi.ballots.models import Evaluation

DAY = date(2025, 2, 18)
# group, label, weight, expected, given out, back
GROUPS = (
    ("A", "县领导", "0.3", 24, 23, 23),
    ("B", "部门和乡镇主要负责人", "0.4", 46, 44, 43),
    ("C", "代表委员、基层和服务对象", "0.3", 8, 5, 4),
)
PERSONS = ("lead", "lead-1", "lead-2", "lead-3", "lead-4", "lead-5")
# How often, in a hundred, each grade is marked from the best to the worst; what is left is blank.
LIKELY = (58, 30, 7, 2)
STRICT = (30, 30, 16, 22)
STRICT_ABOUT = "p4"


def live(seed: int = 990123) -> None:
    """Hold the evaluation, unless it was held already (an interrupted run goes on where it was)."""
    from shuzhi.ballots import verbs
    from shuzhi.ballots.models import Evaluation
    from shuzhi.units.models import Post
    from shuzhi.units.queries import root

    if Evaluation.objects.exists():
        return
    random = Random(f"{seed}/ballot")
    organiser, second = (Post.objects.get(code=seat(name)) for name in ("organise", "organise-1"))
    made = verbs.prepare(root(), _paper(), title="2024年度述职民主测评", day=DAY, by=organiser)
    slips = {
        group: verbs.issue(made, group, printed, by=organiser, choose=random.choice)
        for group, _, _, printed, _, _ in GROUPS
    }
    made = verbs.open_poll(made, by=organiser)
    for group, _, _, _, _, back in GROUPS:
        for code in slips[group][:back]:
            verbs.cast(made, code, _marks(made, random), receipt=draw_receipt(random.choice))
    attendance = {group: (issued, issued) for group, _, _, _, issued, _ in GROUPS}
    verbs.stop(made, attendance, by=organiser)
    verbs.seal(made, by=second)


def _paper() -> Paper:
    from shuzhi.units.models import Appointment

    held = Appointment.objects.filter(since__lte=DAY).exclude(until__lt=DAY).select_related("user", "post")
    names = {row.post_id: f"{row.post.title} {row.user.name}" for row in held}
    persons = [code for code in map(seat, PERSONS) if code in names]
    return Paper(
        targets=(
            Target("t1", "县政府领导班子", "team"),
            *(
                Target(f"p{number}", names[code], "person", code)
                for number, code in enumerate(persons, start=1)
            ),
        ),
        groups=tuple(
            Group(code, label, Fraction(weight), expected) for code, label, weight, expected, _, _ in GROUPS
        ),
        coefficients=(Fraction(1), Fraction("0.8"), Fraction("0.6"), Fraction(0)),
        smallest=5,
        items=ITEMS,
        integrity=INTEGRITY,
    )


def _marks(made: "Evaluation", random: Random) -> dict[str, list[str]]:
    """One voter's marks; a few leave a question blank, hardly anybody marks two."""
    marks = {}
    for question in made.asks.questions():
        chances = STRICT if question.target.code == STRICT_ABOUT else LIKELY
        drawn, chosen, passed = random.randrange(100), [], 0
        for grade, chance in zip(question.grades, chances, strict=True):
            if passed <= drawn < passed + chance:
                chosen = [grade]
            passed += chance
        if random.randrange(400) == 0:
            chosen = list(question.grades[:2])
        marks[question.code] = chosen
    return marks
