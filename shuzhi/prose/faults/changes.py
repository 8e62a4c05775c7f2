"""Growth, falls, differences and multiples against the base stated beside them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from shuzhi.prose.faults.rows import Row, by_sentence
from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.faults.sums import Window, amount, base_unit, growth_window, half, honest, plain, windows
from shuzhi.prose.model import Draft, Figure, Span, decimal_text

_UP = "净增长|净增加|增长率|增长|增加|增幅|增速|增收|提高|提升|上升|上涨|攀升|扩大|上浮|净增|增|升|涨|多"
DOWN = "下降|降低|减少|下滑|回落|压减|压缩|削减|缩减|缩短|缩小|降幅|下浮|降价|收窄|精简|节约|节省|减|降|少"
_LAST = r"(?:上年|去年|上年末|去年末|年初|上年底|去年底|上年同期|去年同期|同期|前年|期初|改革前|以前|过去|原来|原先|(?:19|20)\d\d年(?:末|底|同期)?|[一二三四五六七八九十两]+年前|上届末|“?十[一二三四五]五”?(?:末|期末|初期|初))"
# What may stand between a stop (or the figure before) and a change that has no subject of its own.
_ADVERB = rf"同比|环比|同口径|比{_LAST}|较{_LAST}|与{_LAST}相比|比|较|净|累计|总共|一共|共|整体|总体|平均|年均|年平均|均|总|各|也|又|再|同期|大幅|明显|显著|预计|实际|名义|可比|按可比价格?(?:计算)?|按可比口径|按不变价|[一二三四五六七八九十两]+年(?:间|来)?(?:累计|共|总共)?|期间|人数|户数|总量|总数|数量|规模|额度|金额|幅度|绝对额|相应|直接|历史性|成功|、|，|,|和|及|并|为|达|达到"
_END = r"(?:了|达到|达|为|约为|约|近|超过了|超过|超|逾|不到|不足|将近|接近|突破|突破了|高达|：|:|至少)*"
_CHANGE = re.compile(rf"^(?:{_ADVERB})*(?P<verb>{_UP}|{DOWN}|翻)(?:率|幅度|额|数|量|人数|户数)?{_END}$")
_TURN = re.compile(r"^(?:{_ADVERB})*$")
_TO = re.compile(
    rf"^[^，。；]{{0,8}}?[，,]?(?:{_LAST}(?:的)?)?(?:逐步|稳步|大幅|快速|迅速|一举|持续|逐年|直接|已|也|又|再|均|将|成功)?"
    rf"(?P<verb>增加|增长|提高|提升|上升|上涨|攀升|扩大|跃升|发展|壮大|扩展|扩充|回升|增|升|涨|下降|降低|减少|下滑|回落|压减|压缩|缩减|缩短|缩小|精简|削减|降|减|调整|控制|变|变化)"
    r"(?P<to>到|至|为|成)(?:了)?(?:(?:今年|目前|现在|当前|本年|年底|年末|(?:19|20)\d\d年)(?:底|末)?(?:的)?)?(?:约|近|超|超过|每[人户亩]|最高)?$"
)
_FROM = re.compile(r"(?:由|从)(?P<when>[^，。；由从]{0,18})$")
_AGAINST = re.compile(
    rf"(?:比|较|与)(?:{_LAST})(?:同期)?(?:决算数?|实际数?|完成数?|执行数?|水平|总量|数)?(?:的)?$|在{_LAST}(?:的)?$"
)
_THEN = re.compile(rf"(?:{_LAST})[^，；]{{0,12}}?(?:为|是|达|达到|只有|仅|仅有|仅为|完成|实现)?$")
_NOW = re.compile(
    r"^(?:而|到|至)?(?:今年|本年|当年|目前|现在|年底|(?:19|20)\d\d年(?:底|末)?)(?:则|已|又|年底|末|底)*"
    r"(?P<same>[\u4e00-\u9fff]{0,12}?)(?:为|是|达|达到|完成|实现|增加到|增至|增长到|提高到|上升到|上升至|提高至|下降到|下降至|降到|降至|减少到|减少至)?$"
)
_BEHIND = re.compile(
    rf"^[（(]?(?:而)?(?:{_LAST})(?:同期)?(?:仅|只|则)?(?:为|是|达|达到|有|仅为|只有)$|^[（(](?:{_LAST})(?:同期)?$"
)
_YEARLY = re.compile(r"年均|年平均|平均每年|每年")
_REAL = re.compile(r"可比|不变价|实际|名义|环比|同口径|剔除|扣除|口径")
_PRICED = re.compile(r"生产总值|GDP|增加值|[农林牧渔副工业]总产值")
_YEAR = re.compile(r"((?:19|20)\d\d)年")
_SINCE_LAST = re.compile(r"同比|[比较](?:上年|去年)")
_PER_YEAR = 12
_SHORT = 30


@dataclass(frozen=True, slots=True)
class Pair:
    """A value and the base it is measured against; `start` is where the statement begins."""

    new: Figure
    old: Figure
    start: int
    when: str = ""
    verb: str = ""

    @property
    def years(self) -> int | None:
        """How many years lie between the two, if both name theirs."""
        named = [int(y) for y in _YEAR.findall(self.when)]
        return named[-1] - named[0] if len(named) == 2 and 0 < named[-1] - named[0] <= _PER_YEAR else None

    @property
    def lasting(self) -> bool:
        """Whether the base is older than last year."""
        far = re.search(
            r"[二三四五六七八九十两]+年前|十[一二三四五]五|上届|期初|改革|以前|过去|原来|原先|最初|前年",
            self.when,
        )
        years = self.years
        return (
            far is not None
            or (years is not None and years > 1)
            or (years is None and bool(_YEAR.search(self.when)))
        )


def exactly(pair: Pair) -> bool:
    """Whether both values are said as they are (压减到18家 after 由120家 is no upper bound)."""
    reached = pair.verb != "" and pair.new.meaning.bound == "le"
    return plain(pair.old) and (plain(pair.new) or reached)


def falls(verb: str) -> bool:
    """Whether a verb of change says less."""
    return re.fullmatch(DOWN, verb) is not None


def growth(draft: Draft) -> Iterator[Found]:
    """A against B with growth P: P follows from A and B within rounding; so do differences and multiples."""
    for row in by_sentence(draft):
        yield from _walked(row)


def _walked(row: Row) -> Iterator[Found]:
    pair: Pair | None = None
    level: Figure | None = None
    added: Figure | None = None
    waiting: list[tuple[int, str]] = []
    for i in range(len(row.items)):
        said = row.figure(i)
        verb = moved(row, i)
        if verb is None:
            behind = _last_behind(row, i, level)
            if behind is not None:
                for k, told in waiting:
                    yield from _checked(row, k, behind, told)
            turned = paired(row, i)
            if turned is not None and _told_before(row, i):
                yield from _checked(row, i - 2, turned, verb_before(row, i - 2))
            pair, added, waiting = behind or turned, None, []
            level = said if said is not None and said.meaning.kind != "growth" else None
            continue
        if said is None:
            continue
        if pair is None and (base := _base(row, i)) is not None:
            pair = base
        if pair is not None:
            yield from _checked(row, i, pair, verb)
        elif level is not None and base_unit(said) == base_unit(level):
            added = said
            for k, _ in (w for w in waiting if row.items[w[0]].meaning.unit == "%"):
                yield from _increment(row, k, level, added, verb)
        elif level is not None and added is not None and said.meaning.unit == "%":
            yield from _increment(row, i, level, added, verb)
        waiting.append((i, verb))


def verb_before(row: Row, i: int) -> str:
    """The verb of change that stands right before item `i`, its subject aside."""
    found = re.search(rf"(?P<verb>{_UP}|{DOWN})(?:率|幅度)?{_END}$", row.lead(i))
    return found.group("verb") if found else ""


def _told_before(row: Row, i: int) -> bool:
    """PM10浓度下降12.5%，由80降到68: the change is told first, base and value follow with no subject of their own."""
    said = row.figure(i - 2) if i >= 2 else None
    if said is None or said.meaning.unit not in ("%", "个百分点") or not verb_before(row, i - 2):
        return False
    return re.fullmatch(rf"[，（(](?:由|从)(?:{_LAST})?的?", row.joint(i - 1)) is not None


def _last_behind(row: Row, i: int, level: Figure | None) -> Pair | None:
    """A，上年为B: the base told behind the value."""
    old = row.figure(i)
    if level is None or old is None or base_unit(old) != base_unit(level):
        return None
    if not _BEHIND.match(row.left(i)) or not row.joint(i).startswith(("，", "（", "(")):
        return None
    return Pair(level, old, level.clause.start, row.left(i))


def moved(row: Row, i: int) -> str | None:
    """The verb of a change with no subject of its own that item `i` states, or None."""
    item = row.items[i]
    if item.meaning.kind == "name":
        return None
    if item.text.startswith("翻"):
        return "翻" if _TURN.match(row.lead(i)) else None
    lead = row.lead(i)
    # A change with no subject is told in a few words.
    change = _CHANGE.match(lead) if len(lead) <= _SHORT else None
    return change.group("verb") if change else None


def paired(row: Row, i: int) -> Pair | None:
    """由B增加到A, or 上年B、今年A: item `i` is the value after, the item before it the base."""
    new, old = row.figure(i), row.figure(i - 1)
    if i == 0 or new is None or old is None or base_unit(new) != base_unit(old):
        return None
    between = row.text[row.end(i - 1) : new.span.start]
    turned, begun = _TO.match(between), _FROM.search(row.joint(i - 1))
    if turned and begun:
        if re.search(r"[万亿]", between) or "、" in between:
            return None
        return Pair(new, old, old.clause.start, begun.group("when") + "|" + between, turned.group("verb"))
    now = _NOW.match(row.left(i))
    told = now is not None and now.group("same") in row.left(i - 1)
    if told and _THEN.search(row.left(i - 1)) and old.clause.end + 1 == new.clause.start:
        return Pair(new, old, old.clause.start, row.left(i - 1) + "|" + row.left(i))
    return None


def _base(row: Row, i: int) -> Pair | None:
    """A，比上年的B增长P: item `i - 1` is the base, the last value before it in its unit the new one."""
    old = row.figure(i - 1)
    if i < 2 or old is None or row.joint(i).startswith(("，", "、", "；")):
        return None
    stated = _AGAINST.search(row.lead(i - 1))
    if stated is None:
        return None
    subject = row.lead(i - 1)[: stated.start()].strip("，、（(")
    if subject and not re.fullmatch(r"同口径|总量|规模|总额|数量|同比", subject):
        new = _restated(row, i - 1, subject)
    else:
        new = row.figure(i - 2)
    if new is None or base_unit(new) != base_unit(old):
        return None
    return Pair(new, old, new.clause.start, stated.group())


def _restated(row: Row, place: int, subject: str) -> Figure | None:
    """事故8起，…，事故起数比上年的10起: the earlier value whose words hold all of the subject said again."""
    core = re.sub(r"(?:总)?(?:起数|件数|数量|总数|人数|户数|总量|总额|数|量)$", "", subject)
    for k in range(place - 1, -1, -1):
        other = row.figure(k)
        if other is None or base_unit(other) != base_unit(row.items[place]) or len(core) < 2:
            continue
        if core in row.left(k) + row.after(k, 8):
            return other
    return None


def _checked(row: Row, i: int, pair: Pair, verb: str) -> Iterator[Found]:
    said = row.figure(i)
    lead = row.lead(i)
    if said is None or not exactly(pair) or said.meaning.kind == "other":
        return
    if _SINCE_LAST.search(lead) and pair.lasting:
        return
    place = Span(min(pair.start, said.clause.start), said.full.end)
    if _YEARLY.search(lead) and said.meaning.unit == "%":
        yield from _compound(said, pair, place, -1 if falls(verb) else 1)
        return
    real = _true_change(row, said, pair, lead)
    if real is None:
        return
    window_, unit = real
    shown = Window(-window_.high, -window_.low) if falls(verb) else window_
    if honest(said, shown, lead) or any(honest(said, w, lead) for w in _other_readings(row, i, pair, verb)):
        return
    word = "减少" if window_.low + window_.high < 0 else "增加"
    yield Found(
        place,
        f"由{pair.old.text}{pair.old.meaning.unit or ''}到{pair.new.text}{pair.new.meaning.unit or ''}，"
        f"应为{word}{decimal_text(abs(_exact(said, pair)), 1)}{unit}，文中写{_printed(said)}，请核对。",
    )


def _printed(said: Figure) -> str:
    return said.text if said.text.startswith("翻") else said.text + (said.meaning.unit or "")


def _compound(said: Figure, pair: Pair, place: Span, sign: int) -> Iterator[Found]:
    """年均增长P over n years leads from the base to the value, rounding granted on all three."""
    years = pair.years
    new, old = windows((pair.new, pair.old))
    if years is None or not plain(said) or old.low <= 0 or said.value >= 100:
        return
    low, high = (1 + sign * (said.value + by) / 100 for by in sorted((-half(said) * sign, half(said) * sign)))
    # A year more or less is counted by custom: from the end of the base year, or with both years.
    if any(low**n <= new.high / old.low and high**n >= new.low / old.high for n in (years, years + 1)):
        return
    reached = decimal_text(pair.old.value * (1 + sign * said.value / 100) ** years, 1)
    yield Found(
        place,
        f"由{pair.old.text}{pair.old.meaning.unit}起，按年均{said.text}%算{years}年后应为{reached}"
        f"{pair.old.meaning.unit}，文中为{pair.new.text}{pair.new.meaning.unit}，请核对。",
        "likely",
    )


def _exact(said: Figure, pair: Pair) -> Fraction:
    """The change as reckoned from the printed values, in the unit of `said`."""
    a, b = amount(pair.new), amount(pair.old)
    if said.meaning.unit == "%" and pair.new.meaning.unit != "%":
        return (a / b - 1) * 100
    if said.meaning.unit == "倍":
        return a / b - 1
    scale = amount(said) / said.value if said.value else Fraction(1)
    return (a - b) / scale


def _true_change(row: Row, said: Figure, pair: Pair, lead: str) -> tuple[Window, str] | None:
    """The change the pair states, in the unit of `said`, and that unit as to be shown; None: cannot be said."""
    unit = said.meaning.unit or ""
    new, old = windows((pair.new, pair.old))
    rate = pair.new.meaning.unit in ("%", "‰")
    if rate and unit.endswith("百分点") and pair.new.meaning.unit == "%" == pair.old.meaning.unit:
        return new - old, "个百分点"
    if rate and unit == "%":
        # 提高5% of a rate: whether points are meant is the matter of another rule.
        return None
    if rate or pair.new.meaning.unit is None:
        return None
    if unit == "%":
        grown = growth_window(pair.new, pair.old)
        if grown is None or _YEARLY.search(lead):
            return None
        if _REAL.search(lead) or _PRICED.search(row.text[pair.start : pair.old.span.start]):
            return Window(grown.low - 12, grown.high + 6), "%"
        return grown, "%"
    if unit == "倍" and old.low > 0:
        return Window(new.low / old.high - 1, new.high / old.low - 1), "倍"
    if base_unit(said) == base_unit(pair.new):
        scale = amount(said) / said.value if said.value else Fraction(1)
        gap = new - old
        return Window(gap.low / scale, gap.high / scale), said.meaning.unit or ""
    return None


def _other_readings(row: Row, i: int, pair: Pair, verb: str) -> Iterator[Window]:
    """What else the figure may rightly mean: growth of an earlier value of the sentence, or of a yearly average."""
    unit = row.items[i].meaning.unit
    if unit != "%":
        return
    sign = -1 if falls(verb) else 1
    for other in row.items[:i]:
        if not isinstance(other, Figure) or other in (pair.new, pair.old) or not plain(other):
            continue
        if base_unit(other) != base_unit(pair.old):
            continue
        grown = growth_window(other, pair.old)
        if grown is not None:
            yield grown if sign > 0 else Window(-grown.high, -grown.low)


def _increment(row: Row, i: int, level: Figure, added: Figure, verb: str) -> Iterator[Found]:
    """A, D more than before, growth P: the base is A less D."""
    said = row.figure(i)
    if said is None or not plain(level, added) or _REAL.search(row.lead(i)) or _YEARLY.search(row.lead(i)):
        return
    sign = -1 if falls(verb) else 1
    new, gap = windows((level, added))
    base = Window(new.low - sign * gap.high, new.high - sign * gap.low) if sign > 0 else new + gap
    if base.low <= 0 or gap.low < 0:
        return
    real = Window(gap.low / base.high * 100, gap.high / base.low * 100)
    if honest(said, real, row.lead(i)):
        return
    exact = amount(added) / (amount(level) - sign * amount(added)) * 100
    yield Found(
        Span(level.clause.start, max(said.full.end, added.full.end)),
        f"{level.text}{level.meaning.unit}中{'增加' if sign > 0 else '减少'}{added.text}{added.meaning.unit}，"
        f"幅度应为{decimal_text(exact, 1)}%，文中写{said.text}%，请核对。",
    )


RULES = (Rule("prose-B3-growth", "growth_mismatch", growth),)
