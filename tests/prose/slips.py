"""Slips and their right twins: ``python -m tests.prose.slips [open|kept] [-v]`` prints what is found of each type, and what is found in vain."""

import argparse
import sys
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from shuzhi.prose.model import Defect
from shuzhi.prose.reading import read
from tests.prose.annotated import HERE
from tests.prose.scoring import FAMILY

#: Slips looked at while the reader was built, and slips that were not.
FILES = {"open": HERE / "slips.toml", "kept": HERE / "slips-kept.toml"}


@dataclass(frozen=True)
class Slip:
    """A text with one slip, told at `words` (or at one of `also`), and its twin without it."""

    type: str
    wrong: str
    right: str
    words: str
    why: str
    also: tuple[str, ...] = ()

    def found(self) -> bool:
        """Whether a finding of the right family stands at the slip."""
        places = [
            (at, at + len(words)) for words in (self.words, *self.also) for at in _places(self.wrong, words)
        ]
        return any(
            FAMILY.get(defect.type) == FAMILY[self.type]
            and defect.span.start < end
            and start < defect.span.end
            for defect in read(self.wrong).defects
            for start, end in places
        )

    def alarms(self) -> list[Defect]:
        """What is found in the twin, where nothing is wrong."""
        return list(read(self.right).defects)


def _places(text: str, words: str) -> list[int]:
    made, at = [], text.find(words)
    while at >= 0:
        made.append(at)
        at = text.find(words, at + 1)
    return made


def load(which: str) -> list[Slip]:
    """The open or the kept slips; raises ValueError for one whose words are not in its text."""
    made = []
    for row in tomllib.loads(FILES[which].read_text("utf-8"))["slip"]:
        slip = Slip(**{**row, "also": tuple(row.get("also", ()))})
        for words in (slip.words, *slip.also):
            if words not in slip.wrong:
                raise ValueError(f"{words!r} is not in {slip.wrong[:40]!r}")
        made.append(slip)
    return made


def main(words: Sequence[str] | None = None) -> int:
    """Print the table and, if asked, every slip not found and every alarm in a right twin."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("which", nargs="?", choices=tuple(FILES), default="open")
    parser.add_argument("-v", action="store_true", help="name what fails")
    given = parser.parse_args(words)
    there: Counter[str] = Counter()
    found: Counter[str] = Counter()
    vain: Counter[str] = Counter()
    for slip in load(given.which):
        there[slip.type] += 1
        hit, alarms = slip.found(), slip.alarms()
        found[slip.type] += hit
        vain[slip.type] += len(alarms)
        if given.v and not hit:
            print(f"not found: {slip.type} {slip.words!r} {slip.why}\n    {slip.wrong}")
        if given.v:
            for alarm in alarms:
                print(f"in vain: {alarm.rule} {alarm.explanation}\n    {slip.right}")
    for kind in sorted(there):
        print(f"{kind:24} {found[kind]:4} of {there[kind]:4}   in vain {vain[kind]:3}")
    print(f"{'all':24} {found.total():4} of {there.total():4}   in vain {vain.total():3}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
