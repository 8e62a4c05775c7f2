"""The words of the expression language: a text is cut into tokens, each knowing its column."""

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from shuzhi.kernel.expr.nodes import Amount, Value
from shuzhi.kernel.measure import UNITS

_WORDS = "and or not in is missing true false if then else sum count distinct min max of where per"
KEYWORDS = frozenset(_WORDS.split())
# What an input method types when it is not switched to English, and what is meant by it.
_FULL_WIDTH = {
    "，": ",", "（": "(", "）": ")", "【": "[", "】": "]", "“": "'", "”": "'", "‘": "'", "’": "'",
    "＝": "=", "≠": "!=", "＜": "<", "≤": "<=", "＞": ">", "≥": ">=", "＋": "+", "－": "-", "×": "*",
    "÷": "/", "％": "%", "。": ".",
}  # fmt: skip
_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<date>\d{4}-\d{2}-\d{2}(?!\w))
      | (?P<number>\d+(?:\.\d+)?)
      | (?P<word>[^\W\d]\w*)
      | (?P<text>'[^']*'|"[^"]*")
      | (?P<sign><=|>=|!=|[-+*/=<>(),.\[\]])
    """,
    re.VERBOSE,
)
_BY_LENGTH = sorted(UNITS, key=len, reverse=True)
# Longer chains of operators would exhaust the stack of a reader.
LONGEST = 4000
MOST_WORDS = 300


class ExpressionError(Exception):
    """A formula that cannot be understood: what is wrong, at which column (from 1), and what to do."""

    def __init__(self, message: str, column: int = 0, hint: str = "") -> None:
        self.message = message
        self.column = column
        self.hint = hint
        where = f"第{column}个字：" if column else ""
        super().__init__(f"{where}{message}" + (f"（{hint}）" if hint else ""))


@dataclass(frozen=True, slots=True)
class Token:
    """One word: ``kind`` is value, word, keyword, sign or end; ``text`` as written; ``value`` what a literal means."""

    kind: str
    text: str
    at: int
    value: Value = False


def _measured(text: str, start: int, end: int) -> tuple[Token, int]:
    """A number and the unit written right behind it, and where both end."""
    number = Fraction(text[start:end])
    name = next((name for name in _BY_LENGTH if text.startswith(name, end)), "")
    stop = end + len(name)
    rest = re.match(r"\w+", text[stop:])
    if rest is not None:
        raise ExpressionError(
            f"数字“{text[start:end]}”后面的“{name}{rest[0]}”不是计量单位",
            end + 1,
            "可写 5万元、1.2亿元、20%、3个；数字和后面的词之间请空一格",
        )
    if not name:
        return Token("value", text[start:end], start + 1, Amount(number)), stop
    unit = UNITS[name]
    amount = Amount(number * Fraction(10) ** unit.power, unit.family.name)
    return Token("value", text[start:stop], start + 1, amount), stop


def _strange(text: str, place: int) -> ExpressionError:
    character = text[place]
    if character in _FULL_WIDTH:
        return ExpressionError(
            f"“{character}”是全角符号", place + 1, f"请改用半角的 {_FULL_WIDTH[character]}"
        )
    if character in "'\"":
        return ExpressionError("引号没有成对", place + 1, "文字要用一对半角引号括起来，如 '县级'")
    return ExpressionError(f"不认识的符号“{character}”", place + 1)


def _day(text: str, at: int) -> Token:
    try:
        return Token("value", text, at, date.fromisoformat(text))
    except ValueError:
        raise ExpressionError(f"“{text}”不是真实的日期", at, "日期写成 2025-03-01") from None


def tokens(text: str) -> list[Token]:
    """Cut a text into tokens, an end token last; raises ExpressionError with column and hint."""
    if len(text) > LONGEST:
        raise ExpressionError(f"公式太长：{len(text)}字", hint=f"最多{LONGEST}字，请拆成几个指标")
    found: list[Token] = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise _strange(text, place)
        kind, at, place = str(match.lastgroup), match.start() + 1, match.end()
        if kind == "number":
            token, place = _measured(text, match.start(), match.end())
            found.append(token)
        elif kind == "date":
            found.append(_day(match[0], at))
        elif kind == "text":
            found.append(Token("value", match[0], at, match[0][1:-1]))
        elif kind == "word":
            found.append(Token("keyword" if match[0] in KEYWORDS else "word", match[0], at))
        elif kind == "sign":
            found.append(Token("sign", match[0], at))
    if len(found) > MOST_WORDS:
        raise ExpressionError(f"公式太长：{len(found)}个词", hint=f"最多{MOST_WORDS}个词，请拆成几个指标")
    found.append(Token("end", "结尾", len(text) + 1))
    return found
