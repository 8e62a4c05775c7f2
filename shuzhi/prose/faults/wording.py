"""Words used for others, as the words around them tell: 截止 for 截至, 反应 for 反映."""

import re
from collections.abc import Iterator
from functools import cache

from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.model import Draft, Span
from shuzhi.prose.tables import at


@cache
def _terms() -> tuple[re.Pattern[str], tuple[tuple[re.Pattern[str], str], ...]]:
    """One matcher for all wrong terms (to find places fast), and each with its right form (to say which)."""
    listed = at("terms", "term")
    entries = [e for e in listed if isinstance(e, dict)] if isinstance(listed, list) else []
    made = [(re.compile(str(e["wrong"])), str(e["right"])) for e in entries]
    return re.compile("|".join(f"(?:{pattern.pattern})" for pattern, _ in made)), tuple(made)


def wrong_terms(draft: Draft) -> Iterator[Found]:
    """A word of the term table that has no right reading."""
    whole, each = _terms()
    for match in whole.finditer(draft.text):
        span = Span(*match.span())
        if any(s.touches(span) for s in draft.boilerplate):
            continue
        right = next((r for pattern, r in each if pattern.match(draft.text, match.start())), "")
        yield Found(span, f"“{match.group()}”有误，应为“{right}”。")


RULES = (Rule("prose-N2-term", "wrong_word", wrong_terms),)
