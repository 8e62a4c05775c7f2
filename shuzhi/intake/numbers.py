"""Which things bear the numbers that rows name: asked of the accounts a column at a time, not a row at a time."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from shuzhi.matters.models import Matter
from shuzhi.records.models import Record

_AT_ONCE = 400


@dataclass(slots=True)
class Numbers:
    """The refs of one kind's matters or records, as far as the importer may see them (``known``), by what rows may call
    them: their number, else their ref.
    """

    known: QuerySet[Matter] | QuerySet[Record]
    _refs: dict[str, str | None] = field(default_factory=dict)

    def ref(self, said: str, column: Iterable[str]) -> str | None:
        """The ref of what is called so; with the first cell of a column the others are asked for too."""
        if said not in self._refs:
            self._ask(sorted({said, *column} - self._refs.keys()))
        return self._refs[said]

    def remember(self, number: str, ref: str) -> None:
        """Let later rows name what a row has opened or entered."""
        if self._refs.get(ref) is None:
            self._refs[ref] = ref
        self._refs[number] = ref

    def _ask(self, texts: list[str]) -> None:
        self._refs.update(dict.fromkeys(texts))
        for start in range(0, len(texts), _AT_ONCE):  # a database takes so many in one question
            some = texts[start : start + _AT_ONCE]
            rows = self.known.filter(Q(number__in=some) | Q(ref__in=some))
            for number, ref in rows.values_list("number", "ref"):
                self.remember(number, ref)
