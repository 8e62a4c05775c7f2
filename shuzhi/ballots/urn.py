"""The urn: one file while the poll is open, in which casting leaves no trace of its order.

It holds sorted sets (digests of slips used, receipts given out) and counts of strips, and is written whole each time, so
that the same votes in any order are the same bytes. Nothing is written to the database or the journal when a paper is
cast: their rows and links would follow each other as the voters did. At the end of the poll what may be kept of the urn
becomes an account, and the file is destroyed. The threat model is in docs/decisions/0017.
"""

import fcntl
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shuzhi.ballots.paper import BLANK, SPOILT, VALID, Cut, Paper
from shuzhi.ballots.tally import Stack
from shuzhi.evidence import instance
from shuzhi.kernel.chain import canonical
from shuzhi.kernel.whole import write_whole


@dataclass(frozen=True, slots=True)
class Urn:
    """What lies in an urn: by group the slips used, the papers by what they count as and the strips; and all receipts."""

    used: dict[str, set[str]]
    covers: dict[str, Stack]
    stacks: dict[str, dict[str, Stack]]
    receipts: set[str]

    def put(self, group: str, slip: str, receipt: str, paper: Cut) -> None:
        """Drop in a paper that was cut apart."""
        self.used[group].add(slip)
        self.receipts.add(receipt)
        self.covers[group][paper.cover] += 1
        for question, mark in paper.strips.items():
            self.stacks[group][question][mark] += 1

    def returned(self, group: str) -> int:
        """How many papers of a group lie inside (收回)."""
        return len(self.used[group])

    def sound(self) -> bool:
        """Whether the numbers agree: as many papers, receipts and strips of each question as slips used."""
        return sum(len(used) for used in self.used.values()) == len(self.receipts) and all(
            sum(stack.values()) == len(used)
            for group, used in self.used.items()
            for stack in (self.covers[group], *self.stacks[group].values())
        )


def empty(paper: Paper) -> Urn:
    """An urn with a place for everything that may be put in, so that what is missing says nothing."""
    groups = [group.code for group in paper.groups]
    strips = {
        question.code: dict.fromkeys((*question.grades, BLANK, SPOILT), 0) for question in paper.questions()
    }
    return Urn(
        used={code: set() for code in groups},
        covers={code: dict.fromkeys((VALID, BLANK, SPOILT), 0) for code in groups},
        stacks={code: {question: dict(stack) for question, stack in strips.items()} for code in groups},
        receipts=set(),
    )


def path_of(ref: str) -> Path:
    """Where the urn of an evaluation stands while its poll is open."""
    return instance.home() / "urns" / f"{ref.partition('/')[2]}.json"


@contextmanager
def alone() -> Iterator[None]:
    """One at a time at the urns, whichever process it is."""
    folder = instance.home() / "urns"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write(ref: str, urn: Urn) -> None:
    """Write an urn whole, readable by the instance's own user alone."""
    data: Mapping[str, object] = {
        "used": {group: sorted(slips) for group, slips in urn.used.items()},
        "covers": urn.covers,
        "stacks": urn.stacks,
        "receipts": sorted(urn.receipts),
    }
    write_whole(path_of(ref), canonical(data), mode=0o600)


def read(ref: str) -> Urn:
    """What lies in the urn of an evaluation; raises FileNotFoundError when there is none."""
    data = json.loads(path_of(ref).read_bytes())
    return Urn(
        used={group: set(slips) for group, slips in data["used"].items()},
        covers=data["covers"],
        stacks=data["stacks"],
        receipts=set(data["receipts"]),
    )


def destroy(ref: str) -> None:
    """Overwrite and remove an urn; without one nothing happens."""
    path = path_of(ref)
    if path.exists():
        path.write_bytes(b"\0" * path.stat().st_size)
        path.unlink()
