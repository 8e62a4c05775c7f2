"""Questions put to many closings at once: what each answers is remembered, and so is what runs of closings come to.

See :mod:`shuzhi.figures.many.runs`. A run's sum is looked for before those of the runs in it, so of three thousand
closings, one of which is new, a few dozen sums are looked at.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, Protocol, TypeVar

from shuzhi.figures.closing import Closing
from shuzhi.figures.many.runs import Run, run_of
from shuzhi.figures.memory import Memory
from shuzhi.kernel.chain import digest

Q = TypeVar("Q", bound=Hashable)
V = TypeVar("V")
Key = tuple[Q, str, str]
"""A question and what its answer depends on: the digest of a relation, and of what places its rows; or of a run of them."""

RUN: Final = "run"
_AT_ONCE: Final = 4096


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


@dataclass(eq=False, slots=True)
class _Open(Generic[Q, V]):
    """A run that has yet to answer a question; ``place`` is where its answer goes among those of the run ``above``."""

    question: Q
    run: Run
    key: Key[Q]
    above: "_Open[Q, V] | None" = None
    place: int = 0
    parts: dict[int, V] = field(default_factory=dict)


class Answers(Generic[Q, V]):
    """The answers to one kind of question within one computation."""

    def __init__(self, kind: Kind[Q, V]) -> None:
        self.kind = kind
        self._here: dict[Key[Q], V] = {}
        self._wanted: dict[Key[Q], _Open[Q, V]] = {}
        self._waiting: dict[tuple[str, Q], list[_Open[Q, V]]] = {}
        self._asked = False
        self._runs: dict[int, tuple[Sequence[Closing], Run]] = {}
        self._digests: dict[tuple[Hashable, int], str] = {}

    @property
    def open(self) -> bool:
        """Whether something was asked that could not be answered when :meth:`needed` was last called."""
        return self._asked

    # --- asking ----------------------------------------------------------------------------------------------------

    def answer(self, question: Q, closings: Sequence[Closing]) -> V | None:
        """What all of them answer together; None when it has yet to be looked for or read (see :meth:`needed`).

        The same closings must be given as the same object for as long as the computation lasts.
        """
        if id(closings) not in self._runs:
            self._runs[id(closings)] = (closings, run_of(closings))
        run = self._runs[id(closings)][1]
        key = self._key(question, run)
        found = self._here.get(key)
        if found is None:
            found = self.kind.memory.get(key)
            if found is None:
                self._wanted[key] = _Open(question, run, key)
            else:
                self._here[key] = found
        return found

    def _key(self, question: Q, run: Run) -> Key[Q]:
        if run.below:
            return (question, self._digest(question, run), RUN)
        local = self.kind.local(question, run.closing)
        return (local, *self.kind.rests_on(local, run.closing))

    def _digest(self, question: Q, run: Run) -> str:
        """The digest of what all closings of a run rest on."""
        place = (self.kind.like(question), id(run))
        if place not in self._digests:
            parts = (self._rest(question, each) for each in run.below)
            self._digests[place] = digest("\n".join(parts).encode())
        return self._digests[place]

    def _rest(self, question: Q, run: Run) -> str:
        if run.below:
            return f"{RUN} {self._digest(question, run)}"
        return " ".join(self.kind.rests_on(self.kind.local(question, run.closing), run.closing))

    # --- reading ---------------------------------------------------------------------------------------------------

    def needed(self) -> dict[str, list[Q]]:
        """What has to be read of each closing (by its id) to answer all that was asked; what is kept is answered."""
        rank, self._wanted = list(self._wanted.values()), {}
        self._waiting, self._asked = {}, bool(rank)
        while rank:
            below: list[_Open[Q, V]] = []
            for start in range(0, len(rank), _AT_ONCE):
                below += self._looked(rank[start : start + _AT_ONCE])
            rank = below
        needed: dict[str, list[Q]] = {}
        for identity, local in self._waiting:
            needed.setdefault(identity, []).append(local)
        return needed

    def _looked(self, rank: Sequence[_Open[Q, V]]) -> list[_Open[Q, V]]:
        """Settle what is known of some runs; returns the runs in those of which nothing is."""
        known = self._known([each.key for each in rank])
        below: list[_Open[Q, V]] = []
        for each in rank:
            value = known.get(each.key)
            if each.run.below and value is None:
                below += [
                    _Open(each.question, inner, self._key(each.question, inner), each, place)
                    for place, inner in enumerate(each.run.below)
                ]
                continue
            local, closing = each.key[0], each.run.closing
            value = self.kind.given(local, closing) if value is None else value
            if value is None:
                self._waiting.setdefault((closing.id, local), []).append(each)
            else:
                self._settle(each, value)
        return below

    def _known(self, keys: Sequence[Key[Q]]) -> dict[Key[Q], V]:
        """What is known under some keys: here, in this process, or kept by another."""
        found: dict[Key[Q], V] = {}
        absent: list[Key[Q]] = []
        for key in keys:
            known = self._here.get(key)
            known = self.kind.memory.get(key) if known is None else known
            if known is None:
                absent.append(key)
            else:
                found[key] = known
        for key, known in self.kind.recalled(absent).items() if absent else ():
            found[key] = known
            self.kind.memory.put(key, known)
        return found

    def take(self, closing: Closing, answers: Mapping[Q, V]) -> None:
        """What reading a closing gave. A run is added up as soon as its last closing has answered, and its parts let go."""
        lasting = []
        for local, value in answers.items():
            key = (local, *self.kind.rests_on(local, closing))
            if self.kind.lasting(value):
                lasting.append((key, value))
            for each in self._waiting.pop((closing.id, local), ()):
                self._settle(each, value)
        self._remember(lasting)

    def _settle(self, each: _Open[Q, V], value: V) -> None:
        """A run has answered: so has the one above it, when it was the last."""
        above = each.above
        if above is None:
            self._here[each.key] = value
            return
        above.parts[each.place] = value
        if len(above.parts) == len(above.run.below):
            parts = [above.parts[place] for place in range(len(above.run.below))]
            above.parts = {}
            merged = self.kind.merged(above.question, parts)
            if self.kind.lasting(merged):
                self._remember([(above.key, merged)])
            self._settle(above, merged)

    def _remember(self, pairs: Sequence[tuple[Key[Q], V]]) -> None:
        self.kind.keep(pairs)
        for key, value in pairs:
            self.kind.memory.put(key, value)
