"""Says what every token of a draft measures: an explicit, ordered list of small readers over a walk through the clauses."""

from bisect import bisect_right

from shuzhi.prose.glyphs import folded
from shuzhi.prose.model import Heading, Meaning, Span
from shuzhi.prose.sense.changing import changed, fallen, led_over, previous, reached
from shuzhi.prose.sense.counting import counted
from shuzhi.prose.sense.pairing import paired, repeated
from shuzhi.prose.sense.phrased import (
    completed,
    in_a_row,
    in_table,
    per_thousand,
    ranked,
    ratio,
    times,
    yearly,
)
from shuzhi.prose.sense.timing import Clock
from shuzhi.prose.sense.walk import Place, Reader, Walk, breaks, no_figure, places, settled
from shuzhi.prose.signs.tokens import Token

# The first reader that understands a token says what it means; `counted` understands every token.
READERS: tuple[Reader, ...] = (
    ranked,
    ratio,
    in_table,
    paired,
    repeated,
    led_over,
    completed,
    in_a_row,
    per_thousand,
    yearly,
    times,
    changed,
    fallen,
    previous,
    reached,
    counted,
)


def meanings(
    text: str,
    tokens: list[Token],
    clauses: tuple[Span, ...],
    sentences: tuple[Span, ...],
    outline: tuple[Heading, ...],
) -> list[tuple[Meaning, Span]]:
    """The meaning and the clause of every token, in the order of `tokens`."""
    norm = folded(text)
    clock = Clock(norm, sentences, outline)
    walk = Walk()
    made: list[tuple[Meaning, Span]] = []
    place, sentence_at = 0, -1
    starts = [s.start for s in sentences]
    marks = sorted((h.marker_span.start, h.marker_span.end) for h in outline)
    for index, clause in enumerate(clauses):
        while sentence_at + 1 < len(starts) and starts[sentence_at + 1] <= clause.start:
            sentence_at += 1
            new_paragraph = sentence_at == 0 or breaks(norm, sentences[sentence_at - 1].end, clause.start)
            walk = Walk() if new_paragraph else walk.next_sentence()
        inside: list[Token] = []
        while place < len(tokens) and tokens[place].span.start < clause.end:
            inside.append(tokens[place])
            place += 1
        start = _after_mark(marks, clause)
        settled(walk, norm[start : clause.end])
        # A sentence without a further figure lends nothing: the next one starts anew.
        until = sentences[sentence_at].end if sentence_at >= 0 else clause.end
        if inside:
            row = places(norm, inside, Span(start, clause.end), index)
            made.extend((_meaning(walk, where, clock), clause) for where in row)
        elif place < len(tokens) and tokens[place].span.start < until:
            no_figure(walk, norm[start : clause.end])
    return made


def _after_mark(marks: list[tuple[int, int]], clause: Span) -> int:
    """Where the words of a clause begin: behind the mark of a heading that opens it."""
    at = bisect_right(marks, (clause.start + 2,)) - 1
    if at >= 0 and marks[at][0] >= clause.start and marks[at][1] <= clause.end:
        return marks[at][1]
    return clause.start


def _meaning(walk: Walk, where: Place, clock: Clock) -> Meaning:
    token = where.token
    if token.form == "name":
        return Meaning("name", None, where.named(), "", None)
    time = clock.at(token.span.start, where.left)
    if token.form == "date":
        walk.topic = walk.topic or where.subject()
        return Meaning("other", token.unit, where.dated(), f"日期 {token.unit}", None)
    for reader in READERS:
        said = reader(walk, where)
        if said is not None:
            return walk.remember(where, said, said.time or time)
    raise AssertionError("the last reader understands every token")
