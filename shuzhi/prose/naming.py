"""What a masked name asks for: a name of one's own, a place, one of the things counted beside it, a thing of some noun."""

import re
from dataclasses import dataclass
from functools import cache

from shuzhi.prose.concepts import folded_words
from shuzhi.prose.model import Draft, Figure, Slot
from shuzhi.prose.tables import any_of, lists, words

_AROUND = 14
_MASKED = re.compile(r"[XxＸ×〇○□＿_*＊某]+|[0-9０-９.．,，]+")
_NOUN = re.compile(r"[\u4e00-\u9fff“”（）·—]+")
_LONGEST_NOUN = 14
# The year a yearly item carries is no part of its name.
_DATED = re.compile(r"（20\d\d年?）|^20\d\d年(?=[\u4e00-\u9fff]{4})")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a name is asked of.

    ``own`` is the mark of division behind the name of one's own county ("" where none stands there; None: it is no such
    name); ``head`` the noun that ends the name itself (项目, 路, 村); ``noun`` what the things named are called (重点旅游
    项目), ``listed`` whether more are meant than are named; ``beside`` the place that counts them; ``deed`` what is
    said to have been built or mended, and ``built`` the endings of names of such things (patterns).
    """

    own: str | None = None
    head: str = ""
    noun: str = ""
    listed: bool = False
    beside: Slot | Figure | None = None
    deed: str = ""
    built: tuple[str, ...] = ()


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(any_of(words("names", name)))


def asked(draft: Draft, slot: Slot) -> Asked:
    """What a masked name of a draft asks for, by the words around it."""
    text = draft.text
    end = _sentence_end(draft, slot)
    left = text[max(0, slot.span.start - _AROUND) : slot.span.start]
    right = text[slot.span.end : min(end, slot.span.end + 40)].lstrip("”》")
    division = _pattern("divisions").match(right)
    if division:
        return Asked(own=division.group())
    before = re.compile(any_of(words("names", "own_before")) + r"[“《]?$")
    if before.search(left):
        return Asked(own="")
    clause = text[slot.span.end : max(slot.span.end, slot.clause.end)]
    deed = next((word for word in lists("names", "built") if word in clause[:_AROUND]), "")
    built = words("names", "built", deed) if deed else ()
    deed = deed or _deed(clause)
    others = _pattern("and_others").search(right[:8])
    head = _head(slot, right[: others.start()] if others else right)
    noun = _noun(_past_count(right[others.end() :])) if others else _quoted_noun(left)
    return Asked(None, head, noun, others is not None, _beside(draft, slot, end), deed, built)


def dated_thing(slot: Slot) -> tuple[str, str]:
    """The thing a masked date is said of, and what became of it then (东干渠续建工程, 建成投用); "" where none is named."""
    said = slot.meaning.quantity
    found = _pattern("deeds").search(said)
    return (said[: found.start()], said[found.start() :]) if found else ("", "")


def _deed(clause: str) -> str:
    """What is said to have become of the things named (建成投用)."""
    found = _pattern("deeds").search(clause)
    return found.group() if found else ""


def _head(slot: Slot, right: str) -> str:
    """The noun that ends the name: the mark of a place as the reader knows it (路, 村, 街道), or all of the noun behind."""
    short = slot.meaning.quantity.removesuffix("名称")
    known = len(short) == 1 or short in words("names", "below")
    return short if known and right.startswith(short) else _noun(right)


def _sentence_end(draft: Draft, slot: Slot) -> int:
    return next(
        (span.end for span in draft.sentences if span.start <= slot.span.start < span.end), slot.clause.end
    )


def _past_count(words_behind: str) -> str:
    """The noun behind a count (X个项目), without the count and its counter."""
    found = re.match(
        r"\s*(?:[XxＸ×〇○□＿_*＊某0-9]+\s*(?:个|家|项|件|场次|场|次|条|户|座|处|名|种)?)", words_behind
    )
    return words_behind[found.end() :] if found else words_behind


def _noun(said: str) -> str:
    """The noun that opens the words, without praise before and what was done to it behind."""
    found = _NOUN.match(said.lstrip())
    noun = found.group() if found else ""
    while True:
        cut = re.sub(rf"^(?:{'|'.join(map(re.escape, words('names', 'praise')))})", "", noun)
        if cut == noun:
            break
        noun = cut
    stop = _pattern("noun_ends").search(noun)
    noun = noun[: stop.start()] if stop and stop.start() else "" if stop else noun
    return noun if len(noun) <= _LONGEST_NOUN else ""


def _quoted_noun(left: str) -> str:
    """A title in book marks is that of a document; a single name (XX路) has no noun of many."""
    return "政策文件" if left.endswith("《") else ""


def _beside(draft: Draft, slot: Slot, end: int) -> Slot | Figure | None:
    """The place behind a list of names that counts the things named: XX等X个项目, XX项目等、总投资X亿元."""
    following = [item for item in draft.items() if slot.span.end <= item.span.start < end]
    if not following or following[0].meaning.kind == "name":
        return None
    between = draft.text[slot.span.end : following[0].span.start]
    return following[0] if len(between) <= _AROUND and _pattern("and_others").search(between) else None


def nearest(draft: Draft, slot: Slot) -> list[Slot | Figure]:
    """The figures of the same sentence, the nearest first; those behind before those in front."""
    here = next((s for s in draft.sentences if s.start <= slot.span.start < s.end), slot.clause)
    inside = [
        item
        for item in draft.items()
        if here.start <= item.span.start < here.end and item.meaning.kind != "name"
    ]
    behind = [item for item in inside if item.span.start > slot.span.start]
    return behind + [item for item in reversed(inside) if item.span.start < slot.span.start]


def name_key(draft: Draft, slot: Slot) -> str:
    """The key a name is remembered under: the words around it, free of numbers and masks, the same next year."""
    left = draft.text[max(slot.clause.start, slot.span.start - _AROUND) : slot.span.start]
    right = draft.text[slot.span.end : min(slot.clause.end, slot.span.end + _AROUND)]
    plain = [folded_words(_MASKED.sub("", part)) for part in (left, right)]
    return f"{plain[0]}〔〕{plain[1]}|name|"


def fitted(title: str, head: str) -> str:
    """A name as it stands before the noun that ends it in the text: 城南污水处理厂项目 before 项目 is 城南污水处理厂."""
    plain = _DATED.sub("", title.strip().strip("《》“”"))
    if head and plain.endswith(head) and len(plain) > len(head):
        return plain[: -len(head)]
    return plain


def stem(name: str) -> str:
    """The name of a division without its mark: 明澜县 is 明澜; a name of two characters keeps it."""
    for mark in words("names", "divisions"):
        if name.endswith(mark) and len(name) - len(mark) >= 2:
            return name[: -len(mark)]
    return name
