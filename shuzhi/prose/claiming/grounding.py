"""Which concept of the books a phrase names: said exactly, only nearly (then a person must look), or not at all."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from shuzhi.prose.concepts import Concept, folded_words
from shuzhi.prose.model import Figure, Slot
from shuzhi.prose.sense.coordinated import parts
from shuzhi.prose.sense.phrases import bare

# Codes of what is derived from an indicator end so; what is told of it begins from the indicator itself.
DERIVED = ("growth", "completion", "change")
_SHORTEST = 3
# Words before a quantity that do not narrow it down: 财政一般公共预算收入 is all of it, 高新区税收收入 is not.
_HEAD = re.compile(r"^(?:财政|地方|实现|完成|全口径|预计|主要|当年|年度|总的)+")
_TAIL = re.compile(
    r"(?:的?(?:各项|年度|全年|预期|既定|主要)*(?:目标任务|目标|任务|计划|指标|预算)(?:数)?|增速|增幅|增长率|增长速度|增长|总量|总额|总数|规模|水平|完成率|工作|情况|幅度|累计|产销)$"
)
_RATE = re.compile(r"率$")


@dataclass(frozen=True, slots=True)
class Ground:
    """A concept a phrase names. `sure`: the phrase is that word and nothing else; `part`: it ends with the word, and the
    words before it narrow it down (较大及以上生产安全事故).
    """

    concept: Concept
    sure: bool
    part: bool = False


@dataclass(frozen=True)
class Books:
    """The concepts of a catalogue by what they are called, for looking up what a claim is said of."""

    known: Mapping[str, Concept]
    heads: tuple[tuple[str, Concept], ...] = field(default=())
    rates: tuple[tuple[str, Concept], ...] = field(default=())

    def derived(self, concept: Concept, what: str) -> Concept | None:
        """The growth, completion or change of an indicator, where the books have it."""
        return self.known.get(f"{concept.code}.{what}")

    def head(self, code: str) -> Concept | None:
        """The concept a derived one is derived from, or the concept itself."""
        stem, _, tail = code.rpartition(".")
        return self.known.get(stem if tail in DERIVED and stem in self.known else code)

    def is_indicator(self, concept: Concept) -> bool:
        """Whether a concept is an indicator, which may have a target; the figures of ledgers have none."""
        return "." not in concept.code

    def named(self, words: str, sentence: str = "") -> Ground | None:
        """The concept a phrase names, the longest word first; None when no word of the books stands in it."""
        best: tuple[int, Ground] | None = None
        for said in map(folded_words, _trims(words)):
            for word, concept in self.heads:
                fit = _fit(word, said)
                if fit and (best is None or fit > best[0]) and _fits(concept, said, sentence or words):
                    best = (fit, Ground(concept, fit >= _WHOLE, _PART <= fit < _WHOLE))
            if best is not None and best[1].sure:
                break
        return best[1] if best else None

    def growth(self, words: str) -> Concept | None:
        """The growth that is called so by a word of its own (经济增速)."""
        said = folded_words(bare(words))
        for code, concept in self.known.items():
            if code.endswith(".growth") and any(folded_words(word) == said for word in concept.words):
                stem = self.head(code)
                if stem is not None and not any(folded_words(word) == said for word in stem.words):
                    return concept
        return None

    def all_named(self, words: str, sentence: str = "") -> tuple[Ground | None, ...]:
        """One ground for every coordinated part of a phrase (固定资产投资、社会消费品零售总额)."""
        if not re.search(r"[、和与及]|^城乡", words) or any(
            folded_words(said) == word for said in _trims(words) for word, _ in self.heads
        ):
            return (self.named(words, sentence),)
        return tuple(self.named(piece, sentence) for piece in parts(bare(words)) or [words])

    def rate(self, words: str, verb: str, sentence: str = "") -> Concept | None:
        """The rate that says how far a deed has been done (信访积案 办结 → 信访办结率), or None."""
        said = folded_words(bare(words))
        found = [
            (-len(word), -order, concept)
            for order, (word, concept) in enumerate(self.rates)
            if verb in word and _RATE.sub("", word).replace(verb, "", 1) == said
        ]
        best = max(found, key=lambda one: one[:2], default=None)
        return best[2] if best and _fits(best[2], said, sentence or words) else None

    def done(self, words: str, verb: str) -> tuple[Concept, Concept] | None:
        """How many there are and with how many the deed was done, of one ledger; None when the books do not say both."""
        total = self.named(words)
        if total is None or not total.sure or self.is_indicator(total.concept):
            return None
        ledger = total.concept.code.partition(".")[0] + "."
        for code, concept in self.known.items():
            same = code.startswith(ledger) and code != total.concept.code and concept.kind == "count"
            if same and any(verb in word for word in (concept.label, *concept.words)):
                return total.concept, concept
        return None


_WHOLE, _PART, _INSIDE = 3_000, 2_000, 1_000


def _fit(word: str, said: str) -> int:
    """How well a word fits a phrase: it is the phrase, its end (where the head of a phrase stands), or within it."""
    if word == said:
        return _WHOLE + len(word)
    if len(word) < _SHORTEST:
        return 0
    if said.endswith(word):
        return _PART + len(word)
    return _INSIDE + len(word) if word in said else 0


def _fits(concept: Concept, said: str, sentence: str) -> bool:
    if any(word in said for word in concept.unlike):
        return False
    return not concept.near or any(word in sentence for word in concept.near)


def _trims(words: str) -> Iterator[str]:
    """A phrase without what opens it, then ever shorter by the words at its end that only say target, speed or total."""
    words = _HEAD.sub("", bare(words))
    while words:
        yield words
        cut = _TAIL.sub("", words)
        if cut == words:
            return
        words = cut


def plain(text: str, item: Slot | Figure, concept: Concept) -> bool:
    """Whether an item bound to a concept names just that, in the words of the books, and nothing narrower.

    古城景区接待游客2.4万人次 is bound to all tourists, because there is nothing closer; it need not be the same number.
    """
    meaning = item.meaning
    words = {folded_words(word) for word in (concept.label, *concept.words)}
    plain_facet = meaning.kind == "growth" or meaning.facet in _FACETS or meaning.facet == concept.facet
    keys = {
        meaning.concept,
        meaning.facet + meaning.quantity,
        _DEED.sub("", meaning.facet) + meaning.quantity,
    }
    keys |= {meaning.quantity} if plain_facet else set()
    named = words & {folded_words(key) for key in keys}
    if "." in concept.code and not concept.code.endswith(DERIVED):
        said = folded_words(_sentence(text, item))  # a ledger's figure goes by the words themselves
        named = {word for word in named if word in said}
    if not named or "\t" in item.clause.of(text):
        return False
    parts_before = _JOINED.split(text[item.clause.start : item.span.start])
    if len(parts_before) > 1 and max(map(len, named)) < _OWN:
        return False  # 道路交通事故起数、死亡人数: the first of a list narrows down the rest
    left = folded_words(bare(parts_before[-1]))
    for word in sorted(named, key=len, reverse=True):
        before, found, _ = left.rpartition(word)
        if found:
            return len(_HEAD.sub("", bare(before))) <= _LOOSE
    return True


def _sentence(text: str, item: Slot | Figure) -> str:
    """The words of the sentence up to the end of the item's clause."""
    near = text[max(0, item.span.start - _REACH) : item.span.start]
    return re.split(r"[。！？\n]", near)[-1] + text[item.span.start : item.clause.end][:_REACH]


_JOINED = re.compile(r"[、；]|以及|(?<=[\d元个户人家])和")
_FACETS = ("", "数", "总数", "数量", "次数", "户数", "人数", "场次", "件数", "家数", "总额", "总量")
_DEED = re.compile(r"(?:户数|人数|次数|里程|面积|数|额|量)$")
# A word of a list as long as this stands for itself.
_OWN = 5
# No further than this is looked from an item.
_REACH = 400
# So many characters before the word may only join it to what went before (其中, 完成).
_LOOSE = 2


def books(concepts: Iterable[Concept]) -> Books:
    """The concepts, ready to be looked up; made once for the same concepts."""
    return _books(tuple(concepts))


@lru_cache(maxsize=8)
def _books(concepts: tuple[Concept, ...]) -> Books:
    known = {concept.code: concept for concept in concepts}
    heads = [concept for concept in concepts if not _is_derived(concept, known)]
    rates = [concept for concept in heads if concept.kind == "share"]
    return Books(known, tuple(_words(heads)), tuple(_words(rates)))


def _is_derived(concept: Concept, known: Mapping[str, Concept]) -> bool:
    stem, _, tail = concept.code.rpartition(".")
    return tail in DERIVED and stem in known


def _words(concepts: Iterable[Concept]) -> Iterator[tuple[str, Concept]]:
    for concept in concepts:
        for word in dict.fromkeys(folded_words(word) for word in (concept.label, *concept.words)):
            if len(word) > 1:
                yield word, concept
