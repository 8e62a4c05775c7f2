"""What is wanted of one closing, and what reading it gave: plain values that may travel to another process and back.

A closing is read by itself, whoever does the reading: this process, another one, or a machine of a cluster.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from shuzhi.figures import observed
from shuzhi.figures.closing import Closing
from shuzhi.figures.leaves import Cut, Look
from shuzhi.figures.observed import Sheet
from shuzhi.figures.outcome import Tally
from shuzhi.figures.partial import Partial
from shuzhi.figures.places import opened
from shuzhi.figures.telling import Tell, told
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
    partials: Mapping[Cut, Partial] = {}
    if wanted.cuts:
        from shuzhi.figures import duck  # drawn in by what reads anew, and only then

        partials = duck.partials(wanted.cuts, closing)
    return Read(partials, observed.sheets(wanted.looks, closing), told(wanted.tells, closing))


def attempt(wanted: Wanted, closing: Closing | None = None) -> Read | Refused | Finding:
    """As :func:`read_one`, but what is wrong with the closing comes back."""
    try:
        return read_one(wanted, closing)
    except Refused as refused:
        return Refused(refused.findings)
    except OSError as error:
        said = f"结账读不出来（{error.strerror or error}）"
        return Finding("closing.unreadable", said, "请核对结账所在的位置和读取权限", wanted.place)
