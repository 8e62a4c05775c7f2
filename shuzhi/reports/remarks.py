"""What the author of a filled draft should know: years that differ, estimates said as facts, zeros, one figure said two ways."""

import re
from collections.abc import Iterator, Sequence

from shuzhi.kernel.finding import Finding, Severity
from shuzhi.prose.model import Draft
from shuzhi.reports.periods import sentence_of
from shuzhi.reports.places import Place, State

ESTIMATED = "预计"
_SAID = re.compile(r"预计|预测|估计|初步")
_YEAR = re.compile(r"(?<![\d〇○零一二三四五六七八九])(20\d\d|二[〇○零][〇○零一二三四五六七八九]{2})(?=\s*年)")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


def remarks(draft: Draft, year: int, places: Sequence[Place]) -> Iterator[Finding]:
    """Everything about the filled draft that is not wrong in itself but would mislead a reader."""
    yield from _title(draft, year)
    for number, place in enumerate(places, 1):
        if place.state is State.FILLED:
            yield from _of_place(draft, number, place)
    yield from _said_two_ways(places)


def _title(draft: Draft, year: int) -> Iterator[Finding]:
    title = draft.title.of(draft.text)
    others = [found for text in _YEAR.findall(title) if (found := int(text.translate(_DIGITS))) != year]
    if others:
        message = f"标题写的是{others[0]}年，数字取自{year}年的账"
        yield Finding("fill.year", message, "请改标题，或用 --year 指明年度", "标题", Severity.WARNING)


def _of_place(draft: Draft, number: int, place: Place) -> Iterator[Finding]:
    """An estimate not said to be one, a zero where the sentence tells of something done, a doubt of the asking."""
    where = f"第{number}处 {place.label}"
    said = f"{place.text}{place.unit}"
    if place.status == ESTIMATED and not _SAID.search(sentence_of(draft, place.slot)[1]):
        message = f"{said}还是预计数，文中没有说明"
        hint = "请在句中写明“预计”，或等最终数报来再填"
        yield Finding("fill.estimate", message, hint, where, Severity.WARNING)
    if not re.search(r"[1-9]", place.text):
        message = f"账上这个数是{said}"
        yield Finding("fill.zero", message, "请核对这一句是否还要写", where, Severity.WARNING)
    if place.notice:
        yield Finding("fill.doubt", f"{said}：{place.notice}", "", where, Severity.WARNING)


def _said_two_ways(places: Sequence[Place]) -> Iterator[Finding]:
    """One figure printed with different digits in two places of one report."""
    seen: dict[tuple[object, ...], tuple[int, Place]] = {}
    for number, place in enumerate(places, 1):
        if place.state is not State.FILLED or place.card is None or place.slot.meaning.bound:
            continue
        key = (place.card["expression"], place.card["scope"])
        first, other = seen.setdefault(key, (number, place))
        if (other.text, other.unit) != (place.text, place.unit):
            message = f"与第{first}处是同一个数，写法不同：{other.text}{other.unit}、{place.text}{place.unit}"
            where = f"第{number}处 {place.label}"
            yield Finding("fill.two-ways", message, "请统一小数位数和单位", where, Severity.ADVICE)
