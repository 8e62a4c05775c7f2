"""Finds the masks of a draft (X.X, ××, 〇〇, ___, （　）, 【此处填写…】, 某) and leaves alone what only looks like one."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from shuzhi.prose.glyphs import folded
from shuzhi.prose.model import Span
from shuzhi.prose.signs.drawings import drawn, fills_cell
from shuzhi.prose.signs.units import unit_at
from shuzhi.prose.tables import any_of, words


@dataclass(frozen=True, slots=True)
class Mask:
    """A mask found in the text: where, and the family it was drawn in."""

    span: Span
    family: str


_ADDRESS = re.compile(
    r"(?:https?://|www\.)[A-Za-z0-9._/\-?=&#%:]{1,200}|(?<![A-Za-z0-9._\-])[A-Za-z0-9._\-]{1,64}@[A-Za-z0-9._\-]{1,64}|(?<![A-Za-z0-9\-])[A-Za-z0-9\-]{1,64}\.(?:com|cn|net|org|gov|invalid)[A-Za-z0-9._/\-]{0,200}"
)
_OPEN, _CLOSE = r"（(\[【〔［<＜{｛", r"）)\]】〕］>＞}｝"
_BLANK = re.compile(r"[（(\[【〔［][ \u3000\u00a0_…]{0,12}[）)\]】〕］]")
_PROMPT = re.compile(rf"([$#]?{{{{?|[{_OPEN}])([^{_OPEN}{_CLOSE}\n]{{1,40}})(?:}}}}?|[{_CLOSE}])")
_FILL = re.compile(r"填(?!埋|方|海|土|平|补空|充|空)")
_SIGNS = "Xx×*○〇□_"
_N_RUN = re.compile(r"N+(?:,N{3})*(?:\.N+)?")
_MOU = re.compile(r"某{1,4}")
_DOTS = re.compile(r"…{1,2}|\.{3,6}|。{3,6}|？{1,4}|\?{1,4}|[—-]{2,4}(?=%|个百分点|元|万元|亿元)")


def masks(text: str, skipped: tuple[Span, ...] = ()) -> list[Mask]:
    """The masks of `text` in order, disjoint; nothing inside the `skipped` spans (carrier text)."""
    norm = folded(text)
    taken = bytearray(len(text))
    for start, end in (*((s.start, s.end) for s in skipped), *(m.span() for m in _ADDRESS.finditer(norm))):
        taken[start:end] = b"\x01" * (min(end, len(taken)) - start)
    found: list[Mask] = []
    for finder in FINDERS:
        for mask in finder(norm):
            start, end = mask.span.start, mask.span.end
            if 1 not in taken[start:end]:
                taken[start:end] = b"\x01" * (end - start)
                found.append(mask)
    return sorted(found, key=lambda mask: mask.span.start)


def _char(text: str, place: int) -> str:
    return text[place] if 0 <= place < len(text) else ""


@cache
def _cues() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    return tuple(  # type: ignore[return-value]
        re.compile(any_of(words("masks", key))) for key in ("prompt_cues", "prompt_words", "round_prompts")
    )


def prompts(text: str) -> Iterator[Mask]:
    """Brackets with a worded prompt: 【此处填写金额】, [单位名称], {数字}, and empty brackets."""
    for found in _BLANK.finditer(text):
        yield Mask(Span(*found.span()), "blank")
    cue, whole, round_whole = _cues()
    for found in _PROMPT.finditer(text):
        inner = found.group(2).strip()
        whole_words = round_whole if found.group(1) in "（(" else whole
        if cue.search(inner) or _FILL.match(inner) or whole_words.fullmatch(inner):
            yield Mask(Span(*found.span()), "prompt")
        elif inner and all(c in _SIGNS for c in inner):
            yield Mask(Span(*found.span()), "blank")


def runs(text: str) -> Iterator[Mask]:
    """Runs of X, ×, *, 〇, □, △, _ …"""
    for span, family in drawn(text):
        yield Mask(span, family)


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
        if (
            len(found.group()) > 1
            or (unit_at(text, found.end()) is not None and not _in_slogan(text, found.start()))
            or fills_cell(text, *found.span())
            or (after and after in "月日年:")
            or before == ":"
        ):
            yield Mask(Span(*found.span()), "n")


def _in_slogan(text: str, place: int) -> bool:
    """Whether the place lies in short quotes: “一个中心、三个系统、N个应用”."""
    opened = text.rfind("“", max(0, place - 30), place)
    closed = text.find("”", opened, place + 30)
    return opened >= 0 and closed > place


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
    """… ... or ？？ straight behind a word and before a unit; a single ？ and a dash only where % or money follows.

    At the head of a sentence … stands for a name (……获国家地理标志); once a text masks so, elsewhere too.
    """
    masked = False
    for found in _DOTS.finditer(text):
        sign, before = found.group(), _char(text, found.start() - 1)
        unit = unit_at(text, found.end())
        dated = len(sign) > 1 and (before == ":" or _char(text, found.end()) in tuple("月日年:"))
        if unit is None and not dated and not fills_cell(text, *found.span()):
            continue
        behind = (
            before.isalnum()
            or before in tuple(" |\t—－-~～:%）)")
            or not before
            or (len(sign) > 1 and before in "。；，：、\n")
        )
        if not behind or (len(sign) == 1 and sign != "…" and (unit is None or unit.cls not in _SURE)):
            continue
        masked = masked or sign[0] == "…"
        yield Mask(Span(*found.span()), "dots")
    for found in re.finditer("…{1,2}", text):
        before, after = _char(text, found.start() - 1), _char(text, found.end())
        opens = before in "。；\n" or (masked and (before in "，：、" or before.isalnum()))
        if opens and "\u4e00" <= after <= "\u9fff":
            yield Mask(Span(*found.span()), "name" if unit_at(text, found.end()) is None else "dots")


_SURE = ("percent", "points", "money")
# Order matters: an earlier finder's mask closes its stretch to the later ones.
FINDERS: tuple[Callable[[str], Iterator[Mask]], ...] = (prompts, runs, letter_n, somebody, dots)
