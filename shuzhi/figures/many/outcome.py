"""What observations come to: a value with what it rests on, and the running total of many units' values.

Means are carried as two sums (values times weights, and weights) up to the very end, so that it does not matter how
units are grouped on the way.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any, Final

from shuzhi.figures.context import Context
from shuzhi.figures.observed import Measured, Seen
from shuzhi.figures.partial import first_in_order
from shuzhi.kernel.finding import Finding, Severity

NAMED: Final = 5
_CLASHES: Final = 20
_SEEN: Final = tuple(each.name for each in fields(Seen))


@dataclass(frozen=True, slots=True)
class Told:
    """A summary of observations: how many, how many of them missing, their status words (targets have none), the first of
    them, and the first names in order.
    """

    rows: int
    missing: int
    statuses: frozenset[str]
    first: Seen
    refs: tuple[str, ...]


Said = tuple[Seen | Told, ...]
"""Observations, singly or summed up, in the order of their units."""


def summed(said: Said) -> Told | None:
    """All of them summed up; None when there are none."""
    if not said:
        return None
    single = [each for each in said if isinstance(each, Seen)]
    sums = [each for each in said if isinstance(each, Told)]
    statuses = {each.status for each in single if each.role != "target"}
    refs = first_in_order([sorted({each.ref for each in single}), *(each.refs for each in sums)])
    return Told(
        len(single) + sum(each.rows for each in sums),
        sum(each.value is None for each in single) + sum(each.missing for each in sums),
        frozenset(statuses.union(*(each.statuses for each in sums))),
        said[0] if isinstance(said[0], Seen) else said[0].first,
        refs,
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """A value as a whole number of the indicator's family (a fraction when it is a weighted mean), or why there is none.

    ``pending`` says that observations have yet to be read; ``silent`` that nobody asked has said anything. ``top`` and
    ``bottom`` are what it brings to a sum above it: value times weight, and weight; None when it cannot bring anything.
    ``said`` are the observations it rests on, ``heavy`` those of the weights; ``clashes`` are cells told twice, differently;
    ``drawn`` says in words which other units' values were put to the unit's own, or taken away, for boundaries changed since.
    """

    number: Fraction | None = None
    said: Said = ()
    reason: str = ""
    pending: bool = False
    silent: bool = False
    top: Fraction | None = None
    bottom: Fraction = Fraction(0)
    heavy: Said = ()
    clashes: tuple[Finding, ...] = ()
    drawn: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tell:
    """What is asked: an indicator in a context, of a closing's own unit; ``weights`` are those its mean is weighted by."""

    indicator: Measured
    context: Context
    weights: tuple[Measured, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """Many units' outcomes running together, in the order of their units.

    ``parts`` counts the units, ``silent`` those that have said nothing, ``lacking`` those that bring nothing, the first of
    them ``named``. ``number`` and ``reason`` are those of a single unit; ``drawn`` as in :class:`Outcome`.
    """

    parts: int = 0
    silent: int = 0
    lacking: int = 0
    named: tuple[str, ...] = ()
    top: Fraction = Fraction(0)
    bottom: Fraction = Fraction(0)
    said: Said = ()
    heavy: Said = ()
    clashes: tuple[Finding, ...] = ()
    number: Fraction | None = None
    reason: str = ""
    drawn: tuple[str, ...] = ()

    @classmethod
    def of(cls, name: str, outcome: Outcome) -> "Tally":
        """One unit's outcome; it must not be pending."""
        lacks = outcome.top is None
        return cls(
            1,
            int(outcome.silent),
            int(lacks),
            (name,) if lacks else (),
            outcome.top or Fraction(0),
            outcome.bottom if not lacks else Fraction(0),
            outcome.said,
            outcome.heavy,
            outcome.clashes,
            outcome.number,
            outcome.reason,
            outcome.drawn,
        )

    def alone(self) -> Outcome:
        """The outcome of the one unit it is of."""
        top = None if self.lacking else self.top
        silent = bool(self.silent)
        return Outcome(
            self.number,
            self.said,
            self.reason,
            False,
            silent,
            top,
            self.bottom,
            self.heavy,
            self.clashes,
            self.drawn,
        )

    def short(self) -> "Tally":
        """The same with its observations summed up, so that it stays small however many there are."""
        said, heavy = summed(self.said), summed(self.heavy)
        return Tally(
            self.parts,
            self.silent,
            self.lacking,
            self.named,
            self.top,
            self.bottom,
            (said,) if said else (),
            (heavy,) if heavy else (),
            self.clashes,
            self.number,
            self.reason,
            self.drawn,
        )


def together(tallies: Iterable[Tally]) -> Tally:
    """Several tallies as one, in their order."""
    each = list(tallies)
    if len(each) == 1:
        return each[0]
    clashes = {str(clash): clash for tally in each for clash in tally.clashes}
    return Tally(
        sum(tally.parts for tally in each),
        sum(tally.silent for tally in each),
        sum(tally.lacking for tally in each),
        tuple(name for tally in each for name in tally.named)[:NAMED],
        sum((tally.top for tally in each), Fraction(0)),
        sum((tally.bottom for tally in each), Fraction(0)),
        tuple(one for tally in each for one in tally.said),
        tuple(one for tally in each for one in tally.heavy),
        tuple(clashes[said] for said in sorted(clashes)[:_CLASHES]),
        drawn=tuple(dict.fromkeys(said for tally in each for said in tally.drawn))[:NAMED],
    )


# --- written down ------------------------------------------------------------------------------------------------------


def as_json(tally: Tally) -> dict[str, object]:
    """A tally whose observations are summed up, in plain JSON."""
    return {
        "counts": [tally.parts, tally.silent, tally.lacking],
        "named": list(tally.named),
        "sums": [str(tally.top), str(tally.bottom)],
        "said": [_told(each) for each in tally.said],
        "heavy": [_told(each) for each in tally.heavy],
        "clashes": [clash.as_json() for clash in tally.clashes],
        "number": None if tally.number is None else str(tally.number),
        "reason": tally.reason,
        "drawn": list(tally.drawn),
    }


def from_json(said: Mapping[str, Any]) -> Tally:
    """The tally again; raises TypeError, KeyError or ValueError on anything else."""
    top, bottom = (Fraction(text) for text in said["sums"])
    parts, silent, lacking = (int(count) for count in said["counts"])
    number = said["number"]
    return Tally(
        parts,
        silent,
        lacking,
        tuple(said["named"]),
        top,
        bottom,
        tuple(_heard(each) for each in said["said"]),
        tuple(_heard(each) for each in said["heavy"]),
        tuple(Finding(**{**clash, "severity": Severity(clash["severity"])}) for clash in said["clashes"]),
        None if number is None else Fraction(number),
        said["reason"],
        tuple(said["drawn"]),
    )


def _told(each: Seen | Told) -> list[object]:
    if isinstance(each, Seen):
        raise TypeError("a tally is written down with its observations summed up")
    first = [getattr(each.first, name) for name in _SEEN]
    return [each.rows, each.missing, sorted(each.statuses), first, list(each.refs)]


def _heard(said: Sequence[Any]) -> Told:
    rows, missing, statuses, first, refs = said
    return Told(rows, missing, frozenset(statuses), Seen(*first), tuple(refs))
