"""Passages that stand twice, word for word or nearly, in one draft or copied from an earlier text."""

import re
from collections.abc import Iterator, Sequence

from shuzhi.prose.clauses import lines
from shuzhi.prose.concepts import likeness
from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.model import Defect, Draft, Span

_NUMBERS = re.compile(r"[0-9０-９.,%％XxＸ×〇○□*＊_]+")
# Shorter sentences repeat by right (…请予审议).
_SHORTEST = 18
_NEARLY = 900


def _plain(text: str) -> str:
    return _NUMBERS.sub("#", re.sub(r"\s", "", text))


def sentences_twice(draft: Draft) -> Iterator[Found]:
    """A sentence that already stood in the text, numbers aside."""
    seen: dict[str, Span] = {}
    for span in draft.sentences:
        words = _plain(
            re.sub(
                r"^[\s\u3000]*(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]|[一二三四五六七八九十]是)",
                "",
                span.of(draft.text),
            )
        )
        if len(words) < _SHORTEST or any(s.touches(span) for s in draft.boilerplate):
            continue
        other = seen.setdefault(words, span)
        if other is not span:
            yield Found(span, "这句话前面已经写过，请删去一处。")


def paragraphs_alike(draft: Draft) -> Iterator[Found]:
    """A long paragraph that is nearly another one of the text."""
    rows = [
        r
        for r in lines(draft.text)
        if r.end - r.start >= 60 and not any(s.touches(r) for s in draft.boilerplate)
    ]
    plain = [_plain(r.of(draft.text)) for r in rows]
    for j in range(1, len(rows)):
        for i in range(j):
            close = abs(len(plain[i]) - len(plain[j])) * 5 < len(plain[j])
            if close and plain[i] != plain[j] and likeness(plain[i], plain[j]) >= _NEARLY:
                yield Found(rows[j], "这一段与前面一段几乎相同，请核对是否重复。", "likely")
                break


def copied(draft: Draft, earlier: Sequence[str]) -> tuple[Defect, ...]:
    """Paragraphs of `draft` that stand, numbers aside, in one of the `earlier` texts (last year's, another office's)."""
    known = [_plain(r.of(text)) for text in earlier for r in lines(text) if r.end - r.start >= 40]
    made: list[Defect] = []
    for row in lines(draft.text):
        words = _plain(row.of(draft.text))
        if len(words) < 40:
            continue
        if any(abs(len(k) - len(words)) * 5 < len(words) and likeness(k, words) >= _NEARLY for k in known):
            made.append(
                Defect(
                    "prose-S1-copied",
                    "copied_paragraph",
                    "likely",
                    row,
                    "这一段与以前的材料几乎一字不差，只改了数字。",
                )
            )
    return tuple(made)


RULES = (
    Rule("prose-S1-sentence", "duplicate_text", sentences_twice),
    Rule("prose-S1-paragraph", "duplicate_text", paragraphs_alike),
)
