"""Takes the words behind a figure apart: what is counted (项目) and what was done to it (建成试产)."""

import re
from functools import cache

from shuzhi.prose.sense.deeds import deed, single_deeds
from shuzhi.prose.tables import any_of, lexicon, listed, strings, words

# A remark in brackets, a bound, and how it was done stand before the noun and say nothing of it.
_REMARK = re.compile(r"^[（(][^（）()]*(?:[）)]|$)")
_BOUND = re.compile(r"^(?:左右|以上|以下|以内|上下|的)")
_MANNER = re.compile(
    r"^(?:还|又|也|再|则|如期|稳定|顺利|全部|均|都|已经|已|率先|基本|有序|加快|正在|仍在|尚在|正|最终|先后|陆续)+(?=[^式常月])"
)
_INSIDE = re.compile(r"(?:之?中|内|里)(?:$|[，。；])")
_NEXT = re.compile(r"[XxX×〇○□*_\d，、（(的]")
_QUOTED = re.compile(r"“[^“”]*”?|《[^《》]*》?")
# Verbs too weak to say what was done.
_WEAK = ("建设", "推进", "加快推进", "以上", "左右", "和", "与")
# A deed followed by one of these is the head of a compound noun (办理窗口, 培训中心).
_COMPOUND = r"(?:窗口|中心|站|点|户|员|人员|率|项目|工程|园|区|村|基地|单位|机构|企业|场所|平台|线索|事项|案件|问题|任务|资金|贷款|费|款|证|额|量|数)"


# Words that end in one of the stopping characters (公共, 核对, 首都, 平均): characters before it that make one.
_BEFORE = {
    "共": "公总",
    "对": "核相应校结配针反",
    "为": "作行成认",
    "在": "存潜现",
    "都": "首古成",
    "均": "平户人亩年日月村",
    "等": "高中初平均对同优",
    "于": "属位由",
    "到": "收得签报",
    "还": "偿退归",
}


@cache
def _after() -> dict[str, str]:
    """Characters that end a noun, each with those that make a word with it when they follow (在建, 对口)."""
    return strings("phrases", "nouns", "stop_chars")


def _stops(text: str, place: int) -> bool:
    """Whether a word or number begins there that cannot stand in a noun."""
    char = text[place]
    if char.isdecimal() or lexicon("phrases", "nouns", "right_stop").at(text, place):
        return True
    after = _after().get(char)
    if after is None or (place and text[place - 1] in _BEFORE.get(char, "")):
        return False
    return text[place + 1 : place + 2] not in set(after)


@cache
def _doubtful() -> frozenset[str]:
    """Deeds that as often stand inside a noun, or hold their object in themselves."""
    return frozenset((*words("phrases", "verbs", "nounlike"), *words("phrases", "verbs", "whole")))


_MADE = re.compile(_COMPOUND)
_HEAD = re.compile(rf"{_COMPOUND}|$")


@cache
def _turned() -> re.Pattern[str]:
    return re.compile(any_of(tuple(strings("phrases", "growth"))) + r"(?:到|至|为|了|$)")


def right_noun(text: str) -> tuple[str, str]:
    """The noun that follows a figure and the verb behind it (项目建成试产 → 项目, 建成试产)."""
    text = _BOUND.sub("", _REMARK.sub("", text.strip(" \u3000”“")))
    text = _MANNER.sub("", text)
    text = re.sub(r"(?<=.{2})(?:之?中|[和与及]|以及)$", "", text)
    if text[:1].isdigit():
        return "", ""
    if not text or _INSIDE.match(text) or _turned().match(text):
        return "", ""
    cut = _cut(text)
    if text.startswith("的", cut) and cut > 1:
        which, verb = right_noun(text[cut + 1 :])
        if len(which) >= 2:
            return (text[:cut] + which if cut + len(which) <= 12 else which), verb
    noun, verb = text[:cut], _NEXT.split(_MANNER.sub("", text[cut:]))[0]
    opened = deed(text)
    if opened:
        doubtful = opened in listed("phrases", "verbs", "nounlike") or _MADE.match(text, len(opened))
        sure = not doubtful and cut > len(opened)
        if sure or (len(opened) >= len(noun) and _stops(text, 0)):
            noun, verb = "", _NEXT.split(text)[0]
    if len(verb) > 13:
        verb = deed(verb)
    verb = "" if verb in _WEAK else verb.rstrip("了过").replace("了", "", 1)
    return noun[-24:], verb


def _cut(text: str) -> int:
    """Where the noun ends: before the first word that cannot stand in one, or the first deed with an object."""
    # What stands in quotes is one name, whatever words it is made of.
    text = _QUOTED.sub(lambda m: "〓" * len(m.group()), text)
    stop = next((place for place in range(1, len(text)) if _stops(text, place)), len(text))
    # Words are told from left to right, so that 研发生产 never holds 发生.
    done = (
        start
        for start, end in single_deeds(text)
        if start > 1 and text[start:end] not in _doubtful() and not _HEAD.match(text, end)
    )
    return min(stop, next(done, len(text)))
