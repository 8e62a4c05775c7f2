"""Places of a template that were never filled: what an edition must not be signed with."""

import re

from shuzhi.prose.faults.rule import Rule, silent
from shuzhi.prose.model import Defect, Draft
from shuzhi.prose.tables import any_of, words

MASK = Rule("prose-P1-mask", "placeholder_figure", silent)
"""A mask in a text that should be finished; in a draft it is a slot."""


def leftovers(draft: Draft) -> tuple[Defect, ...]:
    """Every mask still in the text, a line left for a signature excepted; for a finished text, not for a draft.

    A draft's masks are its slots, so these are no part of `Draft.defects`.
    """
    signed = re.compile(any_of(words("carrier", "signature")) + r"[：:]?\s*$")
    made: list[Defect] = []
    for slot in draft.slots:
        if signed.search(
            draft.text[slot.clause.start - 12 if slot.clause.start > 12 else 0 : slot.span.start]
        ):
            continue
        named = slot.meaning.kind == "name"
        what = "名称" if named else f"“{slot.meaning.concept}”的数"
        kind = "placeholder_name" if named else "placeholder_figure"
        made.append(Defect(MASK.id, kind, "certain", slot.span, f"这里还空着（{slot.text}）：{what}没有填。"))
    return tuple(made)
