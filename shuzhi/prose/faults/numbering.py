"""Enumerations: a number used twice, left out, or out of order among the headings of one parent."""

from collections.abc import Iterator
from itertools import groupby

from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.model import Draft, Heading, Span
from shuzhi.prose.outline import ordinal


def _runs(draft: Draft) -> Iterator[list[Heading]]:
    """Sibling headings written in one style; a list that starts again at one is a new run."""
    ordered = sorted(draft.outline, key=lambda h: (h.parent or "", _style(h), h.marker_span.start))
    for _, group in groupby(ordered, key=lambda h: (h.parent, _style(h))):
        run: list[Heading] = []
        for heading in group:
            if run and ordinal(heading.number) == 1 and ordinal(run[-1].number) != 1:
                yield run
                run = []
            run.append(heading)
        yield run


def _style(heading: Heading) -> str:
    return (
        heading.marker.replace(heading.number, "#", 1)
        .replace("．", ".")
        .replace("(", "（")
        .replace(")", "）")
    )


def _place(heading: Heading) -> Span:
    return Span(heading.marker_span.start, max(heading.marker_span.end, heading.text_span.end))


def _numbers(run: list[Heading]) -> list[int]:
    return [ordinal(h.number) for h in run]


def twice(draft: Draft) -> Iterator[Found]:
    """The same number stands twice in one list."""
    for run in _runs(draft):
        seen: set[int] = set()
        for heading, number in zip(run, _numbers(run), strict=True):
            if number and number in seen:
                yield Found(_place(heading), f"序号“{heading.marker}”在同一层出现了两次，请顺次改正。")
            seen.add(number)


def left_out(draft: Draft) -> Iterator[Found]:
    """A number of the list is skipped and comes nowhere."""
    for run in _runs(draft):
        numbers = _numbers(run)
        if len(run) < 2 or 0 in numbers or run[0].marker.startswith(("首先", "其次", "再次", "最后", "此外")):
            continue
        present = set(numbers)
        expected = 1
        for heading, number in zip(run, numbers, strict=True):
            if number > expected and not any(n in present for n in range(expected, number)):
                missing = "、".join(str(n) for n in range(expected, number))
                yield Found(
                    Span(heading.marker_span.start, heading.marker_span.end),
                    f"序号到“{heading.marker}”之前缺第{missing}项，请补上或重新编号。",
                )
            expected = max(expected, number + 1)


def out_of_order(draft: Draft) -> Iterator[Found]:
    """All numbers are there, but one stands before a smaller one."""
    for run in _runs(draft):
        numbers = _numbers(run)
        if len(set(numbers)) != len(numbers) or sorted(numbers) != list(range(1, len(numbers) + 1)):
            continue
        for i, (heading, number) in enumerate(zip(run, numbers, strict=True), 1):
            if number != i:
                yield Found(_place(heading), f"“{heading.marker}”排在了第{i}位，序号先后颠倒。")
                break


RULES = (
    Rule("prose-E1-twice", "duplicate_ordinal", twice),
    Rule("prose-E1-missing", "missing_ordinal", left_out),
    Rule("prose-E2-order", "heading_order", out_of_order),
)
