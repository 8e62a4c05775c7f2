"""The county of the tests of bulk reading: its units, posts, indicators and rules."""

from datetime import date

from shuzhi.figures.closing import Cell, Column

SINCE = date(1949, 10, 1)
UNITS: list[tuple[Cell, ...]] = [
    ("990100", "梅岭县", "county", None, SINCE, None, 1, 8),
    ("990100-tj", "梅岭县统计局", "department", "990100", SINCE, None, 2, 2),
    ("990100-cz", "梅岭县财政局", "department", "990100", SINCE, None, 3, 3),
    ("990100001000", "青溪镇", "township", "990100", SINCE, None, 4, 6),
    ("990100001001", "上河村", "village", "990100001000", SINCE, None, 5, 5),
    ("990100001002", "下河村", "village", "990100001000", SINCE, date(2025, 5, 20), 6, 6),
    ("990100002000", "白石镇", "township", "990100", date(2024, 7, 1), None, 7, 8),
    ("990100002001", "上河村", "village", "990100002000", date(2024, 7, 1), None, 8, 8),
]
POST = (
    Column("code", "text"),
    Column("unit", "text"),
    Column("title", "text"),
    Column("duties", "text"),
)
POSTS: list[tuple[Cell, ...]] = [
    ("tongji", "990100", "统计员", "statistics"),
    ("zhen", "990100001000", "镇统计员", "fill statistics"),
    ("caizheng", "990100-cz", "预算股长", "fill"),
    ("zhang", "990100", "县长", "lead"),
]
_ONE = """
[[indicator]]
code = "{code}"
label = "{label}"
words = [{words}]
unit = "{unit}"
decimals = 1
frequency = "{frequency}"
owner = "{owner}"
duty = "{duty}"
temporal = "{temporal}"
rollup = "none"
growth = "nominal"
direction = "up"
basis = [{{ law = "本地办法", local = true }}]
{more}
"""
_TOLD = (
    (
        "revenue",
        "一般公共预算收入",
        '"财政收入"',
        "亿元",
        "month",
        "财政局",
        "fill",
        "cum",
        'typical = ["1", "5", "20"]',
    ),
    ("people", "常住人口", "", "人", "year", "统计局", "statistics", "level", ""),
    (
        "share",
        "税收占比",
        "",
        "%",
        "month",
        "财政局",
        "fill",
        "rate",
        'measures = "share"\nchecks = ["R01", "R02"]',
    ),
    (
        "output",
        "地区生产总值",
        '"GDP"',
        "亿元",
        "quarter",
        "统计局",
        "statistics",
        "cum",
        "valid_until = 2025-12-31",
    ),
    ("retail", "零售额", "", "万元", "month", "统计局", "statistics", "cum", "unpublished = [1]"),
    ("place", "名次", "", "名", "year", "统计局", "statistics", "level", 'checks = ["O02"]'),
    ("double", "收入翻番", "", "亿元", "month", "财政局", "fill", "cum", 'expression = "revenue * 2"'),
)
DEFINITIONS = "\n".join(
    _ONE.format(
        **dict(
            zip(
                ("code", "label", "words", "unit", "frequency", "owner", "duty", "temporal", "more"),
                told,
                strict=True,
            )
        )
    )
    for told in _TOLD
)
_RULE = """
[[check]]
code = "{code}"
label = "{label}"
each = "listed"
holds = "{holds}"
says = "{says}"
do = "请核对"
severity = "{severity}"
basis = [{{ law = "本地办法", local = true }}]
"""
RULES = "".join(
    _RULE.format(code=code, label=label, holds=holds, says=says, severity=severity)
    for code, label, holds, says, severity in (
        (
            "R01",
            "比率的范围",
            "if measures = 'growth' then value >= -100% and value <= 1000% else value >= 0% and value <= 100%",
            "占比应在0至100%之间",
            "error",
        ),
        ("R02", "通常", "value <= 90%", "比率超出通常的范围", "warning"),
        ("O02", "名次", "value >= 1名 and reason is not missing", "名次须写明口径", "error"),
    )
)
DUTIES = "".join(
    f'[[duty]]\ncode = "{code}"\nlabel = "{label}"\n'
    for code, label in (("fill", "填报"), ("statistics", "统计"), ("lead", "领导"))
)
TEXTS = {"indicators/bulk.toml": DEFINITIONS, "checks.toml": RULES, "duties.toml": DUTIES}
