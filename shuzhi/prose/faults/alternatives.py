"""Choices that whoever filled the template left open: two words of which the sentence can mean only one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import permutations

from shuzhi.prose.faults.rule import Found, Rule, matched
from shuzhi.prose.model import Draft, Span
from shuzhi.prose.tables import any_of, words

_OPEN = r"[/／（(]"
_STROKE = re.compile(rf"{_OPEN}|、(?=[^，。；、\n]{{1,6}}[）)])")
_WINDOW = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """What follows a word's stroke or bracket for the two to be a choice: 二等奖; or 四, and 季度 after the bracket."""

    other: str
    tail: str = ""
    bracket: bool = False

    def end(self, text: str, at: int) -> int | None:
        """Where the choice ends that has its stroke or bracket at `at`, or None."""
        end = at + 1 + len(self.other)
        if not text.startswith(self.other, at + 1) or (text[at] in "（(") is not self.bracket:
            return None
        if not self.bracket:
            return end
        closed = text[end : end + 1] in ("）", ")") and text.startswith(self.tail, end + 1)
        return end + 1 + len(self.tail) if closed else None


def _both(one: str, other: str) -> Iterator[tuple[str, Choice]]:
    """The ways to offer two words; what they end in alike may stand once: 一/二等奖, 三（四）季度."""
    yield one, Choice(other)
    yield one, Choice(other, bracket=True)
    size = 0
    while size < min(len(one), len(other)) - 1 and one[-size - 1] == other[-size - 1]:
        size += 1
    if size:
        yield one[:-size], Choice(other)
        yield one[:-size], Choice(other[:-size], one[-size:], bracket=True)


@cache
def _classes() -> dict[str, tuple[Choice, ...]]:
    """Every word before a stroke with the choices it begins."""
    pairs = [pair for line in words("choices", "classes") for pair in permutations(line.split(), 2)]
    pairs += [(one, other) for one, other in (entry.split("/") for entry in words("choices", "denials"))]
    made: dict[str, tuple[Choice, ...]] = {}
    for one, other in pairs:
        for left, choice in _both(one, other):
            made[left] = (*made.get(left, ()), choice)
    return made


_LONGEST = 6


def _offered(text: str, at: int) -> Span | None:
    """The two words around the stroke or bracket at `at` of which one is to go."""
    if any(text[i : i + 1] in ("/", "／") for i in range(at - 4, at)):
        return None
    for size in range(min(_LONGEST, at), 0, -1):
        for choice in _classes().get(text[at - size : at], ()):
            end = choice.end(text, at)
            listed = text[at] == "、" and (text[at - size - 1] not in "（(" or text[end or at] not in "）)")
            if end is not None and not listed and text[end : end + 1] not in ("/", "／", "率"):
                return Span(at - size, end)
    return None


@cache
def _own() -> re.Pattern[str]:
    units, posts = any_of(words("choices", "units")), any_of(words("choices", "posts"))
    callings, committees = any_of(words("choices", "callings")), any_of(words("choices", "committees"))
    return re.compile(
        rf"(?<=[我本])(?P<u>{units}){_OPEN}(?!(?P=u)){units}(?:[、/／]{units})*(?:[）)]|(?![\u4e00-\u9fff]*[）)]))"
        rf"|(?:我|本人)(?:作为|担任|身为|任|是)?[^，。；：（(/／\n]{{0,12}}(?P<p>{posts}){_OPEN}[^，。；：（(/／\n]{{0,6}}(?!(?P=p)){posts}(?:[）)]|(?=[，。；]))"
        rf"|(?P<q>{posts})[/／][^，。；：（(/／\n]{{0,4}}(?!(?P=q)){posts}(?!一肩挑|[/／])"
        rf"|(?P<c>{callings})[（(/／](?!(?P=c)){callings}[）)]?(?=[\dXx×])"
        rf"|(?<![级各])(?P<k>{committees})[（(/／](?!(?P=k)){committees}[）)]?"
    )


# （二选一）, （任选其一）: the direction to choose, with the words offered before it.
_PICK = re.compile(
    r"[^，。；：\n（(]{0,14}[（(](?:请)?(?:选择|勾选|选填|[二两三四五]选[一二]|任选(?:其[一二]|一[项个种])?|择(?:其)?一(?:填写|选用|即可)?"
    r"|选其一|选填(?:其一|一项)?|选择(?:其一|一项|填写)|按(?:实际)?(?:情况)?(?:选择|选填|选用)|多选一|(?:二者|两者|三者)(?:选|取|择)(?:其)?一|视情况?选择?)[）)]"
)


# How far a choice reaches before and after its stroke.
_BEFORE, _AFTER = 22, 16


def _self_told(draft: Draft) -> Iterator[Span]:
    """What is said of oneself in two ways; only the strokes with a unit, post or calling behind are looked at."""
    last = 0
    for hint in _hint().finditer(draft.text):
        start = max(last, hint.start() - _BEFORE)
        for found in _own().finditer(draft.text, start, hint.end() + _AFTER):
            span = Span(*found.span())
            if not any(s.touches(span) for s in draft.boilerplate):
                yield span
                last = span.end


@cache
def _hint() -> re.Pattern[str]:
    told = (*words("choices", "units"), *words("choices", "posts"))
    behind = any_of((*told, *words("choices", "callings"), *words("choices", "committees")))
    return re.compile(rf"{_OPEN}[^，。；：（(/／\n]{{0,6}}?{behind}")


def choices(draft: Draft) -> Iterator[Found]:
    """优秀/良好, 我镇（乡）, 已（未）完成, 甲、乙（二选一）: a choice nobody made."""
    text = draft.text
    told = words("choices", "told")
    for span in _self_told(draft):
        yield _open(text, span)
    for stroke in _STROKE.finditer(text):
        offered = _offered(text, stroke.start())
        if offered is None or any(s.touches(offered) for s in draft.boilerplate):
            continue
        before = re.split(r"[，。；\n]", text[max(0, offered.start - _WINDOW) : offered.start])[-1]
        if not any(word in before for word in told) and text[offered.end : offered.end + 2] not in (
            "比例",
            "占比",
            "之间",
        ):
            yield _open(text, offered)
    for span in matched(draft, _PICK):
        yield _open(text, span)


def _open(text: str, span: Span) -> Found:
    return Found(span, f"“{span.of(text)}”只能取其一，还没有选定，请删去不用的。", "likely")


RULES = (Rule("prose-P1-choice", "unresolved_alternative", choices),)
