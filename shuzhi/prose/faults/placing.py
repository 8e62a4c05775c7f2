"""Dates that do not exist, years and terms that do not fit the title, a place of the wrong kind, one name in two spellings."""

import re
from calendar import monthrange
from collections.abc import Iterator

from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.model import Draft, Span
from shuzhi.prose.numerals import chinese
from shuzhi.prose.tables import at

_DATE = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)年)?(?<![\d个])(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]"
    r"|(?<![一二三四五六七八九十])(?P<cn_month>[一二三四五六七八九十]{1,2})月(?P<cn_day>[一二三四五六七八九十]{1,3})日"
)
_YEAR = re.compile(r"(?P<digits>(?:19|20)\d\d)|(?P<cn>[一二][零〇○九][零一二三四五六七八九〇○]{2})(?=年)")


def report_year(draft: Draft) -> int | None:
    """The year a report is about: the one in its title, else that of its first heading (工作回顾) or opening words."""
    found = _year_in(draft.title.of(draft.text))
    if found is not None:
        return found
    for heading in draft.outline[:2]:
        if re.search(r"回顾|总结", heading.text):
            return _year_in(heading.text)
    return None


def _year_in(text: str) -> int | None:
    match = _YEAR.search(text)
    if match is None:
        return None
    if match.group("digits"):
        return int(match.group("digits"))
    value = chinese(match.group("cn"))
    return int(value) if value is not None else None


def dates(draft: Draft) -> Iterator[Found]:
    """A month or day that no calendar has."""
    for match in _DATE.finditer(draft.text):
        month, day = _number(match, "month"), _number(match, "day")
        year = int(match.group("year")) if match.group("year") else report_year(draft)
        if month is None or day is None:
            continue
        if not 1 <= month <= 12:
            yield Found(Span(*match.span()), f"没有{month}月，请核对日期。")
        elif (
            not 1
            <= day
            <= (monthrange(year, month)[1] if year else (29 if month == 2 else monthrange(2000, month)[1]))
        ):
            last = monthrange(year or 2000, month)[1]
            yield Found(Span(*match.span()), f"{month}月只有{last}天，没有{day}日，请核对日期。")


def _number(match: re.Match[str], name: str) -> int | None:
    if match.group(name):
        return int(match.group(name))
    value = chinese(match.group(f"cn_{name}") or "")
    return int(value) if value is not None else None


def opening_year(draft: Draft) -> Iterator[Found]:
    """The year that opens the text is not the one in the title; the plan is for a year already over."""
    year = _year_in(draft.title.of(draft.text))
    if year is None:
        return
    if draft.preamble is not None and re.search(r"述职|总结|履职", draft.title.of(draft.text)):
        opened = re.match(
            r"\s*((?:19|20)\d\d|[一二][零〇○九][零一二三四五六七八九〇○]{2})年(?:度)?(?:，|是|以来|对)",
            draft.preamble.of(draft.text),
        )
        said = _year_in(opened.group()) if opened else None
        if said is not None and said != year and opened is not None:
            start = draft.preamble.start + opened.start(1)
            yield Found(
                Span(start, draft.preamble.start + opened.end()), f"题目是{year}年，正文开头写的是{said}年。"
            )
    for heading in draft.outline:
        planned = re.search(r"(\d{4})年.{0,6}(?:安排|打算|思路|计划|展望|预期目标)", heading.text)
        if planned and int(planned.group(1)) < year:
            yield Found(heading.text_span, f"题目是{year}年，下一步打算写的却是{planned.group(1)}年。")
        done = re.search(r"(\d{4})年.{0,6}(?:回顾|完成情况)", heading.text)
        if done and int(done.group(1)) > year:
            yield Found(heading.text_span, f"题目是{year}年，回顾写的却是{done.group(1)}年。")


def terms(draft: Draft) -> Iterator[Found]:
    """A campaign, congress or slogan that did not exist in the year of the report."""
    year = report_year(draft)
    listed = at("terms", "since")
    if year is None or not isinstance(listed, list):
        return
    for entry in listed:
        if not isinstance(entry, dict) or int(str(entry["from"])) <= year:
            continue
        for match in re.finditer(str(entry["word"]), draft.text):
            if not any(s.touches(Span(*match.span())) for s in draft.boilerplate):
                yield Found(
                    Span(*match.span()),
                    f"“{match.group()}”始于{entry['from']}年，不会出现在{year}年的报告里。",
                    "likely",
                )
                break


def own_kind(draft: Draft) -> Iterator[Found]:
    """镇党委 in the report of a 乡: a place of the other kind left over from another document."""
    title = draft.title.of(draft.text)
    for mine, other in (("乡", "镇"), ("镇", "乡"), ("县", "区"), ("区", "县")):
        if not re.search(rf"{mine}(?:{mine}长|人民政府|政府|党委|长)", title) and not _by_line(draft, mine):
            continue
        if re.search(rf"{other}长|{mine}{other}|{other}{mine}|{mine}（{other}|{other}（{mine}", title):
            continue
        heads = "党委|人大|政府" if mine in "乡镇" else "委|人大|政府|政协"
        pattern = re.compile(
            rf"(?:(?<=[，。；在、对向由受\n])|^)(?:{other}(?:{heads}))|(?:我|本){other}(?![\u4e00-\u9fff]{{0,1}}[镇村])"
        )
        for match in pattern.finditer(draft.text, draft.title.end):
            yield Found(
                Span(*match.span()),
                f"本报告是{mine}的，这里却写“{match.group()}”，像是从别处带来的。",
                "likely",
            )


def _by_line(draft: Draft, mine: str) -> bool:
    own = len(re.findall(rf"(?:全|我){mine}", draft.text))
    return own >= 6


def told_year(draft: Draft) -> Iterator[Found]:
    """现将2018年度情况报告如下 under another year's title; a plan that does not follow the year reviewed."""
    year = report_year(draft)
    if year is None:
        return
    work_report = "政府工作报告" in draft.title.of(draft.text)
    for match in re.finditer(
        r"现将[^，。]{0,8}?((?:19|20)\d\d)年[^，。]{0,24}(?:报告|汇报|总结|述职)如下", draft.text
    ):
        if int(match.group(1)) != year and not work_report:
            yield Found(
                Span(match.start(1), match.end(1) + 1), f"题目是{year}年，这里写的是{match.group(1)}年。"
            )
    reviewed = [
        int(m.group(1))
        for h in draft.outline
        if (m := re.search(r"(\d{4})年.{0,6}(?:回顾|完成情况)", h.text))
    ]
    for heading in draft.outline:
        planned = re.search(r"(\d{4})年.{0,8}(?:安排|打算|思路|计划|预期目标|重点工作)", heading.text)
        if planned and reviewed and int(planned.group(1)) != reviewed[0] + 1:
            yield Found(heading.text_span, f"回顾的是{reviewed[0]}年，安排的却是{planned.group(1)}年。")


_OFFICE = "(?:人民|政府|局|卫生|教育|长|委|党委|第|范围|各|全)"
_PLACE = re.compile(rf"([\u4e00-\u9fff]{{2,3}}?)(县|区|镇|乡|街道)(?={_OFFICE})")


def place_names(draft: Draft) -> Iterator[Found]:
    """云西县 in a report of 云溪县: one character of the place's own name is wrong."""
    head = draft.text[: max(draft.title.end, 1) + 60]
    own = _PLACE.search(head)
    if own is None:
        return
    name, kind = own.group(1), own.group(2)
    if draft.text.count(name + kind) < 2:
        return
    for i, right in enumerate(name):
        before, after = re.escape(name[:i]), re.escape(name[i + 1 :])
        for match in re.finditer(f"{before}([\u4e00-\u9fff]){after}{kind}(?={_OFFICE})", draft.text):
            if match.group(1) != right and len(name) >= 2 and match.group(1) not in "在的全各到对和与":
                yield Found(
                    Span(*match.span()),
                    f"本报告是“{name}{kind}”的，这里写成“{match.group()}”，请核对。",
                    "likely",
                )


_VILLAGES = re.compile(
    r"(?:全[县市区乡镇]|我[县乡镇区]|辖)(?:共?有|现有|辖)?(\d{1,3})个(行政村|村|社区|乡镇|街道|镇|乡)"
)
_ALL_VILLAGES = re.compile(r"(\d{1,3})个(行政村|村|社区|乡镇|街道|镇|乡)(?:全部|均|都|实现)")


def villages(draft: Draft) -> Iterator[Found]:
    """全乡11个村 here and 12个村全部… there."""
    first: dict[str, str] = {}
    found = sorted(
        [*_VILLAGES.finditer(draft.text), *_ALL_VILLAGES.finditer(draft.text)], key=lambda m: m.start()
    )
    for match in found:
        kind = match.group(2).removeprefix("行政")
        said = first.setdefault(kind, match.group(1))
        if said != match.group(1) and abs(int(said) - int(match.group(1))) <= 3:
            yield Found(
                Span(*match.span()), f"前面写{said}个{match.group(2)}，这里写{match.group(1)}个，请统一。"
            )


_QUOTED = re.compile(r"《([^《》\n]{6,40})》|“([^“”\n]{6,16})”")


def spellings(draft: Draft) -> Iterator[Found]:
    """Two quoted names that differ in a single character."""
    seen: list[str] = []
    for match in _QUOTED.finditer(draft.text):
        name = match.group(1) or match.group(2)
        span = Span(*match.span())
        for other in seen:
            if len(other) == len(name) and other != name and _one_apart(other, name):
                yield Found(
                    span, f"前面写“{other}”，这里写“{name}”，一字之差，请核对是不是同一个。", "likely"
                )
                break
        seen.append(name)


def _one_apart(a: str, b: str) -> bool:
    apart = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    counted = "一二三四五六七八九十〇零0123456789甲乙丙上中下前后东西南北内外新老大小县区市乡镇村XxX×"
    return len(apart) == 1 and apart[0][0] not in counted and apart[0][1] not in counted


RULES = (
    Rule("prose-T2-told", "year_mismatch", told_year),
    Rule("prose-N1-place", "name_inconsistency", place_names),
    Rule("prose-F2-villages", "contradiction", villages),
    Rule("prose-T1-date", "impossible_date", dates),
    Rule("prose-T2-year", "year_mismatch", opening_year),
    Rule("prose-T2-term", "year_mismatch", terms),
    Rule("prose-S2-place", "name_inconsistency", own_kind),
    Rule("prose-N1-spelling", "name_inconsistency", spellings),
)
