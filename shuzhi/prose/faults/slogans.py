"""Standing terms of government prose garbled by one character: 增强“四个认识”, “最多跑两次”改革, “亲”“轻”政商关系."""

import re
from collections.abc import Iterator
from functools import cache

from shuzhi.prose.faults.rule import Found, Rule, matched
from shuzhi.prose.model import Draft, Span
from shuzhi.prose.tables import at, words

_QUOTED = re.compile(r"(?<=“)[^“”\n]{3,16}(?=”)")


@cache
def _terms() -> tuple[frozenset[str], dict[str, str]]:
    """All right terms, and the firm ones with one character taken out (三重*大) with the term."""
    right = frozenset(words("slogans", "terms"))
    firm = right - frozenset(words("slogans", "loose"))
    return right | frozenset(words("slogans", "allowed")), {
        f"{term[:i]}*{term[i + 1 :]}": term for term in sorted(firm) for i in range(len(term))
    }


@cache
def _places() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Where a term must stand, with any characters in place of its own after the head."""
    made: list[tuple[re.Pattern[str], str]] = []
    listed = at("slogans", "place")
    for entry in listed if isinstance(listed, list) else ():
        if isinstance(entry, dict):
            term, head = str(entry["term"]), str(entry["head"])
            rest = len(term) - len(head)
            made.append(
                (
                    re.compile(
                        rf"{entry['before']}(?P<t>{head}[\u4e00-\u9fff]{{{rest}}})(?=”|、|[坚做增，])"
                    ),
                    term,
                )
            )
    return tuple(made)


def garbled(draft: Draft) -> Iterator[Found]:
    """A standing term with one character amiss, or another term where only one can stand."""
    text = draft.text
    right, holes = _terms()
    for span in matched(draft, _QUOTED):
        said = span.of(text)
        if said in right:
            continue
        term = next(
            (holes[h] for h in (f"{said[:i]}*{said[i + 1 :]}" for i in range(len(said))) if h in holes), ""
        )
        if term:
            yield Found(span, f"“{said}”应为“{term}”。")
    for pattern, term in _places():
        for found in pattern.finditer(text):
            span = Span(*found.span("t"))
            if span.of(text) != term and not any(s.touches(span) for s in draft.boilerplate):
                yield Found(span, f"“{span.of(text)}”应为“{term.lstrip('“')}”。", "likely")


RULES = (Rule("prose-N2-slogan", "wrong_word", garbled, "规定"),)
