"""What a closing that stands by itself tells of an indicator: a pure function of what is asked and of its own files."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from shuzhi.figures import observed
from shuzhi.figures.atlas import Atlas
from shuzhi.figures.closing import Closing
from shuzhi.figures.context import Context
from shuzhi.figures.gather import gather
from shuzhi.figures.leaves import Look
from shuzhi.figures.memory import Memory
from shuzhi.figures.observed import Measured, Sheet
from shuzhi.figures.outcome import Tally


@dataclass(frozen=True, slots=True)
class Tell:
    """An indicator in a context, of a closing's own unit; ``weights`` are the indicators its mean is weighted by."""

    indicator: Measured
    context: Context
    weights: tuple[Measured, ...] = ()


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

    def read(self) -> None:
        """Read what is wanted, one scan for all."""
        self.known |= observed.sheets(self.wanted, self.closing)
        self.wanted = {}


def told(tells: Iterable[Tell], closing: Closing) -> dict[Tell, Tally]:
    """What a closing comes to, all its levels added up, for each of the tells. Raises Refused when it is damaged."""
    found: dict[Tell, Tally] = {}
    books, waiting = _Alone(closing), list(tells)
    while waiting:
        pending = []
        for tell in waiting:
            books.definitions = {each.code: each for each in tell.weights}
            outcome = gather(books, closing.unit_code, tell.indicator, tell.context, weighed=True)
            if outcome.pending:
                pending.append(tell)
            else:
                found[tell] = Tally.of(closing.unit_name, outcome).short()
        waiting = pending
        books.read()
    return found
