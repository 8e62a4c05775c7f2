"""Binds the figures of a draft to catalogue concepts, or says honestly that it cannot."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from shuzhi.prose.concepts import Concept, Index, folded_words, index, same_unit
from shuzhi.prose.model import Draft, Figure, Slot
from shuzhi.prose.tables import words

# Per mille. Below SURE, or closer than MARGIN to the runner-up, nothing is bound; below WORTH no candidate is shown.
SURE = 720
MARGIN = 50
WORTH = 480
RUNNERS_UP = 5

_DEED_TAIL = re.compile(r"(?:户数|人数|次数|里程|面积|数|额|量)$")

_STATED = ("新增", "净增", "新建", "新认定", "新培育")

State = Literal["bound", "ambiguous", "unknown", "name"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A concept that a figure may mean, how sure (per mille) and why (in Chinese)."""

    code: str
    confidence: int
    reason: str


@dataclass(frozen=True, slots=True)
class Binding:
    """The outcome for one slot or figure: `code` only when `state` is bound; `candidates` the best first.

    `key` is what a user's choice is remembered under (see `bind`): it does not hang on the sentence's wording.
    """

    item: Slot | Figure
    state: State
    code: str | None
    confidence: int
    reason: str
    candidates: tuple[Candidate, ...]
    key: str


def memory_key(item: Slot | Figure) -> str:
    """The key a user's choice for `item` is remembered under: what it measures, its kind and its unit."""
    meaning = item.meaning
    return f"{folded_words(meaning.concept)}|{meaning.kind}|{(meaning.unit or '').lstrip('万亿')}"


def bind(
    draft: Draft,
    concepts: Iterable[Concept],
    *,
    memory: Mapping[str, str] | None = None,
    figures: bool = True,
) -> list[Binding]:
    """Match every slot (and, if `figures`, every filled figure) of `draft` to one of `concepts`.

    `memory` maps a `memory_key` to the code a user chose for it before; it wins over the words. A name is never
    bound, nor is anything whose best candidate is below SURE or nearly tied.
    """
    catalogue = index(concepts)
    known = {concept.code: concept for concept in catalogue.concepts}
    items = draft.items() if figures else list(draft.slots)
    return [_bind(draft, item, catalogue, known, memory or {}) for item in items]


def _bind(
    draft: Draft, item: Slot | Figure, catalogue: Index, known: dict[str, Concept], memory: Mapping[str, str]
) -> Binding:
    key = memory_key(item)
    meaning = item.meaning
    if meaning.kind == "name":
        return Binding(item, "name", None, 0, "此处是名称，不是数字，须由人填写。", (), key)
    remembered = memory.get(key)
    if remembered in known:
        label = known[remembered].label
        return Binding(
            item, "bound", remembered, 1000, f"沿用以前为“{meaning.concept}”选定的“{label}”。", (), key
        )
    if not meaning.quantity:
        return Binding(item, "unknown", None, 0, "这个数字前后没有说明它量的是什么。", (), key)
    found = candidates(draft, item, catalogue)
    if not found:
        return Binding(item, "unknown", None, 0, f"目录中没有与“{meaning.concept}”相符的指标。", (), key)
    best = found[0]
    shown = tuple(found[:RUNNERS_UP])
    tied = len(found) > 1 and best.confidence - found[1].confidence < MARGIN
    if best.confidence >= SURE and not tied:
        return Binding(item, "bound", best.code, best.confidence, best.reason, shown, key)
    names = "、".join(f"“{known[c.code].label}”" for c in shown[:3])
    if tied and best.confidence >= SURE:
        reason = f"“{meaning.concept}”同时像{names}，请选定一个。"
    else:
        reason = f"“{meaning.concept}”与目录中的{names}相近，但把握不大，请核对后选定。"
    return Binding(item, "ambiguous", None, best.confidence, reason, shown, key)


def candidates(draft: Draft, item: Slot | Figure, catalogue: Index) -> list[Candidate]:
    """Every concept `item` may mean with at least WORTH confidence, the surest first."""
    meaning = item.meaning
    quantity, whole = folded_words(meaning.quantity), folded_words(meaning.concept)
    deed = folded_words(_DEED_TAIL.sub("", meaning.facet) + meaning.quantity)
    clause = folded_words(item.clause.of(draft.text))
    sentence = _sentence(draft, item)
    keys = (quantity, whole, deed)
    likes = catalogue.likenesses(dict.fromkeys(keys))
    made: list[Candidate] = []
    for number in catalogue.near_to(whole):
        concept = catalogue.concepts[number]
        unit = same_unit(meaning.unit, concept.units)
        kind = _kind(meaning.kind, concept.kind)
        if not unit or not kind or not _allowed(concept, clause, sentence):
            continue
        word, alike = _alike(catalogue.folded[number], keys, likes, clause)
        score = alike * unit // 1000 * kind // 1000
        score -= _facet_gap(item, concept)
        score += min(60, 30 * sum(1 for part in concept.parts if part in sentence))
        if score >= WORTH:
            made.append(Candidate(concept.code, min(1000, score), _reason(item, concept, word)))
    return sorted(made, key=lambda c: (-c.confidence, c.code))


def _sentence(draft: Draft, item: Slot | Figure) -> str:
    at = bisect_right(draft.sentences, item.span.start, key=lambda s: s.start) - 1
    return draft.sentences[at].of(draft.text) if at >= 0 else ""


def _kind(said: str, wanted: str) -> int:
    """How well the kinds agree, per mille; a change or a share is never taken for an amount, nor the reverse."""
    if said == wanted:
        return 1000
    amounts = {"level", "money", "count"}
    return 960 if said in amounts and wanted in amounts else 0


def _allowed(concept: Concept, clause: str, sentence: str) -> bool:
    if any(word in clause or (word in sentence and word in clause) for word in concept.unlike):
        return False
    return not concept.near or any(word in sentence for word in concept.near)


def _alike(
    said: tuple[tuple[str, str], ...],
    keys: tuple[str, str, str],
    likes: Mapping[str, int],
    clause: str,
) -> tuple[str, int]:
    """The word of a concept that fits best and how well, per mille; `keys`: thing, thing with aspect, deed with thing.

    `likes` says how alike the likest of the keys is to a word of the catalogue.
    """
    quantity, whole, deed = keys
    best = ("", 0)
    for word, folded in said:
        score = likes.get(folded, 0)
        if len(folded) >= 3 and (folded in whole or folded in deed):
            score = max(score, 600 + 400 * len(folded) // len(whole))
        elif len(quantity) >= 4 and quantity in folded:
            score = max(score, 500 + 400 * len(quantity) // len(folded))
        elif len(folded) >= 4 and folded in clause:
            score = max(score, 640)
        if score > best[1]:
            best = (word, score)
    return best


def _facet_gap(item: Slot | Figure, concept: Concept) -> int:
    """What is taken off when the aspects differ (a rise bound to a fall, 新增 to a total)."""
    said = item.meaning.facet
    if item.meaning.kind == "growth":
        down = words("synonyms", "facets", "down")
        if "高于" in said or "低于" in said:
            return 0 if concept.facet and concept.facet in said else 500
        if not concept.facet:
            return 0
        return 0 if (said in down) == (concept.facet in down) else 120
    if concept.facet and concept.facet not in said and concept.facet not in item.meaning.concept:
        # 完成率 is never meant where no completion is spoken of.
        return 280 if item.meaning.kind == "share" else 130 if said else 0
    if item.meaning.kind != "count":
        return 0
    fresh = any(word in item.meaning.concept for word in _STATED)
    return 0 if fresh == _fresh(concept) else 120


@lru_cache(maxsize=4096)
def _fresh(concept: Concept) -> bool:
    return any(word in text for word in _STATED for text in (concept.facet, concept.label, *concept.words))


def _reason(item: Slot | Figure, concept: Concept, word: str) -> str:
    meaning = item.meaning
    unit = f"，单位“{meaning.unit}”相符" if meaning.unit else ""
    if folded_words(word) in (folded_words(meaning.quantity), folded_words(meaning.concept)):
        return f"文中“{meaning.concept}”就是“{concept.label}”{unit}。"
    return f"文中“{meaning.concept}”与“{concept.label}”的说法“{word}”相近{unit}。"
