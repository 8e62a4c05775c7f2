"""One wrong catalogue for each way to be wrong: refused with file, key, and what is allowed."""

import pytest

from shuzhi.kernel.catalogue.load import load_texts
from shuzhi.kernel.finding import Finding
from tests.kernel.shelf import TEXTS, shelf

ROOF = "kinds/leaky_roof.toml"
TALK = "kinds/roof_talk.toml"
RAIN = "indicators/roofs.toml"


def found(path: str, old: str, new: str) -> list[Finding]:
    """What is found when a part of one text is written otherwise."""
    assert old in TEXTS[path]
    return list(load_texts(TEXTS | {path: TEXTS[path].replace(old, new, 1)}).findings)


WRONG = [
    (ROOF, 'label = "漏雨屋顶"', "label = ", "catalogue.not-toml", "", "引号"),
    (ROOF, "[duties]", "[dutys]", "catalogue.unknown-key", "leaky_roof dutys", "duties"),
    (ROOF, 'says = "快到期了"', 'say = "快到期了"', "catalogue.unknown-key", "leaky_roof lights[1].say", "says"),
    (ROOF, 'mechanism = "M00"', "", "catalogue.missing-key", "leaky_roof mechanism", "必须写明"),
    (ROOF, 'label = "漏雨屋顶"', "label = 3", "catalogue.wrong-type", "leaky_roof label", "现在写的是 3"),
    (ROOF, "aside = true", 'aside = "是"', "catalogue.wrong-type", "leaky_roof stages.中止.aside", "是"),
    (ROOF, "aside = true", "aside = 2025-01-01", "catalogue.wrong-type", "leaky_roof stages.中止.aside", "2025"),
    (ROOF, "limit = 15", "limit = true", "catalogue.wrong-type", "leaky_roof clocks.repair.limit", "True"),
    (ROOF, "limit = 15", "limit = 1.5", "catalogue.wrong-type", "leaky_roof clocks.repair.limit", "1.5"),
    (ROOF, 'papers = ["合同"]', 'papers = "合同"', "catalogue.wrong-type", "leaky_roof stages.施工.papers", "合同"),
    (ROOF, 'fill = ["fill"]', 'fill = [["fill"]]', "catalogue.wrong-type", "leaky_roof duties.fill[1]", "fill"),
    (ROOF, "basis = [{", "basis = [3, {", "catalogue.wrong-type", "leaky_roof basis[1]", "3"),
    (ROOF, 'shape = "matter"', 'shape = "mater"', "catalogue.wrong-value", "leaky_roof shape", "matter"),
    (ROOF, 'shape = "matter"', 'shape = "matter"\nlargest = "grade"', "catalogue.undefined-word", "largest", "数量字段"),
    (ROOF, 'shape = "matter"', 'shape = "matter"\nreceives = "gift"', "catalogue.wrong-value", "receives", "promise"),
    (TALK, 'shape = "record"', 'shape = "record"\nreceives = "promise"', "catalogue.wrong-shape", "receives", "事项"),
    (ROOF, 'colour = "yellow"', 'colour = "黄"', "catalogue.wrong-value", "leaky_roof lights[1].colour", "yellow"),
    (ROOF, 'per = "calendar"', 'per = "days"', "catalogue.wrong-value", "leaky_roof clocks.repair.per", "calendar"),
    (ROOF, 'gate = "grade is', 'gate = "grade == ', "catalogue.unreadable-formula", "stages.施工.gate", ""),
    (ROOF, 'gate = "grade is', 'gate = "grads is', "catalogue.undefined-word", "stages.施工.gate", "grade"),
    (ROOF, 'gate = "fixed >= opened"', 'gate = "fixed"', "catalogue.wrong-formula", "stages.修好.gate", "fixed"),
    (ROOF, "fixed >= opened", "fixed >= cost", "catalogue.wrong-formula", "stages.修好.gate", ""),
    (ROOF, 'starts = "opened"', 'starts = "cost"', "catalogue.wrong-formula", "clocks.repair.starts", "cost"),
    (ROOF, 'extension = "extra"', 'extension = "cost"', "catalogue.wrong-formula", "clocks.repair.extension", "天"),
    (ROOF, 'limit = 15\nper = "calendar"', "limit = \"param('tell_days')\"\nper = \"month\"", "catalogue.wrong-formula", "clocks.repair.limit", "没有单位"),
    (ROOF, 'type = "date"', 'type = "date"\nby = ["fil"]', "catalogue.unknown-duty", "fields.fixed.by", "fill"),
    (ROOF, 'shape = "matter"', 'shape = "matter"\nbelow = ["fill"]', "catalogue.wrong-value", "below", "work-secret"),
    (ROOF, 'shape = "matter"', 'shape = "matter"\nvisibility = "restricted"', "catalogue.no-keeper", "duties.see", "see"),
    (ROOF, "limit = 15", 'limit = "cost"', "catalogue.wrong-formula", "clocks.repair.limit", "天"),
    (ROOF, "param('tell_days')", "param('tell_day')", "catalogue.undefined-word", "clocks.tell.limit", "tell_days"),
    (ROOF, 'starts = "opened"', "starts = \"due('repair')\"", "catalogue.cycle", "clocks.repair", "日期字段"),
    (ROOF, 'code = "size"', 'code = "Size"', "catalogue.bad-code", "fields.Size", "小写"),
    (ROOF, 'code = "size"', 'code = "sum"', "catalogue.reserved-word", "fields.sum", "换一个"),
    (ROOF, 'code = "size"', 'code = "year"', "catalogue.reserved-word", "fields.year", "换一个"),
    (ROOF, 'code = "size"', 'code = "cost"', "catalogue.duplicate", "fields.cost", "重复"),
    (ROOF, 'code = "size"', 'code = "due"', "catalogue.collision", "fields.due", "固有栏目|本来就有"),
    (ROOF, 'unit = "平方米"', 'unit = "平米"', "catalogue.unknown-unit", "fields.size.unit", "平方米"),
    (ROOF, 'unit = "平方米"\n', "", "catalogue.missing-key", "fields.size.unit", "计量单位"),
    (ROOF, 'type = "date"', 'type = "date"\nunit = "天"', "catalogue.wrong-value", "fields.fixed.unit", "unit"),
    (ROOF, 'choices = ["大", "小"]\n', "choices = []\n", "catalogue.missing-key", "fields.grade.choices", "choices"),
    (ROOF, 'fill = ["fill"]', 'fill = ["fil"]', "catalogue.unknown-duty", "duties.fill", "fill"),
    (ROOF, 'fill = ["fill"]', 'fil = ["fill"]', "catalogue.unknown-key", "duties.fil", "fill"),
    (ROOF, 'papers = ["合同"]', 'papers = ["合约"]', "catalogue.unknown-paper", "stages.施工.papers", "合同"),
    (ROOF, 'says = "须先定等级"\n', "", "catalogue.missing-key", "stages.施工.says", "门槛"),
    (ROOF, 'closing_says = "须先填写修好日期"\n', "", "catalogue.missing-key", "leaky_roof closing_says", "不满足"),
    (ROOF, "closes = true\n", "", "catalogue.no-end", "leaky_roof stages", "closes = true"),
    (ROOF, 'name = "中止"', 'name = "登记"', "catalogue.duplicate", "stages.登记", "重复"),
    (ROOF, 'code = "tell"', 'code = "repair"', "catalogue.duplicate", "clocks.repair", "重复"),
    (ROOF, 'code = "spent"', 'code = "listed"', "catalogue.duplicate", "figures.listed", "重复"),
    (ROOF, 'clock = ""', 'clock = "repairs"', "catalogue.undefined-word", "disclosure.clock", "repair"),
    (ROOF, '"grade", "cost"]', '"grades", "cost"]', "catalogue.undefined-word", "disclosure.fields", "grade"),
    (ROOF, '"grade", "cost"]', '"grade", "size"]', "catalogue.not-public", "disclosure.fields", "public = true"),
    (ROOF, "when = \"stage = '修好'\"", "when = \"stage = '修号'\"", "catalogue.undefined-word", "disclosure.when", "修好"),
    (ROOF, "basis = [{ law = \"房屋修缮办法\", article = \"第三条\" }]", "basis = []", "catalogue.no-basis", "basis", "local"),
    (ROOF, 'basis = { law = "房屋修缮办法"', 'basis = { law = ""', "catalogue.no-basis", "clocks.repair.basis", "local"),
    (ROOF, 'unit = "个"', 'unit = "只"', "catalogue.unknown-unit", "figures.listed.unit", ""),
    (ROOF, 'unit = "%"', 'unit = "万元"', "catalogue.wrong-formula", "figures.fixed_rate.expression", "改单位"),
    (ROOF, "count leaky_roof in year", "count leaky_rof in year", "catalogue.undefined-word", "figures.listed", "leaky_roof"),
    (ROOF, "count leaky_roof in year", "leaky_roof.listed", "catalogue.cycle", "figures.listed.expression", "填报"),
    (ROOF, 'when = "fixed < opened"', 'when = "fixed"', "catalogue.wrong-formula", "checks[1].when", "fixed"),
    (ROOF, 'code = "leaky_roof"', 'code = "roof_leaky"', "catalogue.file-name", "kinds/leaky_roof.toml code", "文件名"),
    (TALK, "[[lines]]", "[[stages]]\nname = \"会\"\n\n[[lines]]", "catalogue.wrong-shape", "roof_talk stages", "matter"),
    (TALK, 'code = "giver"', 'code = "record"', "catalogue.collision", "lines.pledges.fields.record", "record"),
    (TALK, 'code = "place"', 'code = "pledges"', "catalogue.duplicate", "fields.pledges", "重复"),
    (TALK, 'type = "text" }]', 'type = "matter" }]', "catalogue.missing-key", "fields.place.of", "指向"),
    (TALK, 'type = "text" }]', 'type = "matter", of = "roof" }]', "catalogue.unknown-kind", "fields.place.of", "leaky_roof"),
    (TALK, 'severity = "warning"', 'severity = "bad"', "catalogue.wrong-value", "checks[1].severity", "warning"),
    (RAIN, "[[indicator]]", "[[indicators]]", "catalogue.unknown-key", "indicators", "indicator"),
    (RAIN, "[[indicator]]\ncode = \"rain\"", "[[indicator]]\ncode = \"rain\"\n[[indicator]]", "catalogue.missing-key", "", ""),
    (RAIN, 'code = "rain_share"', 'code = "rain"', "catalogue.duplicate", "rain", "重复"),
    (RAIN, 'code = "rain_share"', 'code = "leaky_roof"', "catalogue.collision", "leaky_roof code", "请改"),
    (RAIN, 'duty = "fill"', 'duty = "file"', "catalogue.unknown-duty", "rain duty", "fill"),
    (RAIN, 'frequency = "month"', 'frequency = "week"', "catalogue.wrong-value", "rain frequency", "month"),
    (RAIN, 'rollup = "sum"', 'rollup = "wmean:rains"', "catalogue.wrong-value", "rain rollup", "wmean"),
    (RAIN, 'growth_by = "roof_income_growth"', 'growth_by = "x"', "catalogue.undefined-word", "growth_by", ""),
    (RAIN, "rain / roof_income", "rain / rof_income", "catalogue.undefined-word", "rain_share expression", "roof_income"),
    (RAIN, "rain / roof_income", "rain_share / 2", "catalogue.cycle", "rain_share expression", "填报"),
    (RAIN, "rain / roof_income", "rain", "catalogue.wrong-formula", "rain_share expression", "单位"),
    (RAIN, 'direction = "down"', 'direction = "down"\ntypical = ["多"]', "catalogue.wrong-value", "rain typical", "typical"),
    (RAIN, 'unit = "万元"', 'unit = "万圆"', "catalogue.unknown-unit", "rain unit", "万元"),
    ("parameters.toml", 'value = "3"', "value = 3", "catalogue.wrong-type", "tell_days values[1].value", "3"),
    ("parameters.toml", 'value = "3"', 'value = "三"', "catalogue.wrong-value", "tell_days values", "数"),
    ("parameters.toml", "from = 2025-01-01,", "", "catalogue.wrong-type", "tell_days values[1]", "value"),
    ("parameters.toml", "from = 2025-01-01", 'from = "2025"', "catalogue.wrong-type", "values[1].from", "2025"),
    ("parameters.toml", 'unit = "天"', 'unit = "日子"', "catalogue.unknown-unit", "tell_days unit", ""),
    ("duties.toml", 'label = "填报"', "", "catalogue.missing-key", "duties.toml fill label", "必须"),
    ("calendar/2025.toml", "workdays", "workday", "calendar.unknown-key", "calendar/2025.toml workday", "workdays"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "old", "new", "identity", "key", "hint"), WRONG)
def test_a_wrong_text_is_refused_with_file_key_and_hint(
    path: str, old: str, new: str, identity: str, key: str, hint: str
) -> None:
    matching = [item for item in found(path, old, new) if item.id == identity]
    assert matching, found(path, old, new)
    finding = matching[0]
    assert finding.place.startswith(path)
    assert key in finding.place
    assert any(part in finding.hint + finding.message for part in hint.split("|"))


@pytest.mark.parametrize("path", ["kinds/leaky_roof.cases.toml", "kinds/roof_talk.cases.toml"])
def test_a_kind_without_cases_is_refused(path: str) -> None:
    for texts in ({name: text for name, text in TEXTS.items() if name != path}, TEXTS | {path: ""}):
        assert [finding.id for finding in load_texts(texts).findings] == ["catalogue.no-cases"]


def test_a_file_of_no_known_place_is_refused() -> None:
    findings = load_texts(TEXTS | {"kinds/deep/x.toml": "", "notes.toml": ""}).findings
    assert [(finding.id, finding.place) for finding in findings] == [
        ("catalogue.unknown-file", "kinds/deep/x.toml"),
        ("catalogue.unknown-file", "notes.toml"),
    ]


def test_cases_of_a_kind_that_does_not_exist_are_refused() -> None:
    findings = load_texts(
        TEXTS | {"kinds/leaky_rof.cases.toml": TEXTS["kinds/leaky_roof.cases.toml"]}
    ).findings
    assert [finding.id for finding in findings] == ["catalogue.unknown-kind"]
    assert "leaky_roof" in findings[0].hint


def test_a_list_that_is_no_list_is_refused() -> None:
    assert [finding.id for finding in shelf(duties="duty = 3").findings][:1] == ["catalogue.wrong-type"]


def test_the_sound_catalogue_has_nothing_wrong() -> None:
    assert shelf().findings == ()
