"""The functions of the language, as one table: what they take, what they mean, who answers them."""

from dataclasses import dataclass

BOTH, ROW, FIGURE = "both", "row", "figure"


@dataclass(frozen=True, slots=True)
class Function:
    """One function. ``reader`` says where it may be used (one item, whole accounts, both); ``takes`` is how its
    arguments are read: ``values`` are evaluated first, ``word`` is one quoted code, ``formula`` is handed to the
    reader unevaluated, because it is read in another context (a year back, the targets).
    """

    name: str
    form: str
    says: str
    example: str
    reader: str = BOTH
    takes: str = "values"
    least: int = 1
    most: int = 1


_TABLE = (
    Function("days", "days(起, 止)", "两个日期之间的天数，起日不计", "days(opened, closed)", least=2, most=2),
    Function("workdays", "workdays(起, 止)", "两个日期之间的工作日数，起日不计、止日计入", "workdays(accepted, answered)", ROW, least=2, most=2),
    Function("least", "least(甲, 乙, …)", "几个值中最小的", "least(due, plan_finish)", least=2, most=20),
    Function("greatest", "greatest(甲, 乙, …)", "几个值中最大的", "greatest(amount - paid, 0元)", least=2, most=20),
    Function("gap", "gap(甲, 乙)", "两个数相差多少，不分大小，总不为负", "gap(va1 + va2 + va3, gdp) <= 0.02亿元", least=2, most=2),
    Function("coalesce", "coalesce(甲, 乙, …)", "头一个不缺的值", "coalesce(closed, today)", least=2, most=20),
    Function("year_of", "year_of(日期)", "日期所在的年份", "year_of(opened) = 2025"),
    Function("param", "param('代码')", "当日有效的参数值（parameters.toml）", "left('handle') < param('warn_days')", takes="word"),
    Function("share", "share(甲, 乙)", "甲占乙的比重，即 甲 / 乙", "share(va1, gdp)", FIGURE, least=2, most=2),
    Function("coverage", "coverage(甲, 乙)", "覆盖率，即 甲 / 乙，超过 100% 也照实写", "coverage(visited, listed)", FIGURE, least=2, most=2),
    Function("growth", "growth(式)", "比上年同期增长：本期 / 上年同期 - 1", "growth(rev_general)", FIGURE, "formula"),
    Function("completion", "completion(指标)", "完成目标的比例：实际 / 目标", "completion(gdp)", FIGURE, "formula"),
    Function("lastyear", "lastyear(式)", "上年同期的值", "rev_general - lastyear(rev_general)", FIGURE, "formula"),
    Function("target", "target(指标)", "目标值", "target(gdp)", FIGURE, "formula"),
    Function("forecast", "forecast(指标)", "预计值", "forecast(gdp)", FIGURE, "formula"),
    Function("latest", "latest(指标)", "截止日前最近一期的实际值", "latest(population)", FIGURE, "formula"),
    Function("rank", "rank(式)", "在同一上级、同一层级的单位中排第几：大的在前（越低越好的指标小的在前），同值并列；有单位缺数即缺", "rank(growth(retail))", FIGURE, "formula"),
    Function("due", "due('时限')", "某个时限的到期日", "due('handle') < today", ROW, "word"),
    Function("late", "late('时限')", "某个时限是否已经超过：办结的看办结日，未办结的看今天", "late('rectify')", ROW, "word"),
    Function("left", "left('时限')", "离到期还有几天（工作日的时限按工作日数），超期为负；已停止的时限为缺", "left('handle') <= 5", ROW, "word"),
    Function("reached", "reached('环节')", "是否已到过这个环节或其后的环节", "reached('交办')", ROW, "word"),
    Function("papers", "papers('材料')", "已附这种材料的件数", "papers('验收单') >= 1", ROW, "word"),
)  # fmt: skip

FUNCTIONS: dict[str, Function] = {item.name: item for item in _TABLE}
# Words that are spans of days: bare, or called with a year.
SPANS = {
    "year": "本年：1月1日至截止日；year(2024) 是整个 2024 年",
    "lastyear": "上年同期：上年1月1日至上年的截止日",
    "quarter": "本季度：季初至截止日",
    "month": "本月：月初至截止日",
}
