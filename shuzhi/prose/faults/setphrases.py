"""Set phrases and idioms of which one character was mistaken for another that sounds or looks like it."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import combinations

from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.model import Draft, Span
from shuzhi.prose.tables import at

_LENGTH = 4
_HALF = 2


@cache
def _listed(name: str) -> tuple[str, ...]:
    return tuple(str(at("setphrases", name)).split())


@cache
def _confused() -> frozenset[str]:
    """Every two characters that are taken for one another, in both orders."""
    pairs = (pair for group in (*_listed("sounds"), *_listed("shapes")) for pair in combinations(group, 2))
    return frozenset(both for a, b in pairs for both in (a + b, b + a))


@cache
def _known() -> frozenset[str]:
    return frozenset((*_listed("idioms"), *_listed("phrases")))


@cache
def _holes() -> dict[str, str]:
    """Each phrase with one character taken out (贯彻*实), and the characters that belong there."""
    made: dict[str, str] = {}
    for phrase in sorted(_known()):
        for i in range(_LENGTH):
            hole = f"{phrase[:i]}*{phrase[i + 1 :]}"
            made[hole] = made.get(hole, "") + phrase[i]
    return made


@cache
def _halves() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """What stands beside the first and beside the second halves of the phrases: one of those two characters is right."""
    firsts: dict[str, set[str]] = {}
    seconds: dict[str, set[str]] = {}
    for phrase in _known():
        firsts.setdefault(phrase[:_HALF], set()).update((phrase[2] + "*", "*" + phrase[3]))
        seconds.setdefault(phrase[_HALF:], set()).update((phrase[0] + "*", "*" + phrase[1]))
    return (
        {half: frozenset(beside) for half, beside in firsts.items()},
        {half: frozenset(beside) for half, beside in seconds.items()},
    )


@cache
def _idioms() -> frozenset[str]:
    return frozenset(_listed("idioms"))


@cache
def _free() -> frozenset[str]:
    return frozenset(_listed("free"))


@cache
def _words() -> frozenset[str]:
    return frozenset(_listed("words"))


def _near(said: str) -> list[str]:
    """The four characters with one taken out, where what is left is that of a phrase."""
    firsts, seconds = _halves()
    near: list[str] = []
    one, other = said[:_HALF], said[_HALF:]
    beside = firsts.get(one)
    if beside is not None:
        near += [one + hole for hole in (other[0] + "*", "*" + other[1]) if hole in beside]
    beside = seconds.get(other)
    if beside is not None:
        near += [hole + other for hole in (one[0] + "*", "*" + one[1]) if hole in beside]
    return near


def _no_word(said: str, i: int) -> bool:
    """Whether the character at `i` can neither stand alone nor make a word with its neighbour."""
    half = said[:_HALF] if i < _HALF else said[_HALF:]
    return half not in _words() and said[i] not in _free()


# These close a word of time or place before the phrase (年底|前完成): they are never the mistaken first character.
_CLOSING = frozenset("底末初月日年季期间前后内外中上下里时")


def meant(said: str) -> str:
    """The set phrase meant by four characters of which one is mistaken; "" if there is none."""
    near = _near(said)
    if not near or said in _known():
        return ""
    for hole in near:
        i = hole.index("*")
        if i == 0 and said[0] in _CLOSING:
            continue
        for right in _holes().get(hole, ""):
            phrase = said[:i] + right + said[i + 1 :]
            if right + said[i] in _confused() and (phrase in _idioms() or _no_word(said, i)):
                return phrase
    return ""


def mistaken(draft: Draft) -> Iterator[Found]:
    """A set phrase with one character mistaken (持之以衡, 贯彻洛实)."""
    text, (firsts, seconds) = draft.text, _halves()
    for start in range(len(text) - _LENGTH + 1):
        if text[start : start + _HALF] not in firsts and text[start + _HALF : start + _LENGTH] not in seconds:
            continue
        phrase = meant(text[start : start + _LENGTH])
        if not phrase:
            continue
        span = Span(start, start + _LENGTH)
        if not _coined(text, span) and not any(s.touches(span) for s in draft.boilerplate):
            yield Found(span, f"“{span.of(text)}”应为“{phrase}”。", "likely")


_NAMED = re.compile(
    r"[^，。；\n]{0,5}(?:》|”(?:品牌|牌|公司|餐厅|饭店|超市|工程|行动|活动|计划|平台|节|大赛|晚会|栏目|系列))"
)


def _coined(text: str, span: Span) -> bool:
    """Whether the words are the name of a thing, which may play on the phrase: “…”品牌, 《…》."""
    opened = max(text.rfind(mark, max(0, span.start - 5), span.start) for mark in "“《")
    return opened >= 0 and _NAMED.match(text, span.end) is not None


RULES = (Rule("prose-N2-phrase", "wrong_word", mistaken),)
