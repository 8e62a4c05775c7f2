"""A small catalogue for the kernel's tests: one matter, one record with lines, one fund, two indicators, as TOML."""

from shuzhi.kernel.catalogue.load import Loaded, load_texts

ROOF = """
code = "leaky_roof"
label = "漏雨屋顶"
shape = "matter"
mechanism = "M00"
basis = [{ law = "房屋修缮办法", article = "第三条" }]
closing = "fixed is not missing"
closing_says = "须先填写修好日期"

[duties]
fill = ["fill"]
verify = ["verify"]

[[fields]]
code = "size"
label = "面积"
type = "quantity"
unit = "平方米"

[[fields]]
code = "cost"
label = "费用"
type = "quantity"
unit = "万元"
public = true

[[fields]]
code = "grade"
label = "等级"
type = "choice"
choices = ["大", "小"]
required = true
public = true

[[fields]]
code = "fixed"
label = "修好日期"
type = "date"
public = true

[[fields]]
code = "extra"
label = "延期"
type = "whole"
unit = "天"

[[stages]]
name = "登记"

[[stages]]
name = "施工"
gate = "grade is not missing"
says = "须先定等级"
papers = ["合同"]

[[stages]]
name = "中止"
aside = true

[[stages]]
name = "修好"
gate = "fixed >= opened"
says = "修好日期不得早于登记日期"
papers = ["验收单"]
by = "verify"
closes = true

[[clocks]]
code = "repair"
label = "修缮期限"
starts = "opened"
stops = "closed"
limit = 15
per = "calendar"
extension = "extra"
basis = { law = "房屋修缮办法", article = "第五条" }

[[clocks]]
code = "tell"
label = "告知期限"
starts = "opened"
stops = "fixed"
limit = "param('tell_days')"
per = "working"
basis = { law = "本地做法", local = true }
right = true

[[lights]]
colour = "yellow"
when = "left('repair') <= 5"
says = "快到期了"

[[checks]]
when = "fixed < opened"
says = "修好日期早于登记日期"

[disclosure]
when = "stage = '修好'"
clock = ""
fields = ["title", "grade", "cost"]

[[figures]]
code = "listed"
label = "漏雨屋顶数"
unit = "个"
expression = "count leaky_roof in year"
words = ["漏雨屋顶"]
measures = "count"

[[figures]]
code = "fixed_rate"
label = "修好率"
unit = "%"
expression = "(count leaky_roof where closed in year) / (count leaky_roof in year)"
words = ["修好率"]
measures = "share"
decimals = 1

[[figures]]
code = "spent"
label = "修缮费用"
unit = "万元"
expression = "sum cost of leaky_roof where fixed in year"
words = ["修缮费用"]
measures = "money"
decimals = 2
"""

ROOF_CASES = """
[[case]]
name = "到期前五天亮黄灯"
today = 2025-03-14
item = { opened = 2025-03-01, stage = "施工", grade = "大", papers = ["合同"] }
expect = { light = "yellow", due = { repair = 2025-03-19 }, may_enter = { "修好" = false }, values = { "days(opened, today)" = "13天" } }

[[figures_case]]
name = "修好率按当年登记的算"
year = 2025
items = [
  { opened = 2025-02-01, grade = "大", cost = "1.5", fixed = 2025-03-01, closed = 2025-03-01, stage = "修好" },
  { opened = 2025-02-01, grade = "小", cost = "2" },
]
expect = { listed = "2", fixed_rate = "50%", spent = "1.5" }
"""

TALK = """
code = "roof_talk"
label = "修房座谈会"
shape = "record"
mechanism = "M00"
basis = [{ law = "本地做法", local = true }]
fields = [{ code = "place", label = "地点", type = "text" }]

[[lines]]
code = "pledges"
label = "捐款"
fields = [
  { code = "giver", label = "捐款人", type = "text" },
  { code = "pledged", label = "认捐", type = "quantity", unit = "万元" },
  { code = "paid_in", label = "到账", type = "quantity", unit = "万元" },
]
checks = [{ when = "paid_in > pledged", says = "到账多于认捐", severity = "warning" }]

[[figures]]
code = "pledged"
label = "认捐额"
unit = "万元"
expression = "sum pledged of roof_talk.pledges in year"
words = ["认捐额"]
measures = "money"

[[figures]]
code = "givers"
label = "捐款人数"
unit = "人"
expression = "distinct giver of roof_talk.pledges in year"
words = ["捐款人"]
measures = "count"
"""

TALK_CASES = """
[[figures_case]]
name = "同一人捐两次算一人"
year = 2025
items = [
  { date = 2025-02-01, pledges = [{ giver = "甲", pledged = "3" }, { giver = "乙" }] },
  { date = 2025-05-01, pledges = [{ giver = "甲", pledged = "2" }] },
]
expect = { pledged = "5", givers = "2" }
"""

FUND = """
code = "roof_fund"
label = "修缮资金"
shape = "fund"
mechanism = "M00"
basis = [{ law = "本地做法", local = true }]

[[figures]]
code = "pay_rate"
label = "支出进度"
unit = "%"
expression = "(sum amount of roof_fund.payment in year) / (sum amount of roof_fund.budget in year)"
words = ["支出进度"]
measures = "share"
"""

FUND_CASES = """
[[figures_case]]
name = "冲销的要扣减"
year = 2025
items = [
  { part = "budget", year = 2025, amount = "100万元" },
  { part = "payment", date = 2025-06-10, amount = "60万元" },
  { part = "payment", date = 2025-08-10, amount = "-10万元" },
]
expect = { pay_rate = "50%" }
"""

INDICATORS = """
[[indicator]]
code = "rain"
label = "降雨损失"
unit = "万元"
decimals = 2
frequency = "month"
owner = "房管所"
duty = "fill"
temporal = "cum"
rollup = "sum"
growth = "nominal"
direction = "down"
basis = [{ law = "房屋统计报表制度" }]

[[indicator]]
code = "rain_share"
label = "降雨损失占比"
unit = "%"
decimals = 1
frequency = "month"
owner = "房管所"
duty = "fill"
temporal = "rate"
rollup = "ratio"
growth = "pp"
direction = "down"
expression = "rain / roof_income"
basis = [{ law = "房屋统计报表制度" }]

[[indicator]]
code = "roof_income"
label = "房租收入"
unit = "万元"
decimals = 2
frequency = "month"
owner = "房管所"
duty = "fill"
temporal = "cum"
rollup = "sum"
growth = "real"
growth_by = "roof_income_growth"
direction = "up"
basis = [{ law = "房屋统计报表制度" }]

[[indicator]]
code = "roof_income_growth"
label = "房租收入增速"
unit = "%"
decimals = 1
frequency = "month"
owner = "房管所"
duty = "fill"
temporal = "rate"
rollup = "none"
growth = "real"
direction = "up"
basis = [{ law = "房屋统计报表制度" }]
"""

TEXTS = {
    "duties.toml": '[[duty]]\ncode = "fill"\nlabel = "填报"\n\n[[duty]]\ncode = "verify"\nlabel = "审核"\n',
    "papers.toml": '[[paper]]\ncode = "合同"\nlabel = "合同"\n\n[[paper]]\ncode = "验收单"\nlabel = "验收单"\n',
    "parameters.toml": """
[[parameter]]
code = "tell_days"
label = "告知期限"
unit = "天"
values = [{ from = 2025-01-01, value = "3" }, { from = 2020-01-01, value = "7" }]
basis = { law = "本地做法", local = true }
""",
    "indicators/roofs.toml": INDICATORS,
    "kinds/leaky_roof.toml": ROOF,
    "kinds/leaky_roof.cases.toml": ROOF_CASES,
    "kinds/roof_talk.toml": TALK,
    "kinds/roof_talk.cases.toml": TALK_CASES,
    "kinds/roof_fund.toml": FUND,
    "kinds/roof_fund.cases.toml": FUND_CASES,
    "calendar/2025.toml": """
year = 2025
basis = { law = "放假通知" }
holidays = [{ date = 2025-03-17, name = "屋顶节" }, { date = 2025-03-18, name = "屋顶节" }]
workdays = [2025-03-22]
""",
}


def shelf(**changed: str) -> Loaded:
    """The small catalogue, with some of its texts (``kinds__leaky_roof``) written otherwise."""
    return load_texts(TEXTS | {f"{name.replace('__', '/')}.toml": text for name, text in changed.items()})
