"""Finds the unit a number or a mask is printed in, and tells a unit from the head of a word."""

import re
from dataclasses import dataclass
from functools import cache

from shuzhi.prose.tables import any_of, lists, strings, words

COUNTED = frozenset({"people", "events", "things"})
# The printed variants of one unit.
SAME = {
    "百分点": "个百分点",
    "千分点": "个千分点",
    "工作日": "个工作日",
    "个小时": "小时",
    "/100000": "/10万",
    "元人民币": "元",
}
LOOSE = "余多来几"
# 元/平方米, 吨/日: what one unit is measured against.
_PER = re.compile(
    r"/(?:平方米|平方公里|立方米|标准立方米|公里|小时|分钟|千瓦时|人|户|亩|公顷|吨|公斤|千克|升|日|天|月|年|次|辆|万元|亿元|万人|千人|万车|百户|床)(?![\u4e00-\u9fff]{0,1}级)"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as printed: `text` with its scale (万人), its class of units.toml, where it ends, 余/多 if said."""

    text: str
    base: str
    cls: str
    end: int
    loose: bool = False


@cache
def _classes() -> dict[str, str]:
    made: dict[str, str] = {}
    for cls, bases in lists("units", "classes").items():
        for base in bases:
            made.setdefault(base, cls)
    return made


@cache
def _pattern() -> re.Pattern[str]:
    bases = any_of(tuple(_classes()))
    scales = any_of(words("units", "scales"))
    return re.compile(
        rf"\s?([{LOOSE}]?)({scales}?)([{LOOSE}]?)({bases})|\s?([{LOOSE}]?)({scales})([{LOOSE}]?)"
    )


@cache
def _not_before() -> dict[str, str]:
    return strings("units", "not_before")


@cache
def _but() -> re.Pattern[str]:
    return re.compile(any_of(words("units", "but", "words")))


@cache
def _only_before() -> dict[str, re.Pattern[str]]:
    return {unit: re.compile(any_of(heads)) for unit, heads in lists("units", "only_before").items()}


def unit_at(text: str, place: int) -> Unit | None:
    """The unit that begins at `place` (after 余, 多 or one space), or None."""
    found = _pattern().match(text, place)
    while found is not None:
        scale, base = found.group(2) or found.group(6) or "", found.group(4) or ""
        loose = bool(found.group(1) or found.group(3) or found.group(5) or found.group(7))
        if base and _stands(text, found.end(), base):
            return _whole(text, scale, base, found.end(), loose)
        if base:
            found = _shorter(text, place, base, scale)
            if found is not None:
                continue
            return _bare_scale(text, place) if scale else None
        return Unit(scale, "", "things", found.end(), loose)
    return None


# 2.3个、0.4个和1.1个百分点: each of them is in points.
_SHARED_POINTS = re.compile(
    r"(?:[、和及与][\dXx×〇○□*_△N.]{1,8}个?)*[、和及与][\dXx×〇○□*_△N.]{1,8}个([百千]分点)"
)


def _whole(text: str, scale: str, base: str, end: int, loose: bool) -> Unit:
    """The unit with what it is measured against, if that follows."""
    unit, cls = SAME.get(base, base), _classes()[base]
    if base == "个" and not scale and (shared := _SHARED_POINTS.match(text, end)):
        return Unit("个" + shared.group(1), "个" + shared.group(1), "points", end, loose)
    also = _also().match(text, end) if text[end : end + 1] in ("（", "(") else None
    if also is not None:
        return Unit(scale + unit + also.group(), base, cls, also.end(), loose)
    per = _PER.match(text, end) if text[end : end + 1] == "/" else None
    if per is None:
        return Unit(scale + unit, base, cls, end, loose)
    return Unit(scale + unit + per.group(), base + per.group(), "physical", per.end(), loose)


@cache
def _also() -> re.Pattern[str]:
    """台（套）, 件（批）次: a second counter in brackets."""
    return re.compile(rf"[（(](?:{any_of(tuple(_classes()))}|批|次)[）)]次?")


def _shorter(text: str, place: int, base: str, scale: str) -> re.Match[str] | None:
    """A shorter unit at the same place (人 where 人次 does not fit), or None."""
    for cut in range(len(base) - 1, 0, -1):
        head = base[:cut]
        if head in _classes():
            return _exactly(scale, head).match(text, place)
    return None


@cache
def _exactly(scale: str, base: str) -> re.Pattern[str]:
    return re.compile(rf"\s?([{LOOSE}]?)({re.escape(scale)})([{LOOSE}]?)({re.escape(base)})()()()")


@cache
def _scale() -> re.Pattern[str]:
    return re.compile(rf"\s?([{LOOSE}]?)({any_of(words('units', 'scales'))})")


def _bare_scale(text: str, place: int) -> Unit | None:
    found = _scale().match(text, place)
    return None if found is None else Unit(found.group(2), "", "things", found.end(), bool(found.group(1)))


def _stands(text: str, end: int, base: str) -> bool:
    """Whether `base`, ending at `end`, is a unit and not the head of a longer word (户 in 户籍)."""
    rest = text[end : end + 1]
    if rest and rest in _not_before().get(base, "") and _but().match(text, end - len(base)) is None:
        return False
    only = _only_before().get(base)
    if only is not None and only.match(text, end) is None:
        return False
    return not (base.isascii() and base.isalpha() and rest.isascii() and rest.isalnum())


def class_of(unit: str | None) -> str:
    """The class of a unit text with or without its scale; "" for none."""
    if not unit:
        return ""
    if unit in _classes():
        return _classes()[unit]
    if "/" in unit and class_of(unit.partition("/")[0]):
        return "physical"
    if unit.endswith(("）", ")", "）次")) and not unit.startswith(("（", "(")):
        return class_of(re.split("[（(]", unit)[0])
    for scale in sorted(words("units", "scales"), key=len, reverse=True):
        if unit.startswith(scale) and unit[len(scale) :] in _classes():
            return _classes()[unit[len(scale) :]]
    return ""
