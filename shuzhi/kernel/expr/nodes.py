"""The nodes of the expression language: frozen, each knowing the column of the text it came from.

The column ``at`` counts from 1 (0: not read from a text) and does not take part in equality: two formulas that say
the same are the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final


@dataclass(frozen=True, slots=True, repr=False)
class Missing:
    """The value that is not there. It is neither zero nor an empty text, and what is reckoned with it is missing too."""

    def __repr__(self) -> str:
        return "missing"

    def __reduce__(self) -> str:
        return "MISSING"  # there is one of it in every process, whatever was sent from one to the other

    def __bool__(self) -> bool:
        return False


MISSING: Final = Missing()


@dataclass(frozen=True, slots=True)
class Amount:
    """An exact amount in the base unit of a family: money in 元, ratios as parts of one, 个 as 个."""

    value: Fraction
    family: str = "比率"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days, both ends included."""

    start: date
    end: date


Value = bool | str | date | Amount | Span | Missing | tuple["Value", ...]


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the text: ``3``, ``20%``, ``5万元``, ``'开工'``, ``2025-03-01``, ``true``, ``missing``."""

    value: Value
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A word: a column or field of the item at hand, an indicator, a figure of a kind (``a.b``), a period."""

    parts: tuple[str, ...]
    at: int = field(default=0, compare=False)

    @property
    def text(self) -> str:
        """The word as written."""
        return ".".join(self.parts)


@dataclass(frozen=True, slots=True)
class Unary:
    """``not x`` or ``-x``."""

    sign: str
    operand: "Node"
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands: ``+ - * /``, ``= != < <= > >=``, ``in``, ``and or``."""

    sign: str
    left: "Node"
    right: "Node"
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class IsMissing:
    """``x is missing`` or ``x is not missing``: the only question a missing value answers."""

    operand: "Node"
    negated: bool = False
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class If:
    """``if test then a else b``."""

    test: "Node"
    then: "Node"
    other: "Node"
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the language: ``growth(gdp)``, ``late('handle')``."""

    function: str
    arguments: tuple["Node", ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ListOf:
    """``[a, b, c]``, to the right of ``in``."""

    items: tuple["Node", ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Aggregate:
    """``sum column of source where condition in period``; also count, distinct, min, max.

    ``source`` is a kind (``hazard``) or a part of one (``session.rows``); ``column`` is None for count;
    ``per`` is the column the answer is split by (``per unit``), or empty.
    """

    how: str
    column: "Node | None"
    source: str
    where: "Node | None" = None
    period: "Node | None" = None
    per: str = ""
    at: int = field(default=0, compare=False)


Node = Literal | Name | Unary | Binary | IsMissing | If | Call | ListOf | Aggregate


def children(node: Node) -> tuple[Node, ...]:
    """The parts a node is directly made of, from left to right."""
    match node:
        case Literal() | Name():
            return ()
        case Unary(_, operand) | IsMissing(operand):
            return (operand,)
        case Binary(_, left, right):
            return (left, right)
        case If(test, then, other):
            return (test, then, other)
        case Call(_, parts) | ListOf(parts):
            return parts
        case Aggregate(_, column, _, where, period):
            return tuple(part for part in (column, where, period) if part is not None)


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    yield node
    for part in children(node):
        yield from walk(part)
