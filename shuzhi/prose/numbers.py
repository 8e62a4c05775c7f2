"""Finds the filled figures of a draft in every writing: 12.5亿元, 百分之三十, 三分之二, 八成, 翻一番, 6%—8%, 1.2万余人."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from shuzhi.prose.glyphs import folded
from shuzhi.prose.model import Span
from shuzhi.prose.numerals import chinese
from shuzhi.prose.tables import any_of, words
from shuzhi.prose.units import Unit, class_of, unit_at
from shuzhi.prose.unmeasured import CHINESE, is_name_part, unmeasured


@dataclass(frozen=True, slots=True)
class Number:
    """A filled figure before it is understood: numeral, numeral with unit, exact value in the printed unit."""

    span: Span
    full: Span
    value: Fraction
    unit: str | None
    cls: str
    form: str
    value_max: Fraction | None = None
    bound: str | None = None


_CN = CHINESE
_D = "一二三四五六七八九"
_NUM = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_DASH = r"[—－\-–~～至到]"

_RANK = re.compile(rf"第(\d+|[{_CN}]+)(?:位|名|(?=[、，。；]))|前(\d+|[{_CN}]+)(?:位|名|强)")
_RANK_CUE = re.compile(r"列|居|位|排|名|获|进|升|跻身|保持|入围|为|至|到")
_PARTS = re.compile(rf"(百|千|万|[{_D}十]+)分之([{_CN}点]+)")
_TENTHS = re.compile(rf"([{_D}两]|\d)成(半)?(?![立为功员都果效本熟品长就套型份])")
_DOUBLED = re.compile(rf"翻了?([{_D}两])(?:[{_D}])?番|翻了?番")
_TIMES = re.compile(rf"([{_D}两十]+)(?:点([{_D}]+))?倍")
_ARABIC = re.compile(rf"(?<![\d.A-Za-z])(?:(?<=[长降幅速减])-)?(?:{_NUM})(?![A-Za-z])")
_CHINESE = re.compile(rf"(?<![{_CN}第几数分])[{_D}两十][{_CN}]*(?:点[{_D}零]+)?")
_ROUGH = re.compile(rf"([{_D}])([{_D}])([十百千万]?)(?=[万余多]?[个名户人家公亩件次项座处吨场起所])")
_SPREAD = re.compile(rf"({_NUM})(万亿|万|亿|%|‰)?([一-龥]{{1,4}}?)?({_DASH})({_NUM})")
_COLONS = re.compile(
    r"(?<![\d.:])\d+(?:\.\d+)?(?=[::][\dXx×〇○□*_])|(?<=[\dXx×〇○□*_][::])\d+(?:\.\d+)?(?![\d.])"
)


def numbers(text: str, skipped: tuple[Span, ...] = ()) -> list[Number]:
    """The filled figures of `text` in order, disjoint; nothing inside `skipped` (carrier text, masks, headings' marks)."""
    norm = folded(text)
    closed = _Closed([(s.start, s.end) for s in skipped])
    found = [number for number in _ranks(norm) if closed.take(number.full)]
    for start, end in unmeasured(norm):
        closed.shut(start, end)
    for finder in (
        _fractions,
        _tenths,
        _doubled,
        _times,
        _zeros,
        _ratios,
        _spreads,
        _arabic,
        _rough,
        _written,
    ):
        found.extend(number for number in finder(norm) if closed.take(number.full))
    return sorted(found, key=lambda number: number.span.start)


class _Closed:
    """Stretches already spoken for."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self.taken = bytearray(max((e for _, e in spans), default=0) + 1)
        for start, end in spans:
            self.shut(start, end)

    def _grow(self, end: int) -> None:
        if end > len(self.taken):
            self.taken.extend(bytes(end - len(self.taken) + 256))

    def shut(self, start: int, end: int) -> None:
        self._grow(end)
        self.taken[start:end] = b"\x01" * (end - start)

    def free(self, start: int, end: int) -> bool:
        self._grow(end)
        return 1 not in self.taken[start:end]

    def take(self, span: Span) -> bool:
        if not self.free(span.start, span.end):
            return False
        self.shut(span.start, span.end)
        return True


def _plain(text: str) -> Fraction:
    return Fraction(text.replace(",", ""))


def _made(
    text: str,
    start: int,
    end: int,
    value: Fraction,
    unit: Unit | None,
    form: str,
    top: Fraction | None = None,
) -> Number:
    stop = unit.end if unit is not None else end
    name = unit.text if unit is not None else None
    return Number(
        Span(start, end),
        Span(start, stop),
        value,
        name,
        unit.cls if unit else "",
        form,
        top,
        bound_of(text, start, stop, unit),
    )


@cache
def _bounds_before() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(any_of(words("numbers", "before", key)) + r"(?:了|到|至)?$"), key)
        for key in ("le", "ge", "lt", "gt", "approx")
    )


@cache
def _bounds_after() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(any_of(words("numbers", "after", key))), key) for key in ("ge", "le", "approx"))


def bound_of(text: str, start: int, stop: int, unit: Unit | None) -> str | None:
    """gt ge lt le approx as said before (超过, 近) or after (以上, 余) the figure, or None."""
    for pattern, key in _bounds_after():
        if pattern.match(text, stop):
            return key
    if unit is not None and unit.loose:
        return "gt"
    left = text[max(0, start - 5) : start]
    for pattern, key in _bounds_before():
        if pattern.search(left):
            return key
    return None


def _ranks(text: str) -> Iterator[Number]:
    for match in _RANK.finditer(text):
        left = text[max(0, match.start() - 8) : match.start()]
        group = 1 if match.group(1) else 2
        value = _number(match.group(group))
        if value is None or match.group().endswith("强"):
            continue
        unit = text[match.end() - 1] if text[match.end() - 1] in "位名" else None
        if not _RANK_CUE.search(left if unit else _clause_before(text, match.start())):
            continue
        start, end = match.span(group)
        yield Number(Span(start, end), Span(start, match.end()), value, unit, "rank", "rank")


def _clause_before(text: str, place: int) -> str:
    """The words of the clause before `place`, if they speak of a rank; bare 第3 needs 位居 or 排名 in its clause."""
    clause = re.split(r"[，。；：\n]", text[max(0, place - 60) : place])[-1]
    return clause if re.search(r"位居|位列|排名|名列|居全|列全", clause) else ""


def _number(text: str) -> Fraction | None:
    return _plain(text) if text[:1].isdigit() else chinese(text)


def _fractions(text: str) -> Iterator[Number]:
    for match in _PARTS.finditer(text):
        whole = {"百": Fraction(100), "千": Fraction(1000), "万": Fraction(10000)}.get(
            match.group(1)
        ) or chinese(match.group(1))
        part = Fraction(100) if match.group(2) == "百" else chinese(match.group(2))
        if whole is None or part is None or whole == 0 or (match.group(1) not in "百千万" and part >= whole):
            continue
        start, end = match.span()
        bound = bound_of(text, start, end, None)
        yield Number(
            Span(start, end), Span(start, end), part * 100 / whole, "%", "percent", "fraction", None, bound
        )


def _tenths(text: str) -> Iterator[Number]:
    for match in _TENTHS.finditer(text):
        digit = _number(match.group(1))
        before = text[match.start() - 1 : match.start()]
        if digit is None or before in tuple(_CN + "有"):
            continue
        value = digit * 10 + (5 if match.group(2) else 0)
        start, end = match.span()
        yield Number(
            Span(start, end),
            Span(start, end),
            value,
            "%",
            "percent",
            "tenths",
            None,
            bound_of(text, start, end, None),
        )


def _doubled(text: str) -> Iterator[Number]:
    for match in _DOUBLED.finditer(text):
        times = _number(match.group(1)) if match.group(1) else Fraction(1)
        if times is None:
            continue
        start, end = match.span()
        more = text.startswith(("还多", "多", "以上"), end)
        value = Fraction((2 ** int(times) - 1) * 100)
        yield Number(
            Span(start, end), Span(start, end), value, "%", "percent", "doubled", None, "gt" if more else None
        )


def _times(text: str) -> Iterator[Number]:
    for match in _TIMES.finditer(text):
        value = chinese(match.group()[:-1])
        if value is not None:
            start, end = match.span()
            yield Number(
                Span(start, end - 1),
                Span(start, end),
                value,
                "倍",
                "multiple",
                "times",
                None,
                bound_of(text, start, end, None),
            )


def _zeros(text: str) -> Iterator[Number]:
    for match in re.finditer("零" + any_of(words("numbers", "zero")), text):
        if text[match.start() - 1 : match.start()] in ("清", "归", "为"):
            continue
        span = Span(match.start(), match.start() + 1)
        yield Number(span, span, Fraction(0), "人" if "学" in match.group() else "起", "people", "zero")


def _ratios(text: str) -> Iterator[Number]:
    for match in _COLONS.finditer(text):
        left = text[max(0, match.start() - 24) : match.start()]
        if re.search(r"结构|比例|之比|构成|比为|比达|调整|优化", left):
            span = Span(*match.span())
            yield Number(span, span, _plain(match.group()), None, "ratio", "ratio")


def _spreads(text: str) -> Iterator[Number]:
    for match in _SPREAD.finditer(text):
        first, middle, second = (
            match.group(1),
            match.group(3) or "",
            match.group(5),
        )
        unit = unit_at(text, match.end())
        if unit is None or (
            text[match.start() - 1 : match.start()].isascii()
            and text[match.start() - 1 : match.start()].isalnum()
        ):
            continue
        if middle and (unit.base != middle or match.group(4) in "至到"):
            continue
        if match.group(4) in "至到" and text[max(0, match.start() - 6) : match.start()].rstrip("的").endswith(
            ("由", "从", "上年", "去年", "年初")
        ):
            continue
        low, high = _plain(first), _plain(second)
        if low < high:
            yield _made(text, match.start(), match.end(), low, unit, "range", high)


def _arabic(text: str) -> Iterator[Number]:
    for match in _ARABIC.finditer(text):
        start, end = match.span()
        if re.fullmatch(r"0\d+", match.group()):
            continue
        unit = unit_at(text, end)
        if unit is None:
            unit = _borrowed(text, end)
            if unit is None and not _bare_value(text, start, end):
                continue
            yield (
                _made(text, start, end, _plain(match.group()), None, "bare")
                if unit is None
                else Number(
                    Span(start, end), Span(start, end), _plain(match.group()), unit.text, unit.cls, "arabic"
                )
            )
            continue
        if is_name_part(text, start, unit):
            continue
        yield _made(text, start, end, _plain(match.group()), unit, "arabic")


def _borrowed(text: str, end: int) -> Unit | None:
    """由1200增加到1500户: the first number takes the unit of the second."""
    match = re.compile(rf"(?:[一-龥]{{0,4}}[到至]|{_DASH})(?:{_NUM})").match(text, end)
    return unit_at(text, match.end()) if match else None


def _bare_value(text: str, start: int, end: int) -> bool:
    """A number without unit measures something only after 指数, 得分, 系数 … and before a stop."""
    left = text[max(0, start - 8) : start]
    return bool(re.search(r"(?:指数|得分|系数|评分|浓度|总分)[一-龥]{0,4}$", left)) and text[
        end : end + 1
    ] in ("，", "。", "；", "、", "", "\n")


def _rough(text: str) -> Iterator[Number]:
    """三四百户, 七八十人: two neighbouring digits name a range."""
    for match in _ROUGH.finditer(text):
        low, high = chinese(match.group(1) + match.group(3)), chinese(match.group(2) + match.group(3))
        unit = unit_at(text, match.end())
        before = text[match.start() - 1 : match.start()]
        if (
            low is None
            or high is None
            or unit is None
            or high - low != (low / int(chinese(match.group(1)) or 1))
            or (before and before in _CN + "第")
        ):
            continue
        yield _made(text, match.start(), match.end(), low, unit, "rough", high)


def _written(text: str) -> Iterator[Number]:
    """一百二十户, 三点五万亩, 三次: Chinese numerals with a unit; small ones only with a concrete unit."""
    concrete = words("units", "concrete", "units")
    for match in _CHINESE.finditer(text):
        start, end = match.span()
        body = match.group()
        unit = unit_at(text, end)
        while (
            body and body[-1] in "万亿" and len(body) > 1 and class_of(body[-1] + (unit.text if unit else ""))
        ):
            body, end = body[:-1], end - 1
            unit = unit_at(text, end)
        value = chinese(body)
        if value is None or unit is None or is_name_part(text, start, unit):
            continue
        if value <= 10 and (unit.text not in concrete or body == "一" or _set_phrase(text, start, unit)):
            continue
        if unit.base in ("方面", "大", "级", "届"):
            continue
        yield _made(text, start, end, value, unit, "written")


def _set_phrase(text: str, start: int, unit: Unit) -> bool:
    before, after = text[start - 1 : start], text[unit.end : unit.end + 1]
    return before in tuple("每第这那上下头末首再另某各“前后双统同唯") or (
        unit.base == "次" and after in tuple("产供分性创")
    )
