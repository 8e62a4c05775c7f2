"""Waivers: notes in a draft, 【不查 prose-E1：理由】, that set findings aside and are no part of the report."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass, replace
from itertools import accumulate
from typing import Any

from shuzhi.prose.clauses import lines
from shuzhi.prose.model import Defect, Draft, Heading, Span, Waived, Waiver

_NOTE = re.compile(r"【\s*不查\s*([^：:】\n]*)(?:[：:]([^】\n]*))?】")
_BETWEEN = re.compile(r"[、，,；;\s]+")
RULE = "prose-W0-waiver"
"""The rule that speaks about waivers themselves."""


def without(text: str) -> str:
    """`text`, blanks in place of its waivers and no shorter: what is read of a draft."""
    return _NOTE.sub(lambda found: " " * len(found.group()), text)


def waivers(text: str, outline: Sequence[Heading]) -> tuple[Waiver, ...]:
    """The waivers of `text`, each with what it speaks for.

    One in a paragraph covers the paragraph; one on a line of its own covers the whole text when it stands before the
    first heading, and the paragraph above it when it stands later.
    """
    notes = list(_NOTE.finditer(text))
    if not notes:
        return ()
    first = outline[0].marker_span.start if outline else len(text)
    read = lines(without(text))
    return tuple(_waiver(text, note, read, first) for note in notes)


def _waiver(text: str, found: re.Match[str], read: Sequence[Span], first: int) -> Waiver:
    note = Span(*found.span())
    rules = tuple(name for name in _BETWEEN.split(found.group(1).strip()) if name)
    return Waiver(note, _cover(text, note, read, first), rules, (found.group(2) or "").strip())


def _cover(text: str, note: Span, read: Sequence[Span], first: int) -> Span:
    start = text.rfind("\n", 0, note.start) + 1
    end = text.find("\n", note.end)
    line = Span(start, end if end >= 0 else len(text))
    if any(row.touches(line) for row in read):
        return line
    above = [row for row in read if row.end <= note.start]
    return above[-1] if above and note.start > first else Span(0, len(text))


def applied(
    defects: Iterable[Defect], waivers: Sequence[Waiver]
) -> tuple[tuple[Defect, ...], tuple[Waived, ...]]:
    """The defects that stand, and those a waiver sets aside."""
    kept: list[Defect] = []
    waived: list[Waived] = []
    for defect in defects:
        by = next((waiver for waiver in waivers if waiver.waives(defect)), None)
        if by is None:
            kept.append(defect)
        else:
            waived.append(Waived(defect, by))
    return tuple(kept), tuple(waived)


def idle(waivers: Sequence[Waiver], waived: Sequence[Waived], known: Iterable[str]) -> tuple[Defect, ...]:
    """Advice about waivers that say too little or do nothing; `known` are the ids of the rules."""
    ids = tuple(known)
    made: list[Defect] = []
    for waiver in waivers:
        strange = [n for n in waiver.rules if not any(i == n or i.startswith(f"{n}-") for i in ids)]
        if not waiver.rules:
            why = "没有写明不查哪一条，请写上编号，如 prose-E1"
        elif strange:
            why = f"没有编号为{'、'.join(strange)}的检查，请改正编号"
        elif not waiver.reason:
            why = "没有写理由，不起作用，请在冒号后面写明理由"
        elif not any(w.waiver is waiver for w in waived):
            why = "没有可以不查的问题，可以删去这条说明"
        else:
            continue
        made.append(Defect(RULE, "waiver", "certain", waiver.span, f"“不查”说明{why}。", "提示"))
    return tuple(made)


def shorn(draft: Draft) -> Draft:
    """The draft as it is to be printed: its waivers taken out of the text, everything found moved with the words."""
    if not draft.waivers:
        return draft
    cuts = [waiver.span for waiver in draft.waivers]
    ends = [cut.end for cut in cuts]
    gone = [0, *accumulate(cut.end - cut.start for cut in cuts)]

    def place(at: int) -> int:
        passed = bisect_right(ends, at)
        inside = max(0, at - cuts[passed].start) if passed < len(cuts) else 0
        return at - gone[passed] - inside

    def moved(value: Any) -> Any:
        if isinstance(value, Span):
            return Span(place(value.start), place(value.end))
        if isinstance(value, tuple):
            return tuple(moved(item) for item in value)
        if is_dataclass(value) and not isinstance(value, type):
            return replace(
                value, **{field.name: moved(getattr(value, field.name)) for field in fields(value)}
            )
        return value

    kept: Draft = moved(replace(draft, waivers=()))
    return replace(kept, text=_NOTE.sub("", draft.text))
