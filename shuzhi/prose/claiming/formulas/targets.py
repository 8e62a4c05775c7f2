"""Targets met and work done: 超额完成, 圆满完成, and the rates of ledgers that say how far a deed has gone."""

from shuzhi.prose.claiming.formulas.case import Case, Condition, Formula, Unsaid, all_of, back
from shuzhi.prose.concepts import Concept


def over(case: Case) -> Formula:
    """More than the target."""
    return all_of([reached(case, concept, strictly="超" in case.cue) for concept in case.subjects()])


def fulfilled(case: Case) -> Formula:
    """No less than the target."""
    return all_of([reached(case, concept, strictly=False) for concept in case.subjects()])


def reached(case: Case, concept: Concept, *, strictly: bool, years: int = 0) -> Condition:
    """The target of a quantity was met, or (strictly) surpassed; a quantity that should fall must not exceed it."""
    if not case.books.is_indicator(concept):
        return _done(case, concept)
    completion = case.books.derived(concept, "completion")
    level, target = back(concept.expr, years), back(f"target({concept.expr})", years)
    if concept.better == "down":
        return f"{level} {'<' if strictly else '<='} {target}", (level, target)
    sign = ">" if strictly else ">="
    if completion is None:
        return f"{level} {sign} {target}", (level, target)
    rate = back(completion.expr, years)
    return f"{rate} {sign} 100%", (rate, level, target)


def _done(case: Case, concept: Concept, verb: str = "完成") -> Condition:
    """A ledger has no target: its own rate of completion, or as many done as there are."""
    if concept.kind == "share":
        return f"{concept.expr} >= 100%", (concept.expr,)
    found = through(case, verb)
    if found is not None:
        return found
    raise Unsaid(f"台账只记“{concept.label}”的实绩，没有目标，也没有记“{verb}”的数，比不出来")


def through(case: Case, verb: str) -> Condition | None:
    """A deed was done with all there are: the rate that says so, or as many done as there are."""
    topic = case.topic()
    rate = case.books.rate(topic, verb, case.sentence.of(case.draft.text))
    if rate is not None:
        return f"{rate.expr} >= 100%", (rate.expr,)
    pair = case.books.done(topic, verb)
    if pair is None:
        return None
    total, done = pair
    return f"{done.expr} = {total.expr}", (done.expr, total.expr)
