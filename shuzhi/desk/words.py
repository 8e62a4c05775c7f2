"""What a rule speaks of: every name in it, and the names it cannot do without."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from shuzhi.kernel.catalogue.grounds import Expression
from shuzhi.kernel.expr.nodes import Binary, Call, IsMissing, Literal, Name, Node, walk


def words(rule: Expression | None) -> Iterator[str]:
    """Every plain name in an expression, in the order it is written."""
    if rule is not None:
        yield from _names(rule.node)


def _names(node: Node | object) -> Iterator[str]:
    if isinstance(node, Name):
        yield node.text
    elif isinstance(node, tuple):
        for part in node:
            yield from _names(part)
    elif is_dataclass(node):
        for part in fields(node):
            yield from _names(getattr(node, part.name))


def demanded(rule: Expression | None) -> Iterator[str]:
    """The names a rule cannot hold without: those its parts joined by ``and`` compare, or want present."""
    if rule is not None:
        yield from _wanted(rule.node)


def _wanted(node: Node) -> Iterator[str]:
    match node:
        case Binary("and", left, right):
            yield from _wanted(left)
            yield from _wanted(right)
        case Binary("=" | "!=" | "<" | "<=" | ">" | ">=" | "in", left, right):
            yield from (part.text for part in (left, right) if isinstance(part, Name))
        case IsMissing(Name() as name, True):
            yield name.text
        case Name():
            yield node.text
        case _:
            return


def papers_named(rule: Expression | None) -> Iterator[str]:
    """The kinds of papers a rule asks for by ``papers('kind')``."""
    for node in walk(rule.node) if rule is not None else ():
        match node:
            case Call("papers", (Literal(str(kind)),)):
                yield kind
            case _:
                continue
