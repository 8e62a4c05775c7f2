"""The leaves of formulas: the totals and look-ups that must be read from the books before the rest can be worked out.

A leaf is a frozen value with every context word already replaced by what it means (days, amounts), so equal leaves
of different figures are read once, and a leaf names a partial for ever.
"""

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date

from shuzhi.kernel.expr.nodes import (
    Aggregate,
    Binary,
    Call,
    If,
    IsMissing,
    ListOf,
    Literal,
    Name,
    Node,
    Span,
    Unary,
    Value,
)
from shuzhi.kernel.expr.spell import spell


@dataclass(frozen=True, slots=True)
class Cut:
    """One aggregate over one relation: which rows (``where``, ``span`` of their own date ``placed``, ``unit`` and all
    below it, as they stood on the day ``then`` where it is given) and how they are put together. ``family`` is the family
    of its amounts, "" for days and texts.
    """

    how: str
    column: Node | None
    source: str
    where: Node | None = None
    span: Span | None = None
    placed: str = ""
    unit: str = ""
    per: str = ""
    family: str = ""
    then: date | None = None

    @property
    def text(self) -> str:
        """The cut in the language, with its days and unit: for traces and as the key of kept partials."""
        what = "count" if self.column is None else f"{self.how} {spell(self.column)} of"
        parts = [what, self.source]
        if self.where is not None:
            parts.append(f"where {spell(self.where)}")
        if self.span is not None:
            parts.append(f"in [{self.span.start}, {self.span.end}]")
        if self.unit:
            parts.append(f"under {self.unit}{f' as of {self.then}' if self.then else ''}")
        if self.per:
            parts.append(f"per {self.per}")
        return " ".join(parts)

    @property
    def names(self) -> frozenset[str]:
        """The columns the cut reads, beside the unit."""
        parts = [part for part in (self.column, self.where) if part is not None]
        words = {name for part in parts for name in words_in(part)}
        return frozenset(words | ({self.placed} if self.span else set()) | ({self.per} - {""}))


@dataclass(frozen=True, slots=True)
class Look:
    """All observations of one indicator of one unit ("" the closing's own)."""

    indicator: str
    unit: str


def bound(node: Node, columns: Container[str], read: Callable[[Node], Value]) -> Node:
    """The formula with every part that does not depend on the row replaced by its value, and positions dropped.

    ``read`` evaluates such a part in the figure's own context; what is left names columns only.
    """
    if not _of_row(node, columns):
        return Literal(read(node))
    match node:
        case Unary(sign, operand):
            return Unary(sign, bound(operand, columns, read))
        case Binary(sign, left, right):
            return Binary(sign, bound(left, columns, read), bound(right, columns, read))
        case IsMissing(operand, negated):
            return IsMissing(bound(operand, columns, read), negated)
        case If(test, then, other):
            return If(bound(test, columns, read), bound(then, columns, read), bound(other, columns, read))
        case Call(function, arguments):
            return Call(function, tuple(bound(item, columns, read) for item in arguments))
        case ListOf(items):
            return ListOf(tuple(bound(item, columns, read) for item in items))
    return replace(node, at=0)


def _of_row(node: Node, columns: Container[str]) -> bool:
    """Whether a part of a condition speaks of the row, that is, names a column."""
    return any(name in columns for name in words_in(node))


def words_in(node: Node) -> Iterator[str]:
    """Every word a formula names, dotted words whole; the insides of aggregates are not looked at."""
    for part in walk(node, aggregates=False):
        if isinstance(part, Name):
            yield part.text


def walk(node: Node, *, aggregates: bool = True) -> Iterator[Node]:
    """The node and all nodes inside it; the insides of aggregates on demand."""
    yield node
    if isinstance(node, Aggregate) and not aggregates:
        return
    for own in fields(node):
        value = getattr(node, own.name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Node):
                yield from walk(part, aggregates=aggregates)
