"""A catalogue concept as the reader sees it, and an index that finds the concepts a phrase may mean."""

import re
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from shuzhi.prose.signs.units import COUNTED, class_of
from shuzhi.prose.tables import any_of, lists, strings


@dataclass(frozen=True, slots=True)
class Concept:
    """Something the books can compute, with the words, units and kind drafts use for it.

    `near`: at least one must occur in the sentence; `unlike`: none may occur in the clause; `parts`: companions
    usually named beside it (they raise the confidence). `expr` is opaque here. `layer` counts the catalogues it was laid
    over: where two fit alike, the concept of the later catalogue is meant. `better`: which way is good (up, down, or
    "" when it is not said). Source: the catalogue.
    """

    code: str
    label: str
    words: tuple[str, ...]
    units: tuple[str, ...]
    kind: str
    facet: str = ""
    expr: str = ""
    parts: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    better: str = ""
    layer: int = 0


_POINTS = re.compile(r"[\s“”\"'《》()（）、，,·：:；。]")
_PRODUCT = re.compile(r"(?<!地区)(?<!国内)生产总值")
_KEPT = 16


@cache
def _fold() -> tuple[re.Pattern[str], dict[str, str]]:
    table = strings("synonyms", "fold")
    return re.compile(any_of(tuple(table))), table


@lru_cache(maxsize=8192)
def folded_words(text: str) -> str:
    """`text` with punctuation dropped and different words for one thing made the same."""
    text = _POINTS.sub("", text)
    pattern, table = _fold()
    text = pattern.sub(lambda m: table[m.group()], text)
    return _PRODUCT.sub("地区生产总值", text) if "生产总值" in text else text


@cache
def _contrasts() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(any_of(row)) for row in lists("synonyms", "contrasts").values())


@lru_cache(maxsize=8192)
def _marks(text: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(pattern.findall(text)) for pattern in _contrasts())


def opposed(a: str, b: str) -> bool:
    """Whether two phrases hold words that exclude each other (城镇 and 农村, 收入 and 支出), however alike the rest is."""
    return any(one and other and not one & other for one, other in zip(_marks(a), _marks(b), strict=True))


@lru_cache(maxsize=8192)
def pairs(text: str) -> frozenset[str]:
    """The character pairs of `text`, a repeated one with its number behind it, so that overlap is a set operation."""
    if len(text) < 2:
        return frozenset((text,)) if text else frozenset()
    found = [text[i : i + 2] for i in range(len(text) - 1)]
    made = frozenset(found)
    if len(made) == len(found):
        return made
    seen: Counter[str] = Counter()
    numbered = []
    for pair in found:
        seen[pair] += 1
        numbered.append(pair if seen[pair] == 1 else f"{pair}{seen[pair]}")
    return frozenset(numbered)


def likeness(a: str, b: str) -> int:
    """How alike two folded phrases are, in per mille (Dice overlap of character pairs)."""
    if a == b:
        return 1000
    first, second = pairs(a), pairs(b)
    if not first or not second:
        return 0
    return 2000 * len(first & second) // (len(first) + len(second))


# Counters that are used for one another (企业X家 / X户; 会议X次 / X场).
_ALIKE = (
    frozenset("家户个"),
    frozenset("个项件处座所"),
    frozenset("人名位"),
    frozenset(("次", "场次", "场", "期")),
    frozenset(("起", "件", "宗", "例")),
    frozenset(("批", "批次")),
    frozenset(("人次", "人")),
)


@lru_cache(maxsize=4096)
def same_unit(unit: str | None, allowed: tuple[str, ...]) -> int:
    """1000 if `unit` is allowed, 950 if it differs only by scale (万元, 亿元), 900 or 700 for another counter, 0 if it clashes."""
    if not allowed:
        return 900
    if unit is None:
        return 500
    if unit in allowed:
        return 1000
    cls = class_of(unit)
    base = _base(unit)
    if any(_base(other) == base for other in allowed):
        return 950
    if cls == "money" and any(class_of(other) == "money" for other in allowed):
        return 900
    for family in _ALIKE:
        if base in family and any(_base(other) in family for other in allowed):
            return 900
    things = COUNTED - {"events"}
    if cls in things and any(class_of(other) in things for other in allowed):
        return 700
    return 0


def _base(unit: str) -> str:
    return unit.lstrip("万亿") or unit


@dataclass(frozen=True, slots=True)
class Index:
    """Concepts by their words: `folded` are those of each, with what they fold to; `saying` gives the numbers of the concepts
    that have a folded word, `holding` the folded words that hold a character pair.
    """

    concepts: tuple[Concept, ...]
    folded: tuple[tuple[tuple[str, str], ...], ...]
    saying: Mapping[str, Sequence[int]]
    holding: Mapping[str, Sequence[str]]

    def near_to(self, key: str) -> list[int]:
        """Numbers of the concepts that share a character pair with `key`, in catalogue order."""
        words = {word for pair in pairs(key) for word in self.holding.get(pair, ())}
        return sorted({number for word in words for number in self.saying[word]})

    def likenesses(self, keys: Iterable[str]) -> dict[str, int]:
        """How alike the likest of `keys` is to every folded word that shares a pair with it (see `likeness`)."""
        best: dict[str, int] = {}
        for key in keys:
            grams = pairs(key)
            shared: defaultdict[str, int] = defaultdict(int)
            for gram in grams:
                for word in self.holding.get(gram, ()):
                    shared[word] += 1
            size = len(grams)
            for word, count in shared.items():
                alike = 2000 * count // (size + (len(word) - 1 or 1))
                if alike > best.get(word, 0):
                    best[word] = alike
        return best


_INDICES: OrderedDict[tuple[int, ...], Index] = OrderedDict()
"""Indices by the identities of their concepts, which an index keeps alive; the concepts of a catalogue are made once."""


def index(concepts: Iterable[Concept]) -> Index:
    """An index over `concepts`; build it once per catalogue and use it for many drafts."""
    held = tuple(concepts)
    key = tuple(map(id, held))
    made = _INDICES.get(key) or _index(held)
    _INDICES[key] = made
    while len(_INDICES) > _KEPT:
        _INDICES.popitem(last=False)
    return made


def _index(concepts: tuple[Concept, ...]) -> Index:
    made: list[tuple[tuple[str, str], ...]] = []
    saying: dict[str, list[int]] = {}
    for number, concept in enumerate(concepts):
        said = {word: folded_words(word) for word in (concept.label, *concept.words) if word}
        made.append(tuple(said.items()))
        for folded in dict.fromkeys(said.values()):
            saying.setdefault(folded, []).append(number)
    holding: dict[str, list[str]] = {}
    for word in saying:
        for pair in pairs(word):
            holding.setdefault(pair, []).append(word)
    return Index(concepts, tuple(made), saying, holding)
