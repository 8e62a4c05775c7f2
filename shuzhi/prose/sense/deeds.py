"""Tells what was done (新建, 排查整治, 改造提升了): chains of deeds, word by word, and how they were done.

The verbs are many hundreds. They are looked up where a word may begin, not compiled into patterns: a pattern of all of them,
three times over, took longer to make than a report to read.
"""

import re
from collections.abc import Iterator
from functools import cache

from shuzhi.prose.tables import Lexicon, lexicon, words

_LONGEST_CHAIN = 3
_DONE = ("到位", "成功", "完毕", "完成")
"""What a deed came to: 整改到位, 调解成功."""
# Behind a verb these make a noun of the two, unless the verb can be nothing else.
_MADE = re.compile(
    r"报告|收入|支出|面积|总额|资金|经费|资料|材料|方案|体会|文章|信息|教材|人员|队伍|率|费|款|额"
)


@cache
def _every() -> Lexicon:
    return Lexicon((*words("phrases", "verbs", "action"), *words("phrases", "verbs", "light")))


@cache
def _sure() -> Lexicon:
    """Verbs that are never nouns."""
    every = (*words("phrases", "verbs", "action"), *words("phrases", "verbs", "light"))
    return Lexicon(set(every) - set(words("phrases", "verbs", "nounlike")))


@cache
def _behind() -> Lexicon:
    return Lexicon(set(words("phrases", "verbs", "action")) - set(words("phrases", "verbs", "nounlike")))


def came_to(text: str) -> bool:
    """Whether `text` is what a deed came to (到位)."""
    return text in _DONE


def ways(text: str, place: int) -> Iterator[int]:
    """Where chains of deeds that begin at `place` end, the longest verbs first; a noun that looks like a deed begins none."""
    if lexicon("phrases", "verbs", "nouns").at(text, place):
        return
    for start in (place + 1, place) if text.startswith("新", place) else (place,):
        for end in _every().ends(text, start):
            yield from _chained(text, end, _LONGEST_CHAIN)


def _chained(text: str, place: int, left: int) -> Iterator[int]:
    """The ends of what may follow a deed: further deeds, then 了 or 过."""
    if left:
        for end in _linked(text, place):
            yield from _chained(text, end, left - 1)
    if text.startswith(("了", "过"), place):
        yield place + 1
    yield place


def _linked(text: str, place: int) -> Iterator[int]:
    """The ends of a further deed: any that is joined by a word, or one that is surely no noun."""
    if text.startswith(("、", "和", "及", "并"), place):
        if text.startswith(("新", "改"), place + 1):
            yield from _every().ends(text, place + 2)
        yield from _every().ends(text, place + 1)
    for end in _sure().ends(text, place):
        if not lexicon("phrases", "verbs", "nouns").at(text, end) and _MADE.match(text, end) is None:
            yield end


def deed(text: str) -> str:
    """The chain of deeds `text` begins with, or ""."""
    return text[: next(ways(text, 0), 0)]


def deeds(text: str) -> Iterator[tuple[int, int]]:
    """Where the chains of deeds in `text` begin and end, from left to right."""
    place = 0
    while place < len(text):
        end = next(ways(text, place), 0)
        if end:
            yield place, end
        place = end or place + 1


def single_deeds(text: str) -> Iterator[tuple[int, int]]:
    """Where verbs of two characters and more in `text` begin and end, told from left to right, the longest first."""
    place = 0
    while place < len(text):
        end = next((end for end in _every().ends(text, place) if end > place + 1), 0)
        if end:
            yield place, end
        place = end or place + 1


def is_deed(text: str, place: int = 0) -> bool:
    """Whether the whole of `text`, from `place` on, is a chain of deeds."""
    return len(text) in ways(text, place)


def could_be_noun(text: str) -> bool:
    """Whether the whole of `text` is one to three deeds that are nouns as well (培训, 调查研究)."""
    book, ends = lexicon("phrases", "verbs", "nounlike"), {0}
    for _ in range(_LONGEST_CHAIN):
        ends = {end for place in ends for end in book.ends(text, place)}
        if len(text) in ends:
            return True
    return False


def deed_behind(text: str) -> int:
    """Where the deed that ends `text` begins (整改任务完成了: at 完成), or -1."""
    return next((place for place in range(len(text)) if _ends_behind(text, place)), -1)


def _ends_behind(text: str, place: int) -> bool:
    book = _behind()
    for end in book.ends(text, place):
        if any(_closed(text, last) for last in (*book.ends(text, end), end)):
            return True
    return False


def _closed(text: str, place: int) -> bool:
    """Whether no more follows but what the deed came to, 了 or 过."""
    rest = text[place:]
    return (rest[:-1] if rest.endswith(("了", "过")) else rest) in ("", *_DONE)


def unmannered(text: str) -> str:
    """`text` without how a deed was done, where that opens it (按期办结, 联合开展)."""
    for end in lexicon("phrases", "manner").ends(text, 0):
        if any(not text.startswith(("率", "度"), last) for last in _every().ends(text, end)):
            return text[end:]
    return text
