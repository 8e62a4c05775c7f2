"""Finds the filled figures of a draft in every writing: 12.5亿元, 百分之三十, 三分之二, 八成, 翻一番, 6%—8%, 1.2万余人."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache

from shuzhi.prose.frame.grids import cells, value_in
from shuzhi.prose.glyphs import folded
from shuzhi.prose.model import Span
from shuzhi.prose.signs.numerals import chinese
from shuzhi.prose.signs.portions import portions
from shuzhi.prose.signs.quantity import PLAIN, Number, made, plain
from shuzhi.prose.signs.ranges import ratios, rough, spreads
from shuzhi.prose.signs.ranks import ranks
from shuzhi.prose.signs.units import Unit, class_of, unit_at
from shuzhi.prose.signs.unmeasured import CHINESE, is_name_part, unmeasured
from shuzhi.prose.tables import any_of, words

_CN = CHINESE
_D = "一二三四五六七八九"

_ARABIC = re.compile(
    rf"(?<![\d.A-Za-z])(?:(?<=[长降幅速减为是至达了涨率额值差利，\t|(（ \n])[-−])?(?:{PLAIN})(?![\d])"
)
_BIG = {"千": 1000, "百": 100}
_MIXED = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)亿(?:零)?(\d+(?:\.\d+)?)万")
# 10 325件: thousands set apart by a blank.
_SPACED = re.compile(
    r"(?<![\d.,，\t|][ ])(?<![\d.A-Za-z,])\d{1,3}(?:[ \u2009\u202f\u00a0]\d{3})+(?:\.\d+)?(?![\d ])"
)
# 3千2百万元: digits and words mixed in one number.
_BROKEN = re.compile(r"(?<![\d.])(\d)千(\d)百(?:(\d)十)?(?=[万亿余多个户人亩元项])")
_CHINESE = re.compile(rf"(?<![{_CN}第几数分点])(?:[{_D}两十][{_CN}]*(?:点[{_D}零]+)?|零点[{_D}零]+)")
# 百余户, 上千人, 数十次: a round number without a digit before it.
_ROUND = re.compile(
    rf"(?<![{_CN}\d])[十百千万](?=[余多几])|(?<=[上近逾约数])[十百千万亿](?!分|名单|以)|(?<=[超破])[百千万](?=[余多]?[家户人名个次件亩])"
)
_BORROW = re.compile(rf"(?:[一-龥]{{0,4}}[到至]|[—－\-–~～])(?:{PLAIN})")
_BORROW_LIST = re.compile(rf"(?:[、和及与](?:{PLAIN}))+")
_SCORE = re.compile(r"(?:指数|得分|系数|评分|浓度|总分|均分)[一-龥]{0,4}$")
_STOPPED = re.compile(r"[，。；、）)和与以\n]|$|[一-龥]{0,4}[至到为]\d")
_SCORE_WORD = re.compile(r"收入比|指数|得分|系数|评分|均分|容积率|比值|当量")
_CLAUSE = re.compile(r"[，。；\n]")
# 十五条措施 is the name of a list.
_LIST_OF = re.compile(
    r"(?:硬|刚性|重点|具体|惠企|便民|工作)?(?:措施|规定|禁令|意见|政策|办法|标准|纪律|要求|举措|承诺|清单)"
)
_YEARS = re.compile(
    rf"(?:(?<=连续)|(?<=历时)|(?<=为期)|(?<=工期)|(?<=用时)|(?<=用了)|(?<=任期)|(?<=提前)|(?<=缩短))"
    rf"(\d{{1,3}}|[{_CN}]{{1,3}})(?:多|余)?年(?!级|代|期|度|制|初|底|末)"
)
_PLACES = re.compile(r"镇|乡|街道|村|社区|县|市(?!场|值|民)|区(?!域)|省")
_PLACES_END = re.compile(r"[\d、，。；：（)）的\n]|$|所有|全部|均|共")
# 没有发生一起, 每月公开一次 count nothing.
_ONE_OF = re.compile(r"没有|未|无|不|每|任何|哪怕|换|第|再|这|那|另")
_MOVED = re.compile(r"(?:前移|上升|提升|跃升|下降|退后|后移|前进|进|升|退|移)(?:了)?$")
_BEFORE_SET = tuple("每第这那上下头末首再另某各“前后双统同唯")


def numbers(text: str, skipped: tuple[Span, ...] = ()) -> list[Number]:
    """The filled figures of `text` in order, disjoint; nothing inside `skipped` (carrier text, masks, headings' marks)."""
    norm = folded(text)
    closed = _Closed(len(text), skipped)
    found = [number for finder in FIRST for number in finder(norm) if closed.take(number.full)]
    for start, end in unmeasured(norm):
        closed.shut(start, end)
    for finder in FINDERS:
        found.extend(number for number in finder(norm) if closed.take(number.full))
    return sorted(found, key=lambda number: number.span.start)


class _Closed:
    """Stretches already spoken for."""

    def __init__(self, length: int, spans: tuple[Span, ...]) -> None:
        self.taken = bytearray(length)
        for span in spans:
            self.shut(span.start, span.end)

    def shut(self, start: int, end: int) -> None:
        self.taken[start:end] = b"\x01" * (min(end, len(self.taken)) - start)

    def take(self, span: Span) -> bool:
        if 1 in self.taken[span.start : span.end]:
            return False
        self.shut(span.start, span.end)
        return True


def _in_cells(text: str) -> Iterator[Number]:
    """A number that alone fills a cell of a table; its unit stands in the head, the label or beside it."""
    for cell in cells(text):
        span = value_in(text, cell) if cell.measures() else None
        if span is None or (cell.unit is None and not cell.side):
            continue
        value = plain(span.of(text).replace("−", "-").replace("+", ""))
        unit, cls = (cell.unit.text, cell.unit.cls) if cell.unit else (None, "")
        yield Number(span, span, value, unit, cls, "arabic")


@cache
def _zero() -> re.Pattern[str]:
    before = any_of(words("numbers", "zero_kinds"))
    return re.compile(
        f"零{before}{{0,2}}({any_of((*words('numbers', 'zero'), *words('numbers', 'zero_money')))})"
    )


def _zeros(text: str) -> Iterator[Number]:
    """零事故, 零辍学: none of them happened."""
    persons, money = words("numbers", "zero_persons"), words("numbers", "zero_money")
    for match in _zero().finditer(text):
        if text[match.start() - 1 : match.start()] in ("清", "归", "为"):
            continue
        span = Span(match.start(), match.start() + 1)
        unit = "人" if match.group(1) in persons else "元" if match.group(1) in money else "起"
        yield Number(span, span, Fraction(0), unit, "money" if unit == "元" else "people", "zero")


def _mixed(text: str) -> Iterator[Number]:
    """1亿3000万元: one figure in two scales, read in the smaller."""
    for match in _MIXED.finditer(text):
        end = match.end() - 1
        unit = unit_at(text, end)
        if unit is not None:
            value = plain(match.group(1)) * 10**4 + plain(match.group(2))
            yield made(text, match.start(), end, value, unit, "arabic")

    for match in _SPACED.finditer(text):
        unit = unit_at(text, match.end())
        if unit is not None:
            value = Fraction(re.sub(r"\s", "", match.group()))
            yield made(text, match.start(), match.end(), value, unit, "arabic")
    for match in _BROKEN.finditer(text):
        unit = unit_at(text, match.end())
        if unit is not None:
            value = Fraction(
                sum(int(d or 0) * s for d, s in zip(match.groups(), (1000, 100, 10), strict=True))
            )
            yield made(text, match.start(), match.end(), value, unit, "arabic")


def _arabic(text: str) -> Iterator[Number]:
    for match in _ARABIC.finditer(text):
        start, end = match.span()
        if match.group()[0] == "0" and match.group().isdigit() and len(match.group()) > 1:
            continue
        value = plain(match.group().replace("−", "-"))
        unit = unit_at(text, end)
        if unit is None and text[end : end + 1] in _BIG and (unit := unit_at(text, end + 1)) is not None:
            value, end = value * _BIG[text[end]], end + 1
        if unit is not None:
            if not is_name_part(text, start, unit):
                yield made(text, start, end, value, unit, "arabic")
            continue
        if (lent := _borrowed(text, end)) is not None:
            if is_name_part(text, start, lent):
                continue
            yield Number(Span(start, end), Span(start, end), value, lent.text, lent.cls, "arabic")
        elif place := _PLACES.match(text, end):
            if _PLACES_END.match(text, place.end()) and len(match.group()) < 4:
                unit = Unit(place.group(), place.group(), "things", place.end())
                yield made(text, start, end, value, unit, "arabic")
        elif _bare_value(text, start, end):
            yield made(text, start, end, value, None, "bare")


def _borrowed(text: str, end: int) -> Unit | None:
    """由1200增加到1500户, 提高2.3、0.4和1.1个百分点: the number takes the unit of the later one."""
    match = _BORROW.match(text, end)
    if match is not None:
        return unit_at(text, match.end())
    listed = _BORROW_LIST.match(text, end)
    unit = unit_at(text, listed.end()) if listed else None
    return unit if unit is not None and unit.cls in ("percent", "points", "money", "physical") else None


def _bare_value(text: str, start: int, end: int) -> bool:
    """A number without unit measures something only after 指数, 得分, 系数 … and before a stop."""
    if _STOPPED.match(text, end) is None:
        return False
    if _SCORE.search(text, max(0, start - 10), start) is not None:
        return True
    # A decimal may stand further from its word: 系数…低于规定的0.65和0.55.
    before = _CLAUSE.split(text[max(0, start - 40) : start])
    said = any(_SCORE_WORD.search(part) for part in before[-2:])
    return said and "." in text[start:end] and (end == len(text) or not text[end].isascii())


def _years(text: str) -> Iterator[Number]:
    """连续5年, 历时三年: a length of time in years, which alone would be a date."""
    for match in _YEARS.finditer(text):
        said = match.group(1)
        value = plain(said) if said.isdigit() else chinese(said)
        if value is not None:
            span, full = Span(*match.span(1)), Span(*match.span())
            bound = "gt" if full.end - span.end > 1 else None
            yield Number(span, full, value, "年", "time", "arabic", None, bound)


def _rounds(text: str) -> Iterator[Number]:
    """百余户, 上千人, 数十次."""
    for match in _ROUND.finditer(text):
        start, end = match.span()
        unit, value = unit_at(text, end), chinese(match.group())
        if match.group() in "万亿":
            unit, value = unit_at(text, start), Fraction(1)
        if unit is None or value is None or not (unit.base or unit.text) or is_name_part(text, start, unit):
            continue
        before = text[start - 1 : start]
        if before == "上" and text[start - 2 : start - 1] in ("成", "向", "千"):
            continue
        if before == "数":
            start -= 1
        if text[end : end + 1] == "几":
            end += 1
        bound = {"上": "ge", "近": "lt", "约": "approx", "数": None}.get(before, "gt")
        yield replace(made(text, start, end, value, unit, "written"), bound=bound)


def _written(text: str) -> Iterator[Number]:
    """一百二十户, 三点五万亩, 三次: Chinese numerals with a unit; small ones only with a concrete unit."""
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
        if len(body) > 1 and all(c in "零一二三四五六七八九〇○两" for c in body):
            continue
        if value <= 10 and not _measures(text, start, unit, body):
            continue
        if unit.base in ("方面", "大", "级", "届"):
            continue
        if unit.base in ("条", "项") and _LIST_OF.match(text, unit.end):
            continue
        yield made(text, start, end, value, unit, "written")


def _measures(text: str, start: int, unit: Unit, body: str) -> bool:
    """Whether a small Chinese numeral counts something: 三次, 两座; not 三个方面, 一家, 二期工程."""
    if unit.base == "位":
        return _MOVED.search(text, max(0, start - 3), start) is not None
    if text[unit.end : unit.end + 1] in tuple(_CN):
        return False
    if _closes(text, start, unit) and (
        body != "一" or _ONE_OF.search(text, max(0, start - 14), start) is None
    ):
        return body != "一" or unit.text in words("units", "ones", "units")
    scaled = unit.base not in (unit.text, "")
    if unit.text == "个" and body != "一" and _nouns().match(text, unit.end):
        return text[start - 1 : start] not in _BEFORE_SET
    if not (scaled or unit.text in words("units", "concrete", "units")) or _set_phrase(text, start, unit):
        return False
    return body != "一" or scaled or unit.cls == "multiple"


def _closes(text: str, start: int, unit: Unit) -> bool:
    """Whether the number follows its noun and ends the clause: 心得体会四篇。"""
    before = text[start - 1 : start]
    if unit.text in words("units", "not_masked", "units"):
        return False
    ends = unit.end >= len(text) or text[unit.end] in "，。；、）)\n"
    return (
        ends and "\u4e00" <= before <= "\u9fff" and before not in _BEFORE_SET and before not in "有是为或后抓"
    )


@cache
def _nouns() -> re.Pattern[str]:
    """What stands in the world and is counted by 个, unlike 机制, 方面 and 工程, whose number heads a list."""
    return re.compile(r"(?:[^，。；：、（）\s]{0,6}?)" + any_of(words("numbers", "standing")))


def _set_phrase(text: str, start: int, unit: Unit) -> bool:
    before, after = text[start - 1 : start], text[unit.end : unit.end + 2]
    if unit.base == "期":
        return True
    if unit.text == "小时" and text[start : start + 5].startswith(
        ("八小时外", "八小时以", "八小时之", "八小时工")
    ):
        return True
    return before in _BEFORE_SET or (unit.base == "次" and after[:1] in tuple("产供分性创污开招装转加利"))


# What fills a cell has no words around it; a ratio and a rank look like a time and an ordinal: read first.
FIRST: tuple[Callable[[str], Iterator[Number]], ...] = (_in_cells, ranks, ratios)
FINDERS: tuple[Callable[[str], Iterator[Number]], ...] = (
    portions,
    _zeros,
    _years,
    spreads,
    _mixed,
    _arabic,
    rough,
    _rounds,
    _written,
)
