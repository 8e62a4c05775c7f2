"""Tells the report from the text that carries it (web site, template shop), and finds title, opening and closing."""

import re
from bisect import bisect_left
from dataclasses import dataclass

from shuzhi.prose.clauses import lines
from shuzhi.prose.model import Heading, Span
from shuzhi.prose.tables import at, matcher, words

_SENTENCE = re.compile(r"[。！？；]")
_ORGAN = re.compile(r"(?:政府|委员会|局|党委|党组|办公室|街道办事处|[县区市乡镇])$")
_MARK = re.compile(
    r"[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|\d{1,2}[.、．]|第[一二三四五六七八九十]+[章节部]"
)
# A number to write to or an address to go to.
_CONTACT = re.compile(
    r"(?:https?://|www\.)\S|(?:QQ|qq)[群号]?[:：]?\s?\d{5,}|(?:微信|[Vv]信|加[VvWw]|群号|电话)[号群]?[:：]?\s?[A-Za-z0-9_\-]{5,}"
    r"|[A-Za-z0-9._\-]+@[A-Za-z0-9\-]+\."
)
_PAGE = re.compile(
    r"[—\-–－·•\s]+\d{1,3}[—\-–－·•\s]+|第\s?\d{1,3}\s?页(?:[，,/\s]*共\s?\d{1,3}\s?页)?|\d{1,3}\s?/\s?\d{1,3}|Page\s?\d+"
)
_PAGED = re.compile(r"\s*第\s?\d{1,3}\s?页.*$|\s*[—\-–]\s?\d{1,3}\s?[—\-–]\s*$")
# The office's own number in a note is no advert.
_OWN_CONTACT = re.compile(r"联系人|联系方式|联系单位|联系地址|通讯地址|举报电话|监督电话|咨询电话|值班电话")
_ASIDE = re.compile(r"[（(【\[〖][^（()）【】\[\]〖〗\n]{4,70}[)）】\]〗]")
_DRESS = " \t\u3000#*>"
_DRESSED_END = " \t\u3000#*"
# 【原创】 before a title is the page's.
_LABEL = re.compile(r"[【\[](?:原创|转载|推荐|精品|荐|热|置顶|会员|精选|独家)[】\]]")
_BRACKETED_TAIL = re.compile(r"(?:[（(\[【][^（()）\[\]【】]{1,20}[)）\]】])+$")
_YEAR = re.compile(r"(?:19|20)\d\d|[二一][〇○零九][一-九〇○零]{2}|20[Xx×*_〇○]{2}|[Xx×]{2,4}年")
_UNSAID = re.compile(r"(?:的|关于|和|与|及|暨|、|在|年|年度|会议上|上的)$")
_TITLES_SEEN = 14


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the title stands and what does not belong to the report."""

    title: Span
    boilerplate: tuple[Span, ...]


def frame(text: str) -> Frame:
    """Title and carrier text of a draft; a text without a recognisable title has an empty title span."""
    rows = lines(text)
    asides = _asides(text)
    carrier = {
        i
        for i, row in enumerate(rows)
        if _PAGE.fullmatch(text, row.start, row.end)
        or (_strong(text, row) and not _broken(text, row, asides))
    }
    carrier |= _running(text, rows)
    title = _title(text, rows, carrier)
    carrier -= set(title)
    first = title[0] if title else None
    carrier |= _head(text, rows, carrier, first)
    carrier |= _foot(text, rows, carrier, -1 if not title else title[-1])
    spans = [rows[i] for i in carrier]
    asides = [s for s in asides if not any(s.touches(span) for span in spans)]
    whole = _bare(text, Span(rows[title[0]].start, rows[title[-1]].end)) if title else Span(0, 0)
    return Frame(whole, tuple(sorted((*spans, *asides), key=lambda s: s.start)))


def _strong(text: str, row: Span) -> bool:
    """Whether a line is the carrier's wherever it stands: words no report says of itself, or an address with a cue."""
    if row.end - row.start > int(str(at("carrier", "longest_strong"))):
        return False
    return _foreign(row.of(text))


def _broken(text: str, row: Span, asides: list[Span]) -> bool:
    """Whether only a bracket in the line is the carrier's and the rest is a report's sentence."""
    inside = [s for s in asides if row.start <= s.start and s.end <= row.end]
    rest = row.of(text)
    for aside in inside:
        rest = rest.replace(aside.of(text), "")
    return bool(inside) and len(rest) >= 12 and not _foreign(rest)


def _foreign(line: str) -> bool:
    sure = set(matcher("carrier", "sure").findall(line))
    contact = _CONTACT.search(line) is not None
    if not sure and (not contact or _OWN_CONTACT.search(line)):
        return False
    beside = set(matcher("carrier", "weak").findall(line)) - sure
    weight = len(sure) + (1 if contact else 0) + (1 if beside else 0)
    if sure and not line.endswith(("。", "；")) and not _MARK.match(line.lstrip(_DRESS)):
        return True
    return weight >= 2


def _running(text: str, rows: list[Span]) -> set[int]:
    """The running header or watermark: a short line that comes back, three times or with a page number or a cue."""
    seen: dict[str, list[int]] = {}
    for i, row in enumerate(rows):
        if 4 <= row.end - row.start <= 44:
            line = row.of(text)
            key = _PAGED.sub("", line).strip()
            if (
                len(key) >= 4
                and not _MARK.match(key)
                and not re.search(r"[。；！？：:|\t]", key)
                and _worded(key)
            ):
                seen.setdefault(key, []).append(i)
    found: set[int] = set()
    for key, places in seen.items():
        if len(places) < 2:
            continue
        paged = any(_PAGED.search(rows[i].of(text)) for i in places)
        if paged or len(places) >= 3 or matcher("carrier", "weak").search(key) or "汇编" in key:
            found |= set(places)
    return found


def _worded(key: str) -> bool:
    return sum("一" <= char <= "龥" or (char.isascii() and char.isalpha()) for char in key) >= 4


def _asides(text: str) -> list[Span]:
    """Brackets inside a paragraph with which the carrier breaks in: （更多材料加QQ…）."""
    return [Span(*found.span()) for found in _ASIDE.finditer(text) if _breaks_in(found.group())]


def _breaks_in(words: str) -> bool:
    sure = set(matcher("carrier", "sure").findall(words))
    contact = _CONTACT.search(words) is not None
    if _OWN_CONTACT.search(words) and not sure:
        return False
    return len(sure) >= 2 or (contact and bool(sure or matcher("carrier", "weak").search(words)))


def _bare(text: str, span: Span) -> Span:
    """The title without the signs of a mark-up language around it."""
    start, end = span.start, span.end
    if (label := _LABEL.match(text, start, end)) is not None:
        start = label.end()
    while start < end and text[start] in _DRESS:
        start += 1
    while end > start and text[end - 1] in _DRESSED_END:
        end -= 1
    return Span(start, end)


def _title(text: str, rows: list[Span], carrier: set[int]) -> list[int]:
    """The rows of the title: the likeliest line of the first ones, with the line it goes on from or to."""
    best, chosen = 2, -1
    for i, row in enumerate(rows[:_TITLES_SEEN]):
        if i not in carrier and (score := _likely(row.of(text).strip(_DRESS))) > best:
            best, chosen = score, i
    if chosen < 0:
        plain = next((i for i in range(min(3, len(rows))) if i not in carrier), -1)
        return [plain] if plain >= 0 and _may_entitle(rows[plain].of(text).strip(_DRESS)) else []
    made = [chosen]
    while made[0] > 0 and made[0] - 1 not in carrier and _goes_on(text, rows, made[0] - 1):
        made.insert(0, made[0] - 1)
    return made


def _likely(line: str) -> int:
    """How much a line looks like a title; 3 and more is one."""
    longest = int(str(at("carrier", "longest_title")))
    if not line or len(line) > longest or _SENTENCE.search(line) or _MARK.match(line):
        return 0
    if line.startswith(("——", "—", "--", "各位", "（", "(")) or line.endswith(("：", "，", ":", "、")):
        return 0
    core = _BRACKETED_TAIL.sub("", line)
    score = 3 if core.endswith(words("carrier", "title_heads")) else 0
    score += 1 if _titled().search(core) else 0
    score += 1 if _YEAR.search(core) else 0
    return score - (3 if matcher("carrier", "never_title").search(line) else 0)


def _may_entitle(line: str) -> bool:
    """Whether a first line without any word of a title may be one all the same: short, no sentence, no salutation."""
    return (
        4 <= len(line) <= 50
        and not re.search(r"[。！？；，：:|\t]", line)
        and not _MARK.match(line)
        and not line.startswith(("各位", "尊敬", "同志", "（", "("))
        and matcher("carrier", "never_title").search(line) is None
    )


def _titled() -> re.Pattern[str]:
    return matcher("carrier", "title_cues")


def _goes_on(text: str, rows: list[Span], above: int) -> bool:
    """Whether the line above is the first half of the title: 关于…执行情况 / 与…草案的报告."""
    upper, lower = rows[above].of(text).strip(_DRESS), rows[above + 1].of(text).strip(_DRESS)
    if len(upper) > 40 or _SENTENCE.search(upper) or upper.endswith(("：", ":", "）")) or len(upper) < 3:
        return False
    return (
        _UNSAID.search(upper) is not None
        or (lower.startswith(("与", "和", "及", "暨")) and "关于" in upper)
        or (upper.startswith("关于") and "关于" not in lower)
        or (lower.startswith("关于") and _ORGAN.search(upper) is not None)
    )


def _head(text: str, rows: list[Span], strong: set[int], title: int | None) -> set[int]:
    """Lines above the title (and just below it) that are the carrier's: cued ones, and their neighbours above the title."""
    weak = matcher("carrier", "weak")
    above = range(title or 0)
    hits = {i for i in above if i in strong or weak.search(text, rows[i].start, rows[i].end)}
    if hits:
        hits |= {
            i for i in above if rows[i].end - rows[i].start <= 16 and not _ORGAN.search(rows[i].of(text))
        }
    if title is not None:
        for i in range(title + 1, min(title + 4, len(rows))):
            line = rows[i].of(text)
            if len(line) > 60 or _SENTENCE.search(line) or _MARK.match(line.lstrip(_DRESS)):
                break
            if matcher("carrier", "byline").search(line):
                hits.add(i)
    return hits


def _foot(text: str, rows: list[Span], strong: set[int], title: int) -> set[int]:
    """Lines under the last paragraph of the report once one of them is the carrier's."""
    weak = matcher("carrier", "weak")
    more = matcher("carrier", "further")
    for i in range(max(title + 2, len(rows) - 30), len(rows)):
        if more.match(text, rows[i].start, rows[i].end) and len(rows[i].of(text)) <= 40:
            return set(range(i, len(rows)))
    last = len(rows) - 1
    while last > title + 1 and (last in strong or not _belongs(text, rows[last])):
        last -= 1
    tail = range(last + 1, len(rows))
    hits = [i for i in tail if i in strong or weak.search(text, rows[i].start, rows[i].end)]
    # A bare brand line just above the first cued line belongs to it, a signature or a date does not.
    return set(range(hits[0], len(rows))) if hits else set()


def _belongs(text: str, row: Span) -> bool:
    """Whether a line reads as part of a report: it ends a sentence, or is marked, or is a signature or a date."""
    line = row.of(text)
    signed = any(cue in line for cue in words("carrier", "signature"))
    dated = re.search(r"年.{1,3}月.{0,4}日?$", line) is not None
    celled = "\t" in line or line.count("|") >= 2 or _OWN_CONTACT.search(line) is not None
    return (
        line.endswith(("。", "！", "：", "；", "？", "”"))
        or _MARK.match(line) is not None
        or signed
        or dated
        or celled
    )


def foot(text: str, found: Frame) -> int:
    """Where the report ends: before the carrier's lines that nothing of the report follows."""
    rows = lines(text)
    starts = [s.start for s in found.boilerplate]
    end = len(text)
    for row in reversed(rows):
        at_row = bisect_left(starts, row.start)
        if at_row == len(starts) or starts[at_row] != row.start or found.boilerplate[at_row].end < row.end:
            break
        end = row.start
    return end


def opening(text: str, found: Frame, outline: tuple[Heading, ...]) -> Span | None:
    """The unnumbered opening between title (and by-line) and the first heading, or None."""
    first = outline[0].marker_span.start if outline else len(text)
    rows = [
        row
        for row in lines(text)
        if found.title.end <= row.start < first and row not in found.boilerplate and _belongs(text, row)
    ]
    return Span(rows[0].start, rows[-1].end) if rows else None


def closing(text: str, found: Frame, outline: tuple[Heading, ...]) -> Span | None:
    """The unnumbered last paragraph (各位代表！…, 总之…) under the last heading, or None."""
    if not outline:
        return None
    start = outline[-1].text_span.end
    rows = [row for row in lines(text) if row.start > start and row not in found.boilerplate]
    cues = words("carrier", "closing_cues")
    for i, row in enumerate(rows):
        rest = rows[i:]
        if row.of(text).startswith(cues) and not any(_MARK.match(r.of(text)) for r in rest):
            return Span(row.start, rest[-1].end)
    return None
