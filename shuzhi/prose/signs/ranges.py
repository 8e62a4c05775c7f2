"""Figures with two ends or several members: 6%—8%, 三四百, 十到十五, 13.1:46.8:40.1."""

import re
from collections.abc import Iterator

from shuzhi.prose.model import Span
from shuzhi.prose.signs.numerals import chinese
from shuzhi.prose.signs.quantity import DASH, PLAIN, Number, made, number_of, plain
from shuzhi.prose.signs.units import unit_at
from shuzhi.prose.signs.unmeasured import CHINESE, is_name_part

_D = "一二三四五六七八九"
_N = rf"(?:{PLAIN}|[{_D}两十][{CHINESE}]*)"
_SPREAD = re.compile(
    rf"(?<![\d.A-Za-z{CHINESE}])({PLAIN})(万亿|万|亿|%|‰)?([一-龥]{{1,4}}?)?({DASH})({PLAIN})"
    rf"|(?<![\d.第{CHINESE}])([{_D}两十][{CHINESE}]*)()()([至到])([{_D}两十][{CHINESE}]*)"
)
# From one state to another is no range: 由5个增加到8个, 上年的3%至5%.
_CHANGE = ("由", "从", "上年", "去年", "年初", "上升", "下降", "提高")
_ROUGH = re.compile(rf"([{_D}两])([{_D}])([十百千万]?)(?=[万余多]?(?:[一-龥]|平方))")
_DRAWN = r"[Xx×〇○□*_.]+"
_CHAIN = re.compile(
    rf"(?<![\d.:A-Za-z])(?:\d+(?:\.\d+)?|{_DRAWN})(?:[::](?:\d+(?:\.\d+)?|{_DRAWN})){{1,4}}(?![\d.:])"
)
_RATIO_CUE = re.compile(
    r"结构|比例|之比|构成|比为|比达|比重|配比|收入比|比[由从]|[一-龥]比(?:为|是|达|达到)?$|调整|优化"
)


def ratios(text: str) -> Iterator[Number]:
    """The members of a ratio a:b:c that are filled; a time of the day (9:30) is none."""
    for match in _CHAIN.finditer(text):
        left = text[max(0, match.start() - 24) : match.start()]
        if not _RATIO_CUE.search(left) and match.group().count(":") < 2:
            continue
        place = match.start()
        parts = match.group().split(":")
        for part in parts:
            # 1.84:1 and 118:100 say one number, measured against a round one.
            if len(parts) == 2 and part in ("1", "100"):
                place += len(part) + 1
                continue
            if part[:1].isdigit() and part[-1:].isdigit() and part.replace(".", "", 1).isdigit():
                span = Span(place, place + len(part))
                yield Number(span, span, plain(part), None, "ratio", "ratio")
            place += len(part) + 1


def spreads(text: str) -> Iterator[Number]:
    """6%—8%, 1.4万—2.1万元, 3至5个, 十到十五人."""
    for match in _SPREAD.finditer(text):
        base = 0 if match.group(1) else 5
        first, scale, middle, dash, second = (match.group(base + i) or "" for i in range(1, 6))
        unit = unit_at(text, match.end())
        left = text[max(0, match.start() - 6) : match.start()]
        if unit is None or (left.rstrip("的").endswith(_CHANGE) and dash in "至到"):
            continue
        if middle and unit.base != middle and unit.text != scale + middle:
            continue
        if middle and dash in "至到" and any(word in left for word in _CHANGE):
            continue
        low, high = number_of(first), number_of(second)
        if is_name_part(text, match.start(), unit):
            continue
        if low is not None and high is not None and low < high:
            yield made(text, match.start(), match.end(), low, unit, "range", high)


def rough(text: str) -> Iterator[Number]:
    """三四百户, 七八十人, 三五户: two neighbouring digits name a range."""
    for match in _ROUGH.finditer(text):
        one, two, scale = match.groups()
        before = text[match.start() - 1 : match.start()]
        if (before and before in CHINESE + "第数几点") or not _neighbours(one, two):
            continue
        low, high = chinese(one + scale), chinese(two + scale)
        end = match.end()
        if scale == "万" and unit_at(text, end - 1) is not None:
            low, high, end = chinese(one), chinese(two), end - 1
        unit = unit_at(text, end)
        if low is not None and high is not None and unit is not None:
            yield made(text, match.start(), end, low, unit, "rough", high)


def _neighbours(one: str, two: str) -> bool:
    low, high = chinese(one), chinese(two)
    return low is not None and high is not None and (high - low == 1 or (one, two) == ("三", "五"))
