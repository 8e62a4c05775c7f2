"""The words of one catalogue as figures use them: scope, labels and formulas read so far, made once for a process."""

from dataclasses import dataclass, field
from typing import Final

from shuzhi.figures.labels import labels_of
from shuzhi.figures.memory import Memory
from shuzhi.figures.printing import Style, style_of
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.catalogue.scopes import FigureScope, RowScope
from shuzhi.kernel.expr.nodes import Node
from shuzhi.kernel.expr.parse import parse
from shuzhi.kernel.expr.spell import speak
from shuzhi.kernel.expr.types import Type, typed

_FORMULAS: Final = 20_000


@dataclass(frozen=True)
class KeptScope(FigureScope):
    """The scope of figures, which makes the scope of each source once."""

    kept: dict[str, RowScope | None] = field(default_factory=dict, compare=False)

    def source(self, source: str) -> RowScope | None:
        """The rows of a kind or of a part of one."""
        if source not in self.kept:
            self.kept[source] = super().source(source)
        return self.kept[source]


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that was read and checked: its node and type, how it is said in Chinese and printed."""

    node: Node
    type: Type
    said: str
    style: Style


class Words:
    """What can be said over one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.scope = KeptScope(catalogue)
        self.labels = labels_of(catalogue)
        self._formulas: Memory[str, Formula] = Memory(_FORMULAS)

    def formula(self, expression: str) -> Formula:
        """The formula of a text; raises ExpressionError with column and hint."""
        found = self._formulas.get(expression)
        if found is None:
            node = parse(expression)
            kind = typed(node, self.scope)
            found = Formula(node, kind, speak(node, self.labels), style_of(node, self.catalogue))
            self._formulas.put(expression, found)
        return found


_WORDS: Final[Memory[str, Words]] = Memory(16)


def words_of(catalogue: Catalogue) -> Words:
    """The words of a catalogue; the same object for the same texts."""
    found = _WORDS.get(catalogue.digest)
    if found is None:
        found = Words(catalogue)
        _WORDS.put(catalogue.digest, found)
    return found
