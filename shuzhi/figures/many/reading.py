"""What is wanted of one closing, and what reading it gave: plain values that may travel to another process and back.

A closing is read by itself, whoever does the reading: this process, another one, or a machine of a cluster.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from shuzhi.figures import observed
from shuzhi.figures.closing import Closing
from shuzhi.figures.leaves import Cut, Look
from shuzhi.figures.many.engines import Engine, told
from shuzhi.figures.many.outcome import Tally, Tell
from shuzhi.figures.many.places import opened
from shuzhi.figures.many.telling import told_of_many
from shuzhi.figures.observed import Sheet
from shuzhi.figures.partial import Partial
from shuzhi.kernel.finding import Finding, Refused


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be read of one closing: ``place`` says where it lies, ``identity`` which closing must lie there."""

    place: str
    identity: str
    cuts: tuple[Cut, ...] = ()
    looks: tuple[Look, ...] = ()
    tells: tuple[Tell, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """What one closing says to what was wanted of it."""

    partials: Mapping[Cut, Partial]
    sheets: Mapping[Look, Sheet]
    tallies: Mapping[Tell, Tally]


TOGETHER: Final = 64
_PARTS: Final = 16

Reader = Callable[[Sequence[Wanted]], Iterable[Read | Finding | Refused]]
"""Where reading is done: one answer for each thing wanted, in their order; what is wrong where a closing is damaged."""


def read_one(wanted: Wanted, closing: Closing | None = None) -> Read:
    """Read a closing, all cuts over a relation in one scan; it is opened where it lies unless it is open already.

    Raises Refused when it is damaged or another one lies there.
    """
    closing = closing or opened(wanted.place)
    if closing.id != wanted.identity:
        hint = "请重新给出结账所在的位置"
        raise Refused(Finding("closing.another", "这里放的已不是原来那份结账", hint, wanted.place))
    return _read([wanted], [closing])[0]


def _read(wanted: Sequence[Wanted], closings: Sequence[Closing]) -> list[Read]:
    """Read some closings; what they are asked alike is read of all of them in one scan."""
    partials: dict[str, dict[Cut, Partial]] = {closing.id: {} for closing in closings}
    alike: dict[tuple[Cut, ...], list[Closing]] = {}
    for each, closing in zip(wanted, closings, strict=True):
        if each.cuts:
            alike.setdefault(each.cuts, []).append(closing)
    for cuts, group in alike.items():
        from shuzhi.figures import duck  # drawn in by what reads anew, and only then

        partials |= duck.partials_of_many(cuts, group)
    sheets = observed.sheets_of_many({each.identity: each.looks for each in wanted}, closings)
    tallies = told_of_many({each.identity: each.tells for each in wanted}, closings)
    return [Read(partials[one.id], sheets[one.id], tallies[one.id]) for one in closings]


def read_group(wanted: Sequence[Wanted], closings: Sequence[Closing] | None = None) -> list[Read | Refused]:
    """Read some closings together, which costs little more than reading one; what is wrong with one concerns it alone."""
    try:
        each = closings or [opened(one.place) for one in wanted]
        if [closing.id for closing in each] == [one.identity for one in wanted]:
            return list(_read(wanted, each))
    except (Refused, OSError):
        pass  # one of them is damaged: each by itself tells which
    if closings is None:
        return [told(read_one, one) for one in wanted]
    return [told(partial(read_one, closing=own), one) for one, own in zip(wanted, closings, strict=True)]


def groups(wanted: Sequence[Wanted], parts: int = 1) -> list[Sequence[Wanted]]:
    """What is wanted, in its order, in groups to be read together, of which there are enough for so many readers."""
    size = max(1, min(TOGETHER, -(-len(wanted) // parts)))
    return [wanted[start : start + size] for start in range(0, len(wanted), size)]


def by_engine(engine: Engine, parts: int = 0, progress: Callable[[int, int], None] | None = None) -> Reader:
    """A reader that has an engine read groups of closings, in ``parts`` tasks (0: as fits); ``progress`` hears how many of
    how many have been read.
    """

    def read(wanted: Sequence[Wanted]) -> Iterator[Read | Refused]:
        done = 0
        for group, found in engine.each(groups(wanted, parts or _PARTS), read_group, parts=parts):
            yield from [found] * len(group) if isinstance(found, Refused) else found
            done += len(group)
            if progress is not None:
                progress(done, len(wanted))

    return read
