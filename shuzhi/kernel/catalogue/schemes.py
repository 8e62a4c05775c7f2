"""What else a catalogue holds beside kinds and indicators: the names of mechanisms, the profile of a year's course, and the scheme by which targets are scored."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from shuzhi.kernel.catalogue.grounds import Basis, Expression

FORMULAS = ("up", "growth", "down", "range", "milestone", "rank", "bonus", "deduct", "veto")
FORMULA_NAMES = {
    "up": "越高越好",
    "growth": "增速",
    "down": "越低越好",
    "range": "区间",
    "milestone": "节点",
    "rank": "名次",
    "bonus": "加分",
    "deduct": "扣分",
    "veto": "一票否决",
}
FORMS = ("k", "ratio")
ORDERS = ("up", "down", "given")

#: What each formula cannot do without.
NEEDS: Mapping[str, tuple[str, ...]] = {
    "up": ("weight", "actual", "target"),
    "growth": ("weight", "actual", "target"),
    "down": ("weight", "actual", "target"),
    "range": ("weight", "actual", "low", "high"),
    "milestone": ("weight", "actual", "target"),
    "rank": ("weight", "actual", "points"),
    "bonus": ("actual", "each", "limit"),
    "deduct": ("actual", "each", "limit"),
    "veto": ("actual",),
}


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One of the ways a county works that reports name (河长制, 三级挂牌): its name and the group it is listed in."""

    code: str
    label: str
    group: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """The usual course of a year: of what is reached by December, so many per cent by the end of each month.

    ``months`` are twelve texts, January first; an empty one is a month for which nothing is released.
    """

    code: str
    label: str
    months: tuple[str, ...]
    basis: tuple[Basis, ...]
    note: str = ""

    def shares(self) -> dict[int, Fraction]:
        """The part of the year reached by the end of each released month, of one."""
        return {
            month: Fraction(Decimal(text)) / 100 for month, text in enumerate(self.months, 1) if text.strip()
        }


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade: given from a score on, to so many per cent of the units at most (empty: no quota)."""

    name: str
    since: str
    quota: str = ""


@dataclass(frozen=True, slots=True)
class ScoreItem:
    """One thing scored. ``actual`` and ``target`` are formulas of the language, read for each unit.

    Numbers are texts, exact: ``weight`` are the points to be had; ``cap`` the most that a ratio counts (formula up);
    ``k`` the part of the weight won or lost by one percentage point (growth, form k); ``low``, ``high``, ``reach`` and
    ``floor`` the range, how far outside it the floor is reached, and the floor as a part of the weight; ``points`` the
    points of each rank from the first on, ``order`` which values rank first (up, down) or that the value is the rank
    itself (given); ``each`` and ``limit`` points for one occurrence and the most of them; ``voids`` items that count
    nothing once it occurs; ``grade`` the best grade left after a veto.
    """

    code: str
    label: str
    formula: str
    actual: Expression
    target: Expression | None = None
    weight: str = ""
    unit: str = ""
    cap: str = "1"
    form: str = "k"
    k: str = "0.1"
    low: str = ""
    high: str = ""
    reach: str = ""
    floor: str = "0"
    order: str = "up"
    points: tuple[str, ...] = ()
    each: str = ""
    limit: str = ""
    voids: tuple[str, ...] = ()
    grade: str = ""
    authority: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Scheme:
    """How the targets of one year are scored for the units of one level: items, caps of bonus and deduction, grades."""

    code: str
    label: str
    year: int
    of: str
    basis: tuple[Basis, ...]
    items: tuple[ScoreItem, ...]
    grades: tuple[Grade, ...]
    bonus_limit: str = "0"
    deduct_limit: str = "0"
    decimals: int = 2
    note: str = ""
