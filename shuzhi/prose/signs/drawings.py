"""Masks drawn as a run of one sign (XX.X, ×,×××, 〇〇, ＊＊, □□, __._), and what such a sign is otherwise."""

import re
from collections.abc import Callable, Iterator

from shuzhi.prose.model import Span
from shuzhi.prose.signs.units import unit_at
from shuzhi.prose.tables import any_of, words

_CHINESE_DIGITS = "零一二三四五六七八九"
_BLANK = " \t\u3000\u00a0"


def _run(chars: str) -> re.Pattern[str]:
    """A run with the digits left standing before it, thousands' commas (a full-width one before exactly three) and point."""
    one = f"[{re.escape(chars)}]"
    return re.compile(
        rf"(?<!{one}){one}{{1,3}}(?:，{one}{{3}})+(?!{one})"
        rf"|\d{{0,3}}{one}+(?:,{one}{{3}})*(?:[.·]{one}+)?|\d+\.{one}+"
    )


_CHARS = {
    "x": "Xx",
    "cross": "×",
    "star": "*",
    "circle": "○〇◯",
    "square": "□■",
    "triangle": "△▲",
    "line": "_",
    "hole": "●☆◇◆★",
    "sign": "#@",
    "letter_o": "Oo",
}
_RUNS = {name: _run(chars) for name, chars in _CHARS.items()}
# 〇千〇百万元, 〇十〇个: a numeral masked digit by digit.
_RUNS["circle"] = re.compile(r"[○〇◯](?:[千百十][○〇◯])+(?:[百十](?=[万亿元]))?|" + _RUNS["circle"].pattern)
# XX220千伏变电站, 王XX2人, XX2023年计划: a name stands before a figure of its own.
_FIGURE = re.compile(r"\d{1,3}(?:[一-龥]|[kK][vV]|A+级)|\d{1,3}\.\d+[一-龥%]|(?:19|20)\d\d年")
# 20XX年, 二〇××年: the year is one mask.
_CENTURY = re.compile(
    r"(?<!\d)(?:20[Xx×*_□○〇]{2}|二[〇○零](?:[Xx]{2}|×{2}|\*{2}|_{2}|□{2}))(?![\dXx×*_□○〇])"
)
_PHONE = re.compile(
    r"(?:电话|手机|热线|传真|QQ群?|邮编|微信号?|联系方式|证号)(?:号码?)?(?:[:： ]\s?[\d\-]*|[\d\-]{2,})$"
)
_VARIABLES = (
    re.compile(r"[A-WYZ](?:、|或|和|与|及)$"),
    re.compile(r"(?:、|或|和|与|及|[+\-*/=])[A-WYZ](?![A-Za-z])"),
)
_NUMBERED = re.compile(r"[一二三四五六七八九十\d]{1,3}[、.]|[（(]")
_TICKED = re.compile(r"[☑☒√✓✔☐]")
_PLACE = re.compile(
    any_of(("县", "市", "区", "镇", "乡", "村", "街道", "社区", "局", "委", "办", "厅", "省", "州"))
)


def drawn(text: str) -> Iterator[tuple[Span, str]]:
    """Every mask drawn as a run in folded `text`, with the family of its sign, family by family."""
    for found in _CENTURY.finditer(text):
        yield Span(*found.span()), "x"
    bold = _bold(text)
    for family, pattern in _RUNS.items():
        if not any(char in text for char in _CHARS[family]):
            continue
        keep = _KEEP[family]
        for found in pattern.finditer(text):
            start, end = found.span()
            if (
                start not in bold
                and not _ruled(text, start, end, family)
                and keep(text, start, end)
                and not _PHONE.search(text, max(0, start - 16), start)
            ):
                yield Span(start, end), family


def _char(text: str, place: int) -> str:
    return text[place] if 0 <= place < len(text) else ""


def _alnum(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _ruled(text: str, start: int, end: int, family: str) -> bool:
    """A line of nothing but signs is a rule or a row of ornaments; only letters and circles may stand for a name."""
    if family in ("x", "cross", "circle") and end - start < 8:
        return False
    line_end = text.find("\n", end)
    before = text[text.rfind("\n", 0, start) + 1 : start]
    after = text[end : line_end if line_end >= 0 else len(text)]
    return not (before + after).strip("*_=-—~#●☆◇◆★□■△▲ \t\r\u3000")


def _bold(text: str) -> set[int]:
    """Where `**` opens or closes bold words; in a text that masks with `**` only a heading is bold."""
    marks = [m.start() for m in re.finditer(r"(?<!\*)\*\*(?!\*)", text)]
    masking = any(_measured(text, at + 2) for at in marks)
    made: set[int] = set()
    i = 0
    while i + 1 < len(marks):
        first, second = marks[i], marks[i + 1]
        inner = text[first + 2 : second]
        heading = _NUMBERED.match(inner) is not None
        if re.search(r"[\n\t|]", inner) or not inner.strip("、，。 ") or (masking and not heading):
            i += 1
            continue
        made |= {first, second}
        i += 2
    return made


def fills_cell(text: str, start: int, end: int) -> bool:
    """Whether the stretch alone fills a cell of a table drawn with | or tabs."""
    left, right = (
        text[max(0, start - 12) : start].rstrip(" \u3000")[-1:],
        text[end : end + 12].lstrip(" \u3000")[:1],
    )
    return left in ("|", "\t", "｜") and right in ("|", "\t", "｜", "\n", "\r", "")


def _before_figure(text: str, start: int, end: int) -> bool:
    """Whether a run of signs alone stands before a figure with its unit: ×××2人."""
    return end - start > 1 and not text[start].isdigit() and _FIGURE.match(text, end) is not None


def _latin_x(text: str, start: int, end: int) -> bool:
    """X is a mask unless it is part of a Latin word (Xbox, PX), of X光, of a product 3x5, of a formula, of an address."""
    body, before, after = text[start:end], _char(text, start - 1), _char(text, end)
    if _alnum(before) or (before and before in "@&.") or after == "@":
        return False
    if _alnum(after):
        return _before_figure(text, start, end)
    if text.startswith(words("masks", "after_x"), end) and len(body) <= 2:
        return False
    if before == "-" and _char(text, start - 2).isdigit() and len(body) > 3:
        return False
    return len(body) > 1 or _lone_x(text, start, end, before, after)


def _lone_x(text: str, start: int, end: int, before: str, after: str) -> bool:
    """Whether one X alone is a mask: not in 1+X, K-X, X+Y, A、X, iPhone X, “X”形."""
    further = _char(text, start - 2)
    if (
        before
        and before in "+-"
        and _alnum(further)
        and not (before == "-" and (further in "Xx" or further.isdigit()))
    ):
        return False
    if (before and before in "+*/=×") or after == "+":
        return False
    if before == " " and _alnum(further) and further.isalpha() and unit_at(text, end) is None:
        return False
    if after == "”" and text.startswith(("形", "型", "字"), end + 1):
        return False
    ahead, behind = _VARIABLES
    return ahead.search(text, max(0, start - 2), start) is None and behind.match(text, end) is None


def _cross(text: str, start: int, end: int) -> bool:
    """× between two numbers multiplies (7×24, 2×66万)."""
    body, before, after = text[start:end], _char(text, start - 1), _char(text, end)
    if _alnum(before) or (body[0].isdigit() and body.endswith("×") and after in tuple("（(米")):
        return False
    if _alnum(after):
        return _before_figure(text, start, end)
    if len(body) == 1 and before and before in "）)%米" and after and (after.isdigit() or after in "（("):
        return False
    # “数据要素×” is a campaign's name.
    if len(body) == 1 and after == "”" and before != "“":
        return False
    return not (len(body) == 1 and _formula(text, start, end))


def _formula(text: str, start: int, end: int) -> bool:
    """Whether the signs of an equation stand on the same line within twenty characters."""
    near = text[max(0, start - 20) : end + 20]
    return bool(re.search(r"[=＝÷]", near.split("\n")[0] if "\n" not in near[:20] else near.split("\n")[-1]))


def _star(text: str, start: int, end: int) -> bool:
    """* at the head of a line is a bullet, in A*B a product, after a word or before 注 a note."""
    body, before, after = text[start:end], _char(text, start - 1), _char(text, end)
    if _alnum(before) or (_alnum(after) and not _before_figure(text, start, end)):
        return False
    if len(body.strip("0123456789")) > 1:
        return True
    if before in "\n" and (after in _BLANK or text.startswith("注", end)):
        return False
    return not (
        text.startswith(("表示", "为", "号", "（", "("), end) or text.endswith(("注:", "注："), 0, start)
    )


def _circle(text: str, start: int, end: int) -> bool:
    """〇 next to a Chinese digit is a zero (二〇二〇年, 三〇一医院); ○ at the head of a line is a bullet."""
    before, after = _char(text, start - 1), _char(text, end)
    if (before and before in _CHINESE_DIGITS) or (after and after in _CHINESE_DIGITS):
        return False
    if _alnum(after):
        return _before_figure(text, start, end)
    return end - start > 1 or text[start] != "○" or not _heads_line(text, start) or _measured(text, end)


def _heads_line(text: str, start: int) -> bool:
    return not text[text.rfind("\n", 0, start) + 1 : start].strip()


def _measured(text: str, end: int) -> bool:
    return unit_at(text, end) is not None or _PLACE.match(text, end) is not None


def _square(text: str, start: int, end: int) -> bool:
    """□ before a word in a list of choices is a tick box (□是 □否), ■ at the head of a line a bullet."""
    after = _char(text, end)
    if end - start > 1:
        return not _alnum(after) or _before_figure(text, start, end)
    if fills_cell(text, start, end):
        return True
    if after in _BLANK or text.startswith(words("masks", "after_box"), end):
        return False
    line = text[text.rfind("\n", 0, start) + 1 : (text.find("\n", end) + 1 or len(text) + 1) - 1]
    return _measured(text, end) or not (_heads_line(text, start) or _TICKED.search(line))


def _mark(text: str, start: int, end: int) -> bool:
    """△ ▲ ● ☆ alone at the head of a line are bullets; ★ rates a house."""
    if text[start] == "★" or _alnum(_char(text, end)):
        return end - start > 1 and unit_at(text, end) is not None and unit_at(text, end).base != "级"  # type: ignore[union-attr]
    return end - start > 1 or not _heads_line(text, start) or _measured(text, end)


def _line(text: str, start: int, end: int) -> bool:
    """A long line of underscores is a rule; one between Latin letters belongs to a name."""
    if _alnum(_char(text, start - 1)) and _alnum(_char(text, end)):
        return False
    return end - start < 16 or _char(text, start - 1) not in "\n"


def _counted(text: str, start: int, end: int) -> bool:
    """## @@ OO: only two or more, before a unit (letters also before 县, 镇 …)."""
    if end - start < 2 or _alnum(_char(text, start - 1)) or _alnum(_char(text, end)):
        return False
    if unit_at(text, end) is not None or fills_cell(text, start, end):
        return True
    return (
        text[end : end + 1] in tuple("年月日:")
        or text[start - 1 : start] == ":"
        or (text[start] in "Oo" and _PLACE.match(text, end) is not None)
    )


_KEEP: dict[str, Callable[[str, int, int], bool]] = {
    "x": _latin_x,
    "cross": _cross,
    "star": _star,
    "circle": _circle,
    "square": _square,
    "triangle": _mark,
    "line": _line,
    "hole": _mark,
    "sign": _counted,
    "letter_o": _counted,
}
