"""What is asked of the books and what comes back: an ask, a figure, and the trace that lets a stranger recompute it."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from shuzhi.kernel.finding import Finding

MOST_REFS: Final = 200


@dataclass(frozen=True, slots=True)
class Ask:
    """One question. ``unit`` is a unit's code ("" the whole of each closing); ``year`` 0 is the year of the closing's
    day; ``month`` 12 asks for the year's figure (counts run to the closing's day); ``shown_in`` and ``decimals`` override
    the unit and places of the definition. ``then`` asks for the boundaries and names of the period's own last day
    instead of today's.
    """

    expression: str
    unit: str = ""
    year: int = 0
    month: int = 12
    shown_in: str = ""
    decimals: int | None = None
    then: bool = False

    def as_json(self) -> dict[str, object]:
        """The question as a flat dictionary."""
        return {
            "expression": self.expression,
            "unit": self.unit,
            "year": self.year,
            "month": self.month,
            "shown_in": self.shown_in,
            "decimals": self.decimals,
            **({"then": True} if self.then else {}),
        }


@dataclass(frozen=True, slots=True)
class Leaf:
    """One total read from the books: what was read, from which file, how many rows it is made of.

    ``missing`` counts rows that lack the column; ``total`` is exact, in the base unit of its family (or in the
    indicator's own unit); ``refs`` names the first contributing items in order, at most 200. ``drawn`` says in words what
    was put to it, or taken away, for boundaries changed since (含2025年7月1日并入的白渡县).
    """

    text: str
    relation: str
    relation_digest: str
    rows: int
    missing: int
    total: str
    status: str = ""
    refs: tuple[str, ...] = ()
    drawn: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The leaf as a flat dictionary."""
        return {
            "text": self.text,
            "relation": self.relation,
            "relation_digest": self.relation_digest,
            "rows": self.rows,
            "missing": self.missing,
            "total": self.total,
            "status": self.status,
            "refs": list(self.refs),
            **({"drawn": list(self.drawn)} if self.drawn else {}),
        }


@dataclass(frozen=True, slots=True)
class Trace:
    """How a figure came about. ``closings`` are ids; ``catalogues`` the digests of the definitions they were read under;
    ``definitions`` the formulas of the names used, as (name, formula in Chinese).
    """

    expression: str
    formula_cn: str
    context: str
    leaves: tuple[Leaf, ...]
    closings: tuple[str, ...]
    catalogues: tuple[str, ...]
    definitions: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, object]:
        """The trace as dictionaries and lists."""
        return {
            "expression": self.expression,
            "formula_cn": self.formula_cn,
            "context": self.context,
            "leaves": [leaf.as_json() for leaf in self.leaves],
            "closings": list(self.closings),
            "catalogues": list(self.catalogues),
            "definitions": [list(pair) for pair in self.definitions],
        }


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a figure that is split (``per unit``): its key, exact value and printed text; ``label`` is the key as a
    person reads it (a unit's name).
    """

    key: str
    value: Fraction | None
    text: str
    label: str

    def as_json(self) -> dict[str, object]:
        """The part as a flat dictionary."""
        value = None if self.value is None else str(self.value)
        return {"key": self.key, "label": self.label, "value": value, "text": self.text}


@dataclass(frozen=True, slots=True)
class Figure:
    """The answer. ``value`` is exact and in ``unit``; ``text`` is the value printed, without the unit, or the words of an
    answer that is no number; ``status`` is the weakest status word among the observations used ("" when counted);
    ``reason`` says in Chinese why there is no value; ``warnings`` what must be known beside it (a closing that could not be
    read, a cell told twice). A figure is missing when ``text`` is empty and it has no parts.
    """

    ask: Ask
    value: Fraction | None
    unit: str
    text: str
    status: str
    reason: str
    trace: Trace
    parts: tuple[Part, ...] = ()
    warnings: tuple[Finding, ...] = ()

    @property
    def missing(self) -> bool:
        """Whether there is no answer."""
        return not self.text and not self.parts

    def as_json(self) -> dict[str, object]:
        """The figure as dictionaries and lists; exact values as fractions in text."""
        return {
            "ask": self.ask.as_json(),
            "value": None if self.value is None else str(self.value),
            "unit": self.unit,
            "text": self.text,
            "status": self.status,
            "reason": self.reason,
            "parts": [part.as_json() for part in self.parts],
            "trace": self.trace.as_json(),
            **({"warnings": [finding.as_json() for finding in self.warnings]} if self.warnings else {}),
        }
