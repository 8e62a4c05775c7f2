"""The two kinds of questions closings are asked: totals of their ledgers, and what their observations come to."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace

from shuzhi.figures.closing import Closing
from shuzhi.figures.kept import Kept, TellKey
from shuzhi.figures.leaves import Cut
from shuzhi.figures.many.atlas import Atlas
from shuzhi.figures.many.outcome import Tally, Tell, together
from shuzhi.figures.many.telling import TELLINGS
from shuzhi.figures.memory import Memory
from shuzhi.figures.observed import OBSERVATION
from shuzhi.figures.partial import PARTIALS, Key, Partial, merged
from shuzhi.figures.tree import BOUNDARIES, boundaries


class Cuts:
    """Totals of ledgers."""

    def __init__(self, atlas: Atlas, kept: Kept | None) -> None:
        self.atlas, self.kept = atlas, kept
        # What was kept by others than us is for this computation only, and what we have read is not mixed into it.
        self._memory = PARTIALS if kept is None or kept.as_read else Memory[Key, Partial]()

    @property
    def memory(self) -> Memory[Key, Partial]:
        """See :class:`shuzhi.figures.many.answers.Kind`."""
        return self._memory

    def like(self, question: Cut) -> Hashable:
        """Cuts of one relation and one unit rest on the same files."""
        return (question.source, question.unit, question.then)

    def local(self, question: Cut, closing: Closing) -> Cut:
        """The cut as one closing sees it: its own unit, and whatever that lies below, is the whole of it."""
        if question.unit and self.atlas.whole(closing, question.unit, question.then):
            return replace(question, unit="", then=None)
        return question

    def rests_on(self, question: Cut, closing: Closing) -> tuple[str, str]:
        """The digest of the ledger; below a unit, also those of the relations the tree is drawn from."""
        table = closing.tables.get(question.source)
        drawn = (
            [closing.tables[name].digest for name in BOUNDARIES if name in closing.tables]
            if question.unit
            else []
        )
        return table.digest if table else "", " ".join(drawn)

    def given(self, question: Cut, closing: Closing) -> Partial | None:
        """A closing without the ledger need not be read."""
        return None if question.source in closing.tables else Partial(there=False)

    def merged(self, question: Cut, parts: Sequence[Partial]) -> Partial:
        """See :func:`shuzhi.figures.partial.merged`."""
        return merged(question, parts)

    def lasting(self, value: Partial) -> bool:
        """A total that some closing had no ledger for is not remembered."""
        return value.there

    def recalled(self, keys: Sequence[Key]) -> Mapping[Key, Partial]:
        """What an earlier process kept."""
        return {} if self.kept is None else self.kept.get_all(keys)

    def keep(self, pairs: Sequence[tuple[Key, Partial]]) -> None:
        """Keep totals for later processes."""
        if self.kept is not None:
            self.kept.put_all(pairs)


class Tells:
    """What the observations of closings that stand by themselves come to."""

    def __init__(self, kept: Kept | None) -> None:
        self.kept = kept

    @property
    def memory(self) -> Memory[TellKey, Tally]:
        """See :class:`shuzhi.figures.many.answers.Kind`."""
        return TELLINGS

    def like(self, question: Tell) -> Hashable:
        """All of them rest on the same files."""
        return None

    def local(self, question: Tell, closing: Closing) -> Tell:
        """Every closing is asked the same of its own unit."""
        return question

    def rests_on(self, question: Tell, closing: Closing) -> tuple[str, str]:
        """The digests of the observations and of the tree, and whose they are."""
        table = closing.tables.get(OBSERVATION)
        drawn = " ".join((*boundaries(closing), closing.unit_code, closing.unit_name))
        return table.digest if table else "", drawn

    def given(self, question: Tell, closing: Closing) -> Tally | None:
        """Even without observations it has to be said whose turn it is."""
        return None

    def merged(self, question: Tell, parts: Sequence[Tally]) -> Tally:
        """The tallies running together, kept short."""
        return together(parts).short()

    def lasting(self, value: Tally) -> bool:
        """Every telling is worth remembering."""
        return True

    def recalled(self, keys: Sequence[TellKey]) -> Mapping[TellKey, Tally]:
        """What an earlier process kept."""
        return {} if self.kept is None else self.kept.tellings(keys)

    def keep(self, pairs: Sequence[tuple[TellKey, Tally]]) -> None:
        """Keep tallies for later processes."""
        if self.kept is not None:
            self.kept.keep_tellings(pairs)
