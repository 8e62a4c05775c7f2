"""Lists the checkable statements of a draft: figures, documents, mechanisms, meetings, projects, promises, shortcomings."""

import re
from collections.abc import Iterator
from functools import cache

from shuzhi.prose.claiming.cues import qualitative
from shuzhi.prose.claiming.moods import Mood, Moods
from shuzhi.prose.model import Claim, Draft, Slot, Span
from shuzhi.prose.tables import at

# Cues that make a clause a declaration by themselves; 全部, 零 and the like must also be said of something.
_DECLARED = frozenset(("over", "fulfilled", "none", "turn", "first", "better", "rank"))
# Said before the first heading too, where most is only welcome and thanks.
_STRONG = frozenset(("over", "fulfilled", "none", "turn"))
_SHORTEST = 5
_ENDS = re.compile(r"[。！？\n]")
# No further than this is looked around a clause, and no more of one is read.
_REACH, _LONGEST = 400, 160
_MARK = re.compile(
    r"^(?:[一二三四五六七八九十]是|第[一二三四五六七八九十]+，?|[（(]?[一二三四五六七八九十\d]+[）)、.．])"
)


def claims(draft: Draft) -> tuple[Claim, ...]:
    """The claims of `draft` in the order of the text; a clause may carry a figure claim and others."""
    first = draft.preamble.end if draft.preamble else (draft.outline[0].body.start if draft.outline else 0)
    skipped = bytearray(len(draft.text))
    moods = Moods(draft.text, draft.outline).of(draft.clauses)
    weak = {c.start for c, mood in zip(draft.clauses, moods, strict=True) if mood == "weak"}
    for span in (draft.title, *draft.boilerplate, *_headings(draft, weak)):
        skipped[span.start : span.end] = b"\x01" * (span.end - span.start)
    worded = qualitative(draft, skipped, moods)
    cued: dict[int, set[str]] = {}
    for claim in worded:
        cued.setdefault(claim.span.start, set()).add(claim.cue)
    figured, counted = _items(draft)
    made: list[Claim] = []
    last = draft.closing.start if draft.closing else len(draft.text)
    for clause, mood in zip(draft.clauses, moods, strict=True):
        if skipped[clause.start] or skipped[clause.end - 1]:
            continue
        if clause.start in figured:
            made.append(Claim("figure", clause))
        here = cued.get(clause.start, set())
        outside = (clause.start >= last and mood == "record") or (clause.start < first and not here & _STRONG)
        if outside or _quoted(draft.text, clause):
            continue
        said = _MARK.sub("", clause.of(draft.text)[:_LONGEST])
        here = here - {"rank"} if clause.start in figured else here
        kind = _kind(said, mood, clause.start in counted, here)
        if kind == "shortcoming" and _goes_on(draft.text, made, clause):
            made[-1] = Claim(kind, Span(made[-1].span.start, clause.end))
        elif kind:
            made.append(Claim(kind, clause))
    return tuple(sorted([*made, *worded], key=lambda claim: claim.span.start))


def _quoted(text: str, clause: Span) -> bool:
    """Whether a clause stands within the words of somebody else."""
    near = max(0, clause.start - _REACH)
    opened, line = text.rfind("“", near, clause.start), text.rfind("\n", near, clause.start)
    return opened > max(line, text.rfind("”", near, clause.start))


def _headings(draft: Draft, weak: set[int]) -> Iterator[Span]:
    """The headings proper; an item such as 一是确保财政收入突破3000万元； or of a list of shortcomings is a statement."""
    for heading in draft.outline:
        behind = draft.text[heading.text_span.end : heading.text_span.end + 2]
        goes_on = behind[:1] == "。" and behind[1:] not in ("", "\n")
        if not heading.marker.endswith("是") or (goes_on and heading.marker_span.start not in weak):
            yield heading.text_span


def _items(draft: Draft) -> tuple[set[int], set[int]]:
    """Where the clauses with a figure begin, and those whose figure measures something (no date, no rank)."""
    figured, counted = set(), set()
    for item in draft.items():
        if isinstance(item, Slot) and item.meaning.kind == "name":
            continue
        figured.add(item.clause.start)
        if item.meaning.kind != "other":
            counted.add(item.clause.start)
    return figured, counted


def _goes_on(text: str, made: list[Claim], clause: Span) -> bool:
    """Whether a shortcoming is told on behind a comma, among others told apart by semicolons."""
    if not made or made[-1].type != "shortcoming" or text[made[-1].span.end : clause.start] != "，":
        return False
    before = _ENDS.split(text[max(0, clause.start - _REACH) : clause.start])[-1]
    after = _ENDS.split(text[clause.end : clause.end + _REACH], maxsplit=1)[0]
    return "；" in before or "；" in after


def _kind(said: str, mood: Mood, counted: bool, cues: set[str]) -> str:
    """The type of the statement a clause makes besides its figures, or ""; the first rule that fits wins."""
    if len(said) < _SHORTEST or (said.count("“") == 0 and said.count("”") == 1):
        return ""
    if mood == "plan":
        return (
            "commitment"
            if _fits("promised" if counted else "commitment", said) and not _formula(said)
            else ""
        )
    if mood == "weak":
        return "" if counted or _formula(said) else "shortcoming"
    for kind in ("shortcoming", "document_issued", "mechanism", "project", "meeting", "declaration"):
        if _fits(f"{kind}_counted" if counted else kind, said):
            return kind
    told = "none" in cues if counted else bool(cues & _DECLARED)
    return "declaration" if told else ""


def _formula(said: str) -> bool:
    """Words that only lead over to what is said: 主要表现在, 重点抓好以下工作."""
    return _fits("formula", said)


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    parts = at("claims", "types", kind)
    assert isinstance(parts, list)
    return re.compile("|".join(map(str, parts)))


def _fits(kind: str, said: str) -> bool:
    return _pattern(kind).search(said) is not None
