"""Sums against their parts, growth against the stated base, shares and completion recomputed, values out of range."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby

from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.faults.sums import agrees, amount, base_unit, growth_window, share_window, window
from shuzhi.prose.model import Draft, Figure, Slot, Span, decimal_text

Item = Figure | Slot
_TOTAL = r"(?:合计|共计|总计)(?:达到?|为|约)?$|^共(?:计|有|达)?$"
_RATE = re.compile(
    r"(?:覆盖率|满意率|满意度|入住率|合格率|办结率|办复率|达标率|普及率|参保率|签约率|网办率|知晓率|认可度|失业率|发生率|成功率|绿化率|占比|比重|入学率|及时率|城镇化率|产销率|优良率|优良天数比例)$"
)


def by_sentence(draft: Draft) -> Iterator[tuple[Span, list[Item]]]:
    """The sentences that hold figures or masks, with them in order."""
    starts = [s.start for s in draft.sentences]
    for at, group in groupby(draft.items(), key=lambda i: bisect_right(starts, i.span.start) - 1):
        if at >= 0:
            yield draft.sentences[at], list(group)


def _left(draft: Draft, item: Item) -> str:
    return draft.text[item.clause.start : item.span.start]


def total(draft: Draft) -> Iterator[Found]:
    """合计, 共计: the total of the figures of one list just before it."""
    for _, items in by_sentence(draft):
        for i, item in enumerate(items):
            if not isinstance(item, Figure) or not re.search(_TOTAL, _left(draft, item)):
                continue
            parts = _list_before(draft, items[max(0, i - 20) : i], item)
            if len(parts) >= 2 and item.meaning.bound is None:
                yield from _compared(draft, parts, item)


def _list_before(draft: Draft, earlier: list[Item], item: Figure) -> list[Figure]:
    """The unbroken row of filled figures in the unit of `item` that ends before it; a mask in the row voids it."""
    row: list[Figure] = []
    for other in reversed(earlier):
        if isinstance(other, Slot) or base_unit(other) != base_unit(item) or other.meaning.kind == "growth":
            if isinstance(other, Slot) and other.clause in [r.clause for r in row]:
                return []
            break
        row.append(other)
    clauses = {r.clause for r in row[:1]}
    same = [r for r in row if r.clause in clauses]
    return same if len(same) >= 2 else row


def _compared(draft: Draft, parts: list[Figure], item: Figure) -> Iterator[Found]:
    low = sum((window(p).low for p in parts), Fraction(0))
    high = sum((window(p).high for p in parts), Fraction(0))
    said = window(item)
    if said.high < low or said.low > high:
        scale = amount(item) / item.value if item.value else Fraction(1)
        added = decimal_text(sum((amount(p) for p in parts), Fraction(0)) / scale)
        first = min(parts, key=lambda p: p.span.start)
        yield Found(
            Span(first.clause.start, item.full.end),
            f"各项相加为{added}{item.meaning.unit or ''}，文中写{item.text}{item.meaning.unit or ''}，请核对。",
        )


def ratio_sums(draft: Draft) -> Iterator[Found]:
    """三次产业结构 a:b:c adds up to 100."""
    for _, items in by_sentence(draft):
        parts = [
            i
            for i in items
            if i.meaning.quantity in ("第一产业", "第二产业", "第三产业") and i.meaning.facet == "占比"
        ]
        filled = [p for p in parts if isinstance(p, Figure)]
        if (
            len(parts) == 3
            and len(filled) == 3
            and abs(sum((p.value for p in filled), Fraction(0)) - 100) > Fraction(3, 20)
        ):
            added = decimal_text(sum((p.value for p in filled), Fraction(0)))
            yield Found(
                Span(filled[0].span.start, filled[-1].span.end), f"三次产业比重相加为{added}，应为100。"
            )


def growth(draft: Draft) -> Iterator[Found]:
    """A from 上年的B to A with growth P%: P must follow from A and B within rounding."""
    for _, items in by_sentence(draft):
        for i, old in enumerate(items):
            if (
                not isinstance(old, Figure)
                or old.meaning.time != "previous year"
                or old.meaning.kind == "growth"
            ):
                continue
            new = _partner(items, i, old)
            said = next(
                (
                    x
                    for x in items[i + 1 : i + 9]
                    if x.meaning.kind == "growth" and not _other_subject(x, old)
                ),
                None,
            )
            if new is None or not isinstance(said, Figure) or "均" in _left(draft, said):
                continue
            yield from _growth_of(draft, new, old, said)


def _partner(items: list[Item], i: int, old: Figure) -> Figure | None:
    """This year's value of what `old` is the base of: the next or the last figure with its unit and quantity."""
    for other in [*items[i + 1 : i + 2], *reversed(items[max(0, i - 8) : i])]:
        if (
            isinstance(other, Figure)
            and base_unit(other) == base_unit(old)
            and other.meaning.kind != "growth"
        ):
            return other if other.meaning.quantity == old.meaning.quantity else None
        if isinstance(other, Slot) and other.meaning.quantity == old.meaning.quantity:
            return None
    return None


def _other_subject(item: Item, old: Figure) -> bool:
    return item.meaning.quantity != old.meaning.quantity


def _growth_of(draft: Draft, new: Figure, old: Figure, said: Figure) -> Iterator[Found]:
    unit = said.meaning.unit
    if (
        said.meaning.bound is not None
        or new.meaning.bound is not None
        or new.meaning.kind != old.meaning.kind
    ):
        return
    sign = -1 if said.meaning.direction == "down" else 1
    place = Span(min(new.clause.start, old.clause.start), said.full.end)
    if new.meaning.unit == "%" or unit == "个百分点":
        if unit == "个百分点" and new.meaning.unit == "%" and abs(new.value - old.value) != said.value:
            gap = decimal_text(abs(new.value - old.value))
            yield Found(place, f"由{old.text}%到{new.text}%相差{gap}个百分点，文中写{said.text}个百分点。")
        return
    allowed = growth_window(new, old) if unit == "%" else None
    if allowed is None or agrees(said, allowed, sign):
        return
    real = decimal_text(abs((amount(new) / amount(old) - 1) * 100), 1)
    word = "下降" if amount(new) < amount(old) else "增长"
    yield Found(
        place if place.start == said.clause.start or new.clause != said.clause else said.clause,
        f"{old.text}{old.meaning.unit}到{new.text}{new.meaning.unit}应为{word}{real}%，文中写{said.text}%。",
    )


def shares(draft: Draft) -> Iterator[Found]:
    """A是B的P%, 占总投资B的P%: the share recomputed from both printed amounts."""
    for _, items in by_sentence(draft):
        for i in range(2, len(items)):
            part, whole, said = items[i - 2], items[i - 1], items[i]
            if not (isinstance(part, Figure) and isinstance(whole, Figure) and isinstance(said, Figure)):
                continue
            between = draft.text[whole.full.end : said.span.start]
            if (
                between != "的"
                or "占" not in _left(draft, whole)
                or said.meaning.unit != "%"
                or said.meaning.bound
            ):
                continue
            if base_unit(part) != base_unit(whole):
                continue
            allowed = share_window(part, whole)
            if allowed is not None and not agrees(said, allowed):
                real = decimal_text(amount(part) / amount(whole) * 100, 1)
                yield Found(
                    Span(part.clause.start, said.full.end),
                    f"{part.text}占{whole.text}应为{real}%，文中写{said.text}%。",
                )


_TARGET = re.compile(r"(?:年度|全年|年初|下达)?(?:目标|计划|任务)(?:任务|数|为|是)*(?:的)?$")
_DONE = re.compile(
    r"(?:完成率|完成(?:年度|全年)?(?:目标|计划|任务)(?:任务)?的?|占(?:年度|全年)?(?:目标|计划|任务)(?:任务)?的?)(?:为|达到?|达)?$"
)


def completion(draft: Draft) -> Iterator[Found]:
    """目标N, 完成M, 完成率P%: recomputed."""
    for _, items in by_sentence(draft):
        for i, said in enumerate(items):
            if (
                not isinstance(said, Figure)
                or said.meaning.unit != "%"
                or not _DONE.search(_left(draft, said))
            ):
                continue
            figures = [
                x
                for x in items[max(0, i - 8) : i]
                if isinstance(x, Figure) and x.meaning.kind not in ("growth", "share")
            ]
            target = next((x for x in figures if _TARGET.search(_left(draft, x))), None)
            done = next((x for x in reversed(figures) if x is not target), None)
            if target is None or done is None or base_unit(target) != base_unit(done) or said.meaning.bound:
                continue
            allowed = share_window(done, target)
            if allowed is not None and not agrees(said, allowed):
                real = decimal_text(amount(done) / amount(target) * 100, 1)
                yield Found(
                    said.clause,
                    f"目标{target.text}、完成{done.text}，完成率应为{real}%，文中写{said.text}%。",
                )


def parts_of(draft: Draft) -> Iterator[Found]:
    """其中: the parts together never exceed the whole, and three or more that nearly fill it must fill it."""
    for _, items in by_sentence(draft):
        for i, whole in enumerate(items[:-1]):
            if not isinstance(whole, Figure) or whole.meaning.kind in ("growth", "share", "other"):
                continue
            parts = _among(draft, items[i + 1 : i + 9], whole)
            low = sum((window(p).low for p in parts), Fraction(0))
            high = sum((window(p).high for p in parts), Fraction(0))
            said = window(whole)
            short = len(parts) >= 3 and high < said.low and high * 10 >= said.low * 9
            if parts and (low > said.high or short):
                added = decimal_text(sum((amount(p) for p in parts), Fraction(0)))
                yield Found(
                    Span(whole.clause.start, parts[-1].full.end),
                    f"“其中”各项相加为{added}，总数为{decimal_text(amount(whole))}，对不上。",
                )


def _among(draft: Draft, following: list[Item], whole: Figure) -> list[Figure]:
    """The parts that 其中 opens straight after `whole`: its clause, and clauses of a bare short noun behind it."""
    first = following[0]
    if first.clause == whole.clause or not _left(draft, first).lstrip("，、 ").startswith("其中"):
        return []
    parts: list[Figure] = []
    for item in following:
        left = _left(draft, item)
        if item.clause != first.clause and len(left) > 4:
            break
        if isinstance(item, Slot):
            return []
        inside = left.count("（") > left.count("）")
        if (
            base_unit(item) == base_unit(whole)
            and item.meaning.kind not in ("growth", "share")
            and not inside
        ):
            parts.append(item)
    return parts


def rates(draft: Draft) -> Iterator[Found]:
    """受理A件, 办结B件, 办结率P%: the rate of a deed recomputed from both counts."""
    for _, items in by_sentence(draft):
        for i in range(2, len(items)):
            whole, part, said = items[i - 2], items[i - 1], items[i]
            if not (isinstance(whole, Figure) and isinstance(part, Figure) and isinstance(said, Figure)):
                continue
            deed = re.search(
                r"(办结|整改|化解|办复|入住|销号|兑现|验收|参训|参保|通过|开工|投产)率(?:为|达到?)?$",
                _left(draft, said),
            )
            fits = (
                said.meaning.unit == "%"
                and said.meaning.bound is None
                and base_unit(whole) == base_unit(part)
            )
            if (
                deed is None
                or not fits
                or not _left(draft, part).endswith(deed.group(1))
                or amount(part) > amount(whole)
            ):
                continue
            allowed = share_window(part, whole)
            if allowed is not None and not agrees(said, allowed):
                real = decimal_text(amount(part) / amount(whole) * 100, 1)
                yield Found(
                    Span(part.clause.start, said.full.end),
                    f"{whole.text}中{deed.group(1)}{part.text}，{deed.group(1)}率应为{real}%，文中写{said.text}%。",
                )


def out_of_range(draft: Draft) -> Iterator[Found]:
    """A rate that is a part of a whole cannot exceed 100 %, and nothing falls by more than 100 %."""
    for figure in draft.figures:
        meaning = figure.meaning
        if (
            meaning.kind == "growth"
            and meaning.unit == "%"
            and meaning.direction == "down"
            and figure.value > 100
        ):
            yield Found(
                Span(figure.clause.start, figure.full.end), f"降幅不可能超过100%，文中写{figure.text}%。"
            )
        if (
            meaning.kind == "share"
            and meaning.unit == "%"
            and figure.value > 100
            and _RATE.search(meaning.quantity)
        ):
            yield Found(
                Span(figure.clause.start, figure.full.end),
                f"“{meaning.quantity}”不可能超过100%，文中写{figure.text}%。",
            )


RULES = (
    Rule("prose-C3-total", "sum_mismatch", total),
    Rule("prose-C3-parts", "sum_mismatch", parts_of),
    Rule("prose-C3-ratio", "sum_mismatch", ratio_sums),
    Rule("prose-B3-growth", "growth_mismatch", growth),
    Rule("prose-B4-share", "share_mismatch", shares),
    Rule("prose-C3-completion", "completion_mismatch", completion),
    Rule("prose-B4-rate", "completion_mismatch", rates),
    Rule("prose-U1-range", "out_of_range", out_of_range),
)
