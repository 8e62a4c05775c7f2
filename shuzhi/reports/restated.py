"""Whether a formula can be told for an earlier day from the books of a later one: only what bears a date can."""

from shuzhi.kernel.catalogue.definitions import Catalogue, Kind
from shuzhi.kernel.expr.nodes import Aggregate, IsMissing, Name, Node, walk
from shuzhi.kernel.expr.parse import parse

_DAYS = frozenset(("opened", "closed", "date", "year", "lastyear", "quarter", "month", "today"))


def restatable(expression: str, catalogue: Catalogue) -> bool:
    """Whether a formula counts by days alone, so that its value at the end of an earlier month is known.

    Observations bear their month, records and payments their day. A matter is known as it stands now: its stage, its
    progress, what is still missing of it were otherwise then; when it was opened and closed, and the days typed into it,
    were not.
    """
    return by_days(parse(expression), catalogue)


def by_days(node: Node, catalogue: Catalogue) -> bool:
    """As :func:`restatable`, of a formula that was read already."""
    return all(_known(part, catalogue) for part in walk(node))


def _known(node: Node, catalogue: Catalogue) -> bool:
    match node:
        case IsMissing():
            return False
        case Aggregate():
            return _counted(node, catalogue.kinds[node.source.partition(".")[0]])
        case Name(parts=(code, *rest)):
            return _named(code, rest, catalogue)
    return True


def _named(code: str, rest: list[str], catalogue: Catalogue) -> bool:
    """A name stands for itself, for the formula of a figure, or for that of a computed indicator."""
    kind, indicator = catalogue.kinds.get(code), catalogue.indicators.get(code)
    figure = kind.figure(rest[0]) if kind and rest else None
    if figure is not None:
        return by_days(figure.expression.node, catalogue)
    if indicator is not None and indicator.expression is not None:
        return by_days(indicator.expression.node, catalogue)
    return True


def _counted(total: Aggregate, kind: Kind) -> bool:
    """Whether a total of a kind asks for nothing that may have been otherwise then."""
    if kind.shape in ("record", "fund"):
        return True
    if (
        kind.shape != "matter"
        or total.how not in ("count", "distinct")
        or (total.where is None and total.period is None)
    ):
        return False
    asked = {part.text for part in walk(total.where) if isinstance(part, Name)} if total.where else set()
    return asked <= _DAYS | {field.code for field in kind.fields if field.type == "date"}
