"""Finds the masks of a draft (X.X, ××, 〇〇, ___, （　）, 【此处填写…】, 某) and leaves alone what only looks like one."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from shuzhi.prose.glyphs import folded
from shuzhi.prose.model import Span
from shuzhi.prose.tables import any_of, words
from shuzhi.prose.units import unit_at


@dataclass(frozen=True, slots=True)
class Mask:
    """A mask found in the text: where, and the family it was drawn in."""

    span: Span
    family: str


_ADDRESS = re.compile(
    r"(?:https?://|www\.)[A-Za-z0-9._/\-?=&#%:]{1,200}|(?<![A-Za-z0-9._\-])[A-Za-z0-9._\-]{1,64}@[A-Za-z0-9._\-]{1,64}|(?<![A-Za-z0-9\-])[A-Za-z0-9\-]{1,64}\.(?:com|cn|net|org|gov|invalid)[A-Za-z0-9._/\-]{0,200}"
)


def _run(chars: str) -> re.Pattern[str]:
    c = re.escape(chars)
    one = rf"[{c}]"
    return re.compile(rf"(?:\d{{0,3}}{one}+(?:,{one}{{3}})*(?:[.·]{one}+)?|\d+\.{one}+)")


_RUNS = {
    name: _run(chars)
    for name, chars in {
        "x": "Xx",
        "cross": "×",
        "star": "*",
        "circle": "○〇◯",
        "square": "□■",
        "triangle": "△▲",
        "line": "_",
        "hole": "●☆",
    }.items()
}
_N_RUN = re.compile(r"N+(?:,N{3})*(?:\.N+)?")
_BLANK = re.compile(r"[（(\[【〔［][ \u3000\u00a0_…]{0,12}[）)\]】〕］]")
_PROMPT = re.compile(r"[（(\[【〔［<＜{｛]([^（）()\[\]【】〔〕［］<>＜＞{}｛｝\n]{1,30})[）)\]】〕］>＞}｝]")
_MOU = re.compile(r"某{1,4}")
_DOTS = re.compile(r"…{1,2}|？{2,4}|\?{2,4}")


def masks(text: str, skipped: tuple[Span, ...] = ()) -> list[Mask]:
    """The masks of `text` in order, disjoint; nothing inside the `skipped` spans (carrier text)."""
    norm = folded(text)
    closed = [(s.start, s.end) for s in skipped] + [m.span() for m in _ADDRESS.finditer(norm)]
    found: list[Mask] = []
    for finder in FINDERS:
        for mask in finder(norm):
            a, b = mask.span.start, mask.span.end
            if any(a < e and s < b for s, e in closed):
                continue
            closed.append((a, b))
            found.append(mask)
    return sorted(found, key=lambda mask: mask.span.start)


def _char(text: str, place: int) -> str:
    return text[place] if 0 <= place < len(text) else ""


def prompts(text: str) -> Iterator[Mask]:
    """Brackets with a worded prompt: 【此处填写金额】, [单位名称], {数字}, and empty brackets."""
    for found in _BLANK.finditer(text):
        yield Mask(Span(*found.span()), "blank")
    cue = re.compile(any_of(words("masks", "prompt_cues")))
    whole = re.compile(any_of(words("masks", "prompt_words")))
    for found in _PROMPT.finditer(text):
        inner = found.group(1).strip()
        if cue.search(inner) or (whole.fullmatch(inner) and found.group()[0] not in "（("):
            yield Mask(Span(*found.span()), "prompt")
        elif inner and all(c in "Xx×*○〇□_" for c in inner):
            yield Mask(Span(*found.span()), "blank")


def drawn(text: str) -> Iterator[Mask]:
    """Runs of X, ×, *, 〇, □, △, _ with their decimal point and thousands commas."""
    for name, pattern in _RUNS.items():
        keep = _KEEP.get(name, _always)
        for found in pattern.finditer(text):
            if keep(text, found.start(), found.end()):
                yield Mask(Span(*found.span()), name)


def _always(text: str, start: int, end: int) -> bool:
    return True


def _latin_x(text: str, start: int, end: int) -> bool:
    """X is a mask unless it is part of a Latin word (Xbox, PX), of X光, of a product 3x5 or of an address."""
    body = text[start:end]
    before, after = _char(text, start - 1), _char(text, end)
    if (before and before.isascii() and (before.isalnum() or before in "@&")) or (
        after.isascii() and after.isalnum()
    ):
        return False
    if any(c.isdigit() for c in body) and re.fullmatch(r"\d+[xX]\d+", body):
        return False
    if before == "-" and _char(text, start - 2).isdigit() and len(body) > 3:
        return False
    if len(body) == 1 and text.startswith(words("masks", "after_x"), end):
        return False
    if (
        before in "+-"
        and len(body) == 1
        and _char(text, start - 2).isascii()
        and _char(text, start - 2).isalnum()
    ):
        return False
    if before in '“"' and after in '”"' and len(body) == 1:
        return True
    return not (after == "+" and len(body) == 1)


def _cross(text: str, start: int, end: int) -> bool:
    """× between two numbers multiplies (7×24, 2×66万)."""
    body = text[start:end]
    before, after = _char(text, start - 1), _char(text, end)
    if (
        body.strip("×").isdigit()
        or (before.isascii() and before.isalnum())
        or (after.isascii() and after.isalpha())
    ):
        return False
    return not (
        len(body) == 1
        and ((before and before in "）)%米") or after.isdigit())
        and (after.isdigit() or (after and after in "（("))
    )


def _star(text: str, start: int, end: int) -> bool:
    """* at the head of a line is a bullet, in A*B a product."""
    before, after = _char(text, start - 1), _char(text, end)
    if end - start == 1 and (before in "\n" and after in " \u3000"):
        return False
    return not (before.isascii() and before.isalnum() and after.isascii() and after.isalnum())


def _circle(text: str, start: int, end: int) -> bool:
    """〇 next to a Chinese digit is a zero (二〇二〇年, 三〇一医院)."""
    before, after = _char(text, start - 1), _char(text, end)
    if before and before in "零一二三四五六七八九":
        return False
    return not (after and after in "零一二三四五六七八九")


def _square(text: str, start: int, end: int) -> bool:
    """□ before a word in a list of choices is a tick box (□是 □否)."""
    after = _char(text, end)
    return not (
        end - start == 1 and (after in " \u3000" or text.startswith(words("masks", "after_box"), end))
    )


def _mark(text: str, start: int, end: int) -> bool:
    """△ ▲ ● ☆ alone at the head of a line are bullets."""
    before = _char(text, start - 1)
    return end - start > 1 or (before not in "\n\u3000 " and unit_at(text, end) is not None)


def _line(text: str, start: int, end: int) -> bool:
    """A rule of underscores over a whole line is a rule; one between Latin letters belongs to a name."""
    before, after = _char(text, start - 1), _char(text, end)
    if (before.isascii() and before.isalnum()) and (after.isascii() and after.isalnum()):
        return False
    return end - start < 16 or before not in "\n"


_KEEP: dict[str, Callable[[str, int, int], bool]] = {
    "x": _latin_x,
    "cross": _cross,
    "star": _star,
    "circle": _circle,
    "square": _square,
    "triangle": _mark,
    "line": _line,
    "hole": _mark,
}


def letter_n(text: str) -> Iterator[Mask]:
    """N.N and NN, and N where a unit follows; never 1+N, N95, 一网N端."""
    for found in _N_RUN.finditer(text):
        before, after = _char(text, found.start() - 1), _char(text, found.end())
        if (
            (before.isascii() and before.isalnum())
            or (before and before in "+×")
            or (after.isascii() and (after.isalnum() or after == "+"))
        ):
            continue
        if len(found.group()) > 1 or unit_at(text, found.end()) is not None:
            yield Mask(Span(*found.span()), "n")


def somebody(text: str) -> Iterator[Mask]:
    """某, 某某: a mask for a name, unless it is the word 某些, 某种, 某个 …"""
    ordinary = words("masks", "after_mou")
    for found in _MOU.finditer(text):
        if len(found.group()) == 1 and (
            text.startswith(ordinary, found.end()) or _char(text, found.start() - 1) == "若"
        ):
            continue
        yield Mask(Span(*found.span()), "mou")


def dots(text: str) -> Iterator[Mask]:
    """… or ？？ straight before a unit."""
    for found in _DOTS.finditer(text):
        unit = unit_at(text, found.end())
        if (
            unit is not None
            and unit.cls in ("percent", "points", "money")
            and _char(text, found.start() - 1) not in "，。；、"
        ):
            yield Mask(Span(*found.span()), "dots")


# Order matters: an earlier finder's mask closes its stretch to the later ones.
FINDERS: tuple[Callable[[str], Iterator[Mask]], ...] = (prompts, drawn, letter_n, somebody, dots)
