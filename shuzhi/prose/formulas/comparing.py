"""Comparisons: 好于预期, 高于上年, one quantity faster than another; other places are not in these books."""

import re

from shuzhi.prose.concepts import Concept
from shuzhi.prose.formulas.case import Case, Condition, Formula, Unsaid, all_of, back
from shuzhi.prose.formulas.targets import reached

_WIDER = re.compile(r"全国|全省|全市|全州|全盟|全区|省定|市定|国家|周边|兄弟|同类|同期全|平均")


def better(case: Case) -> Formula:
    """Better than the target, than last year, than another quantity; another place's figures are not in these books."""
    other = case.after
    down = case.cue == "低于"
    if _WIDER.search(other):
        found = _WIDER.search(other)
        raise Unsaid(f"账上只有本地的数，没有“{found[0] if found else ''}”的数，比不了")
    if not other or re.search(r"预期|目标|计划|任务|预算", other):
        return all_of([_against_target(case, concept, down=down) for concept in case.subjects()])
    if re.match(r"(?:上年|去年|同期|往年|年初|前年)", other):
        return all_of([_against_last(case, concept, down=down) for concept in case.subjects()])
    return _against_other(case, other, "<" if down else ">")


def _against_target(case: Case, concept: Concept, *, down: bool) -> Condition:
    if not down:
        return reached(case, concept, strictly=True)
    if not case.books.is_indicator(concept):
        raise Unsaid(f"“{concept.label}”没有目标，比不了")
    return f"{concept.expr} < target({concept.expr})", (concept.expr, f"target({concept.expr})")


def _faster(case: Case) -> bool:
    return "快" in case.cue or re.search(r"增速|增幅|增长", case.before) is not None


def _against_last(case: Case, concept: Concept, *, down: bool) -> Condition:
    growth = case.books.derived(concept, "growth")
    quantity = growth.expr if growth is not None and _faster(case) else concept.expr
    if _faster(case) and growth is None:
        raise Unsaid(f"账上没有“{concept.label}”的增速")
    then = back(quantity, 1)
    less = down or (case.cue in ("好于", "优于") and concept.better == "down")
    return f"{quantity} {'<' if less else '>'} {then}", (quantity, then)


def _against_other(case: Case, other: str, sign: str) -> Formula:
    rates = _faster(case)
    one, two = (
        case.subjects(),
        case.named(re.split(r"[\d一二三四五六七八九十XxＸ×〇○*＊]+(?:\.|个|%)", other)[0]),
    )
    pairs = []
    for left in one:
        right = two[0]
        first = case.books.derived(left, "growth") if rates else left
        second = case.books.derived(right, "growth") if rates else right
        if first is None or second is None:
            raise Unsaid("账上没有两边的增速，比不了")
        pairs.append((f"{first.expr} {sign} {second.expr}", (first.expr, second.expr)))
    return all_of(pairs)
