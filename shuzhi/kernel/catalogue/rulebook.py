"""What must hold between the numbers of indicators: rules written in the language, over several or for each of them.

A rule of ``checks.toml`` is either about several indicators at once (``va1 + va2 + va3 = gdp``), or is read for each
indicator that lists its code under ``checks`` (or for all of them): then it speaks of ``value``, ``previous``,
``last_year`` and the other words of :data:`OWN`. What is missing is neither right nor wrong: only a rule that is false
finds fault.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from shuzhi.kernel.catalogue.grounds import Basis, Expression, words_of

PLACES = ("entry", "review", "closing", "report")
EACH = ("", "listed", "all")
#: The words of a rule read for each indicator, with what they mean (docs/catalogue.md).
OWN: Mapping[str, str] = {
    "value": "本期的数",
    "previous": "同一年里前一期有数的（时点数可以跨年）",
    "following": "同一年里后一期有数的，只在填报时有",
    "last_year": "上年同期的数",
    "target": "本期的目标，没有分期的取全年目标",
    "parts": "下一级各地区本期的数之和；有一个没报就缺",
    "step": "本期比前一期多出的数，年内第一期就是本期的数",
    "earlier_step": "前一期比再前一期多出的数",
    "rate": "本期公布的增速（growth_by 所指的指标）",
    "low": "通常的下限（typical 的第一个数）",
    "high": "通常的上限（typical 的第三个数）",
    "digits": "数值的有效位数",
    "reason": "说明，没有写的为缺",
    "status": "状态（快报、初步核算……）",
    "measures": "这是哪一类数",
    "temporal": "累计、时点还是比率",
    "convention": "增长的口径",
    "duty": "报送职责",
    "computed": "是否由公式算出，不填报",
    "published": "统计机构是否已登记公布（或保密审查后批准引用）",
}
AMOUNTS = ("value", "previous", "following", "last_year", "target", "parts", "step", "earlier_step", "low", "high")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``holds`` is true where all is well; when it is false ``says`` tells what is wrong, ``do`` what to do.

    ``each`` is empty for a rule over several indicators, ``listed`` for one read for every indicator that lists the
    code, ``all`` for one read for all of them. ``refuses`` is the condition under which what is otherwise a warning
    keeps the value out (a fall without a reason). ``at`` are the places it is read: entry, review, closing, report.
    """

    code: str
    label: str
    holds: Expression
    says: str
    do: str
    basis: tuple[Basis, ...]
    each: str = ""
    severity: str = "error"
    refuses: Expression | None = None
    at: tuple[str, ...] = ("entry", "review", "closing")
    note: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """The words the rule reads, in the order they are written, each once."""
        return words_of(self.holds)
