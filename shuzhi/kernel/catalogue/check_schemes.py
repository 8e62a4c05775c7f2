"""What is checked of profiles and schemes before a catalogue is used: twelve months, formulas, numbers, grades."""

from collections.abc import Iterator
from fractions import Fraction

from shuzhi.kernel.catalogue.checking import Checker
from shuzhi.kernel.catalogue.definitions import UNIT_LEVELS, Catalogue
from shuzhi.kernel.catalogue.schemes import (
    FORMS,
    FORMULA_NAMES,
    FORMULAS,
    NEEDS,
    ORDERS,
    Profile,
    Scheme,
    ScoreItem,
)
from shuzhi.kernel.catalogue.sources import Sources
from shuzhi.kernel.expr.types import Scope, like
from shuzhi.kernel.finding import Finding


def check_schemes(catalogue: Catalogue, sources: Sources, findings: list[Finding], figures: Scope) -> None:
    """Everything wrong with profiles and schemes."""
    for code, indicator in catalogue.indicators.items():
        if indicator.profile and indicator.profile not in catalogue.profiles:
            message = f"没有“{indicator.profile}”这条进度曲线"
            place = sources.raws["indicator"][code].place("profile")
            findings.append(
                Finding(
                    "catalogue.undefined-word", message, like(indicator.profile, catalogue.profiles), place
                )
            )
    for code, profile in catalogue.profiles.items():
        _check_profile(Checker(catalogue, sources.raws["profile"][code], findings), profile)
    for code, scheme in catalogue.schemes.items():
        _check_scheme(Checker(catalogue, sources.raws["scheme"][code], findings), scheme, figures)


def _check_profile(checker: Checker, item: Profile) -> None:
    checker.basis(item.basis)
    shares = [text for text in item.months if text.strip()]
    if len(item.months) != 12 or not all(_is_number(text) for text in shares):
        hint = "写十二个数，百分比，1月在前；不发布的月份写空"
        checker.report("catalogue.wrong-value", "全年进度须有十二个月", hint, "months")
        return
    values = list(item.shares().values())
    if values != sorted(values) or values[-1:] != [Fraction(1)] or values[0] < 0:
        hint = "各月为累计占全年的百分比，只升不降，12月为100"
        checker.report("catalogue.wrong-value", "全年进度应逐月不降、12月到100", hint, "months")


def _check_scheme(checker: Checker, item: Scheme, figures: Scope) -> None:
    checker.code(item.code, "code")
    checker.basis(item.basis)
    if item.of not in UNIT_LEVELS:
        checker.report(
            "catalogue.wrong-value", f"“{item.of}”不在可用的值里", like(item.of, UNIT_LEVELS), "of"
        )
    checker.unique((each.code for each in item.items), "items")
    for text, key in ((item.bonus_limit, "bonus_limit"), (item.deduct_limit, "deduct_limit")):
        _number(checker, text, key)
    for grade in item.grades:
        _number(checker, grade.since, f"grades.{grade.name}.since")
        if grade.quota:
            _number(checker, grade.quota, f"grades.{grade.name}.quota")
    for each in item.items:
        _check_item(checker, item, each, figures)


def _check_item(checker: Checker, scheme: Scheme, item: ScoreItem, figures: Scope) -> None:
    key = f"items.{item.code}"
    if item.formula not in FORMULAS:
        hint = f"可用：{'、'.join(FORMULAS)}"
        checker.report("catalogue.wrong-value", f"没有“{item.formula}”这种计分公式", hint, f"{key}.formula")
        return
    for name in NEEDS[item.formula]:
        if not getattr(item, name):
            message = f"“{FORMULA_NAMES[item.formula]}”一类的计分项缺少“{name}”"
            checker.report("catalogue.missing-key", message, "这一项必须写明", f"{key}.{name}")
    for name, text in _numbers(item):
        _number(checker, text, f"{key}.{name}")
    for name, expression in (("actual", item.actual), ("target", item.target)):
        if expression is not None:
            found = checker.formula(expression, figures, f"{key}.{name}")
            if found is not None and found.sort != "amount":
                message = f"计分的数应为数量，却是{found}"
                checker.report("catalogue.wrong-formula", message, expression.source, f"{key}.{name}")
    if item.unit:
        checker.unit(item.unit, f"{key}.unit")
    if item.formula == "veto" and not item.authority.strip():
        hint = 'authority = "…（文号）"'
        checker.report("catalogue.no-basis", "一票否决没有写明依据文件", hint, f"{key}.authority")
    _check_words(checker, scheme, item, key)


def _check_words(checker: Checker, scheme: Scheme, item: ScoreItem, key: str) -> None:
    for allowed, name, value in ((FORMS, "form", item.form), (ORDERS, "order", item.order)):
        if value not in allowed:
            hint = f"可用：{'、'.join(allowed)}"
            checker.report("catalogue.wrong-value", f"“{value}”不在可用的值里", hint, f"{key}.{name}")
    codes, grades = {each.code for each in scheme.items}, {grade.name for grade in scheme.grades}
    for code in item.voids:
        if code not in codes:
            message = f"没有“{code}”这个计分项"
            checker.report("catalogue.undefined-word", message, like(code, codes), f"{key}.voids")
    if item.grade and item.grade not in grades:
        message = f"没有“{item.grade}”这个等次"
        checker.report("catalogue.undefined-word", message, like(item.grade, grades), f"{key}.grade")


def _numbers(item: ScoreItem) -> Iterator[tuple[str, str]]:
    for name in ("weight", "cap", "k", "low", "high", "reach", "floor", "each", "limit"):
        text = getattr(item, name)
        if text:
            yield name, text
    for number, text in enumerate(item.points, 1):
        yield f"points[{number}]", text


def _number(checker: Checker, text: str, key: str) -> None:
    if not _is_number(text):
        checker.report("catalogue.wrong-value", f"“{text}”不是数", '写成加引号的数，如 "0.5"', key)


def _is_number(text: str) -> bool:
    head, _, tail = text.removeprefix("-").partition(".")
    return bool(head) and (head + tail).isascii() and (head + tail).isdigit() and not text.endswith(".")
