"""The ballot paper: whom it asks about, in which words, for which groups of voters; and how a marked one is cut apart.

A paper never lies whole anywhere. When it is cast it is cut into one strip for each question, and strips of the same
group, question and mark are told from each other by nothing; so nobody can recognise a paper by an agreed pattern.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Self

PERSON = ("优秀", "称职", "基本称职", "不称职")
TEAM = ("优秀", "良好", "一般", "较差")
INTEGRITY = ("好", "较好", "一般", "差")
ITEMS = ("德", "能", "勤", "绩", "廉")
VALID, BLANK, SPOILT = "有效", "弃权", "无效"
SORTS = {"team": "班子", "person": "个人"}
#: Whether those who left a question blank count in the base of its rates.
BLANKS = {"base": "弃权计入有效票，作为比率的基数", "apart": "弃权另列，不作为比率的基数"}
#: What several marks on one question make invalid.
SPOILS = {"question": "一题选了几档，该题无效", "ballot": "一题选了几档，整张票无效"}


@dataclass(frozen=True, slots=True)
class Target:
    """Who is evaluated: a team, or a person by the post; ``label`` is what voters read."""

    code: str
    label: str
    sort: str
    post: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of voters: its weight, and how many ought to come (应到)."""

    code: str
    label: str
    weight: Fraction
    expected: int


@dataclass(frozen=True, slots=True)
class Question:
    """One line of the paper. ``part`` is ``grade`` (the overall grade, which is scored), ``integrity`` or an item's number."""

    code: str
    target: Target
    part: str
    label: str
    grades: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """All that an evaluation decided before the first slip was printed."""

    targets: tuple[Target, ...]
    groups: tuple[Group, ...]
    coefficients: tuple[Fraction, ...]
    smallest: int
    person: tuple[str, ...] = PERSON
    team: tuple[str, ...] = TEAM
    items: tuple[str, ...] = ()
    integrity: tuple[str, ...] = ()
    blanks: str = "base"
    spoils: str = "question"

    def questions(self) -> tuple[Question, ...]:
        """Every question, target by target: the overall grade, the items, integrity."""
        return tuple(question for target in self.targets for question in self.about(target))

    def about(self, target: Target) -> list[Question]:
        """The questions about one target."""
        grades = self.team if target.sort == "team" else self.person
        made = [Question(f"{target.code}.grade", target, "grade", "总体评价", grades)]
        for number, item in enumerate(self.items):
            made.append(Question(f"{target.code}.item{number}", target, f"item{number}", item, grades))
        if self.integrity:
            made.append(Question(f"{target.code}.integrity", target, "integrity", "廉洁情况", self.integrity))
        return made

    def group(self, code: str) -> Group:
        """A group by its code; raises KeyError."""
        return {group.code: group for group in self.groups}[code]

    def as_json(self) -> dict[str, object]:
        """The paper as plain data, fractions as text."""
        return {
            "targets": [[one.code, one.label, one.sort, one.post] for one in self.targets],
            "groups": [[one.code, one.label, str(one.weight), one.expected] for one in self.groups],
            "coefficients": [str(value) for value in self.coefficients],
            "smallest": self.smallest,
            "person": list(self.person),
            "team": list(self.team),
            "items": list(self.items),
            "integrity": list(self.integrity),
            "blanks": self.blanks,
            "spoils": self.spoils,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The paper from plain data; raises KeyError, TypeError or ValueError when it is none."""
        return cls(
            targets=tuple(Target(*row) for row in data["targets"]),
            groups=tuple(
                Group(code, label, Fraction(weight), int(expected))
                for code, label, weight, expected in data["groups"]
            ),
            coefficients=tuple(Fraction(value) for value in data["coefficients"]),
            smallest=int(data["smallest"]),
            person=tuple(data["person"]),
            team=tuple(data["team"]),
            items=tuple(data["items"]),
            integrity=tuple(data["integrity"]),
            blanks=str(data["blanks"]),
            spoils=str(data["spoils"]),
        )


@dataclass(frozen=True, slots=True)
class Cut:
    """A marked paper cut apart: what the whole counts as, and the mark (or 弃权, 无效) of each question."""

    cover: str
    strips: Mapping[str, str]


def cut(paper: Paper, marks: Mapping[str, Sequence[str]]) -> Cut:
    """Judge and cut a marked paper; raises ValueError for a question or a grade that does not stand on it.

    One mark is a mark, none is 弃权, several different ones are 无效 (the question or the whole paper, as the paper says).
    """
    strips = {}
    questions = {question.code: question for question in paper.questions()}
    unknown = set(marks) - set(questions)
    if unknown:
        raise ValueError(f"票上没有这一题：{min(unknown)}")
    for code, question in questions.items():
        chosen = {mark for mark in marks.get(code, ()) if mark}
        if chosen - set(question.grades):
            raise ValueError(f"“{question.target.label}·{question.label}”没有这一档")
        strips[code] = BLANK if not chosen else SPOILT if len(chosen) > 1 else chosen.pop()
    spoilt = [code for code, mark in strips.items() if mark == SPOILT]
    if spoilt and (paper.spoils == "ballot" or len(spoilt) == len(strips)):
        return Cut(SPOILT, dict.fromkeys(strips, SPOILT))
    blank = all(mark in (BLANK, SPOILT) for mark in strips.values())
    return Cut(BLANK if blank else VALID, strips)
