"""Where answers are kept from one process to the next (``shelf.py`` is a folder); nowhere, when nothing is given."""

from collections.abc import Sequence

from shuzhi.figures.leaves import Look
from shuzhi.figures.many.outcome import Tally, Tell
from shuzhi.figures.observed import Sheet
from shuzhi.figures.partial import Key, Partial

TellKey = tuple[Tell, str, str]
SheetKey = tuple[Look, str, str]
"""A look, and the digest of the observations; what stands between is the same for all."""

ListKey = tuple[str, str, str]
"""What the lists are of, and a digest of what they depend on."""


class Kept:
    """Keeps nothing; those that keep something say so in their own way."""

    as_read: bool = True
    """Whether what is kept is what reading the closings gives, refs and all, so that this process may remember it."""

    def get(self, key: Key) -> Partial | None:
        """The partial of that key, if it is kept."""
        return None

    def put(self, key: Key, partial: Partial) -> None:
        """Keep one partial."""

    def get_all(self, keys: Sequence[Key]) -> dict[Key, Partial]:
        """The partials kept under some keys."""
        found = {key: self.get(key) for key in keys}
        return {key: partial for key, partial in found.items() if partial is not None}

    def put_all(self, pairs: Sequence[tuple[Key, Partial]]) -> None:
        """Keep partials."""

    def tellings(self, keys: Sequence[TellKey]) -> dict[TellKey, Tally]:
        """The tallies kept under some keys."""
        return {}

    def keep_tellings(self, pairs: Sequence[tuple[TellKey, Tally]]) -> None:
        """Keep tallies."""

    def sheets(self, keys: Sequence[SheetKey]) -> dict[SheetKey, Sheet]:
        """The sheets kept under some keys."""
        return {}

    def keep_sheets(self, pairs: Sequence[tuple[SheetKey, Sheet]]) -> None:
        """Keep sheets."""

    def lists(self, keys: Sequence[ListKey]) -> dict[ListKey, list[list[str]]]:
        """Lists of names kept under some keys."""
        return {}

    def keep_lists(self, pairs: Sequence[tuple[ListKey, list[list[str]]]]) -> None:
        """Keep lists of names."""

    def flush(self) -> None:
        """See what was put where the next process finds it."""

    def close(self) -> None:
        """See what was put where the next process finds it, and let go of what is open."""
