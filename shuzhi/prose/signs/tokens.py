"""Brings masks and filled figures into one row of tokens and tells a mask for a figure from a mask for a name."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

from shuzhi.prose.frame.grids import Cell, cell_at, cells, fills
from shuzhi.prose.glyphs import folded
from shuzhi.prose.model import Span
from shuzhi.prose.signs.masked_dates import dated
from shuzhi.prose.signs.masks import Mask
from shuzhi.prose.signs.quantity import Number, bound_of
from shuzhi.prose.signs.units import Unit, unit_at
from shuzhi.prose.tables import any_of, lists, words


@dataclass(frozen=True, slots=True)
class Token:
    """A mask or a filled figure with the unit printed behind it.

    `head` and `side` are the head of its column and the label of its row if it fills a cell of a table. `form` is number, date, rank, ratio, fraction, doubled, zero or name; `stop` is where its unit ends.
    """

    span: Span
    stop: int
    unit: str | None
    cls: str
    form: str
    masked: bool
    bound: str | None = None
    value: Fraction | None = None
    value_max: Fraction | None = None
    head: str = ""
    side: str = ""


_TO = re.compile(r"(?:[一-龥]{0,4}[到至]|[—－\-–~～])")
_VALUE_BEFORE = re.compile(
    r"(?:达到|达|为|至|到|突破|超过|约|近|逾|共|计|增长|下降|提高|增加|减少|降低|总数|总量|总分|得分|指数|系数|人均|户均|亩均|不足)"
    r"(?:[Xx×*〇○_□△.]{1,8}[、和及])*$"
)
_FIGURE_PROMPT = re.compile(r"数|额|率|比例|百分比|增幅|增速|排名|位次|面积|里程|金额")
_NAME_HEAD = re.compile(
    r"姓名|名称|负责人|责任人|联系人|责任单位|牵头|地点|位置|企业$|单位名|部门|乡镇$|村名"
)
_COLON = ":："
_DRAWN = "0123456789Xx×〇○□*_"


def tokens(text: str, masks: list[Mask], numbers: list[Number]) -> list[Token]:
    """All tokens of `text` in order."""
    norm = folded(text)
    made = [
        Token(n.span, n.full.end, n.unit, n.cls, _form(n), False, n.bound, n.value, n.value_max)
        for n in numbers
    ]
    table = cells(norm)
    for mask in reversed(masks):
        made.append(_in_cell(norm, mask, table) or _masked(norm, mask, made))
    if table:
        made = [_labelled(norm, token, table) for token in made]
    return sorted(made, key=lambda t: t.span.start)


def _labelled(text: str, token: Token, table: tuple[Cell, ...]) -> Token:
    """The token with the words of its row and column, if it fills a cell."""
    cell = cell_at(table, token.span.start)
    if cell is None or token.form == "name" or not fills(text, cell, token.span.start, token.span.end):
        return token
    return replace(token, head=cell.head, side=cell.side)


def _in_cell(text: str, mask: Mask, table: tuple[Cell, ...]) -> Token | None:
    """A mask that alone fills a cell under a head: a figure in the unit said for the cell, or a name under 姓名, 单位名称."""
    cell = cell_at(table, mask.span.start)
    if cell is None or cell.span != mask.span or mask.family == "mou":
        return None
    if mask.family == "prompt" and _asks().search(mask.span.of(text)):
        return _named(mask)
    if not cell.measures() or not cell.side or _NAME_HEAD.search(cell.head):
        return _named(mask) if _NAME_HEAD.search(cell.head) or not cell.side else None
    unit, cls = (cell.unit.text, cell.unit.cls) if cell.unit else (None, "")
    return Token(mask.span, mask.span.end, unit, cls, "number", True)


def _form(number: Number) -> str:
    return number.form if number.form in ("rank", "ratio", "fraction", "doubled", "zero") else "number"


def _masked(text: str, mask: Mask, later: list[Token]) -> Token:
    """The mask as the first reader that knows it says; what none knows is a name."""
    for reader in _READERS:
        token = reader(text, mask, later)
        if token is not None:
            return token
    return _named(mask)


def _named(mask: Mask) -> Token:
    return Token(mask.span, mask.span.end, None, "", "name", True)


def _nobody(text: str, mask: Mask, later: list[Token]) -> Token | None:
    return _named(mask) if mask.family in ("mou", "name") else None


def _hundredths(text: str, mask: Mask, later: list[Token]) -> Token | None:
    if text.endswith(("百分之", "千分之", "万分之"), 0, mask.span.start):
        return Token(mask.span, mask.span.end, "%", "percent", "fraction", True)
    return None


def _with_unit(text: str, mask: Mask, later: list[Token]) -> Token | None:
    start, end = mask.span.start, mask.span.end
    unit = unit_at(text, end)
    if unit is None or (
        unit.text == unit.base
        and unit.base in words("units", "not_masked", "units")
        and not _counts(text, start, unit)
    ):
        return None
    return Token(
        mask.span, unit.end, unit.text, unit.cls, "number", True, bound_of(text, start, unit.end, unit)
    )


# These end a name far more often than they count: 新建XX路、XX线.
_OF_NAMES = frozenset("路线级组道段")


@cache
def _masked_before() -> dict[str, re.Pattern[str]]:
    return {unit: re.compile(any_of(heads)) for unit, heads in lists("units", "masked_before").items()}


def _counts(text: str, start: int, unit: Unit) -> bool:
    """Whether 部, 对, 门 behind a mask closes its clause after a noun and so is a counter: 修订预案XX部，."""
    heads = _masked_before().get(unit.base)
    if heads is not None and heads.match(text, unit.end):
        return True
    before = text[start - 1 : start]
    if unit.base in _OF_NAMES:
        return False
    ends = text[unit.end : unit.end + 1] in tuple("，。；、：）)！,;\r\n") or unit.end == len(text)
    return (
        ends
        and ("\u4e00" <= before <= "\u9fff" or before in ("”", "）"))
        and before not in "和与及在由经向赴到对从被为给将"
    )


def _tenths(text: str, mask: Mask, later: list[Token]) -> Token | None:
    end = mask.span.end
    if mask.family != "prompt" and re.match(r"成(?![立为功员都果效本熟品长])", text[end : end + 2]):
        return Token(mask.span, end + 1, "成", "percent", "number", True)
    return None


def _stopped(text: str, mask: Mask, later: list[Token]) -> Token | None:
    """达到XX， without a unit is a figure all the same."""
    start, end = mask.span.start, mask.span.end
    stopped = text[end : end + 1] in tuple("，。；、）)：\n") or text.startswith(
        ("左右", "以上", "以下", "以内"), end
    )
    if stopped and mask.family != "blank" and _VALUE_BEFORE.search(text, max(0, start - 24), start):
        return Token(mask.span, end, None, "", "number", True, bound_of(text, start, end, None))
    return None


def _dated(text: str, mask: Mask, later: list[Token]) -> Token | None:
    found = dated(text, mask.span.start, mask.span.end)
    if found is None:
        return None
    return Token(mask.span, found.stop, found.unit, found.cls, found.form, True)


def _pointed(text: str, mask: Mask, later: list[Token]) -> Token | None:
    """X.X and X,XXX can only be figures, whatever follows."""
    if re.search(r"[Xx×*○〇□△_N][.,，·][Xx×*○〇□△_N]", mask.span.of(text)) is None:
        return None
    start, end = mask.span.start, mask.span.end
    return Token(mask.span, end, None, "", "number", True, bound_of(text, start, end, None))


def _joined(text: str, mask: Mask, later: list[Token]) -> Token | None:
    """X%—X% has units; X—X个 and 由X增加到X户 lend the second's unit to the first."""
    match = _TO.match(text, mask.span.end)
    if match is None:
        return None
    for token in later:
        if token.span.start == match.end() and token.form != "name":
            if match.group()[-1] in "到至" and not re.search(
                r"[由从]", text[max(0, mask.span.start - 12) : mask.span.start]
            ):
                return _lent(mask, token) if len(match.group()) == 1 else None
            return _lent(mask, token)
    return None


def _lent(mask: Mask, token: Token) -> Token:
    return Token(mask.span, mask.span.end, token.unit, token.cls, token.form, True)


def _ratio(text: str, mask: Mask, later: list[Token]) -> Token | None:
    """A part of a:b:c."""
    start, end = mask.span.start, mask.span.end
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    left = len(before) == 2 and before[1] in _COLON and before[0] in _DRAWN
    right = len(after) == 2 and after[0] in _COLON and after[1] in _DRAWN
    return Token(mask.span, end, None, "ratio", "ratio", True) if left or right else None


@cache
def _asks() -> re.Pattern[str]:
    return re.compile(any_of(words("masks", "asks", "name")))


def _prompted(text: str, mask: Mask, later: list[Token]) -> Token | None:
    """A worded prompt says itself whether it asks for a name or a number."""
    if mask.family != "prompt":
        return None
    inner = mask.span.of(text)
    if _asks().search(inner) or not _FIGURE_PROMPT.search(inner):
        return _named(mask)
    cls = "percent" if re.search(r"百分比|比例|率|增幅|增速|占比", inner) else ""
    return Token(mask.span, mask.span.end, None, cls, "number", True)


# Order matters: a date before a unit, a unit before a range, a name last.
_READERS: tuple[Callable[[str, Mask, list[Token]], Token | None], ...] = (
    _dated,
    _nobody,
    _hundredths,
    _with_unit,
    _tenths,
    _joined,
    _ratio,
    _prompted,
    _stopped,
    _pointed,
)
