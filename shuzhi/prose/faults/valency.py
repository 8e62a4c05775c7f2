"""What a sentence must still have and has not: 在……工作 without 中, 发挥……的 without its noun, 大力 without a verb."""

from collections.abc import Iterator

from shuzhi.prose.faults.collocation import sayings
from shuzhi.prose.faults.rule import Found, Rule, matched
from shuzhi.prose.model import Draft


def gaps(draft: Draft) -> Iterator[Found]:
    """A place where a word must stand and none does."""
    for saying in sayings("valency", "gap"):
        for span in matched(draft, saying.pattern):
            yield Found(span, f"“{span.of(draft.text)}”少了字：{saying.say}。", "likely")


RULES = (Rule("prose-N2-gap", "missing_word", gaps),)
