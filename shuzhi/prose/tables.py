"""Reads the word tables beside this package and turns them into matchers, once per process."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import TypeAlias

Value: TypeAlias = "str | int | bool | list[Value] | dict[str, Value]"


@cache
def table(name: str) -> dict[str, Value]:
    """The data table `name` (a TOML file under `shuzhi/prose/data`)."""
    text = resources.files("shuzhi.prose").joinpath("data", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def at(name: str, *path: str) -> Value:
    """The value at `path` of table `name`; a missing key is a fault of the package and raises KeyError."""
    value: Value = table(name)
    for key in path:
        if not isinstance(value, dict):
            raise KeyError(f"{name}: {'.'.join(path)}")
        value = value[key]
    return value


@cache
def words(name: str, *path: str) -> tuple[str, ...]:
    """The list of words at `path` of table `name`, in the order of the file; a long one is written as a text of words."""
    value = at(name, *path)
    if isinstance(value, str):
        return tuple(value.split())
    if not isinstance(value, list):
        raise TypeError(f"{name}: {'.'.join(path)} is no list")
    return tuple(str(item) for item in value)


@cache
def listed(name: str, *path: str) -> frozenset[str]:
    """The words of the list at `path` of table `name`, for asking whether one is among them."""
    return frozenset(words(name, *path))


def strings(name: str, *path: str) -> dict[str, str]:
    """The string-to-string table at `path` of table `name`."""
    value = at(name, *path)
    if not isinstance(value, dict):
        raise TypeError(f"{name}: {'.'.join(path)} is no table")
    return {key: str(item) for key, item in value.items()}


def lists(name: str, *path: str) -> dict[str, tuple[str, ...]]:
    """The table of word lists at `path` of table `name`."""
    value = at(name, *path)
    if not isinstance(value, dict):
        raise TypeError(f"{name}: {'.'.join(path)} is no table")
    return {key: words(name, *path, key) for key in value}


def any_of(items: tuple[str, ...]) -> str:
    """A regular expression group matching any of `items`, the longest first."""
    return "(?:" + "|".join(re.escape(item) for item in sorted(set(items), key=lambda w: (-len(w), w))) + ")"


@cache
def matcher(name: str, *path: str) -> re.Pattern[str]:
    """A compiled matcher for any word of the list at `path` of table `name`."""
    return re.compile(any_of(words(name, *path)))


class Lexicon:
    """Some words, told from a place of a text on as a pattern of all of them would (:func:`any_of`), by looking them up: for
    many hundreds of words that need no compiling, and is faster where most places begin none of them.
    """

    def __init__(self, items: Iterable[str]) -> None:
        self._words: dict[str, list[str]] = {}
        for word in sorted(set(items), key=len, reverse=True):
            self._words.setdefault(word[0], []).append(word)

    def ends(self, text: str, place: int) -> list[int]:
        """Where the words that begin at a place end, the longest first."""
        begun = self._words.get(text[place : place + 1])
        return [place + len(word) for word in begun if text.startswith(word, place)] if begun else []

    def at(self, text: str, place: int) -> bool:
        """Whether one of the words begins at a place."""
        return bool(self.ends(text, place))


@cache
def lexicon(name: str, *path: str) -> Lexicon:
    """The words of the list at `path` of table `name`, to be looked up in a text."""
    return Lexicon(words(name, *path))
