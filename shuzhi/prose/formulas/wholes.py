"""All of it and none of it: 全覆盖, 全部办结, 100%, 零事故, 未发生."""

import re
from fractions import Fraction

from shuzhi.prose.concepts import Concept
from shuzhi.prose.formulas.case import Case, Condition, Formula, Unsaid, all_of, back
from shuzhi.prose.formulas.targets import fulfilled, through
from shuzhi.prose.stated import literal

_VERB = re.compile(
    r"^(?:已经|已|都|均|得到|按期|按时|按要求|如期|顺利|及时|妥善|依法|实现|做到|完成(?=[\u4e00-\u9fff]{2}))*([\u4e00-\u9fff]{2})"
)


def everything(case: Case) -> Formula:
    """Everything was covered or done: the rate that says so, or as many done as there are."""
    if re.search(r"100|１００|百分", case.cue):
        return _whole(case)
    if "尽" in case.cue or case.cue in ("户户", "件件", "无一", "村村", "村村通", "组组通", "组组"):
        raise Unsaid(f"“{case.cue}”要逐户逐件核，账上没有这样的总数")
    verb = "覆盖" if "覆盖" in case.cue else ""
    found = _VERB.match(case.after)
    verb = verb or (found[1] if found else "")
    condition = through(case, verb) if verb else None
    if condition is not None:
        return all_of([condition])
    if verb == "完成":
        return fulfilled(case)
    raise Unsaid(f"账上没有同时记“{case.topic()}”的总数和“{verb or case.cue}”的数，比不出来")


def _whole(case: Case) -> Formula:
    """…率100%: the rates of the clause, or the rate that is named."""
    for item, concept in case.items():
        if item.span.start <= case.said.end and item.span.end > case.said.start and concept.kind == "share":
            return Formula(f"{concept.expr} >= 100%", (concept.expr,))
    found = case.named(case.claim.about)
    if any(concept.kind != "share" for concept in found):
        raise Unsaid(f"账上没有“{case.claim.about}”的比率")
    return all_of([(f"{concept.expr} >= 100%", (concept.expr,)) for concept in found])


def nothing_of(case: Case) -> Formula:
    """There was none of it."""
    return all_of([nothing(concept) for concept in things(case)])


def things(case: Case) -> tuple[Concept, ...]:
    """What there was none of: 安全生产零事故 is said of 安全生产事故."""
    about = case.claim.about
    for words in (f"{case.before}{about}", f"{about}数", about):
        grounds = case.books.all_named(words, case.sentence.of(case.draft.text))
        if all(ground is not None and ground.sure for ground in grounds):
            return tuple(ground.concept for ground in grounds if ground is not None)
    return case.named(about)


def nothing(concept: Concept, years: int = 0) -> Condition:
    """A quantity was zero so many years back."""
    quantity = back(concept.expr, years)
    unit = concept.units[0] if concept.units else ""
    return f"{quantity} = {literal(Fraction(0), unit)}", (quantity,)
