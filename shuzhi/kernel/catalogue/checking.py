"""The checker's hand: reports findings under file and key, and the small checks every definition needs."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.catalogue.grounds import Basis, Expression
from shuzhi.kernel.catalogue.sources import Raw
from shuzhi.kernel.expr.arithmetic import COUNTED, DAYS, joined
from shuzhi.kernel.expr.functions import SPANS
from shuzhi.kernel.expr.lexer import KEYWORDS, ExpressionError
from shuzhi.kernel.expr.nodes import Call, Literal
from shuzhi.kernel.expr.types import Scope, Type, Undefined, like, typed
from shuzhi.kernel.finding import Finding
from shuzhi.kernel.measure import RATIO, UNITS

_CODE = re.compile(r"[a-z][a-z0-9_]*")
RESERVED = KEYWORDS | set(SPANS) | {"today"}
_SORTS = {"bool": "是非（条件）", "date": "日期", "moment": "时刻", "amount": "数量"}


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks one definition and collects what is wrong with it."""

    catalogue: Catalogue
    raw: Raw
    findings: list[Finding]

    def report(self, identity: str, message: str, hint: str, key: str) -> None:
        """Note one fault under its key."""
        self.findings.append(Finding(identity, message, hint, self.raw.place(key)))

    def code(self, code: str, key: str) -> None:
        """A code must be a plain ASCII word that is no word of the language."""
        if not _CODE.fullmatch(code):
            self.report(
                "catalogue.bad-code", f"“{code}”不能作代码", "用小写英文字母、数字和下划线，字母开头", key
            )
        elif code in RESERVED:
            self.report("catalogue.reserved-word", f"“{code}”是公式语言里的词", "请换一个代码", key)

    def unique(self, codes: Iterable[str], key: str) -> None:
        """Codes in one list must differ."""
        seen: set[str] = set()
        for code in codes:
            if code in seen:
                self.report("catalogue.duplicate", f"“{code}”定义了两次", "代码不能重复", f"{key}.{code}")
            seen.add(code)

    def basis(self, basis: tuple[Basis, ...], key: str = "basis") -> None:
        """A rule cites the law it rests on, or says that it is local practice."""
        if not any(item.law.strip() for item in basis):
            hint = 'basis = [{ law = "…", article = "第…条" }]；本地做法加 local = true'
            self.report("catalogue.no-basis", "没有写明依据", hint, key)

    def unit(self, name: str, key: str) -> bool:
        """A unit of measurement must be known."""
        if name in UNITS:
            return True
        self.report("catalogue.unknown-unit", f"未知的计量单位“{name}”", like(name, UNITS), key)
        return False

    def duty(self, code: str, key: str) -> None:
        """A duty must be in duties.toml."""
        if code not in self.catalogue.duties:
            self.report(
                "catalogue.unknown-duty", f"没有“{code}”这项职责", like(code, self.catalogue.duties), key
            )

    def duty_label(self, code: str) -> str:
        """A duty in the office's words."""
        known = self.catalogue.duties.get(code)
        return known.label if known else code

    def paper(self, code: str, key: str) -> None:
        """A kind of paper must be in papers.toml."""
        if code not in self.catalogue.papers:
            self.report(
                "catalogue.unknown-paper", f"没有“{code}”这种材料", like(code, self.catalogue.papers), key
            )

    def formula(self, expression: Expression, scope: Scope, key: str) -> Type | None:
        """The type of a formula, or None when something in it is wrong (which is reported)."""
        try:
            return typed(expression.node, scope)
        except ExpressionError as error:
            undefined = isinstance(error, Undefined)
            identity = "catalogue.undefined-word" if undefined else "catalogue.wrong-formula"
            place = f"第{error.column}个字：" if error.column else ""
            self.report(identity, f"公式有误：{place}{error.message}", error.hint or expression.source, key)
            return None

    def sort(self, expression: Expression | None, scope: Scope, sort: str, key: str) -> None:
        """A formula must give a value of one sort."""
        if expression is None:
            return
        found = self.formula(expression, scope, key)
        if found is not None and found.sort != sort:
            message = f"公式应得出{_SORTS[sort]}，却得出{found}"
            self.report("catalogue.wrong-formula", message, expression.source, key)

    def days(self, expression: Expression | None, scope: Scope, key: str, *, bare: bool = False) -> None:
        """A formula must give days; a plain number will do. What counts months (``bare``) is a plain number or a parameter
        without a unit: days would be taken for months.
        """
        if expression is None:
            return
        found = self.formula(expression, scope, key)
        node = expression.node
        known = isinstance(node, Literal) or (bare and isinstance(node, Call) and node.function == "param")
        plain = known and found is not None and found.family == RATIO.name
        if found is not None and not (plain or (found.family == DAYS and not bare)):
            hint = "写整数，如 6；或用没有单位的参数" if bare else "写整数，如 15；或用单位为天的字段、参数"
            self.report("catalogue.wrong-formula", f"时限应为天数，却是{found}", hint, key)

    def figure(self, expression: Expression, scope: Scope, unit: str, key: str) -> None:
        """A figure's formula must give an amount that can be shown in its unit."""
        found = self.formula(expression, scope, key)
        if found is None or unit not in UNITS or found.sort == "missing":
            return
        family = UNITS[unit].family.name
        counted = found.family == COUNTED and joined(COUNTED, family) == family
        if found.sort != "amount" or not (found.family == family or counted):
            message = f"公式得出{found}，不能用“{unit}”表示"
            self.report("catalogue.wrong-formula", message, "改单位或改公式", key)


def ring(word: str, reads: Mapping[str, set[str]], path: list[str], done: set[str]) -> list[str]:
    """The first circle of words that read each other, from ``word`` on; empty when there is none."""
    if word in path:
        return [*path[path.index(word) :], word]
    if word in done:
        return []
    done.add(word)
    for other in sorted(reads[word]):
        found = ring(other, reads, [*path, word], done)
        if found:
            return found
    return []
