"""Several years and records: 连续五年, 历史新高, 首次突破."""

import re
from collections.abc import Callable

from shuzhi.prose.claiming.formulas.case import LONGEST, Case, Condition, Formula, Unsaid, all_of, back
from shuzhi.prose.claiming.formulas.changes import FALLS, grows, number, rising, sign_of
from shuzhi.prose.claiming.formulas.comparing import each_year
from shuzhi.prose.claiming.formulas.targets import reached
from shuzhi.prose.claiming.formulas.wholes import nothing, things
from shuzhi.prose.claiming.stated import literal, stated
from shuzhi.prose.concepts import Concept
from shuzhi.prose.model import Figure

_MARKS = re.compile(r"突破|超过|跨过|跨越|迈上|站上|迈入|达到|登上|闯过")


def streak(case: Case) -> Formula:
    """Year after year: the same condition for each year back."""
    found = re.search(r"连续(.+?)个?(年|月|季度|天|届|次|轮)", case.cue)
    if found is None:
        return rising(case)
    if found[2] != "年":
        raise Unsaid(f"公式只会一年一年往回看，不会一{found[2]}一{found[2]}看")
    years = number(found[1])
    if not years:
        raise Unsaid("连续几年还没有填")
    if years > LONGEST:
        raise Unsaid(f"账上一般没有{years}年的数，公式最多往回看{LONGEST}年")
    each = _each_year(case)
    return all_of([part for year in range(years) for part in each(year)])


Yearly = Callable[[int], list[Condition]]


def _each_year(case: Case) -> Yearly:
    """What is said of every year of the streak."""
    after, books = case.after, case.books
    if re.search(r"第[一二三四五六七八九十\d]|前列|荣获|获|被评|入选|领跑|首位|前[三五十]", after):
        raise Unsaid("名次和荣誉不在账上，请核对文件")
    if re.search(r"零|没有|未发生|未出现|无", after):
        absent = things(case)
        if any(ground.part for ground in absent):
            raise Unsaid(f"账上记的是全部“{absent[0].concept.label}”，分不出文中说的这一部分")
        return lambda year: [nothing(ground.concept, year) for ground in absent]
    figure = _bounded(case)
    if figure is not None:
        item, concept = figure
        return lambda year: [_said_of(case, item, concept, year)]
    compared = each_year(case)
    if compared is not None:
        return compared
    subjects = case.subjects()
    if re.search(r"完成|达标|实现目标", after):
        return lambda year: [reached(case, c, strictly="超" in after, years=year) for c in subjects]
    if re.search(r"只[增升减降]不|增长|上升|提升|提高|增加|攀升|正增长|下降|降低|减少|双降|回升", after):
        sign = "<" if FALLS.search(after) else ">"
        return lambda year: [grows(books, concept, sign, year) for concept in subjects]
    raise Unsaid("连续几年怎么样，没有说成可以计算的话")


def _bounded(case: Case) -> tuple[Figure, Concept] | None:
    """The bound figure behind the cue in the clause."""
    for item, concept in case.told:
        if isinstance(item, Figure) and item.span.start >= case.said.end:
            return item, concept
    return None


def _said_of(case: Case, item: Figure, concept: Concept, years: int) -> Condition:
    quantity = back(concept.expr, years)
    return stated(case.draft.text, item, quantity, concept.facet), (quantity,)


def extreme(case: Case) -> Formula:
    """A record over N years is compared with each of them; one of all times can only be refuted by the last year."""
    many = re.match(r"([一二两三四五六七八九十\d]+)年", case.cue)
    known = many is not None and "历史" not in case.cue
    years = min(number(many[1]), LONGEST) if many and known else 2
    parts = []
    for concept in case.subjects():
        sign = "<" if sign_of(case, concept) == "<" else ">"
        for year in range(1, max(2, years)):
            then = back(concept.expr, year)
            parts.append((f"{concept.expr} {sign} {then}", (concept.expr, then)))
    return all_of(parts, "" if known else "比上年是新的，更早的年份要有历年的数才能断定")


def first(case: Case) -> Formula:
    """首次突破N: so this year and not the year before; earlier years stay open."""
    figure = _bounded(case)
    if figure is None or case.cue in ("率先", "首创") or not _MARKS.search(case.after):
        raise Unsaid("是不是第一次、是不是最先，要同历年或别的地方比，账上判断不了")
    item, concept = figure
    head = case.books.head(concept.code) or concept
    least = literal(item.value, item.meaning.unit)
    sign = ">" if re.search(r"突破|超过|跨过|跨越", case.after) else ">="
    then = back(head.expr, 1)
    now = f"{head.expr} {sign} {least} and {then} {'<=' if sign == '>' else '<'} {least}"
    return Formula(now, (head.expr, then), "上年还没有到，更早的年份要有历年的数才能断定是首次")
