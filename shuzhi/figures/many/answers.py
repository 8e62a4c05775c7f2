"""Questions put to many closings at once: what each answers is remembered, and so are the sums of runs of closings.

A run is some dozens of closings next to each other in the order of their units' codes. Where a run begins depends on
nothing but the codes in it, so a closing that is replaced or joins changes its own run and no other: of three thousand
closings one is read again, one run is added up again, and the runs.
"""

import zlib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, Protocol, TypeVar

from shuzhi.figures.closing import Closing
from shuzhi.figures.memory import Memory
from shuzhi.kernel.chain import digest

Q = TypeVar("Q", bound=Hashable)
V = TypeVar("V")
Key = tuple[Q, str, str]
"""A question and what its answer depends on: the digest of a relation, and of what places its rows; or of a run of them."""

_USUAL: Final = 64
_LONGEST: Final = 256
RUN: Final = "run"


def runs_of(closings: Sequence[Closing]) -> tuple[tuple[Closing, ...], ...]:
    """The closings, in their order, in runs; a few closings are one run."""
    if len(closings) <= _USUAL:
        return (tuple(closings),)
    found: list[tuple[Closing, ...]] = []
    run: list[Closing] = []
    for closing in closings:
        run.append(closing)
        if zlib.crc32(closing.unit_code.encode()) % _USUAL == 0 or len(run) == _LONGEST:
            found.append(tuple(run))
            run = []
    return (*found, tuple(run)) if run else tuple(found)


class Kind(Protocol[Q, V]):
    """A kind of question: what it depends on, how answers add up, and where they are remembered."""

    @property
    def memory(self) -> Memory[Key[Q], V]:
        """What this process remembers."""
        ...

    def like(self, question: Q) -> Hashable:
        """Questions alike depend on the same of every closing."""
        ...

    def local(self, question: Q, closing: Closing) -> Q:
        """The question as one closing is asked it."""
        ...

    def rests_on(self, question: Q, closing: Closing) -> tuple[str, str]:
        """The digest of the relation a closing's answer is read from, and of what places its rows."""
        ...

    def given(self, question: Q, closing: Closing) -> V | None:
        """An answer that needs no reading."""
        ...

    def merged(self, question: Q, parts: Sequence[V]) -> V:
        """The answers of several closings as one, in their order."""
        ...

    def lasting(self, value: V) -> bool:
        """Whether an answer is worth remembering beyond this computation."""
        ...

    def recalled(self, keys: Sequence[Key[Q]]) -> Mapping[Key[Q], V]:
        """What an earlier process kept under some keys."""
        ...

    def keep(self, pairs: Sequence[tuple[Key[Q], V]]) -> None:
        """Keep answers for later processes, where there is a place for them."""
        ...


@dataclass(eq=False)
class _Open(Generic[Q, V]):
    """A run that has yet to answer a question."""

    question: Q
    run: tuple[Closing, ...]
    key: Key[Q]
    parts: dict[str, V] = field(default_factory=dict)


class Answers(Generic[Q, V]):
    """The answers to one kind of question within one computation."""

    def __init__(self, kind: Kind[Q, V]) -> None:
        self.kind = kind
        self._here: dict[Key[Q], V] = {}
        self._wanted: dict[Key[Q], _Open[Q, V]] = {}
        self._waiting: dict[tuple[str, Q], list[_Open[Q, V]]] = {}
        self._asked = False
        self._runs: dict[int, tuple[Sequence[Closing], tuple[tuple[Closing, ...], ...]]] = {}
        self._digests: dict[tuple[Hashable, int], tuple[str, str]] = {}

    @property
    def open(self) -> bool:
        """Whether something was asked that could not be answered when :meth:`needed` was last called."""
        return self._asked

    # --- asking ----------------------------------------------------------------------------------------------------

    def answer(self, question: Q, closings: Sequence[Closing]) -> V | None:
        """What all of them answer together; None when some of it has yet to be read (see :meth:`needed`).

        The same closings must be given as the same object for as long as the computation lasts.
        """
        if id(closings) not in self._runs:
            self._runs[id(closings)] = (closings, runs_of(closings))
        runs = self._runs[id(closings)][1]
        whole = self._key(question, runs)
        found = self._look([whole]).get(whole)
        if found is not None:
            return found
        if len(runs) == 1:
            self._wanted[whole] = _Open(question, runs[0], whole)
            return None
        keys = [self._key(question, (run,)) for run in runs]
        known = self._look(keys)
        for key, run in zip(keys, runs, strict=True):
            if key not in known:
                self._wanted[key] = _Open(question, run, key)
        if len(known) < len(runs):
            return None
        merged = self.kind.merged(question, [known[key] for key in keys])
        self._remember(whole, merged)
        return merged

    def _key(self, question: Q, runs: tuple[tuple[Closing, ...], ...]) -> Key[Q]:
        if len(runs) == 1 and len(runs[0]) == 1:
            local = self.kind.local(question, runs[0][0])
            return (local, *self.kind.rests_on(local, runs[0][0]))
        if len(runs) == 1:
            return (question, *self._digest(question, runs[0]))
        place = (self.kind.like(question), id(runs))
        if place not in self._digests:
            parts = "\n".join(self._digest(question, run)[0] for run in runs)
            self._digests[place] = (digest(parts.encode()), RUN)
        return (question, *self._digests[place])

    def _digest(self, question: Q, run: tuple[Closing, ...]) -> tuple[str, str]:
        place = (self.kind.like(question), id(run))
        if place not in self._digests:
            kind = self.kind
            parts = (" ".join(kind.rests_on(kind.local(question, each), each)) for each in run)
            self._digests[place] = (digest("\n".join(parts).encode()), RUN)
        return self._digests[place]

    def _look(self, keys: Sequence[Key[Q]]) -> dict[Key[Q], V]:
        """What is known under some keys: here, in this process, or kept by another."""
        found: dict[Key[Q], V] = {}
        for key in keys:
            known = self._here.get(key)
            known = self.kind.memory.get(key) if known is None else known
            if known is not None:
                found[key] = self._here[key] = known
        absent = [key for key in keys if key not in found]
        for key, known in self.kind.recalled(absent).items() if absent else ():
            found[key] = self._here[key] = known
        return found

    def _remember(self, key: Key[Q], value: V) -> None:
        self._here[key] = value
        if self.kind.lasting(value):
            self.kind.memory.put(key, value)
            self.kind.keep([(key, value)])

    # --- reading ---------------------------------------------------------------------------------------------------

    def needed(self) -> dict[str, list[Q]]:
        """What has to be read of each closing (by its id) to answer all that was asked; what needs no reading is answered."""
        wanted, self._wanted = self._wanted, {}
        self._waiting, self._asked = {}, bool(wanted)
        for each in wanted.values():
            lacking = self._parts(each)
            for closing, local in lacking:
                self._waiting.setdefault((closing.id, local), []).append(each)
            if not lacking:
                self._finish(each)
        needed: dict[str, list[Q]] = {}
        for identity, local in self._waiting:
            needed.setdefault(identity, []).append(local)
        return needed

    def _parts(self, each: _Open[Q, V]) -> list[tuple[Closing, Q]]:
        """Fill in what is known of a run; the closings that must be read, with the question as they are asked it."""
        kind = self.kind
        locals_of = [(closing, kind.local(each.question, closing)) for closing in each.run]
        keys = [(local, *kind.rests_on(local, closing)) for closing, local in locals_of]
        known = {} if len(keys) == 1 else self._look(keys)
        lacking = []
        for key, (closing, local) in zip(keys, locals_of, strict=True):
            part = known.get(key)
            part = kind.given(local, closing) if part is None else part
            if part is None:
                lacking.append((closing, local))
            else:
                each.parts[closing.id] = part
        return lacking

    def take(self, closing: Closing, answers: Mapping[Q, V]) -> None:
        """What reading a closing gave. A run is added up as soon as its last closing has answered, and its parts let go."""
        lasting = []
        for local, value in answers.items():
            key = (local, *self.kind.rests_on(local, closing))
            for each in self._waiting.pop((closing.id, local), ()):
                each.parts[closing.id] = value
                if len(each.parts) == len(each.run):
                    self._finish(each)
            if self.kind.lasting(value):
                lasting.append((key, value))
        self.kind.keep(lasting)
        for key, value in lasting:
            self.kind.memory.put(key, value)

    def _finish(self, each: _Open[Q, V]) -> None:
        parts = [each.parts[closing.id] for closing in each.run]
        if len(parts) == 1:
            self._here[each.key] = parts[0]
        else:
            self._remember(each.key, self.kind.merged(each.question, parts))
        each.parts = {}
