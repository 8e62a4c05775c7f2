"""Brings masks and filled figures into one row of tokens and tells a mask for a figure from a mask for a name."""

import re
from dataclasses import dataclass
from fractions import Fraction

from shuzhi.prose.glyphs import folded
from shuzhi.prose.masks import Mask
from shuzhi.prose.model import Span
from shuzhi.prose.numbers import Number, bound_of
from shuzhi.prose.tables import any_of, words
from shuzhi.prose.units import unit_at
from shuzhi.prose.unmeasured import is_name_part


@dataclass(frozen=True, slots=True)
class Token:
    """A mask or a filled figure with the unit printed behind it.

    `form` is number, date, rank, ratio, fraction, doubled, zero or name; `stop` is where its unit ends.
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


_DATE_UNIT = re.compile(r"年度|年(?!级)|月(?!饼|亮|季|子)|日(?!报|常|均|照|产)|时(?=许|，|整|开)")
_TO = re.compile(r"(?:[一-龥]{0,4}[到至]|[—－\-–~～])")
_VALUE_BEFORE = re.compile(r"(?:达到|达|为|至|到|突破|超过|约|共|计|增长|下降|提高|总数)$")
_RANK_UNIT = re.compile(r"[位名]|届|次|批|季度|号|期|产业")
_FIGURE_PROMPT = re.compile(r"数|额|率|比例|百分比|增幅|增速|排名|位次|面积|里程|金额")
_COLON = ":："


def tokens(text: str, masks: list[Mask], numbers: list[Number]) -> list[Token]:
    """All tokens of `text` in order."""
    norm = folded(text)
    made = [
        Token(n.span, n.full.end, n.unit, n.cls, _form(n), False, n.bound, n.value, n.value_max)
        for n in numbers
    ]
    ends = {n.span.start: n for n in numbers}
    starts = {m.span.start: m for m in masks}
    for mask in reversed(masks):
        token = _mask_token(norm, mask, made, ends, starts)
        made.append(token)
    return sorted(made, key=lambda t: t.span.start)


def _form(number: Number) -> str:
    return number.form if number.form in ("rank", "ratio", "fraction", "doubled", "zero") else "number"


def _named(mask: Mask) -> Token:
    return Token(mask.span, mask.span.end, None, "", "name", True)


def _mask_token(
    text: str, mask: Mask, later: list[Token], numbers: dict[int, Number], masks: dict[int, Mask]
) -> Token:
    start, end = mask.span.start, mask.span.end
    before = text[max(0, start - 6) : start]
    dated = _dated(text, mask, before)
    if dated is not None:
        return dated
    if mask.family == "mou":
        return _named(mask)
    if before.endswith(("百分之", "千分之", "万分之")):
        return Token(mask.span, end, "%", "percent", "fraction", True)
    unit = unit_at(text, end)
    if unit is not None and (
        unit.text != unit.base or unit.base not in words("units", "not_masked", "units")
    ):
        if is_name_part(text, start, unit):
            return (
                _named(mask)
                if not before.endswith("每")
                else Token(mask.span, unit.end, unit.text, unit.cls, "number", True)
            )
        if unit.base or unit.text:
            return Token(
                mask.span,
                unit.end,
                unit.text,
                unit.cls,
                "number",
                True,
                bound_of(text, start, unit.end, unit),
            )
    if re.match(r"成(?![立为功员都果效本熟品长])", text[end : end + 2]) and mask.family != "prompt":
        return Token(mask.span, end + 1, "成", "percent", "number", True)
    joined = _joined(text, mask, later)
    if joined is not None:
        return joined
    if _in_ratio(text, start, end):
        return Token(mask.span, end, None, "ratio", "ratio", True)
    if mask.family == "prompt":
        return _prompted(text, mask)
    stopped = text[end : end + 1] in tuple("，。；、）)：\n") or text.startswith(
        ("左右", "以上", "以下", "以内"), end
    )
    if stopped and _VALUE_BEFORE.search(before) and mask.family not in ("blank",):
        return Token(mask.span, end, None, "", "number", True, bound_of(text, start, end, None))
    return _named(mask)


def _dated(text: str, mask: Mask, before: str) -> Token | None:
    end = mask.span.end
    match = _DATE_UNIT.match(text, end)
    if before.endswith("第"):
        ranked = _RANK_UNIT.match(text, end)
        unit = ranked.group() if ranked else None
        return Token(mask.span, end + len(unit or ""), unit, "rank", "rank", True)
    if match is None:
        return None
    unit = match.group()
    numbered = text[mask.span.start].isdigit()
    if (
        unit.startswith("年")
        and not numbered
        and re.match(r"(?:年|年度)?(?:来|以来|期|多)", text[end : end + 4])
    ):
        return Token(mask.span, match.end(), "年", "time", "number", True)
    if unit in ("日", "时") and not re.search(r"[月日]$|[—－\-–~～至、]$", before):
        return None
    return Token(mask.span, match.end(), unit[0], "date", "date", True)


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
                return (
                    None if token.form == "date" else _lent(mask, token) if len(match.group()) == 1 else None
                )
            return _lent(mask, token)
    return None


def _lent(mask: Mask, token: Token) -> Token:
    return Token(mask.span, mask.span.end, token.unit, token.cls, token.form, True)


def _in_ratio(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    drawn = "0123456789Xx×〇○□*_"
    left = len(before) == 2 and before[1] in _COLON and before[0] in drawn
    right = len(after) == 2 and after[0] in _COLON and after[1] in drawn
    return left or right


def _prompted(text: str, mask: Mask) -> Token:
    inner = mask.span.of(text)
    if re.search(any_of(words("masks", "asks", "name")), inner) or not _FIGURE_PROMPT.search(inner):
        return _named(mask)
    cls = "percent" if re.search(r"百分比|比例|率|增幅|增速|占比", inner) else ""
    return Token(mask.span, mask.span.end, None, cls, "number", True)
