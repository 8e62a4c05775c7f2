"""What every definition rests on: formulas as they are written, and the law they come from."""

from dataclasses import dataclass

from shuzhi.kernel.expr.nodes import Name, Node, walk


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression as written and as parsed."""

    source: str
    node: Node


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a definition comes from: a law and its articles, or local practice."""

    law: str
    article: str = ""
    local: bool = False


def words_of(expression: Expression) -> tuple[str, ...]:
    """The dotted words of a formula in the order they are written, each once."""
    return tuple(dict.fromkeys(part.text for part in walk(expression.node) if isinstance(part, Name)))
