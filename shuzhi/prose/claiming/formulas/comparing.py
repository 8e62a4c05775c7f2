"""Comparisons: 好于预期, 高于上年, one quantity faster than another; other places are not in these books."""

import re
from collections.abc import Callable

from shuzhi.prose.claiming.formulas.case import Case, Condition, Formula, Unsaid, all_of, back
from shuzhi.prose.claiming.formulas.targets import reached
from shuzhi.prose.concepts import Concept

_WIDER = re.compile(r"全国|全省|全市|全州|全盟|全区|省定|市定|国家|周边|兄弟|同类|同期全|平均")


def better(case: Case) -> Formula:
    """Better than the target, than last year, than another quantity; another place's figures are not in these books."""
    other = re.split(r"、|并|且", case.after)[0]
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
    if _faster(case) or _grew(case):
        raise Unsaid("说的是增速高于（低于）增速的目标，请核对下达的目标")
    if not down:
        return reached(case, concept, strictly=True)
    if not case.books.is_indicator(concept):
        raise Unsaid(f"“{concept.label}”没有目标，比不了")
    return f"{concept.expr} < target({concept.expr})", (concept.expr, f"target({concept.expr})")


def _faster(case: Case) -> bool:
    return re.search(r"快于|跑赢|增速|增幅|增长", case.claim.span.of(case.draft.text)) is not None


def _grew(case: Case) -> bool:
    """Whether the figure before the comparison is a growth (增长6.2%，高于目标0.2个百分点)."""
    told = [item for item, _ in case.told if item.span.start < case.said.start]
    return bool(told) and told[-1].meaning.kind == "growth" and "百分点" in case.after


def _against_last(case: Case, concept: Concept, *, down: bool) -> Condition:
    growth = case.books.derived(concept, "growth")
    quantity = growth.expr if growth is not None and _faster(case) else concept.expr
    if _faster(case) and growth is None:
        raise Unsaid(f"账上没有“{concept.label}”的增速")
    then = back(quantity, 1)
    less = down or (case.cue in ("好于", "优于") and concept.better == "down")
    return f"{quantity} {'<' if less else '>'} {then}", (quantity, then)


_NUMBER = re.compile(r"(?:[\d.]+|[XxＸ×〇○*＊]+|[一二三四五六七八九十]+)(?:个|%|亿|万|元).*$")


def _against_other(case: Case, other: str, sign: str) -> Formula:
    """One quantity against another: both grew, or both levels."""
    return all_of([_pair(left, sign, right, 0) for left, right in versus(case, other)])


def versus(case: Case, other: str) -> list[tuple[str, str]]:
    """The formulas of what the claim is said of, each with that of what it is compared with."""
    rates = _faster(case)
    right = _other(case, _NUMBER.sub("", other), rates=rates)
    pairs = []
    for subject in case.subjects():
        left = case.books.derived(subject, "growth") if rates else subject
        if left is None:
            raise Unsaid(f"账上没有“{subject.label}”的增速，比不了")
        pairs.append((left.expr, right.expr))
    return pairs


def _pair(left: str, sign: str, right: str, years: int) -> Condition:
    one, two = back(left, years), back(right, years)
    return f"{one} {sign} {two}", (one, two)


_AHEAD = re.compile(r"(跑赢|快于|高于|领先|超过|低于)([\u4e00-\u9fff].+)$")


def each_year(case: Case) -> Callable[[int], list[Condition]] | None:
    """连续8年快于城镇居民: the comparison of every year; None when nothing is compared."""
    found = _AHEAD.search(case.after)
    if found is None:
        return None
    if _WIDER.search(found[2]):
        raise Unsaid("账上只有本地的数，没有别的地方的数，比不了")
    sign, pairs = "<" if found[1] == "低于" else ">", versus(case, found[2])
    return lambda years: [_pair(left, sign, right, years) for left, right in pairs]


def _other(case: Case, words: str, *, rates: bool) -> Concept:
    """What is compared with; 农村居民收入增速快于城镇居民: its end may be left out because the other side has it."""
    if rates and (growth := case.books.growth(words)) is not None:
        return growth
    about, ground = case.claim.about, case.books.named(words)
    for place in range(1, len(about) - 1):
        if ground is not None and ground.sure:
            break
        ground = case.books.named(words + about[place:])
    if ground is None or not ground.sure:
        return case.named(words)[0]
    found = case.books.derived(ground.concept, "growth") if rates else ground.concept
    if found is None:
        raise Unsaid(f"账上没有“{ground.concept.label}”的增速，比不了")
    return found
