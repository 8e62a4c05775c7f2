"""What a closing that stands by itself tells of an indicator: a pure function of what is asked and of its own files."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from shuzhi.figures import observed
from shuzhi.figures.closing import Closing
from shuzhi.figures.context import Context
from shuzhi.figures.gather import gather
from shuzhi.figures.leaves import Look
from shuzhi.figures.many.atlas import Atlas
from shuzhi.figures.many.outcome import Tally, Tell
from shuzhi.figures.memory import Memory
from shuzhi.figures.observed import Measured, Periods, Sheet

TELLINGS: Final[Memory[tuple[Tell, str, str], Tally]] = Memory()


class _Alone:
    """The observations of one closing, read round by round."""

    def __init__(self, closing: Closing) -> None:
        self.closing, self.atlas = closing, Atlas([closing])
        self.known: dict[Look, Sheet] = {}
        self.wanted: dict[Look, None] = {}
        self.definitions: dict[str, Measured] = {}

    def indicator(self, code: str) -> Measured:
        """See :class:`shuzhi.figures.gather.Sheets`."""
        return self.definitions[code]

    def sheet(self, closing: Closing, look: Look) -> Sheet | None:
        """See :class:`shuzhi.figures.gather.Sheets`."""
        if look not in self.known:
            self.wanted[look] = None
        return self.known.get(look)

    def tally(self, closing: Closing, indicator: Measured, context: Context) -> Tally | None:
        """Nothing below a closing that stands by itself is another closing."""
        raise AssertionError("one closing is not added up by parts")


def told(tells: Iterable[Tell], closing: Closing) -> dict[Tell, Tally]:
    """What a closing comes to, all its levels added up, for each of the tells. Raises Refused when it is damaged."""
    return told_of_many({closing.id: list(tells)}, [closing])[closing.id]


def told_of_many(
    tells: Mapping[str, Sequence[Tell]], closings: Sequence[Closing]
) -> dict[str, dict[Tell, Tally]]:
    """What each of some closings comes to for its tells, by their ids; a round of reading is one scan for all of them."""
    found: dict[str, dict[Tell, Tally]] = {closing.id: {} for closing in closings}
    waiting = [(_Alone(closing), list(tells[closing.id])) for closing in closings if tells[closing.id]]
    periods = _periods([tell.context for _, asked in waiting for tell in asked])
    while waiting:
        waiting = [
            (books, pending)
            for books, asked in waiting
            if (pending := _round(books, asked, found[books.closing.id]))
        ]
        read = observed.sheets_of_many(
            {books.closing.id: list(books.wanted) for books, _ in waiting},
            [books.closing for books, _ in waiting],
            periods,
        )
        for books, _ in waiting:
            books.known |= read[books.closing.id]
            books.wanted = {}
    return found


def _periods(contexts: Sequence[Context]) -> Periods | None:
    """The years and months these contexts look at; a year's figures stand at December. None where the latest is asked for."""
    if any(context.role == "latest" for context in contexts):
        return None
    return frozenset(each.year for each in contexts), frozenset({12, *(each.month for each in contexts)})


def _round(books: _Alone, tells: Sequence[Tell], found: dict[Tell, Tally]) -> list[Tell]:
    """Answer what can be answered; returns the rest."""
    pending = []
    for tell in tells:
        books.definitions = {each.code: each for each in tell.weights}
        outcome = gather(books, books.closing.unit_code, tell.indicator, tell.context, weighed=True)
        if outcome.pending:
            pending.append(tell)
        else:
            found[tell] = Tally.of(books.closing.unit_name, outcome).short()
    return pending
