"""Ranks: 列全市第3位, 由第8位升至第3位, 位居全省第一, 排名前十."""

import re
from collections.abc import Iterator

from shuzhi.prose.model import Span
from shuzhi.prose.signs.quantity import Number, number_of
from shuzhi.prose.signs.unmeasured import CHINESE

_STOP = r"(?=[、，。；！：）)\n”,;!]|$|的)"
_RANK = re.compile(
    rf"第(\d+|[{CHINESE}]+)(?:位|名(?!称)|{_STOP})|前(\d+|[{CHINESE}]+)(?:位|名(?!称)|{_STOP})"
)
_CUE = re.compile(r"列|居|位|排|名|获|进|升|跻身|保持|入围|为|至|到|由|从|降|退|移")
_PLACED = re.compile(r"位居|位列|排名|排位|名列|位次|居全|列全|稳居|跃居|居[^，。]{0,6}第|列[^，。]{0,6}第")
# 摆在第一位 is a way of speaking.
_FIRST_PLACE = re.compile(r"(?:摆|放|挺|排|置|作为)[在于]?[^，。]{0,4}$")
_BREAK = re.compile(r"[，。；：\n]")


def ranks(text: str) -> Iterator[Number]:
    """Every rank of folded `text`; its span is the number, its unit 位 or 名 where printed."""
    for match in _RANK.finditer(text):
        group = 1 if match.group(1) else 2
        value = number_of(match.group(group))
        if value is None:
            continue
        last = text[match.end() - 1]
        unit = last if last in "位名" else None
        if unit:
            left = text[max(0, match.start() - 8) : match.start()]
            cued = (
                value > 1
                or match.group(group)[0].isdigit()
                or (_CUE.search(left) and not _FIRST_PLACE.search(left))
            )
        else:
            cued = _PLACED.search(_BREAK.split(text[max(0, match.start() - 60) : match.end()])[-1])
        if cued:
            start, end = match.span(group)
            yield Number(Span(start, end), Span(start, match.end()), value, unit, "rank", "rank")
