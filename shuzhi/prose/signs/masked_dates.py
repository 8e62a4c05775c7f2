"""Tells the masks that stand for a date, a term, a rank or a length of years (X月XX日, 第X届, 20XX年, 连续X年)."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dated:
    """What a mask in a date or a rank is: its form (date, rank, number), its unit, where the unit ends, its class."""

    form: str
    unit: str | None
    stop: int
    cls: str


_UNIT = re.compile(
    r"季度|年度|年(?!级|鉴|会|画|货|轮)|月(?!饼|亮|季|子|刊|报)|日(?!报|常|均|照|产)|时(?=许|，|整|开|[\dXx×*〇○_□]|前|起|止|至|。|—)|分(?=，|。|许|召|开|在)"
)
_RANK_UNIT = re.compile(r"[位名]|届|次|批|轮|季度|号|期|产业|章|条|强")
# 十X届人大X次会议, 〔20XX〕XX号: ordinals without 第.
_TERM = re.compile(r"届[^，。；\n]{0,8}$")
_NUMBERED = re.compile(r"[〔\[（(【][\dXx×*○〇_□]{2,4}[〕\]）)】]\s?第?$")
_LONG = re.compile(
    r"(?:连续|过去|为期|历时|工期|近|用时?|用了|超过|不到|提前|任期|满|长达|最长|年限|年限为|年限达|年限达到)$"
)
_LONG_AFTER = re.compile(r"(?:年|年度)?(?:来|以来|期|多|内|时间|之久|零|半|[XxX×*〇○_□\d]{1,3}个月)")
_DAY_BEFORE = re.compile(r"[月日]$|[—－\-–~～至到、]$|于$|截至$|截止$|每月$")
_DAY_AFTER = re.compile(r"[前至到起止内]|[—\-–~～]|上午|下午|晚|凌晨|召开")
_HOUR_BEFORE = re.compile(r"[月日午上晚晨早间]$|[—－\-–~～至到、]$|时间为$|[:：]$")
_PLACED = re.compile(r"(?:排名|位次|位列|名次|排位|排序)[^，。；\n]{0,10}$")
_MOVES = re.compile(r"(?:上?升|跃升|下?降|提升|前进|退|进)(?:了|至|到|为)|[，。；、\n]|$")
_RISES = re.compile(r"(?:升|降|跃|进|退|提)(?:至|到|为)$")


def dated(text: str, start: int, end: int) -> Dated | None:
    """The date, ordinal or length of years the mask at `start`:`end` stands for, or None."""
    left = text[max(0, start - 14) : start]
    return _ranked(text, left, end) or _counted_years(text, left, start, end) or _date(text, left, start, end)


def _ranked(text: str, left: str, end: int) -> Dated | None:
    after = text[end : end + 1]
    if after == "届" or (after == "次" and _TERM.search(left)) or (after == "号" and _NUMBERED.search(left)):
        return Dated("rank", after, end + 1, "rank")
    if text.startswith("周年", end):
        return Dated("rank", "周年", end + 2, "rank")
    if left.endswith("第") or (left.endswith("前") and after in ("名", "位", "强")):
        found = _RANK_UNIT.match(text, end)
        unit = found.group() if found else None
        return Dated("rank", unit, end + len(unit or ""), "rank")
    if after == "位" and not text.startswith("位于", end):
        moves = _RISES.search(left) or (left[-1:] in ("由", "从") and _MOVES.match(text, end + 1))
        return Dated("rank", "位", end + 1, "rank") if moves else None
    bare = _PLACED.search(left) is not None and _MOVES.match(text, end) is not None
    return Dated("rank", None, end, "rank") if bare and after != "位" else None


def _counted_years(text: str, left: str, start: int, end: int) -> Dated | None:
    """X年来, 连续X年, X年时间: a length, not a year."""
    if text[end : end + 1] != "年" or text[start].isdigit():
        return None
    if _LONG.search(left) or _LONG_AFTER.match(text, end + 1):
        return Dated("number", "年", end + 1, "time")
    return None


def _date(text: str, left: str, start: int, end: int) -> Dated | None:
    if text[end : end + 1] in tuple("〕]）)】") and text[start : start + 2] == "20":
        return Dated("date", "年", end, "date")
    if left.endswith("十") and text[end : end + 1] == "五":
        return Dated("date", None, end, "date")
    found = _UNIT.match(text, end)
    if found is None:
        return None
    unit = found.group()
    if unit == "日" and not (_DAY_BEFORE.search(left) or _DAY_AFTER.match(text, found.end())):
        return None
    if unit == "时" and not _HOUR_BEFORE.search(left):
        return None
    if unit == "分" and not left.endswith("时"):
        return None
    return Dated("date", unit if unit == "季度" else unit[0], found.end(), "date")
