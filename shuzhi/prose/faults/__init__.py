"""Finds what a sharp-eyed office secretary would mark in a draft: an explicit, ordered list of small rules."""

from collections.abc import Sequence

from shuzhi.prose.faults import agreement, arithmetic, form, numbering, placing, repetition, wording
from shuzhi.prose.faults.rule import Rule
from shuzhi.prose.model import Defect, Draft

# The order decides only which finding stands first where two begin at the same character.
RULES: tuple[Rule, ...] = (
    *numbering.RULES,
    *arithmetic.RULES,
    *agreement.RULES,
    *placing.RULES,
    *wording.RULES,
    *form.RULES,
    *repetition.RULES,
)


def faults(draft: Draft, rules: Sequence[Rule] = RULES) -> tuple[Defect, ...]:
    """The defects of `draft` by `rules`, in the order of the text; a place is reported once per type."""
    made: list[Defect] = []
    for rule in rules:
        for found in rule.check(draft):
            known = any(d.type == rule.type and d.span.touches(found.span) for d in made)
            if known or found.span.end <= found.span.start:
                continue
            made.append(Defect(rule.id, rule.type, found.severity, found.span, found.explanation))
    return tuple(sorted(made, key=lambda defect: (defect.span.start, defect.span.end)))
