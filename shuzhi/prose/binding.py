"""Binds the figures of a draft to catalogue concepts, or says honestly that it cannot."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from shuzhi.prose.concepts import Concept, Index, folded_words, index, opposed, same_unit
from shuzhi.prose.memory import Memory, Recalled, memory_key
from shuzhi.prose.model import Draft, Figure, Slot
from shuzhi.prose.tables import words

__all__ = ["Binding", "Candidate", "bind", "candidates", "memory_key"]

# Per mille. Below SURE, or closer than MARGIN to the runner-up, nothing is bound; below WORTH no candidate is shown.
SURE = 740
MARGIN = 50
WORTH = 480
# The words alone are as good as the catalogue's own: a choice for other words does not stand against them.
EXACT = 960
RUNNERS_UP = 5
# What companions named beside it add at most.
_PARTS = 60

# A thing named before and taken up again by its aspect alone: how sure that is next to it, and far from it.
_NAMED = 900
_NAMED_FAR = 760
_ASPECT = re.compile(
    r"(?:率|比例|比重|占比|进度|总投资|利润|逾期|未改|未落实|未整改|反弹|处理|办结|整改|到位|销号|顺延|兑现|解决|化解|完成|查实)$"
)
_WHEN = re.compile(r"^(?:年终|年末|当周|当月|当年|全年|本年|目前|真正)(?=..)")
_COUNTED_TAIL = re.compile(r"(?:[件个项条次户人起处家]|件次|人次)?数$")

_DEED_TAIL = re.compile(r"(?:户数|人数|次数|里程|面积|数|额|量)$")

# A budget or a target is not what became of it.
_AIMED = re.compile(r"(?:年初|调整|年度|全年)?(?:预算|目标|任务|计划)(?:数|任务)?$|计划投资|完成率|预期")

_STATED = ("新增", "净增", "新建", "新认定", "新培育", "新引进", "新纳入", "新布设")

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


def bind(
    draft: Draft,
    concepts: Iterable[Concept],
    *,
    memory: Mapping[str, str] | None = None,
    figures: bool = True,
) -> list[Binding]:
    """Match every slot (and, if `figures`, every filled figure) of `draft` to one of `concepts`.

    `memory` maps a `memory_key` to the code a user chose for it before; it wins over the words, also for a slightly
    different wording, but never against unit or kind. Where two catalogues fit alike, the later layer is meant. A name is never
    bound, nor is anything whose best candidate is below SURE or nearly tied.
    """
    catalogue = index(concepts)
    known = {concept.code: concept for concept in catalogue.concepts}
    items = draft.items() if figures else list(draft.slots)
    task = _Task(draft, catalogue, known, Memory(memory or {}, known))
    return [_bind(task, item) for item in items]


@dataclass(frozen=True, slots=True)
class _Task:
    draft: Draft
    catalogue: Index
    known: Mapping[str, Concept]
    memory: Memory


def _bind(task: _Task, item: Slot | Figure) -> Binding:
    key, meaning = memory_key(item), item.meaning
    if meaning.kind == "name":
        return Binding(item, "name", None, 0, "此处是名称，不是数字，须由人填写。", (), key)
    recalled = task.memory.recall(item)
    if recalled is not None and recalled.alike == 1000:
        return _remembered(task, item, recalled, ())
    if not meaning.quantity:
        return Binding(item, "unknown", None, 0, "这个数字前后没有说明它量的是什么。", (), key)
    found = candidates(task.draft, item, task.catalogue)
    if recalled is not None and not (
        found and found[0].code != recalled.code and found[0].confidence >= EXACT
    ):
        return _remembered(task, item, recalled, tuple(found[:RUNNERS_UP]))
    return _chosen(task, item, found)


def _remembered(
    task: _Task, item: Slot | Figure, recalled: Recalled, shown: tuple[Candidate, ...]
) -> Binding:
    label, said = task.known[recalled.code].label, item.meaning.concept
    reason = f"沿用以前为“{said}”选定的“{label}”。"
    if recalled.alike < 1000:
        reason = f"以前为“{recalled.wording}”选定过“{label}”，这次写作“{said}”，说法相近，单位和性质相同，沿用；如不是一回事请改选。"
    return Binding(item, "bound", recalled.code, recalled.alike, reason, shown, memory_key(item))


def _chosen(task: _Task, item: Slot | Figure, found: list[Candidate]) -> Binding:
    """The best candidate when it is sure and clear of the rest; of nearly equal ones that of the later catalogue."""
    key, said = memory_key(item), item.meaning.concept
    if not found:
        return Binding(item, "unknown", None, 0, f"目录中没有与“{said}”相符的指标。", (), key)
    best, shown = found[0], tuple(found[:RUNNERS_UP])
    if best.confidence >= SURE:
        tied = [c for c in found if best.confidence - c.confidence < MARGIN and c.confidence >= SURE]
        layer = max(task.known[c.code].layer for c in tied)
        local = [c for c in tied if task.known[c.code].layer == layer]
        if len(local) == 1:
            reason = local[0].reason
            if len(tied) > 1:
                others = "、".join(f"“{task.known[c.code].label}”" for c in tied if c is not local[0])
                reason += f"上级目录的{others}也相符，按本地目录取。"
            return Binding(item, "bound", local[0].code, local[0].confidence, reason, shown, key)
    names = "、".join(f"“{task.known[c.code].label}”" for c in shown[:3])
    if best.confidence >= SURE:
        reason = f"“{said}”同时像{names}，请选定一个。"
    else:
        reason = f"“{said}”与目录中的{names}相近，但把握不大，请核对后选定。"
    return Binding(item, "ambiguous", None, best.confidence, reason, shown, key)


def candidates(draft: Draft, item: Slot | Figure, catalogue: Index) -> list[Candidate]:
    """Every concept `item` may mean with at least WORTH confidence, the surest first."""
    meaning = item.meaning
    quantity, whole = folded_words(meaning.quantity), folded_words(meaning.concept)
    deed = folded_words(_DEED_TAIL.sub("", meaning.facet) + meaning.quantity)
    clause = folded_words(item.clause.of(draft.text))
    sentence = _sentence(draft, item)
    keys = (quantity, whole, deed)
    aspects = _aspects(keys)
    before = _before(draft, item)
    likes = catalogue.likenesses(dict.fromkeys(keys))
    made: list[Candidate] = []
    for number in catalogue.near_to(whole):
        concept = catalogue.concepts[number]
        unit = same_unit(meaning.unit, concept.units)
        kind = _kind(meaning.kind, concept.kind)
        if not unit or not kind or not _allowed(concept, clause, sentence):
            continue
        word, alike = _alike(catalogue.folded[number], keys, likes, clause)
        if alike < SURE:
            word, alike = max(
                (word, alike), _taken_up(catalogue.folded[number], aspects, before), key=_how_well
            )
        score = alike * unit // 1000 * kind // 1000
        if score + _PARTS < WORTH:
            continue
        score -= _facet_gap(item, concept) + _deed_gap(item, concept, word)
        score += min(_PARTS, 30 * sum(1 for part in concept.parts if part in sentence))
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
            score = max(score, 450 + 350 * len(quantity) // len(folded))
        elif len(folded) >= 4 and folded in clause:
            score = max(score, 640)
        if score > best[1]:
            best = (word, score)
    return best


def _aspects(keys: tuple[str, str, str]) -> tuple[str, ...]:
    """What is said of a thing named before: keys that end in an aspect (逾期, 完成率)."""
    return tuple(
        sorted({key for key in (_stem(_WHEN.sub("", key)) for key in keys[:2]) if _ASPECT.search(key)})
    )


def _taken_up(said: tuple[tuple[str, str], ...], aspects: tuple[str, ...], before: str) -> tuple[str, int]:
    """The word of a concept whose end is said here and whose beginning the sentence has named before (督办事项……，逾期X件).

    What was named nearer is meant: something is taken off for all that stands between.
    """
    best = ("", 0)
    for word, folded in said if aspects else ():
        stem = _stem(folded)
        for key in aspects:
            head = stem.removesuffix(key)
            if head == stem or len(head) < 2 or head not in before:
                continue
            far = len(before) - before.rindex(head) - len(head)
            score = max(_NAMED_FAR, _NAMED - far)
            if score > best[1]:
                best = (word, score)
    return best


@lru_cache(maxsize=16384)
def _stem(word: str) -> str:
    return _COUNTED_TAIL.sub("", word) or word


def _how_well(found: tuple[str, int]) -> int:
    return found[1]


def _before(draft: Draft, item: Slot | Figure) -> str:
    """What its sentence says before an item, folded."""
    at = bisect_right(draft.sentences, item.span.start, key=lambda s: s.start) - 1
    return folded_words(draft.text[draft.sentences[at].start : item.span.start]) if at >= 0 else ""


def _deed_gap(item: Slot | Figure, concept: Concept, word: str) -> int:
    """What is taken off when the text says a deed the concept does not know (整改数 for a stock), or a word that excludes it."""
    said = item.meaning.concept
    if opposed(folded_words(said), folded_words(f"{word}{concept.facet}")):
        return 260
    if _AIMED.search(said) and not _AIMED.search(f"{word}{concept.label}{concept.facet}"):
        return 260
    if item.meaning.kind in ("growth", "share"):
        return 0
    deed = _DEED_TAIL.sub("", item.meaning.facet)[:4]
    if len(deed) < 2:
        return 0
    told = "".join((concept.label, concept.facet, *concept.words))
    return 0 if any(deed[i : i + 2] in told for i in range(len(deed) - 1)) else 160


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
    told = f"{item.meaning.concept}{item.meaning.unit or ''}"
    if concept.facet and concept.facet not in said and concept.facet not in told:
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
