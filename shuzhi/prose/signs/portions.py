"""Figures said as portions and multiples: 百分之三十, 三分之二, 1/3, 八成, 半数, 翻一番, 三倍."""

import re
from collections.abc import Iterator
from fractions import Fraction

from shuzhi.prose.model import Span
from shuzhi.prose.signs.numerals import chinese
from shuzhi.prose.signs.quantity import Number, bound_of, number_of, percent
from shuzhi.prose.signs.unmeasured import CHINESE

_D = "一二三四五六七八九"
_WHOLES = {"百": Fraction(100), "千": Fraction(1000), "万": Fraction(10000)}
_PARTS = re.compile(rf"(百|千|万|[{_D}十]+)分之([{CHINESE}点]+|\d+(?:\.\d+)?)")
_ALL = re.compile(r"百分百")
_SLASH = re.compile(r"(?<![\d/.A-Za-z])(\d{1,2})/(\d{1,3})(?![\d/月日号])")
_SLASH_BEFORE = re.compile(r"[占的约近为达过足到了降提减超有]$")
_SLASH_AFTER = re.compile(r"以上|左右|以下|的|强|弱")
_TENTHS = re.compile(rf"([{_D}两]|\d)成(?:([{_D}])(?![{_D}十]))?(半)?(?![立为功员都果效本熟品长就套型份交])")
_HALF = re.compile(
    r"(?P<all>半数)|(?P<half>(?<![一两三四五六七八九十这那])一半)(?=以上|以下|左右|的|是|左|多|人|村|企|群|党|[，。；、])"
    r"|(?<=[近超逾])半(?=数|的|[村农居企贫党受群])|(?<=过)半(?=数|的)"
)
_DOUBLED = re.compile(rf"翻了?(?:近|约)?([{_D}两])(?:[{_D}])?番|翻了?番")
_TIMES = re.compile(rf"([{_D}两十]+)(?:点([{_D}]+))?倍")


def portions(text: str) -> Iterator[Number]:
    """Every portion and multiple said in words in folded `text`."""
    for finder in (_fractions, _slashes, _tenths, _halves, _doubled, _times):
        yield from finder(text)


def _fractions(text: str) -> Iterator[Number]:
    for match in _PARTS.finditer(text):
        whole = _WHOLES.get(match.group(1)) or chinese(match.group(1))
        part = Fraction(100) if match.group(2) == "百" else number_of(match.group(2))
        if whole is None or part is None or whole == 0 or (match.group(1) not in _WHOLES and part >= whole):
            continue
        more = "gt" if re.match(r"[多强]", text[match.end() : match.end() + 1]) else None
        yield percent(text, match.start(), match.end(), part * 100 / whole, "fraction", more)
    for match in _ALL.finditer(text):
        yield percent(text, match.start(), match.end(), Fraction(100), "fraction")


def _slashes(text: str) -> Iterator[Number]:
    """占1/3, 1/5以上: a fraction in digits, never a date or a page."""
    for match in _SLASH.finditer(text):
        part, whole = int(match.group(1)), int(match.group(2))
        before = _SLASH_BEFORE.search(text, max(0, match.start() - 1), match.start())
        if 0 < part < whole and (before or _SLASH_AFTER.match(text, match.end())):
            yield percent(text, match.start(), match.end(), Fraction(part * 100, whole), "fraction")


def _tenths(text: str) -> Iterator[Number]:
    for match in _TENTHS.finditer(text):
        digit = number_of(match.group(1))
        before = text[match.start() - 1 : match.start()]
        if digit is None or before in tuple(CHINESE + "有"):
            continue
        rest = chinese(match.group(2)) if match.group(2) else Fraction(0)
        value = digit * 10 + (rest or 0) + (5 if match.group(3) else 0)
        yield percent(text, match.start(), match.end(), value, "tenths")


def _halves(text: str) -> Iterator[Number]:
    """半数, 一半, 近半, 过半的."""
    for match in _HALF.finditer(text):
        yield percent(text, match.start(), match.end(), Fraction(50), "half", _over(text, match))


def _over(text: str, match: re.Match[str]) -> str | None:
    before = text[match.start() - 1 : match.start()]
    if text.startswith("以上", match.end()) or text.startswith("数以上", match.end()):
        return "ge"
    if before in ("过", "超", "逾"):
        return "gt"
    return {"近": "lt", "约": "approx"}.get(before)


def _doubled(text: str) -> Iterator[Number]:
    for match in _DOUBLED.finditer(text):
        times = number_of(match.group(1)) if match.group(1) else Fraction(1)
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
        if value is None:
            continue
        start, end = match.span()
        bound = bound_of(text, start, end, None)
        yield Number(Span(start, end - 1), Span(start, end), value, "倍", "multiple", "times", None, bound)
