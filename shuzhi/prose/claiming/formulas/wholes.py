"""All of it and none of it: 全覆盖, 全部办结, 100%, 零事故, 未发生."""

import re
from fractions import Fraction

from shuzhi.prose.claiming.formulas.case import Case, Condition, Formula, Unsaid, all_of, back
from shuzhi.prose.claiming.formulas.targets import fulfilled, through
from shuzhi.prose.claiming.grounding import Ground, plain
from shuzhi.prose.claiming.stated import literal
from shuzhi.prose.concepts import Concept

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
    raise Unsaid(f"账上没有“{case.topic()}”的总数和做到的数，比不出来")


def _whole(case: Case) -> Formula:
    """…率100%: every rate that is named, or what the figure is bound to."""
    grounds = case.books.all_named(case.claim.about, case.sentence.of(case.draft.text))
    if len(grounds) == 1 and (grounds[0] is None or not grounds[0].sure):
        for item, concept in case.told:
            if item.span.touches(case.said) and concept.kind == "share":
                sure = plain(case.draft.text, item, concept)
                doubt = "" if sure else f"文中说的不一定就是账上的“{concept.label}”，请核对"
                return Formula(f"{concept.expr} >= 100%", (concept.expr,), doubt=doubt)
    found = case.named(case.claim.about)
    if any(concept.kind != "share" for concept in found):
        raise Unsaid(f"账上没有“{case.claim.about}”的比率")
    return all_of([(f"{concept.expr} >= 100%", (concept.expr,)) for concept in found])


def nothing_of(case: Case) -> Formula:
    """There was none of it; none of all of it proves none of a part, some of all refutes nothing of a part."""
    found = things(case)
    doubts = [
        f"账上记的是全部“{ground.concept.label}”，其中有没有“{case.claim.about}”分不出来"
        for ground in found
        if ground.part
    ]
    return all_of([nothing(ground.concept) for ground in found], doubt="；".join(doubts))


_CALL = re.compile(
    r"^.*?(?:零|没有发生|没有出现|没有|未发生|未出现|无新增|无)(?:过|任何|一起|一例|一件|一次)*"
)


def things(case: Case) -> tuple[Ground, ...]:
    """What there was none of: 安全生产零事故 is said of 安全生产事故."""
    about = case.claim.about or _CALL.sub("", case.after)
    if case.claim.cue == "streak":
        about = _CALL.sub("", case.after)
    sentence, found = case.sentence.of(case.draft.text), None
    for words in (f"{case.before}{about}", f"{about}数", f"{about}起数", about):
        found = case.books.named(words, sentence)
        if found is not None and found.sure:
            return (found,)
    if found is None or not found.part:
        case.named(about)
        raise Unsaid(f"账上没有记“{about}”")
    return (found,)


def nothing(concept: Concept, years: int = 0) -> Condition:
    """A quantity was zero so many years back."""
    quantity = back(concept.expr, years)
    unit = concept.units[0] if concept.units else ""
    return f"{quantity} = {literal(Fraction(0), unit)}", (quantity,)
