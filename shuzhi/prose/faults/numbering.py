"""Enumerations: a number used twice, left out, or out of order among the headings of one parent."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.frame.outline import ordinal
from shuzhi.prose.model import Draft, Heading, Span

_SAID = ("首先", "其次", "再次", "再者", "最后", "此外")


@dataclass(frozen=True, slots=True)
class _Run:
    """Siblings numbered in one style, and the number the first of them should have."""

    headings: tuple[Heading, ...]
    first: int

    @property
    def numbers(self) -> list[int]:
        return [ordinal(h.number) for h in self.headings]


def _runs(draft: Draft) -> list[_Run]:
    """The lists of the text; one that starts again at one is a new list, as is one that goes back and then goes on."""
    ordered = sorted(draft.outline, key=lambda h: (h.parent or "", _style(h), h.marker_span.start))
    lists: list[list[Heading]] = []
    for _, group in groupby(ordered, key=lambda h: (h.parent, _style(h))):
        members = list(group)
        numbers = [ordinal(h.number) for h in members]
        lists.append([])
        for i, heading in enumerate(members):
            if i and _starts_again(numbers, i):
                lists.append([])
            lists[-1].append(heading)
    lists.sort(key=lambda each: each[0].marker_span.start)
    return _continued(lists)


def _starts_again(numbers: list[int], i: int) -> bool:
    if numbers[i] == 1:
        return numbers[i - 1] != 1
    on = i + 1 < len(numbers) and numbers[i + 1] == numbers[i] + 1
    return 0 < numbers[i] < numbers[i - 1] and on and numbers[i + 1] in numbers[:i]


def _continued(lists: list[list[Heading]]) -> list[_Run]:
    """Each list with its first number: one, or one more than the list before it under another parent ended with."""
    made: list[_Run] = []
    last: dict[str, Heading] = {}
    for each in lists:
        before = last.get(_style(each[0]))
        goes_on = (
            before is not None
            and before.parent != each[0].parent
            and ordinal(each[0].number) == ordinal(before.number) + 1
        )
        made.append(_Run(tuple(each), ordinal(each[0].number) if goes_on else 1))
        last[_style(each[0])] = each[-1]
    return made


def _style(heading: Heading) -> str:
    """How it is numbered, whatever stop follows the number: 1. and 1、 are one style, （一） and 一、 are two."""
    if heading.marker.startswith(_SAID):
        return "首先"
    bare = heading.marker.replace(heading.number, "#", 1).replace("(", "（").replace(")", "）")
    kind = "1" if heading.number.isascii() else "①" if "①" <= heading.number[:1] <= "⑳" else "一"
    return kind + re.sub(r"[.．、，,：:\s]", "", bare).replace("要", "是")


def _place(heading: Heading) -> Span:
    return Span(heading.marker_span.start, max(heading.marker_span.end, heading.text_span.end))


def _stands_in(numbers: list[int], i: int, expected: int) -> bool:
    """Whether the number at `i` was written for `expected`: the next goes on from there."""
    return i + 1 < len(numbers) and numbers[i + 1] == expected + 1


def twice(draft: Draft) -> Iterator[Found]:
    """The same number stands twice in one list."""
    for run in _runs(draft):
        seen: set[str] = set()
        for heading, number in zip(run.headings, run.numbers, strict=True):
            key = heading.number if _style(heading) == "首先" else str(number)
            if number and key in seen:
                yield Found(_place(heading), f"序号“{heading.marker}”在同一层出现了两次，请顺次改正。")
            seen.add(key)


def left_out(draft: Draft) -> Iterator[Found]:
    """A number of the list is skipped and comes nowhere."""
    for run in _runs(draft):
        numbers = run.numbers
        if len(numbers) < 2 or 0 in numbers or _style(run.headings[0]) == "首先":
            continue
        expected = run.first
        for i, (heading, number) in enumerate(zip(run.headings, numbers, strict=True)):
            if number in numbers[:i]:
                expected += _stands_in(numbers, i, expected)
            elif number > expected and not any(n in numbers for n in range(expected, number)):
                missing = "、".join(str(n) for n in range(expected, number))
                yield Found(
                    Span(heading.marker_span.start, heading.marker_span.end),
                    f"序号到“{heading.marker}”之前缺第{missing}项，请补上或重新编号。",
                )
            expected = max(expected, number + 1)


def out_of_order(draft: Draft) -> Iterator[Found]:
    """All numbers are there, but one stands before a smaller one."""
    for run in _runs(draft):
        numbers = run.numbers
        if sorted(numbers) != list(range(run.first, run.first + len(numbers))):
            continue
        for i, (heading, number) in enumerate(zip(run.headings, numbers, strict=True)):
            if number != run.first + i:
                yield Found(_place(heading), f"“{heading.marker}”排在了第{i + 1}位，序号先后颠倒。")
                break


RULES = (
    Rule("prose-E1-twice", "duplicate_ordinal", twice, "规定"),
    Rule("prose-E1-missing", "missing_ordinal", left_out, "规定"),
    Rule("prose-E2-order", "heading_order", out_of_order, "规定"),
)
