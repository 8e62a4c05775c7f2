"""What people type into fields becomes what the accounts keep: exact whole numbers, ISO dates, choices, plain texts.

Digits and signs of a Chinese input method (１２３，．－) are read in numbers and dates; texts keep every character as
typed, because a name must never be normalised.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from unicodedata import normalize

from shuzhi.kernel.catalogue.definitions import Field, Kind
from shuzhi.kernel.expr.types import like
from shuzhi.kernel.finding import Finding, Severity
from shuzhi.kernel.measure import UNITS, Unit, convert, whole

_HALF_WIDTH = str.maketrans(
    "０１２３４５６７８９，．－＋／％（）　：−–﹣", "0123456789,.-+/%() :---"
)  # fmt: skip
_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
_DATES = (
    re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]00:00(?::00)?)?"),
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
)
_MOMENT = re.compile(r"(.*?\d日?)[ T]*(?<!\d)(\d{1,2})[:时](?:(\d{1,2})分?)?(?::00(?:\.0+)?)?")
_YES = frozenset({"是", "有", "true", "TRUE", "True", "√", "✓", "1", "Y", "y"})
_NO = frozenset({"否", "无", "没有", "false", "FALSE", "False", "×", "0", "N", "n"})
# What offices write into a cell that has nothing to say. The first are marks, the others words worth a remark.
_BLANKS = frozenset({"-", "--", "—", "——", "/", "\\"})
_NOT_HERE = frozenset({"不适用", "暂无", "无", "未知", "N/A", "n/a"})
_MOST = 1 << 63
# A slip of the keyboard (0225, 20255) must not become a limit in the year 9999.
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


def number(text: str) -> Fraction:
    """The exact number in a text such as ``1,234.5``, ``１２``, ``-3``; raises ValueError with a Chinese sentence."""
    plain = text.translate(_HALF_WIDTH).strip()
    if not _NUMBER.fullmatch(plain):
        raise ValueError(f"“{text}”不是数")
    return Fraction(Decimal(plain.replace(",", "")))


def quantity(raw: object, unit: Unit) -> int:
    """The amount typed, in the field's unit or with another unit of its family behind it, at the family's scale.

    Raises ValueError with a Chinese sentence when it is no number, of another family, or finer than the accounts hold.
    """
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal | Fraction | str):
        raise TypeError(f"no exact number: {raw!r}")
    if not isinstance(raw, str):
        kept = whole(raw, unit)
    else:
        plain = raw.translate(_HALF_WIDTH).replace(" ", "")
        names = sorted((name for name in UNITS if plain.endswith(name)), key=len)
        given = UNITS[names[-1]] if names else unit
        exact = number(plain.removesuffix(names[-1]) if names else plain)
        kept = whole(convert(exact, given, unit), unit)
    if not -_MOST <= kept < _MOST:
        raise ValueError(f"“{raw}”太大")
    return kept


def day(raw: object) -> date:
    """The date typed: 2025-03-01, 2025/3/1, 2025.3.1, 2025年3月1日, 20250301; raises ValueError when it is none, or of
    a year no account can be about.
    """
    found = raw.date() if isinstance(raw, datetime) else raw if isinstance(raw, date) else _read_day(raw)
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise ValueError(f"“{raw}”的年份不对，应在{_FIRST_YEAR}至{_LAST_YEAR}年之间")
    return found


def _read_day(raw: object) -> date:
    plain = str(raw).translate(_HALF_WIDTH).strip()
    match = next((found for pattern in _DATES if (found := pattern.fullmatch(plain))), None)
    if match is None:
        raise ValueError(f"“{raw}”不是日期")
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        raise ValueError(f"“{raw}”不是真实的日期") from None


def moment(raw: object) -> datetime:
    """The moment typed, to the minute: 2025-03-01 14:30, 2025年3月1日14时30分; raises ValueError when it is none."""
    if isinstance(raw, datetime):
        return raw.replace(second=0, microsecond=0, tzinfo=None)
    plain = str(raw).translate(_HALF_WIDTH).strip()
    match = _MOMENT.fullmatch(plain)
    if match is None:
        raise ValueError(f"“{raw}”没有写明几时几分")
    on = day(match[1])
    hour, minute = int(match[2]), int(match[3] or 0)
    if hour > 23 or minute > 59:
        raise ValueError(f"“{raw}”不是真实的时刻")
    return datetime.fromisoformat(f"{on}T{hour:02d}:{minute:02d}")


def truth(raw: object) -> bool:
    """是 or 否 as typed; raises ValueError otherwise."""
    text = str(raw).strip()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise ValueError(f"“{raw}”不是“是”或“否”")


_HINTS = {
    "quantity": "填数，不带文字", "whole": "填整数", "date": "写成 2025-03-01", "moment": "写成 2025-03-01 14:30", "bool": "填“是”或“否”",
}  # fmt: skip


def clean_value(field: Field, raw: object) -> object:
    """One value as the accounts keep it, None when empty; raises ValueError with a Chinese sentence."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    if field.type == "quantity" or (field.type == "whole" and field.unit):
        return quantity(raw, UNITS[field.unit])
    if field.type == "whole":
        return quantity(raw, UNITS["个"])
    if field.type == "date":
        return day(raw).isoformat()
    if field.type == "moment":
        return moment(raw).isoformat(timespec="minutes")
    if field.type == "bool":
        return truth(raw)
    text = str(raw) if field.type == "long" else " ".join(str(raw).split("\n")).strip()
    return _chosen(text, field.choices) if field.type == "choice" else text


def _chosen(text: str, choices: Sequence[str]) -> str:
    """The choice meant: as written, or in another form of the same characters (II类 for Ⅱ类, a full-width bracket)."""
    if text in choices:
        return text
    plain = normalize("NFKC", text)
    found = [choice for choice in choices if normalize("NFKC", choice) == plain]
    if len(found) != 1:
        raise ValueError(f"“{text}”不在可选的值里")
    return found[0]


def clean_values(
    fields: Sequence[Field], raw: Mapping[str, object], *, place: str = ""
) -> tuple[dict[str, object], list[Finding]]:
    """The values given, cleaned (None where a field was given empty), and what is wrong; wrong values are left out.

    References (unit, subject, matter, record) stay the text that names them. Fields not given are not in the answer.
    """
    known = {field.code: field for field in fields}
    values: dict[str, object] = {}
    findings: list[Finding] = []
    for code, value in raw.items():
        field = known.get(code)
        if field is None:
            hint = like(code, known)
            findings.append(Finding("field.unknown", f"没有“{code}”这个字段", hint, place))
            continue
        where = f"{place}·{field.label}" if place else field.label
        if _says_nothing(field, value):
            values[code] = None
            if str(value).strip() in _NOT_HERE:
                message = f"“{field.label}”写的是“{value}”，按空白处理"
                findings.append(Finding("field.blank", message, "没有就留空", where, Severity.ADVICE))
            continue
        try:
            values[code] = clean_value(field, value)
        except ValueError as error:
            findings.append(Finding(f"field.{field.type}", f"{field.label}：{error}", _hint(field), where))
    return values, findings


def _says_nothing(field: Field, value: object) -> bool:
    """Whether a mark such as — or 不适用 stands where a number, a date or a choice should be."""
    if not isinstance(value, str) or field.type in ("text", "long") or value.strip() in field.choices:
        return False
    return value.strip() in (_BLANKS | _NOT_HERE) - (_NO if field.type == "bool" else frozenset())


def _hint(field: Field) -> str:
    if field.type == "choice":
        return f"可选：{'、'.join(field.choices)}"
    unit = f"，单位是{field.unit}" if field.unit else ""
    return _HINTS.get(field.type, "") + unit


def clean_fields(
    kind: Kind, raw: Mapping[str, object], *, place: str = ""
) -> tuple[dict[str, object], list[Finding]]:
    """A kind's fields cleaned, empty ones left out, and what is wrong, required fields that are missing included."""
    values, findings = clean_values(kind.fields, raw, place=place)
    bad = {finding.place for finding in findings if finding.severity is Severity.ERROR}
    for field in kind.fields:
        where = f"{place}·{field.label}" if place else field.label
        if field.required and values.get(field.code) is None and where not in bad:
            findings.append(Finding("field.required", f"“{field.label}”必填", field.note, where))
    return {code: value for code, value in values.items() if value is not None}, findings
