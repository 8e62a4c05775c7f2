"""Totals against their parts: 合计 behind a list, 其中 and brackets behind a total, ratios and shares that fill a whole."""

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache

from shuzhi.prose.faults.rows import Row, by_paragraph, by_sentence
from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.faults.sums import adds_up, amount, base_unit, misprinted, plain, scale_of, window
from shuzhi.prose.model import Draft, Figure, Slot, Span, decimal_text
from shuzhi.prose.tables import any_of, at, words

_TOTAL = re.compile(
    r"^(?:[，、；（(]|两项|三项|四项|五项|以上|上述|各项|全部|总)*(?:(?:合计|共计|总计|总共|一共)(?:投入|完成|安排|筹集|支出|发放|兑现|补助|投资|资金|支付|争取|落实|新增|新建|办理|受理|实现)?|共(?:计|有|达|投入|安排|支出|筹集|发放|办理|处置|查处|受理|建成)?|总(?:额|数|量|和|投资|支出|人数|户数|面积|里程)(?:为|达到?)?)"
    r"(?:金额|资金|人数|户数|面积|里程|数量|投资|支出)?(?:为|达到|达|是|：)?$"
)
_MOST = 20
# 其中: the parts stand in the clause it opens, and in clauses of a bare short noun behind it.
_AMONG = re.compile(
    r"^[个家户人名件座处所项条万亿元吨亩公里平方米]*[^，。；：（(]{0,6}[，。；：（(\s]*其中(?:[，：:])?"
)
_NEW_TOPIC = re.compile(
    r"^[，；。\s]*(?:累计|新增|全年|全县|全市|全区|全乡|全镇|同时|另外|此外|另|还|并|惠及|带动|受益|比|较|同比|增长|下降|占|平均|人均|户均|为|完成率|已|实际|已经|完成投资|总投资)"
)
_BRACKET = re.compile(r"^[^，。；：（(]{0,8}[（(](?!其中|含|包括|包含)")
_COLON = re.compile(r"^[^，。；：]{0,10}[：:]\s*$|^[^，。；：]{0,10}[：:](?!其中)")
_COMMA = re.compile(r"^[^，。；：（(]{0,8}，[^，。；：]{1,8}$")
_NO_PART = re.compile(r"计划|目标|任务|上年|去年|同期|总投资|概算|累计")
_OPEN_END = re.compile(r"等|左右|其中|含|包括|以上")


def _said(figure: Figure) -> str:
    return f"{figure.text}{figure.meaning.unit or ''}"


def _sum_text(parts: list[Figure], like: Figure) -> str:
    size = scale_of(like.meaning.unit)[0]
    return decimal_text(sum((amount(p) for p in parts), Fraction(0)) / size) + (like.meaning.unit or "")


def closing_total(draft: Draft) -> Iterator[Found]:
    """合计, 共计: the total of the list just before it."""
    for row in by_sentence(draft):
        for i in range(2, len(row.items)):
            said = row.figure(i)
            if (
                said is None
                or not _TOTAL.match(row.lead(i))
                or not plain(said)
                or said.meaning.kind == "growth"
            ):
                continue
            parts = _row_before(row, i)
            if len(parts) < 2 or not plain(*parts) or said.meaning.unit in ("%", None):
                continue
            if not _same_things(row, i, parts):
                continue
            suffixes = [parts[k:] for k in range(len(parts) - 1)]
            if any(adds_up(some, said) == 0 for some in suffixes):
                continue
            run = _one_list(row, parts)
            yield Found(
                Span(run[0].clause.start, said.full.end),
                f"各项相加为{_sum_text(run, said)}，文中写{_said(said)}，请核对。",
            )


def _same_things(row: Row, i: int, parts: list[Figure]) -> bool:
    """Whether the noun behind the total, if any (共86个社区), is also said of a part."""
    noun = re.match(r"(?!余|多|左右|以上)[\u4e00-\u9fff]{1,4}", row.after(i, 4))
    if noun is None:
        return True
    said = "".join(row.left(row.items.index(p)) + row.after(row.items.index(p), 6) for p in parts)
    return any(c in said for c in noun.group()[:2])


def _row_before(row: Row, i: int) -> list[Figure]:
    """The filled figures in the unit of item `i` that stand before it in its sentence; a mask among them voids all."""
    parts: list[Figure] = []
    for k in range(i - 1, max(-1, i - _MOST), -1):
        item = row.items[k]
        if base_unit(item) != base_unit(row.items[i]):
            # 6.8亿元、增长5%: a growth or share inside the list is passed over, another amount ends it.
            if item.meaning.unit in ("%", "个百分点") or item.meaning.kind == "name":
                continue
            break
        if isinstance(item, Slot):
            return []
        if item.meaning.kind == "growth" or _TOTAL.match(row.lead(k)):
            break
        parts.insert(0, item)
    return parts


def _one_list(row: Row, parts: list[Figure]) -> list[Figure]:
    """The parts of the last clause that lists at least two, or all."""
    last = [p for p in parts if p.clause == parts[-1].clause]
    return last if len(last) >= 2 else parts


def opening_total(draft: Draft) -> Iterator[Found]:
    """总数, 其中 parts: a part never exceeds the whole, parts that fill a series fill the whole."""
    for row in by_paragraph(draft):
        for i in range(len(row.items) - 1):
            whole = row.figure(i)
            if whole is None or whole.meaning.kind in ("growth", "other") or not plain(whole):
                continue
            if whole.meaning.unit in ("%", None):
                continue
            behind = row.joint(i + 1)
            opened = _AMONG.match(behind) or _BRACKET.match(behind) or _COLON.match(behind)
            if opened is not None:
                yield from _filled(row, i, whole, closed=not behind.lstrip("，。；（( ").startswith("其中"))
            elif base_unit(row.items[i + 1]) == base_unit(whole) and _COMMA.match(behind):
                parts, labels = parts_of(row, i, whole)
                if len(parts) >= 3 and _series(labels) and all(amount(p) <= amount(whole) for p in parts):
                    yield from _filled(row, i, whole, closed=True)


def _filled(row: Row, i: int, whole: Figure, *, closed: bool) -> Iterator[Found]:
    parts, labels = parts_of(row, i, whole)
    if not parts or not plain(*parts) or unlike(parts, whole) is not None:
        return
    said = window(whole)
    place = Span(whole.clause.start, parts[-1].full.end)
    for part in parts:
        if not closed and window(part).low > said.high and part.clause == parts[0].clause:
            yield Found(
                Span(whole.clause.start, part.full.end),
                f"部分{_said(part)}比总数{_said(whole)}还多，请核对。",
            )
            return
    parts = [p for p in parts if window(p).low <= said.high]
    if len(parts) < 2 or any(adds_up(parts[:k], whole) == 0 for k in range(2, len(parts) + 1)):
        return
    added, series = sum((amount(p) for p in parts), Fraction(0)), _series(labels)
    way = adds_up(parts, whole)
    # Sides of one thing that overlap (党员、女性) hardly come to just a little more than the whole.
    little = len(parts) >= 3 and added * 20 <= amount(whole) * 21
    over = way > 0 and (series or little or not _overlapping(labels))
    open_end = _OPEN_END.search(row.text[parts[-1].full.end : parts[-1].full.end + 8]) is not None
    listed = closed and len(parts) >= 3 and not open_end and not _overlapping(labels)
    nearly = added * 20 >= amount(whole) * 17 and not open_end and not _overlapping(labels)
    filling = (
        (series and not open_end)
        or (listed and added * 10 >= amount(whole) * 8)
        or (len(parts) >= 3 and nearly)
        or (not open_end and misprinted(row.left(i), labels, added, amount(whole)))
    )
    if over or (way < 0 and filling):
        yield Found(place, f"各部分相加为{_sum_text(parts, whole)}，总数写{_said(whole)}，对不上，请核对。")


def unlike(parts: list[Figure], whole: Figure) -> Figure | None:
    """The part whose 万 or 亿 slipped: printed in another scale than the rest, it fits only in theirs."""
    odd = [p for p in parts if scale_of(p.meaning.unit)[0] != scale_of(whole.meaning.unit)[0]]
    if len(odd) != 1 or scale_of(whole.meaning.unit)[0] == 1:
        return None
    above = amount(odd[0]) > amount(whole) and odd[0].value <= whole.value
    exact = len(parts) >= 2 and sum((p.value for p in parts), Fraction(0)) == whole.value
    return odd[0] if above or exact else None


def slipped_part(draft: Draft) -> Iterator[Found]:
    """共4280万元，其中捐赠280元: the part fits the whole only in the unit of the others."""
    for row in by_paragraph(draft):
        for i in range(len(row.items) - 1):
            whole = row.figure(i)
            if (
                whole is None
                or base_unit(whole) != base_unit(row.items[i + 1])
                or not _AMONG.match(row.joint(i + 1))
            ):
                continue
            part = unlike(parts_of(row, i, whole)[0], whole)
            if part is not None:
                yield Found(
                    Span(part.clause.start, part.full.end),
                    f"总数是{_said(whole)}，这一项写{_said(part)}，单位像是写错了，请核对“万”“亿”。",
                )


def parts_of(row: Row, i: int, whole: Figure) -> tuple[list[Figure], list[str]]:
    """The parts behind `whole` in its unit, and the words before each; none if a mask stands among them."""
    parts: list[Figure] = []
    labels: list[str] = []
    first = row.items[i + 1]
    stop = _stretch_end(row, i)
    for k in range(i + 1, min(len(row.items), i + 12)):
        item = row.items[k]
        if item.span.start >= stop:
            break
        lead = row.joint(k)
        if item.clause != first.clause and (
            _NEW_TOPIC.match(lead) or len(lead) > 16 or "。" in lead or _new_deed(lead, labels)
        ):
            break
        if base_unit(item) != base_unit(whole) or item.meaning.kind == "growth":
            continue
        if isinstance(item, Slot):
            return [], []
        if _inside_bracket(row, k, i) or _NO_PART.search(lead):
            continue
        parts.append(item)
        labels.append(lead + re.split("[，、；。]", row.after(k, 6))[0])
    return parts, labels


@cache
def _deeds() -> re.Pattern[str]:
    return re.compile(any_of(words("phrases", "verbs", "action")))


def _new_deed(lead: str, labels: list[str]) -> bool:
    """Whether a clause begins with a deed of its own (盘活存量土地320亩), not one the parts share."""
    deed = _deeds().match(lead.lstrip("，；、 "))
    return deed is not None and not any(deed.group() in label for label in labels[:1])


def _stretch_end(row: Row, i: int) -> int:
    """Where the stretch that can hold the parts ends: the bracket's end, or the end of the sentence 其中 opens."""
    behind = row.joint(i + 1)
    opened = re.search(r"[（(]", behind)
    start = row.end(i)
    if opened is not None and "其中" not in behind[: opened.start()]:
        close = re.compile(r"[）)。]").search(row.text, start + opened.end())
        return close.start() if close else row.span.end
    stop = re.compile(r"[。；！\n]").search(row.text, row.items[i + 1].span.start)
    return stop.start() if stop else row.span.end


def _inside_bracket(row: Row, k: int, i: int) -> bool:
    between = row.text[row.end(i) : row.items[k].span.start]
    own = 1 if re.search(r"[（(]", row.joint(i + 1)) else 0
    return between.count("（") + between.count("(") - between.count("）") - between.count(")") > own


def _series(labels: list[str]) -> bool:
    """Whether the words before the parts run through a whole series (男、女; 第一、第二、第三产业)."""
    listed = at("wholes", "series")
    for entry in listed if isinstance(listed, list) else []:
        members = entry if isinstance(entry, list) else []
        found = [max((str(m) for m in members if str(m) in label), key=len, default=None) for label in labels]
        if len(labels) == len(members) and None not in found and len(set(found)) == len(members):
            return True
    return False


def _overlapping(labels: list[str]) -> bool:
    """Whether the parts are seen from different sides (党员、女性、本科以上), so that one thing may be in two of them."""
    sides = at("wholes", "sides")
    words = [str(w) for w in sides] if isinstance(sides, list) else []
    return any(word in label for word in words for label in labels)


_DONE = re.compile(r"实到|已|完成|办结|整改到位|化解|解决")
_REST = re.compile(
    r"^[，、；]?(?:目前|现)?(?P<word>正在|尚有|尚未|未|剩余|还有|其余|另有|仍有|余下|还剩|请假|缺席|因故)"
)


def done_and_rest(draft: Draft) -> Iterator[Found]:
    """排查A处，已整改B处，正在整改C处: what is done and what is left make the whole."""
    for row in by_sentence(draft):
        amounts = [i for i in range(len(row.items)) if row.items[i].meaning.unit not in ("%", "个百分点")]
        for a, b, c in zip(amounts, amounts[1:], amounts[2:], strict=False):
            whole, done, rest = row.figure(a), row.figure(b), row.figure(c)
            if whole is None or done is None or rest is None or not plain(whole, done, rest):
                continue
            if len({base_unit(f) for f in (whole, done, rest)}) > 1 or amount(done) > amount(whole):
                continue
            left = _REST.match(row.lead(c))
            if left is None or not _DONE.search(row.lead(b)) or "其中" in row.joint(c):
                continue
            way = adds_up([done, rest], whole)
            if way > 0 or (way < 0 and left.group("word") in ("剩余", "其余", "余下", "还剩")):
                yield Found(
                    Span(whole.clause.start, rest.full.end),
                    f"已办的{_said(done)}与未办的{_said(rest)}合起来是{_sum_text([done, rest], whole)}，"
                    f"总数写{_said(whole)}，请核对。",
                )


def ratios(draft: Draft) -> Iterator[Found]:
    """三次产业结构 a:b:c fills 100; so do 占比分别为 of the three."""
    for row in by_sentence(draft):
        run: list[Figure] = []
        for i in range(len(row.items)):
            said = row.figure(i)
            joined = bool(run) and row.joint(i).strip() in (":", "：", "∶")
            if said is None or not joined:
                run = [said] if said is not None else []
                continue
            run.append(said)
            last = i + 1 == len(row.items) or row.joint(i + 1).strip() not in (":", "：", "∶")
            if last and len(run) == 3:
                yield from _hundred(row, run)


def _hundred(row: Row, run: list[Figure]) -> Iterator[Found]:
    added = sum((f.value for f in run), Fraction(0))
    before = row.text[max(row.span.start, run[0].span.start - 40) : run[0].span.start]
    off = abs(added - 100)
    if off > Fraction(3, 20) and off < 20 and re.search(r"产业|结构|比重|占比", before):
        yield Found(
            Span(run[0].span.start, run[-1].span.end),
            f"各部分比重相加为{decimal_text(added)}，应为100，请核对。",
        )


def listed_shares(draft: Draft) -> Iterator[Found]:
    """分别占, 占比分别为: shares of one whole never exceed 100 together; those of a whole series make 100."""
    for row in by_sentence(draft):
        for i in range(len(row.items) - 1):
            stated = re.search(
                r"(?:分别占[^，；]{0,12}|(?:占比|比重|比例)分别(?:为|达到|达|是|调整为|由)*|三次?产业?(?:占比|比重|结构)(?:为|是|调整为)*)$",
                row.lead(i),
            )
            if stated is None:
                continue
            run = _percents(row, i)
            added = sum((f.value for f in run), Fraction(0))
            slack = Fraction(len(run), 10)
            threefold = len(run) == 3 and re.search(r"(?:一、?二、?三|三次)[次]?产", row.left(i)) is not None
            series = threefold or _series(re.split(r"[、和与及]", row.left(i))[: len(run)])
            if len(run) >= 2 and plain(*run) and (added > 100 + slack or (series and added < 100 - slack)):
                sides = row.text[max(row.span.start, run[0].span.start - 80) : run[0].span.start]
                if "均" in stated.group() or len(run) > 6 or _overlapping([sides]):
                    continue
                yield Found(
                    Span(run[0].clause.start, run[-1].full.end),
                    f"各部分占比相加为{decimal_text(added)}%，应为100%，请核对。",
                )


_TAKES = re.compile(r"(?P<what>[\u4e00-\u9fff、]{2,16}?)(?:占比|占)(?:为|达|约|近)?$")


def split_shares(draft: Draft) -> Iterator[Found]:
    """从行业看，甲事故占50%，乙事故占25%，丙事故占37.5%: parts of one division are never more than the whole."""
    for row in by_sentence(draft):
        run: list[tuple[Figure, str]] = []
        for i in range(len(row.items) + 1):
            said = row.figure(i)
            takes = _TAKES.search(row.left(i)) if said is not None else None
            follows = not run or (said is not None and row.joint(i)[:1] in "，、；和")
            if said is not None and takes is not None and said.meaning.unit == "%" and follows:
                run.append((said, takes.group("what")))
                continue
            yield from _divided(row, run)
            run = []


def _divided(row: Row, run: list[tuple[Figure, str]]) -> Iterator[Found]:
    figures, names = [f for f, _ in run], [n for _, n in run]
    if len(run) < 2 or not plain(*figures) or len(set(names)) < len(names) or _overlapping(names):
        return
    before = row.text[row.span.start : figures[0].span.start]
    divided = re.search(r"从[^，]{2,10}看|按[^，]{2,10}分|分[^，]{1,6}看|其中|构成|结构", before)
    added = sum((f.value for f in figures), Fraction(0))
    if (len({n[-2:] for n in names}) == 1 or divided) and added > 100 + Fraction(len(run), 10):
        yield Found(
            Span(figures[0].clause.start, figures[-1].full.end),
            f"各部分占比相加为{decimal_text(added)}%，超过了100%，请核对。",
        )


def _percents(row: Row, i: int) -> list[Figure]:
    run: list[Figure] = []
    for k in range(i, len(row.items)):
        said = row.figure(k)
        if (
            said is None
            or said.meaning.unit != "%"
            or (k > i and row.joint(k) not in ("、", "和", "与", "及"))
        ):
            if isinstance(row.items[k], Slot):
                return []
            break
        run.append(said)
    return run


RULES = (
    Rule("prose-C3-total", "sum_mismatch", closing_total),
    Rule("prose-C3-parts", "sum_mismatch", opening_total),
    Rule("prose-U1-part", "unit", slipped_part),
    Rule("prose-C3-rest", "sum_mismatch", done_and_rest),
    Rule("prose-C3-ratio", "sum_mismatch", ratios),
    Rule("prose-C3-shares", "sum_mismatch", listed_shares),
    Rule("prose-C3-division", "share_mismatch", split_shares),
)
