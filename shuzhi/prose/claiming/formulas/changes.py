"""Changes against the year before: 由降转升, 持续增长, 翻番."""

import re

from shuzhi.prose.claiming.formulas.case import LONGEST, Case, Condition, Formula, Unsaid, all_of, back
from shuzhi.prose.claiming.grounding import Books
from shuzhi.prose.concepts import Concept
from shuzhi.prose.signs.numerals import chinese

FALLS = re.compile(r"只[减降]不|下降|降低|减少|转负|转减|转降|新低|最低|最少")


def grows(books: Books, concept: Concept, sign: str, years: int = 0) -> Condition:
    """A quantity rose (``>``) or fell (``<``) against the year before, so many years back."""
    growth = books.derived(concept, "growth")
    if growth is not None:
        rate = back(growth.expr, years)
        return f"{rate} {sign} 0", (rate,)
    now, then = back(concept.expr, years), back(concept.expr, years + 1)
    return f"{now} {sign} {then}", (now, then)


def sign_of(case: Case, concept: Concept) -> str:
    """Which way the words say it went; better means less where less is good."""
    if FALLS.search(case.cue) or FALLS.search(case.after[:4]):
        return "<"
    if re.search(r"改善|好转|向好|最好|最优|最佳", case.cue):
        return "<" if concept.better == "down" else ">"
    return ">"


def turn(case: Case) -> Formula:
    """Rose now and fell before (止跌回升), or the reverse."""
    parts = []
    for concept in case.subjects():
        now = "<" if FALLS.search(case.cue) and "扭转" not in case.cue else ">"
        parts.append(grows(case.books, concept, now))
        if case.cue != "实现正增长":
            parts.append(grows(case.books, concept, ">" if now == "<" else "<", 1))
    return all_of(parts)


def rising(case: Case) -> Formula:
    """稳步: grew this year; 逐年, 持续: and the year before too."""
    again = re.match(r"持续|逐年|逐步|不断|连年|只", case.cue) is not None
    parts = []
    for concept in case.subjects():
        sign = sign_of(case, concept)
        parts.append(grows(case.books, concept, sign))
        if again:
            parts.append(grows(case.books, concept, sign, 1))
    return all_of(parts)


_TIMES = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "": 1}


def double(case: Case) -> Formula:
    """翻一番 is twice, 翻两番 four times what it was."""
    found = re.search(r"翻了?([一二两三四]|\d)?番", case.cue)
    said = (found[1] or "") if found else ""
    times = 2 ** (int(said) if said.isdigit() else _TIMES[said])
    years = _base(case)
    return all_of(
        [
            (
                f"{concept.expr} >= {times} * {back(concept.expr, years)}",
                (concept.expr, back(concept.expr, years)),
            )
            for concept in case.subjects()
        ]
    )


def _base(case: Case) -> int:
    """How many years back the year lies that is compared with."""
    said = case.draft.text[case.sentence.start : case.said.start]
    named = re.search(r"(?:比|较|同|与|是|在)(20\d\d)年", case.before) or re.search(r"比(20\d\d)年", said)
    many = re.search(r"([一二三四五六七八九十两\d]+)年(?:来|间|前|以来)", said)
    if named:
        if not case.year:
            raise Unsaid("不知道报告写的是哪一年，请指明年度")
        years = case.year - int(named[1])
    elif many:
        years = number(many[1])
    else:
        years = 1
    if not 1 <= years <= LONGEST:
        raise Unsaid(f"同{years}年前相比太远，账上没有这样的数")
    return years


def number(text: str) -> int:
    """A whole number in digits or characters; 0 when it is none (a mask)."""
    if text.isdigit():
        return int(text)
    value = chinese(text)
    return int(value) if value is not None else 0
