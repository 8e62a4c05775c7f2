"""Ordinary drafts over all sixty mechanisms are bound to the right concepts of the national catalogue, hardly ever to wrong ones."""

from collections import Counter
from fractions import Fraction

from shuzhi.kernel.catalogue.load import national
from shuzhi.reports.concepts import concepts
from tests.prose.annotated import load_all
from tests.reports.bound_codes import NONE, outcomes

RIGHT, WRONG = Fraction("0.95"), 1


def test_what_drafts_say_is_bound_to_what_is_meant() -> None:
    told = list(outcomes())
    counts = Counter(outcome for _, outcome, _, _ in told)
    failed = [
        f"{name} {binding.item.span.start} {binding.item.meaning.concept}: {codes} / {binding.code}"
        for name, outcome, codes, binding in told
        if outcome != "right"
    ]
    assert Fraction(counts["right"], counts.total()) >= RIGHT, failed
    assert counts["wrong"] <= WRONG, failed


def test_every_marked_code_is_one_of_the_catalogue() -> None:
    known = {concept.code for concept in concepts(national())} | {NONE}
    marked = {
        code for draft in load_all("wide") for slot in draft.gold["slots"] for code in slot.get("codes", ())
    }
    assert not marked - known
    assert len(marked) > 300
