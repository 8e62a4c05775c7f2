"""From TOML tables to frozen definitions: the fields of the dataclasses are the keys that may be written."""

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING as UNSET
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import NoReturn, TypeVar, cast, get_args, get_origin, get_type_hints

from shuzhi.kernel.catalogue import definitions as d
from shuzhi.kernel.catalogue.grounds import Expression
from shuzhi.kernel.expr.lexer import ExpressionError
from shuzhi.kernel.expr.parse import parse
from shuzhi.kernel.expr.types import like

T = TypeVar("T")
Report = Callable[[str, str, str, str], None]
"""Takes a finding's id, message, hint and key."""


class Wrong(Exception):
    """A value that cannot be used; what is wrong has been reported."""


# (class, key) -> the texts allowed there
ALLOWED: dict[tuple[type, str], tuple[str, ...]] = {
    (d.Kind, "shape"): d.SHAPES,
    (d.Kind, "visibility"): d.VISIBILITIES,
    (d.Kind, "receives"): ("", *d.RECEIVED),
    (d.Field, "type"): d.FIELD_TYPES,
    (d.Field, "takes"): ("", *d.TAKES),
    (d.Field, "personal"): ("", "name", "phone", "address", "text"),
    (d.Stage, "by"): d.ACTS,
    (d.Duty, "reach"): d.REACHES,
    (d.Clock, "per"): d.CLOCK_UNITS,
    (d.Expect, "every"): d.PERIODS,
    (d.Expect, "of"): d.UNIT_LEVELS,
    (d.Light, "colour"): d.COLOURS,
    (d.Check, "severity"): d.SEVERITIES,
    (d.FigureKind, "measures"): d.MEASURES,
    (d.Indicator, "measures"): d.MEASURES,
    (d.Indicator, "frequency"): d.FREQUENCIES,
    (d.Indicator, "temporal"): d.TEMPORALS,
    (d.Indicator, "growth"): d.GROWTHS,
    (d.Indicator, "direction"): d.DIRECTIONS,
    (d.Indicator, "estimate"): d.ESTIMATES,
}


@cache
def _hints(cls: type) -> Mapping[str, object]:
    return get_type_hints(cls)


def build(cls: type[T], table: Mapping[str, object], report: Report, key: str = "") -> T:
    """A definition from its table; every fault is reported under its key, then Wrong is raised once."""
    if not is_dataclass(cls):
        raise TypeError(f"{cls.__name__} is no definition")
    known = {item.name: item for item in fields(cls)}
    wrong = False
    for name in table:
        if name not in known:
            report("catalogue.unknown-key", f"不认识的键“{name}”", like(name, known), under(key, name))
            wrong = True
    values: dict[str, object] = {}
    for name, item in known.items():
        if name in table:
            try:
                values[name] = _value(cls, name, table[name], report, under(key, name))
            except Wrong:
                wrong = True
        elif item.default is UNSET and item.default_factory is UNSET:
            report("catalogue.missing-key", f"缺少“{name}”", "这一项必须写明", under(key, name))
            wrong = True
    if wrong:
        raise Wrong
    return cast(T, cls(**values))


def under(key: str, name: str) -> str:
    """A key inside another: ``stages.验收`` + ``gate``."""
    return f"{key}.{name}" if key else name


def _refuse(report: Report, key: str, should: str, raw: object) -> NoReturn:
    report("catalogue.wrong-type", f"应为{should}，却是{_sort_of(raw)}", f"现在写的是 {raw!r:.60}", key)
    raise Wrong


def _sort_of(raw: object) -> str:
    words: dict[type, str] = {bool: "是非", str: "文字", int: "整数", float: "小数", list: "列表", dict: "表"}
    return words.get(type(raw), "日期" if isinstance(raw, date) else "别的值")


def _value(cls: type, name: str, raw: object, report: Report, key: str) -> object:
    if cls is d.Parameter and name == "values":
        return _dated(raw, report, key)
    if (
        (cls, name) in ((d.Clock, "limit"), (d.Expect, "at_least"))
        and isinstance(raw, int)
        and not isinstance(raw, bool)
    ):
        raw = str(raw)
    value = _convert(_hints(cls)[name], raw, report, key)
    allowed = ALLOWED.get((cls, name))
    if allowed is not None and value not in allowed:
        hint = like(str(value), [word for word in allowed if word])
        report(
            "catalogue.wrong-value",
            f"“{value}”不在可用的值里",
            f"{hint} 可用：{'、'.join(filter(None, allowed))}",
            key,
        )
        raise Wrong
    return value


def _convert(hint: object, raw: object, report: Report, key: str) -> object:
    """The value as the type hint wants it; reports and raises Wrong otherwise."""
    arguments = get_args(hint)
    if isinstance(hint, types.UnionType):
        return _convert(arguments[0], raw, report, key)
    if get_origin(hint) is tuple:
        return _many(arguments[0], raw, report, key)
    if get_origin(hint) is Mapping:
        if not isinstance(raw, dict):
            _refuse(report, key, "表", raw)
        made = {name: _convert(arguments[1], item, report, under(key, name)) for name, item in raw.items()}
        return types.MappingProxyType(made)
    if hint is Expression:
        return _expression(raw, report, key)
    if isinstance(hint, type) and is_dataclass(hint):
        return build(hint, raw, report, key) if isinstance(raw, dict) else _refuse(report, key, "表", raw)
    return _plain(hint, raw, report, key)


def _plain(hint: object, raw: object, report: Report, key: str) -> object:
    plain = {str: "文字（加引号）", bool: "true 或 false", int: "整数", date: "日期"}
    for sort, should in plain.items():
        if hint is sort:
            fits = isinstance(raw, sort) and not (sort is int and isinstance(raw, bool))
            return raw if fits and not isinstance(raw, datetime) else _refuse(report, key, should, raw)
    raise TypeError(f"no conversion for {hint!r}")


def _many(hint: object, raw: object, report: Report, key: str) -> tuple[object, ...]:
    if not isinstance(raw, list):
        _refuse(report, key, "列表", raw)
    made: list[object] = []
    wrong = False
    for number, item in enumerate(raw, 1):
        own = item.get("code", item.get("name")) if isinstance(item, dict) else None
        try:
            made.append(
                _convert(hint, item, report, under(key, own) if isinstance(own, str) else f"{key}[{number}]")
            )
        except Wrong:
            wrong = True
    if wrong:
        raise Wrong
    return tuple(made)


def _expression(raw: object, report: Report, key: str) -> Expression:
    if not isinstance(raw, str):
        _refuse(report, key, "公式（加引号的文字）", raw)
    try:
        return Expression(raw, parse(raw))
    except ExpressionError as error:
        place = f"第{error.column}个字：" if error.column else ""
        report("catalogue.unreadable-formula", f"公式读不懂：{place}{error.message}", error.hint or raw, key)
        raise Wrong from None


def _dated(raw: object, report: Report, key: str) -> tuple[tuple[date, str], ...]:
    """The values of a parameter: ``[{ from = 2025-01-01, value = "30" }]``, put in the order of their days."""
    made: list[tuple[date, str]] = []
    for number, item in enumerate(raw if isinstance(raw, list) else [raw], 1):
        place = f"{key}[{number}]"
        if not isinstance(item, dict) or set(item) != {"from", "value"}:
            _refuse(report, place, '{ from = 日期, value = "数" }', item)
        since, text = item["from"], item["value"]
        if not isinstance(since, date) or isinstance(since, datetime):
            _refuse(report, f"{place}.from", "日期", since)
        if not isinstance(text, str):
            _refuse(report, f"{place}.value", "文字（加引号）", text)
        made.append((since, text))
    if not made:
        _refuse(report, key, "至少一个值", raw)
    return tuple(sorted(made))
