"""The formula that is true exactly when a claim in words is, for each family of cues the language of the books can say."""

from collections.abc import Callable

from shuzhi.prose.claiming.formulas.case import Case, Formula, Unsaid
from shuzhi.prose.claiming.formulas.changes import double, rising, turn
from shuzhi.prose.claiming.formulas.comparing import better
from shuzhi.prose.claiming.formulas.records import extreme, first, streak
from shuzhi.prose.claiming.formulas.targets import fulfilled, over
from shuzhi.prose.claiming.formulas.wholes import everything, nothing_of

__all__ = ["Case", "Formula", "Unsaid", "formula"]

Rule = Callable[[Case], Formula]


def formula(case: Case) -> Formula:
    """The formula of a claim in words; raises Unsaid with the reason when there is none."""
    return _RULES[case.claim.cue](case)


def _rank(case: Case) -> Formula:
    raise Unsaid("名次要同别的地方比，账上只有本地的数；请附排名的文件")


def _built(case: Case) -> Formula:
    raise Unsaid("这是一件具体的事，请到台账里按名称核对它的进度和材料")


_RULES: dict[str, Rule] = {
    "over": over,
    "fulfilled": fulfilled,
    "all": everything,
    "zero": nothing_of,
    "none": nothing_of,
    "turn": turn,
    "rising": rising,
    "double": double,
    "streak": streak,
    "extreme": extreme,
    "first": first,
    "better": better,
    "rank": _rank,
    "built": _built,
}
