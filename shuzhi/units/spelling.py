"""The initials of a name in pinyin, by which offices are used to find a unit: 明澜县 is mlx."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin


@lru_cache(maxsize=65536)
def initials(name: str) -> str:
    """The first letters of a name's syllables, at most 100; names of places read as such (重庆 is cq, 六安 la).

    Characters without a reading (rare ones beyond the tables, digits) stand for themselves.
    """
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()[:100]
