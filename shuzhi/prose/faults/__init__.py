"""Finds what a sharp-eyed office secretary would mark in a draft: an explicit, ordered list of small rules."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from shuzhi.prose.faults import (
    agreement,
    alternatives,
    bare,
    changes,
    collocation,
    conflicts,
    dates,
    denied,
    digits,
    directions,
    eras,
    form,
    grammar,
    leftover,
    lookalikes,
    measures,
    namesakes,
    numbering,
    own,
    placeholder,
    ranges,
    ranks,
    ratios,
    repetition,
    setphrases,
    slogans,
    spellings,
    style,
    termsets,
    totals,
    twofold,
    valency,
    wording,
    writing,
    years,
)
from shuzhi.prose.faults.rule import Rule, silent
from shuzhi.prose.model import Defect, Draft
from shuzhi.prose.waivers import RULE as WAIVER
from shuzhi.prose.waivers import applied, idle

# The order decides only which finding stands first where two begin at the same character.
RULES: tuple[Rule, ...] = (
    *numbering.RULES,
    *totals.RULES,
    *changes.RULES,
    *directions.RULES,
    *ratios.RULES,
    *ranges.RULES,
    *agreement.RULES,
    *conflicts.RULES,
    *ranks.RULES,
    *twofold.RULES,
    *denied.RULES,
    *dates.RULES,
    *years.RULES,
    *eras.RULES,
    *own.RULES,
    *spellings.RULES,
    *namesakes.RULES,
    *measures.RULES,
    *bare.RULES,
    *lookalikes.RULES,
    *setphrases.RULES,
    *slogans.RULES,
    *wording.RULES,
    *termsets.RULES,
    *writing.RULES,
    *digits.RULES,
    *collocation.RULES,
    *grammar.RULES,
    *valency.RULES,
    *leftover.RULES,
    *alternatives.RULES,
    *form.RULES,
    *repetition.RULES,
    *style.RULES,
)
# Found on other occasions than reading: in a finished text, beside earlier texts, about the waivers of a text.
ELSEWHERE: tuple[Rule, ...] = (
    placeholder.MASK,
    Rule("prose-S1-copied", "copied_paragraph", silent),
    Rule(WAIVER, "waiver", silent, "提示"),
)
BY_ID: Mapping[str, Rule] = {rule.id: rule for rule in (*RULES, *ELSEWHERE)}


def faults(draft: Draft, rules: Sequence[Rule] = RULES) -> tuple[Defect, ...]:
    """What `rules` find in `draft`, advice too, in the order of the text; a place is reported once per type."""
    made: list[Defect] = []
    for rule in rules:
        for found in rule.check(draft):
            known = any(d.type == rule.type and d.span.touches(found.span) for d in made)
            if known or found.span.end <= found.span.start:
                continue
            made.append(Defect(rule.id, rule.type, found.severity, found.span, found.explanation, rule.force))
    return tuple(sorted(made, key=lambda defect: (defect.span.start, defect.span.end)))


def judged(draft: Draft) -> Draft:
    """`draft` with its findings: what is wrong, what is advice, and what a waiver of the text sets aside."""
    kept, waived = applied(faults(draft), draft.waivers)
    about = idle(draft.waivers, waived, BY_ID)
    advice = [*(d for d in kept if d.advice), *about]
    return replace(
        draft,
        defects=tuple(d for d in kept if not d.advice),
        advice=tuple(sorted(advice, key=lambda defect: defect.span.start)),
        waived=waived,
    )
