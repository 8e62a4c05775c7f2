"""A formula is checked against the words there are before anything runs."""

import pytest

from shuzhi.kernel.catalogue.scopes import FigureScope, RowScope
from shuzhi.kernel.expr.parse import ExpressionError, parse
from shuzhi.kernel.expr.types import Scope, Undefined, typed
from tests.kernel.shelf import shelf

CATALOGUE = shelf().catalogue
ITEM = RowScope(CATALOGUE, CATALOGUE.kinds["leaky_roof"])
TALK = RowScope(CATALOGUE, CATALOGUE.kinds["roof_talk"])
ALL = FigureScope(CATALOGUE)

TYPED = [
    (ITEM, "cost", "金额"),
    (ITEM, "cost * 2 / 3", "金额"),
    (ITEM, "cost / 5万元", "比率"),
    (ITEM, "cost + missing", "金额"),
    (ITEM, "fixed - opened", "时间"),
    (ITEM, "opened + 30", "日期"),
    (ITEM, "opened + 30天", "日期"),
    (ITEM, "days(opened, today) > 30", "是非"),
    (ITEM, "extra <= 30", "是非"),
    (ITEM, "grade = '大'", "是非"),
    (ITEM, "grade in ['大', '小'] and opened in year", "是非"),
    (ITEM, "stage = '修好'", "是非"),
    (ITEM, "late('repair')", "是非"),
    (ITEM, "left('repair') - 3", "时间"),
    (ITEM, "due('repair')", "日期"),
    (ITEM, "papers('合同') >= 1", "是非"),
    (ITEM, "coalesce(fixed, due('repair'), today)", "日期"),
    (ITEM, "least(cost, 5万元)", "金额"),
    (ITEM, "if grade = '大' then 30天 else missing", "时间"),
    (ITEM, "workdays(opened, today) < param('tell_days')", "是非"),
    (ITEM, "year_of(opened) = 2025", "是非"),
    (TALK, "sum pledged of pledges", "金额"),
    (TALK, "count roof_talk.pledges where paid_in > pledged", "个"),
    (ALL, "rain", "金额"),
    (ALL, "growth(rain)", "比率（名义）"),
    (ALL, "rain.growth", "比率（名义）"),
    (ALL, "roof_income_growth", "比率（不变价）"),
    (ALL, "rain_share - lastyear(rain_share)", "比率"),
    (ALL, "completion(rain)", "比率"),
    (ALL, "count leaky_roof where closed <= due_repair in year", "个"),
    (ALL, "distinct giver of roof_talk.pledges in lastyear", "个"),
    (ALL, "max opened of leaky_roof", "日期"),
    (ALL, "count leaky_roof per unit", "分组的数"),
    (ALL, "leaky_roof.listed >= 3", "是非"),
    (ALL, "leaky_roof.listed / count leaky_roof", "比率"),
    (ALL, "sum amount of roof_fund.budget where year = 2025", "金额"),
    (ALL, "share(rain, roof_income)", "比率"),
]


@pytest.mark.parametrize(("scope", "text", "kind"), TYPED)
def test_a_sound_formula_has_a_type(scope: Scope, text: str, kind: str) -> None:
    assert str(typed(parse(text), scope)) == kind


WRONG = [
    (ITEM, "cost + extra", "单位不同"),
    (ITEM, "cost > 3", "单位不同"),
    (ITEM, "cost * size", "不能都带单位"),
    (ITEM, "cost / size", "单位不同"),
    (ITEM, "(cost / 5万元) + extra", "单位不同"),
    (ITEM, "fixed + opened", "不能用在日期与日期之间"),
    (ITEM, "opened + cost", "不能用在日期与金额之间"),
    (ITEM, "opened = '2025'", "不能比较日期与文字"),
    (ITEM, "grade > '大'", "文字只能比较"),
    (ITEM, "grade = missing", "与 missing 比较"),
    (ITEM, "not cost", "not 后面应为是非"),
    (ITEM, "cost and true", "and 的左边应为是非"),
    (ITEM, "-opened", "负号后面应为数量"),
    (ITEM, "if cost then 1 else 2", "if 后面应为是非"),
    (ITEM, "if true then cost else opened", "应为同一类"),
    (ITEM, "least(cost, extra)", "单位不同"),
    (ITEM, "least(grade, grade)", "应为数量或日期"),
    (ITEM, "days(cost, today)", "应为日期"),
    (ITEM, "days(today)", "不能有1个参数"),
    (ITEM, "late(opened)", "应为引号里的代码"),
    (ITEM, "cost in year", "in 不能用在金额与时段之间"),
    (ITEM, "year = lastyear", "不能比较时段与时段"),
    (ALL, "growth(rain_share)", "不再求增速"),
    (ALL, "growth(roof_income)", "以统计部门公布的为准"),
    (ALL, "growth(rain) - roof_income.growth", "口径不同"),
    (ALL, "growth(year)", "应为数量"),
    (ALL, "sum giver of roof_talk.pledges", "sum 后面应为数量"),
    (ALL, "max giver of roof_talk.pledges", "max 后面应为数量、日期"),
    (ALL, "count leaky_roof where cost", "where 后面应为是非"),
    (ALL, "count leaky_roof in rain", "统计的时段应为时段"),
    (ALL, "(count leaky_roof per unit) / 2", "不能用在分组的数与比率之间"),
    (ALL, "rain / count leaky_roof", "单位不同"),
]


@pytest.mark.parametrize(("scope", "text", "says"), WRONG)
def test_values_that_do_not_belong_together_are_refused(scope: Scope, text: str, says: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        typed(parse(text), scope)
    assert says in caught.value.message
    assert caught.value.column > 0


UNDEFINED = [
    (ITEM, "coast", "cost"),
    (ITEM, "grade = '太'", "可用：大、小"),
    (ITEM, "stage in ['修好', '修坏']", "修好"),
    (ITEM, "late('repairs')", "repair"),
    (ITEM, "papers('合同书')", "合同"),
    (ITEM, "reached('修')", "修好"),
    (ITEM, "param('tell_day')", "tell_days"),
    (ITEM, "gates(opened)", "late"),
    (ITEM, "growth(cost)", "这里不能用"),
    (ITEM, "count leaky_roof", "没有“leaky_roof”这本台账"),
    (TALK, "count pledge", "pledges"),
    (ALL, "rains", "rain"),
    (ALL, "leaky_roof.list", "leaky_roof.listed"),
    (ALL, "count leaky_roofs", "leaky_roof"),
    (ALL, "count roof_fund", "roof_fund.budget"),
    (ALL, "count leaky_roof where late('repair')", "这里不能用"),
    (ALL, "count leaky_roof where coast > 1万元", "cost"),
    (ALL, "count leaky_roof per cost", "不能按“cost”分组"),
]


@pytest.mark.parametrize(("scope", "text", "says"), UNDEFINED)
def test_a_word_nobody_defined_is_refused_with_a_suggestion(scope: Scope, text: str, says: str) -> None:
    with pytest.raises(Undefined) as caught:
        typed(parse(text), scope)
    assert says in str(caught.value)


def test_the_usual_slip_of_a_rate_without_parentheses_is_explained() -> None:
    slip = "count leaky_roof where closed in year / count leaky_roof in year"
    with pytest.raises(ExpressionError, match="请各加括号"):
        typed(parse(slip), ALL)


def test_a_period_behind_a_bare_condition_is_explained() -> None:
    with pytest.raises(ExpressionError, match="时段写在 where 前面"):
        typed(parse("count leaky_roof where (closed is missing) in year"), ALL)
