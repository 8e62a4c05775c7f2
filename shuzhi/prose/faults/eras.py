"""Campaigns, meetings, slogans and offices that did not exist in the year of the report, or no longer did."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.faults.years import Years, clock_of, report_years
from shuzhi.prose.model import Draft, Span
from shuzhi.prose.tables import at, strings


@dataclass(frozen=True, slots=True)
class Era:
    """A word with the years a report may use it of the present in."""

    word: re.Pattern[str]
    first: int | None
    last: int | None
    now: str = ""


@cache
def _eras(key: str) -> tuple[Era, ...]:
    listed = at("eras", key)
    made = []
    for entry in listed if isinstance(listed, list) else []:
        if isinstance(entry, dict):
            first, last = entry.get("from"), entry.get("to")
            made.append(
                Era(
                    re.compile(str(entry["word"])),
                    first if isinstance(first, int) else None,
                    last if isinstance(last, int) else None,
                    str(entry.get("now", "")),
                )
            )
    return tuple(made)


_COMING = re.compile(r"迎接|喜迎|迎来|即将|将于|将召开|召开之年|谋划|编制|筹备|规划|前期|试点|学习宣传贯彻")
_DOING = re.compile(
    r"(?:扎实|深入|全面|认真|持续|积极|大力|有序|精心|严格)*(?:开展|推进|抓好|组织|参加|实施|部署)(?:了|好|实施|落实)?[“]?$"
)
_KEPT = re.compile(
    r"^[”]?(?:[^，。；]{0,4}(?:成果|常态化|长效|整改|以来|后|期间|回头看|经验|要求|精神|先进|总结|工作会议))"
)


def campaigns(draft: Draft) -> Iterator[Found]:
    """A campaign, congress or slogan that had not begun in the year of the report, or was over long before."""
    years = report_years(draft)
    if years is None:
        return
    clock = clock_of(draft)
    for era in _eras("era"):
        early = era.first is not None and era.first > years.reviewed
        late = era.last is not None and era.last < years.reviewed
        for match in era.word.finditer(draft.text) if early or late else ():
            span = Span(*match.span())
            if any(s.touches(span) for s in draft.boilerplate):
                continue
            ahead = clock.plans(span.start) or (draft.closing is not None and draft.closing.touches(span))
            if early and not _foreseen(draft, span, era, years, ahead):
                yield Found(
                    span,
                    f"“{match.group().strip(_QUOTES)}”始于{era.first}年，本报告写的是{years.reviewed}年，请核对是不是套用了别的年份的材料。",
                    "likely",
                )
                break
            if late and _going_on(draft, span):
                yield Found(
                    span,
                    f"“{match.group().strip(_QUOTES)}”到{era.last}年已经结束，本报告写的是{years.reviewed}年，请核对。",
                    "likely",
                )
                break


def _foreseen(draft: Draft, span: Span, era: Era, years: Years, ahead: bool) -> bool:
    """Whether the word may stand although its time comes later: told when it had begun, planned or awaited."""
    if era.first is None or era.first > max(years.told, years.reviewed + 1):
        return False
    if era.first <= years.told:
        return True
    near = draft.text[max(0, span.start - 14) : span.end + 12]
    return ahead or _COMING.search(near) is not None


def _going_on(draft: Draft, span: Span) -> bool:
    before = draft.text[max(0, span.start - 12) : span.start]
    behind = draft.text[span.end : span.end + 14]
    past = re.search(r"去年|上年|前期|此前|曾|过去|以来", before) is not None
    return _DOING.search(before) is not None and not past and _KEPT.match(behind) is None


_QUOTES = "“”"
_FORMER = re.compile(r"原|时任|前身|撤销|更名|改为|并入|划转|整合|组建|挂牌|职能|职责|曾任|成立|转隶")


def bodies(draft: Draft) -> Iterator[Found]:
    """An office under a name it had not yet or no longer."""
    years = report_years(draft)
    if years is None:
        return
    for era in _eras("body"):
        late = era.last is not None and era.last < years.reviewed
        early = era.first is not None and era.first > years.told
        for match in era.word.finditer(draft.text) if late or early else ():
            span = Span(*match.span())
            near = draft.text[max(0, span.start - 10) : span.start] + draft.text[span.end : span.end + 10]
            if _FORMER.search(near) or any(s.touches(span) for s in draft.boilerplate):
                continue
            if late:
                told = f"“{match.group()}”在{era.last}年前已改设为{era.now}，{years.reviewed}年的报告不应再用旧名，请核对。"
            else:
                told = f"“{match.group()}”{era.first}年机构改革后才有，{years.reviewed}年的报告里不会出现，请核对。"
            yield Found(span, told, "likely")
            break


_PLENARY = re.compile(r"(?P<which>(?:十[八九]|二十)届[一二三四五六七])中全会")


def plenaries(draft: Draft) -> Iterator[Found]:
    """党的二十届三中全会 was held in 2024."""
    years = report_years(draft)
    if years is None:
        return
    held = strings("eras", "plenary")
    for match in _PLENARY.finditer(draft.text):
        year = int(held.get(match.group("which"), "0"))
        near = draft.text[max(0, match.start() - 12) : match.end() + 12]
        if year > years.told and not (year == years.told + 1 and _COMING.search(near)):
            yield Found(
                Span(*match.span()),
                f"党的{match.group()}是{year}年召开的，本报告写的是{years.reviewed}年，请核对。",
                "likely",
            )
            return


_STUDIED = re.compile(
    r"(?:学习|贯彻|落实|领会|宣讲|宣传)[^，。；]{0,10}?党的(?P<which>十[六七八九])大(?:会议)?(?:报告)?精神"
)


def stale(draft: Draft) -> Iterator[Found]:
    """学习贯彻党的十八大精神 years after the next congress, which the text never names."""
    years = report_years(draft)
    if years is None:
        return
    held = {name: int(year) for name, year in strings("eras", "congress").items()}
    for match in _STUDIED.finditer(draft.text):
        later = [n for n, year in held.items() if held[match.group("which")] < year < years.reviewed]
        if later and not any(f"{name}大" in draft.text or f"{name}届" in draft.text for name in later):
            yield Found(
                Span(*match.span()),
                f"{years.reviewed}年的报告只提党的{match.group('which')}大，没有提党的{later[-1]}大，请核对是不是旧稿留下的。",
                "likely",
            )


RULES = (
    Rule("prose-T2-term", "year_mismatch", campaigns),
    Rule("prose-T2-body", "year_mismatch", bodies),
    Rule("prose-T2-plenary", "year_mismatch", plenaries),
    Rule("prose-T2-stale", "year_mismatch", stale),
)
