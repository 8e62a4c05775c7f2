"""Changes told against their direction, multiples of a base, falls that are negative once more."""

import re
from collections.abc import Iterator

from shuzhi.prose.faults.changes import DOWN, exactly, falls, moved, paired, verb_before
from shuzhi.prose.faults.rows import by_sentence
from shuzhi.prose.faults.rule import Found, Rule
from shuzhi.prose.faults.sums import Window, amount, base_unit, honest, plain, windows
from shuzhi.prose.model import Draft, Span, decimal_text


def direction(draft: Draft) -> Iterator[Found]:
    """由B增加到A with A below B, or 降到 with A above."""
    for row in by_sentence(draft):
        for i in range(1, len(row.items)):
            pair = paired(row, i)
            if pair is None or not pair.verb or not exactly(pair):
                continue
            if re.fullmatch("调整|变|变化|发展", pair.verb):
                continue
            new, old = windows((pair.new, pair.old))
            down = falls(pair.verb)
            if (down and new.low > old.high) or (not down and new.high < old.low):
                if pair.new.meaning.unit in ("位", "名"):
                    continue
                yield Found(
                    Span(pair.start, pair.new.full.end),
                    f"写的是“{pair.verb}”，数字却由{pair.old.text}{pair.old.meaning.unit or ''}变为"
                    f"{pair.new.text}{pair.new.meaning.unit or ''}，方向相反，请核对。",
                )


def opposed(draft: Draft) -> Iterator[Found]:
    """收入下降3.2%，比上年增加1.2亿元: a rate and an amount of one change that point both ways."""
    for row in by_sentence(draft):
        for i in range(1, len(row.items)):
            rate, said = row.figure(i - 1), row.figure(i)
            verb = moved(row, i)
            before = verb_before(row, i - 1)
            if rate is None or said is None or verb is None or not before or rate.meaning.unit != "%":
                continue
            unit = base_unit(said)
            if unit not in ("元", "人", "户", "吨", "亩", "起", "件") or verb in ("翻", "净增", "降价"):
                continue
            if falls(before) is not falls(verb) and said.clause.start == rate.clause.end + 1:
                yield Found(
                    Span(rate.clause.start, said.full.end),
                    f"前面说“{before}”，紧接着又说“{verb}”，方向相反，请核对。",
                    "likely",
                )


_MULTIPLE = re.compile(r"^(?:的|同期的|总量的)$")


def multiples(draft: Draft) -> Iterator[Found]:
    """A是B的N倍: N follows from A and B."""
    for row in by_sentence(draft):
        for i in range(2, len(row.items)):
            new, old, said = row.figure(i - 2), row.figure(i - 1), row.figure(i)
            if new is None or old is None or said is None or said.meaning.unit != "倍":
                continue
            stated = re.search(r"(?:是|为|达到|达|相当于)[^，；]{0,12}$", row.lead(i - 1))
            if base_unit(new) != base_unit(old) or stated is None or not _MULTIPLE.match(row.joint(i)):
                continue
            a, b = windows((new, old))
            if b.low <= 0 or not plain(new, old):
                continue
            if not honest(said, Window(a.low / b.high, a.high / b.low), row.lead(i)):
                times = decimal_text(amount(new) / amount(old), 2)
                yield Found(
                    Span(new.clause.start, said.full.end),
                    f"{new.text}{new.meaning.unit}是{old.text}{old.meaning.unit}的{times}倍，文中写{said.text}倍，请核对。",
                )


def negative(draft: Draft) -> Iterator[Found]:
    """下降-3%: a fall is not negative once more."""
    for match in re.finditer(rf"(?:{DOWN})(?:了|为)?\s*([-－−])\s*\d[\d.]*\s*[%％个]", draft.text):
        yield Found(Span(*match.span()), "“下降”后面又写负数，意思变成了上升，请去掉负号。", "likely")


RULES = (
    Rule("prose-B3-direction", "contradiction", direction),
    Rule("prose-B3-multiple", "growth_mismatch", multiples),
    Rule("prose-B3-opposed", "contradiction", opposed),
    Rule("prose-B3-negative", "contradiction", negative),
)
