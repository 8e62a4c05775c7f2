"""Standing terms that name a fixed set: a member wrong, missing or out of order where the set is listed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.model import Draft, Span
from shuzhi.prose.tables import at

# A list belongs to the name it stands beside: “六稳”（…）, “六稳”，即…；: … the reach is that of one sentence.
_REACH = 120


@dataclass(frozen=True, slots=True)
class _Set:
    """A standing term, its members in order, and other accepted names of members."""

    name: str
    members: tuple[str, ...]
    also: tuple[str, ...]
    ordered: bool


def _strings(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


@cache
def _sets() -> tuple[_Set, ...]:
    """The table, the longest names first; a name without members is only spelled."""
    listed = at("termsets", "set")
    made = [
        _Set(str(e["name"]), _strings(e["members"]), _strings(e.get("also")), bool(e["ordered"]))
        for e in (listed if isinstance(listed, list) else [])
        if isinstance(e, dict) and e["members"]
    ]
    return tuple(sorted(made, key=lambda one: -len(one.name)))


@cache
def _names() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(one.name) for one in _sets()))


def members(draft: Draft) -> Iterator[Found]:
    """“六稳”（稳就业、稳金融、稳外贸、稳投资、稳预期）: a listed set that is not the one of that name."""
    text = draft.text
    for found in _names().finditer(text):
        one = next(s for s in _sets() if s.name == found.group())
        listed = _listed(text, found.start(), found.end(), one)
        if listed is not None and not any(s.touches(listed) for s in draft.boilerplate):
            wrong = _wrong(listed.of(text), one)
            if wrong:
                yield Found(listed, f"“{one.name}”是{'、'.join(one.members)}；{wrong}。", "likely")


def _listed(text: str, start: int, end: int, one: _Set) -> Span | None:
    """The list the name speaks for: after it in brackets or after a colon, or just before it; most items are members."""
    after = re.compile(r"”?(?:要求|任务|工作)?[（(：]|”?，?即").match(text, end)
    if after is not None:
        close = re.compile(r"[）)。；\n]").search(text, after.end(), after.end() + _REACH)
        span = Span(after.end(), close.start() if close else min(len(text), after.end() + _REACH))
        return span if _alike(span.of(text), one) else None
    before = re.compile(r"[^。；：，（）()\n]{4,120}“?$").search(text, max(0, start - _REACH), start)
    if before is None:
        return None
    words = before.group().rstrip("“").rstrip("等的这")
    return Span(before.start(), before.start() + len(words)) if _alike(words, one) else None


def _items(words: str, one: _Set) -> list[str]:
    """What is listed, the verb before the first member left out (增强政治意识)."""
    items = [item.strip() for item in re.split(r"[、，,和及]|以及", words) if item.strip()]
    names = (*one.members, *one.also)
    first = next((name for name in names if items and items[0].endswith(name)), None)
    return [first, *items[1:]] if first else items


def _alike(words: str, one: _Set) -> bool:
    """Whether the words list this set: more than half of its members stand there, and little else."""
    items = _items(words, one)
    known = [item for item in items if item in one.members or item in one.also]
    return (
        len(items) <= len(one.members) + 1
        and 2 * len(known) > len(one.members)
        and len(known) >= len(items) - 1
    )


def _wrong(words: str, one: _Set) -> str:
    items = _items(words, one)
    if any(item in one.also for item in items):
        return ""
    stray = [item for item in items if item not in one.members]
    missing = [member for member in one.members if member not in items]
    if stray and missing:
        return (
            f"这里把“{missing[0]}”写成了“{stray[0]}”"
            if len(missing) == 1
            else f"这里少了{'、'.join(missing)}"
        )
    if missing:
        return f"这里少了{'、'.join(missing)}"
    if stray:
        return f"“{stray[0]}”不在其中"
    if one.ordered and items != list(one.members):
        return "这里的次序不对"
    return ""


def order(draft: Draft) -> Iterator[Found]:
    """“四个意识”, “四个自信”, “两个维护” in one sentence, in another order than the fixed one."""
    listed = at("termsets", "order")
    for entry in listed if isinstance(listed, list) else []:
        said = _strings(entry["said"]) if isinstance(entry, dict) else ()
        for sentence in draft.sentences:
            words = sentence.of(draft.text)
            if sum(term in words for term in said) < 2:
                continue
            places = [(words.index(term), i) for i, term in enumerate(said) if term in words]
            late = next((pair for pair, after in pairwise(places) if after[0] < pair[0]), None)
            if late is not None:
                start = sentence.start + late[0]
                yield Found(
                    Span(start, start + len(said[late[1]])),
                    f"规范的次序是{'、'.join(f'“{term}”' for term in said)}。",
                    "likely",
                )


RULES = (
    Rule("prose-N2-members", "wrong_word", members),
    Rule("prose-N2-order", "wrong_word", order, "提示"),
)
