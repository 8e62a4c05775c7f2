"""A small county with a named cast, closed: what the tests of figures are asked of."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from shuzhi.figures.closing import Cell, Closing, Column
from shuzhi.figures.observed import OBSERVATION_COLUMNS as OBSERVATION
from shuzhi.figures.tree import UNIT_COLUMNS as UNIT

BASIS = 'basis = [{ law = "本地办法", local = true }]'
INDICATOR = """
[[indicator]]
code = "{code}"
label = "{label}"
unit = "{unit}"
decimals = {decimals}
frequency = "{frequency}"
owner = "{owner}"
duty = "statistics"
temporal = "{temporal}"
rollup = "{rollup}"
growth = "{growth}"
direction = "up"
{more}
"""
INDICATORS = (
    ("revenue", "一般公共预算收入", "亿元", 2, "month", "财政局", "cum", "sum", "nominal", ""),
    ("revenue_tax", "税收收入", "亿元", 2, "month", "财政局", "cum", "sum", "nominal", ""),
    (
        "tax_share",
        "税收占比",
        "%",
        1,
        "month",
        "财政局",
        "rate",
        "ratio",
        "pp",
        'expression = "revenue_tax / revenue"',
    ),
    (
        "output",
        "地区生产总值",
        "亿元",
        2,
        "quarter",
        "统计局",
        "cum",
        "none",
        "real",
        'growth_by = "output_growth"',
    ),
    ("output_growth", "地区生产总值增速", "%", 1, "quarter", "统计局", "rate", "none", "real", ""),
    ("investment", "固定资产投资", "亿元", 2, "month", "发改局", "cum", "none", "comparable", ""),
    ("residents", "常住人口", "万人", 2, "year", "统计局", "level", "sum", "count", ""),
    ("income", "人均可支配收入", "元", 0, "year", "统计局", "cum", "wmean:residents", "nominal", ""),
)
KINDS = {
    "kinds/danger.toml": f"""
code = "danger"
label = "隐患"
shape = "matter"
mechanism = "M34"
{BASIS}
[[fields]]
code = "level"
label = "级别"
type = "choice"
choices = ["市级", "县级", "镇级"]
[[fields]]
code = "cost"
label = "整改费用"
type = "quantity"
unit = "万元"
[[fields]]
code = "seen"
label = "现场查看"
type = "bool"
[[stages]]
name = "排查"
[[stages]]
name = "销号"
closes = true
[[figures]]
code = "listed"
label = "隐患数"
unit = "个"
expression = "count danger in year"
words = ["隐患"]
measures = "count"
[[figures]]
code = "closed_rate"
label = "销号率"
unit = "%"
decimals = 1
expression = "(count danger where stage = '销号' in year) / (count danger in year)"
words = ["销号率"]
measures = "share"
""",
    "kinds/meeting.toml": f"""
code = "meeting"
label = "对接会"
shape = "record"
mechanism = "M13"
{BASIS}
[[lines]]
code = "rows"
label = "对接明细"
[[lines.fields]]
code = "firm"
label = "企业"
type = "text"
[[lines.fields]]
code = "loan"
label = "授信"
type = "quantity"
unit = "万元"
""",
    "kinds/relief.toml": f"""
code = "relief"
label = "救助资金"
shape = "fund"
mechanism = "M19"
{BASIS}
""",
}
CASES = """
[[figures_case]]
name = "隐患按立项年份数"
year = 2025
items = [{ opened = 2025-02-01, stage = "排查" }, { opened = 2025-03-01, stage = "销号" }, { opened = 2024-03-01 }]
expect = { listed = "2", closed_rate = "50%" }
[[figures_case]]
name = "没有隐患就没有销号率"
year = 2025
items = []
expect = { listed = "0", closed_rate = "missing" }
"""
NO_FIGURES = """
[[figures_case]]
name = "没有指标"
year = 2025
items = []
expect = {}
"""
PARAMETERS = """
[[parameter]]
code = "dear"
label = "大额整改费用"
unit = "万元"
values = [{ from = 2024-01-01, value = "50" }, { from = 2025-07-01, value = "80" }]
basis = { law = "本地办法", local = true }
"""
UNITS: Sequence[Sequence[Cell]] = (
    ("990100", "明澜县", "county", None, None, None, 1, 6),
    ("990101", "青石镇", "township", "990100", None, None, 2, 3),
    ("990101001", "石桥村", "village", "990101", None, None, 3, 3),
    ("990102", "白渡镇", "township", "990100", None, None, 4, 4),
    ("990191", "发改局", "department", "990100", None, None, 5, 5),
    ("990192", "统计局", "department", "990100", None, None, 6, 6),
)
DANGER = (
    Column("ref", "text"),
    Column("number", "text"),
    Column("title", "text"),
    Column("unit", "text"),
    Column("stage", "text"),
    Column("opened", "date"),
    Column("due", "date"),
    Column("closed", "date"),
    Column("lead", "text"),
    Column("subject", "text"),
    Column("parent", "text"),
    Column("level", "text"),
    Column("cost", "whole", "万元"),
    Column("seen", "bool"),
)
ROWS = (
    Column("record", "text"),
    Column("no", "whole"),
    Column("number", "text"),
    Column("title", "text"),
    Column("unit", "text"),
    Column("date", "date"),
    Column("firm", "text"),
    Column("loan", "whole", "万元"),
)
BUDGET = (
    Column("ref", "text"),
    Column("number", "text"),
    Column("title", "text"),
    Column("unit", "text"),
    Column("year", "whole"),
    Column("amount", "whole", "元"),
)
PAYMENT = (
    Column("ref", "text"),
    Column("number", "text"),
    Column("title", "text"),
    Column("unit", "text"),
    Column("date", "date"),
    Column("amount", "whole", "元"),
    Column("allocation", "text"),
    Column("subject", "text"),
)
UNIT_PLACE = (
    Column("unit", "text"),
    Column("parent", "text"),
    Column("since", "date"),
    Column("until", "date"),
)
SUCCESSION = (
    Column("unit", "text"),
    Column("into", "text"),
    Column("day", "date"),
    Column("whole", "bool"),
    Column("document", "text"),
)
COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "unit": UNIT,
    "unit_place": UNIT_PLACE,
    "succession": SUCCESSION,
    "danger": DANGER,
    "meeting.rows": ROWS,
    "relief.budget": BUDGET,
    "relief.payment": PAYMENT,
    "observation": OBSERVATION,
}


def danger(number: int, opened: date | None, **cells: Cell) -> tuple[Cell, ...]:
    """One danger; ``cost`` in fen."""
    known: dict[str, Cell] = {
        "ref": f"matter/2025-{number:04d}",
        "number": f"YH-{number}",
        "title": f"第{number}处",
        "unit": "990101",
        "stage": "排查",
        "opened": opened,
    }
    known |= cells
    return tuple(known.get(column.name) for column in DANGER)


DANGERS = (
    danger(
        1, date(2025, 2, 1), level="县级", cost=30_000_000, seen=True, closed=date(2025, 6, 1), stage="销号"
    ),
    danger(2, date(2025, 3, 5), level="县级", cost=60_000_000, unit="990101001"),
    danger(3, date(2025, 8, 9), level="镇级", unit="990102", seen=False, due=date(2025, 9, 1)),
    danger(
        4,
        date(2024, 5, 5),
        level="市级",
        cost=90_000_000,
        unit="990102",
        closed=date(2025, 1, 9),
        stage="销号",
    ),
    danger(5, None, level=None, cost=1, unit="990102"),
)
LINES = (
    ("record/2025-0001", 1, "DJ-1", "一季度", "990100", date(2025, 3, 1), "甲厂", 100_000_000),
    ("record/2025-0001", 2, "DJ-1", "一季度", "990100", date(2025, 3, 1), "乙厂", 50_000_000),
    ("record/2025-0002", 1, "DJ-2", "二季度", "990100", date(2025, 6, 1), "甲厂", 25_000_000),
    ("record/2025-0002", 2, "DJ-2", "二季度", "990100", date(2025, 6, 1), "丙厂", None),
)
PAYMENTS = (
    ("fund/p-1", "1", "春荒", "990101", date(2025, 4, 1), 120_050, "fund/a-1", None),
    ("fund/p-2", "2", "冲回", "990101", date(2025, 4, 8), -20_050, "fund/a-1", None),
    ("fund/p-3", "3", "上年", "990102", date(2024, 12, 31), 70_000, "fund/a-1", None),
)
BUDGETS = (
    ("fund/b-1", "1", "年初", "990100", 2025, 500_000_00),
    ("fund/b-2", "2", "上年", "990100", 2024, 400_000_00),
)


def seen(
    indicator: str, year: int, month: int, value: int | None, *, status: str = "快报", **more: Cell
) -> tuple[Cell, ...]:
    """One observation of the county; ``value`` at the scale of the indicator's family."""
    reason = "" if value is not None else "口径调整，暂不公布"
    known: dict[str, Cell] = {"unit": "990100", "role": "actual", "vintage": 1, "reason": reason}
    known |= {"indicator": indicator, "year": year, "month": month, "value": value, "status": status}
    known |= more
    return tuple(known.get(column.name) for column in OBSERVATION)


YI = 10**10
OBSERVATIONS = (
    seen("revenue", 2024, 11, 10 * YI),
    seen("revenue", 2024, 12, 12 * YI, status="决算"),
    seen("revenue", 2025, 11, 11 * YI),
    seen("revenue", 2025, 11, 11 * YI + YI // 2, vintage=2, status="初步核算"),
    seen("revenue", 2025, 12, 13 * YI, role="forecast", status=""),
    seen("revenue", 2025, 12, 125 * YI // 10, role="target", status=""),
    seen("revenue_tax", 2025, 11, 69 * YI // 10),
    seen("revenue_tax", 2024, 11, 5 * YI),
    seen("output", 2025, 12, 130 * YI, status="初步核算"),
    seen("output", 2024, 12, 120 * YI, status="最终核实"),
    seen("output_growth", 2025, 12, 55_000, status="初步核算"),
    seen("investment", 2025, 12, 60 * YI),
    seen("investment", 2024, 12, 50 * YI),
    seen("investment", 2025, 11, None),
    seen("residents", 2025, 12, 41_200, unit="990101"),
    seen("residents", 2025, 12, 28_800, unit="990102"),
    seen("residents", 2024, 12, 41_000, unit="990101"),
    seen("income", 2025, 12, 3_000_000, unit="990101"),
    seen("income", 2025, 12, 2_000_000, unit="990102"),
)
BOOKS: Mapping[str, Sequence[Sequence[Cell]]] = {
    "unit": UNITS,
    "danger": DANGERS,
    "meeting.rows": LINES,
    "relief.budget": BUDGETS,
    "relief.payment": PAYMENTS,
    "observation": OBSERVATIONS,
}
NAMES = ("code", "label", "unit", "decimals", "frequency", "owner", "temporal", "rollup", "growth", "more")

Close = Callable[..., Closing]
"""Closes the small county; relations given by name replace its own, None leaves one out."""


def texts() -> dict[str, str]:
    """The catalogue's texts."""
    tables = (INDICATOR.format(**dict(zip(NAMES, row, strict=True))) + BASIS for row in INDICATORS)
    duties = '[[duty]]\ncode = "statistics"\nlabel = "统计"\n[[duty]]\ncode = "fill"\nlabel = "填报"\n'
    found = {
        "indicators/all.toml": "".join(tables),
        "duties.toml": duties,
        "parameters.toml": PARAMETERS,
        **KINDS,
    }
    found |= {"kinds/danger.cases.toml": CASES}
    return found | {f"kinds/{code}.cases.toml": NO_FIGURES for code in ("meeting", "relief")}
