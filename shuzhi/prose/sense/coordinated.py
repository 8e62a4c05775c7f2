"""Tells coordinated subjects apart, each made whole: 城乡居民收入, 一、二、三产业增加值, 存贷款余额."""

import re

# Two things said in one word.
_PAIRS = {
    "存贷款": ("存款", "贷款"),
    "收支": ("收入", "支出"),
    "产销": ("产量", "销量"),
    "购销": ("购进", "销售"),
}
_PAIRED = re.compile(rf"(?:{'|'.join(_PAIRS)})(?!挂钩|矛盾|平衡|率|比|结余|对接|两旺|台账|合同)")
AND = re.compile(r"[、/]|以及|(?<![总饱温共缓调])和(?![谐平美])|(?<!参)与|(?<![普惠涉波以])及(?![时格])")
_INDUSTRIES = re.compile(
    r"(?:第?一(?:次|产业|产)?[、和与])?第?二(?:次|产业|产)?[、和与及]第?三(?:次产业|产业|次产|产)|三次产业(?!结构)|三产(?!融)"
)


def parts(text: str) -> list[str]:
    """Coordinated subjects told apart, each whole: 城乡居民收入 → 城镇居民收入, 农村居民收入.

    >>> parts("高血压、糖尿病患者规范管理率")
    ['高血压患者规范管理率', '糖尿病患者规范管理率']
    """
    industries = _INDUSTRIES.match(text)
    if industries is not None:
        tail = text[industries.end() :]
        said = "二三" if industries.group().lstrip("第").startswith("二") else "一二三"
        return [f"第{n}产业{tail}" for n in said]
    paired = _PAIRED.search(text)
    if paired is not None:
        return [f"{text[: paired.start()]}{one}{text[paired.end() :]}" for one in _PAIRS[paired.group()]]
    pieces = [p for p in AND.split(text) if p]
    both = re.match(r"城[、和与及]?乡(?=[^镇])", text)
    if both is not None:
        return ["城镇" + text[both.end() :], "农村" + text[both.end() :]]
    if len(pieces) < 2:
        return pieces
    last = pieces[-1]
    if _whole(pieces[0]) and "占" not in last:
        return pieces
    tail = ""
    key = pieces[0][-2:]
    if len(pieces[0]) >= 2 and key in last and last.index(key) + 2 < len(last):
        tail = last[last.index(key) + 2 :]
    else:
        size = len(pieces[-2]) if len(pieces[-2]) <= 4 else 2
        if len(last) > size + 1:
            tail = last[size:]
    return [p if p.endswith(tail) else p + tail for p in pieces[:-1]] + [last]


def _whole(text: str) -> bool:
    return (
        len(text) > 3
        and re.search(r"(?:收入|值|额|率|量|数|比重|支出|投资|余额|水平|面积|产量)$", text) is not None
    )
