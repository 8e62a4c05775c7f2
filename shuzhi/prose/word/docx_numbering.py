"""The numbers Word puts before paragraphs by itself (一、 （一） 1.): they stand in no run, yet every reader sees them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# “Strict Open XML”, which Word offers when saving: the same elements under another name.
STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
          (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip
_LEVELS = 9
_LONGEST = 40
"""Characters of a pattern: Word prints no longer number, and a hostile one must not fill the memory."""


def _chinese(number: int) -> str:
    """一, 十二, 二十, 一百零五; beyond 999 digit by digit."""
    if not 0 < number < 1000:
        return "".join(_DIGITS[int(d)] for d in str(number))
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    made = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        made += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        made += "零"
    return made + (_DIGITS[ones] if ones else "")


def _letters(number: int) -> str:
    """A … Z, AA, BB: as Word counts."""
    return chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    made = ""
    for value, sign in _ROMAN:
        made += sign * (number // value)
        number %= value
    return made


_WRITTEN: dict[str, Callable[[int], str]] = {
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "taiwaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "ideographDigital": lambda n: "".join(_DIGITS[int(d)] for d in str(n)),
    "chineseLegalSimplified": lambda n: "".join(_LEGAL[int(d)] for d in str(n)),
    "ideographTraditional": lambda n: _STEMS[(n - 1) % len(_STEMS)],
    "decimalFullWidth": lambda n: "".join(chr(ord("０") + int(d)) for d in str(n)),
    "decimalEnclosedCircle": lambda n: chr(ord("①") + n - 1) if n <= 20 else str(n),
    "decimalEnclosedCircleChinese": lambda n: chr(ord("①") + n - 1) if n <= 20 else str(n),
    "decimalZero": lambda n: f"{n:02}",
    "upperLetter": _letters,
    "lowerLetter": lambda n: _letters(n).lower(),
    "upperRoman": _roman,
    "lowerRoman": lambda n: _roman(n).lower(),
    "none": lambda n: "",
}


@dataclass(frozen=True, slots=True)
class _Level:
    """How a level of a list counts: its first number, its numerals, its pattern (%1、), the style that uses it."""

    start: int = 1
    numerals: str = "decimal"
    pattern: str = ""
    style: str = ""
    legal: bool = False
    restarts: bool = True


@dataclass(slots=True)
class Numbering:
    """Counts the numbered paragraphs of one document, in the order in which they are asked for.

    `lists` are the levels of every list, `used` the list each number id uses and where it begins anew, `styles` the
    (number id, level, style it rests on) of every paragraph style.
    """

    lists: dict[str, dict[int, _Level]] = field(default_factory=dict)
    used: dict[str, tuple[str, dict[int, int]]] = field(default_factory=dict)
    styles: dict[str, tuple[str, int | None, str]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def label(self, paragraph: Element) -> str:
        """What Word prints before `paragraph` ("" where it is not numbered, or has a bullet)."""
        number, level = self._asked(paragraph)
        if number not in self.used or not 0 <= level < _LEVELS:
            return ""
        name, anew = self.used[number]
        levels = self.lists.get(name, {})
        how = levels.get(level, _Level())
        counts = self._counts.setdefault(name, {})
        if level in anew and (number, level) not in self._begun:
            counts[level] = anew[level] - 1
        self._begun.add((number, level))
        counts[level] = counts.get(level, how.start - 1) + 1
        for deeper in [one for one in counts if one > level and levels.get(one, how).restarts]:
            del counts[deeper]
        if how.numerals == "bullet":
            return ""
        made = re.sub(r"%([1-9])", lambda m: self._written(int(m[1]) - 1, levels, counts, how), how.pattern)
        # 1. before 2025年 must not become one number.
        return f"{made} " if made[-1:].isascii() and made else made

    def _written(self, level: int, levels: dict[int, _Level], counts: dict[int, int], asking: _Level) -> str:
        how = levels.get(level, _Level())
        number = max(0, counts.get(level, how.start))
        return str(number) if asking.legal else _WRITTEN.get(how.numerals, str)(number)

    def _asked(self, paragraph: Element) -> tuple[str, int]:
        """The number id and level of a paragraph, its own or those of its style."""
        properties = _child(paragraph, "pPr")
        own = _child(properties, "numPr")
        number, level = _value(_child(own, "numId")), _whole(_value(_child(own, "ilvl")))
        if number:
            return number, level or 0
        style = _value(_child(properties, "pStyle"))
        for _ in range(_LEVELS):
            if style not in self.styles:
                break
            number, at, rests = self.styles[style]
            if number:
                told = at if level is None else level
                return number, self._level_of(number, style) if told is None else told
            style = rests
        return "", 0

    def _level_of(self, number: str, style: str) -> int:
        levels = self.lists.get(self.used.get(number, ("", {}))[0], {})
        return next((level for level, how in levels.items() if how.style == style), 0)


def numbering(listed: Element | None, styled: Element | None) -> Numbering:
    """The numbering of a document from the roots of its parts numbering.xml and styles.xml (None: it has none)."""
    made = Numbering()
    for root in _children(listed, "abstractNum"):
        levels = ((_whole(_own(level, "ilvl")), level) for level in _children(root, "lvl"))
        made.lists[_own(root, "abstractNumId")] = {
            at: _level(level) for at, level in levels if at is not None
        }
    for row in _children(listed, "num"):
        changes = [
            (_whole(_own(change, "ilvl")), _whole(_value(_child(change, "startOverride"))))
            for change in _children(row, "lvlOverride")
        ]
        anew = {at: start for at, start in changes if at is not None and start is not None}
        made.used[_own(row, "numId")] = (_value(_child(row, "abstractNumId")), anew)
    for style in _children(styled, "style"):
        properties = _child(_child(style, "pPr"), "numPr")
        made.styles[_own(style, "styleId")] = (
            _value(_child(properties, "numId")),
            _whole(_value(_child(properties, "ilvl"))),
            _value(_child(style, "basedOn")),
        )
    return made


def _level(element: Element) -> _Level:
    start = _whole(_value(_child(element, "start")))
    return _Level(
        1 if start is None else start,
        _value(_child(element, "numFmt")) or "decimal",
        _value(_child(element, "lvlText"))[:_LONGEST],
        _value(_child(element, "pStyle")),
        _child(element, "isLgl") is not None,
        _value(_child(element, "lvlRestart")) != "0",
    )


def _children(parent: Element | None, name: str) -> list[Element]:
    wanted = (WORD + name, STRICT + name)
    return [] if parent is None else [child for child in parent if child.tag in wanted]


def _child(parent: Element | None, name: str) -> Element | None:
    return next(iter(_children(parent, name)), None)


def _own(element: Element, name: str) -> str:
    return element.get(WORD + name) or element.get(STRICT + name) or ""


def _whole(text: str) -> int | None:
    """A number as Word writes it (0 to 32767); None for anything else."""
    found = int(text) if text.isascii() and text.isdecimal() and len(text) <= 5 else None
    return found if found is not None and found <= 32767 else None


def _value(element: Element | None) -> str:
    return "" if element is None else _own(element, "val")
