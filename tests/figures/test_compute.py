"""Figures of the small county: a table of questions and answers, and what each answer says of itself."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from shuzhi.figures.ask import Ask, Figure
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import compute, records, refusal
from shuzhi.figures.observed import SHEETS
from shuzhi.figures.partial import PARTIALS
from shuzhi.kernel.finding import Refused
from tests.figures.county import BUDGETS, DANGERS, LINES, PAYMENTS, YI, Close, danger, seen

ASKS: tuple[tuple[str, dict[str, Any], str, str, str], ...] = (
    # expression, more of the ask, unit, text, status
    ("count danger", {}, "个", "5", ""),
    ("count danger in year", {}, "个", "3", ""),
    ("count danger in lastyear", {}, "个", "1", ""),
    ("count danger in year(2024)", {}, "个", "1", ""),
    ("count danger in quarter", {"month": 9}, "个", "1", ""),
    ("count danger in month", {"month": 8}, "个", "1", ""),
    ("count danger in year", {"month": 6}, "个", "2", ""),
    ("count danger in year", {"unit": "990101"}, "个", "2", ""),
    ("count danger in year", {"unit": "990102"}, "个", "1", ""),
    ("danger.listed", {}, "个", "3", ""),
    ("danger.closed_rate", {}, "%", "33.3", ""),
    ("danger.closed_rate", {"decimals": 3}, "%", "33.333", ""),
    ("danger.listed", {"year": 2023}, "个", "0", ""),
    ("danger.closed_rate", {"year": 2023}, "%", "", ""),
    ("sum cost of danger in year", {}, "万元", "90.00", ""),
    ("sum cost of danger in year", {"shown_in": "亿元"}, "亿元", "0.01", ""),
    ("sum cost of danger in year", {"shown_in": "亿元", "decimals": 4}, "亿元", "0.0090", ""),
    ("sum cost of danger where cost > 50万元", {}, "万元", "150.00", ""),
    ("sum cost of danger where cost > param('dear')", {}, "万元", "90.00", ""),
    ("sum cost of danger where cost > param('dear')", {"month": 6}, "万元", "150.00", ""),
    ("sum cost of danger where level = '镇级'", {}, "万元", "", ""),
    ("count danger where seen", {}, "个", "1", ""),
    ("count danger where not seen", {}, "个", "1", ""),
    ("count danger where seen is missing", {}, "个", "3", ""),
    ("count danger where level in ['县级', '市级'] or cost > 0元", {}, "个", "4", ""),
    ("count danger where closed in year", {}, "个", "2", ""),
    ("count danger where days(opened, closed) > 200天", {}, "个", "1", ""),
    ("count danger where coalesce(closed, due) < today", {}, "个", "3", ""),
    ("min opened of danger", {}, "", "2024年5月5日", ""),
    ("max cost of danger", {}, "万元", "90.00", ""),
    ("min opened of danger where level = '市级' and seen or level = '镇级'", {}, "", "2025年8月9日", ""),
    ("distinct firm of meeting.rows in year", {}, "个", "3", ""),
    ("sum loan of meeting.rows", {}, "万元", "175.00", ""),
    ("sum amount of relief.payment in year", {}, "元", "1000.00", ""),
    ("sum amount of relief.payment", {"unit": "990102"}, "元", "700.00", ""),
    ("sum amount of relief.budget in year", {"shown_in": "万元"}, "万元", "50.00", ""),
    (
        "(sum amount of relief.payment in year) / (sum amount of relief.budget in year)",
        {"decimals": 2},
        "%",
        "0.20",
        "",
    ),
    # indicators
    ("revenue", {}, "亿元", "13.00", "预计"),
    ("revenue", {"month": 11}, "亿元", "11.50", "初步核算"),
    ("revenue", {"month": 11, "shown_in": "万元"}, "万元", "115000", "初步核算"),
    ("revenue", {"year": 2024}, "亿元", "12.00", "决算"),
    ("revenue", {"month": 10}, "亿元", "", ""),
    ("latest(revenue)", {}, "亿元", "11.50", "初步核算"),
    ("target(revenue)", {}, "亿元", "12.50", ""),
    ("forecast(revenue)", {}, "亿元", "13.00", "预计"),
    ("completion(revenue)", {"month": 11}, "%", "92.0", "初步核算"),
    ("revenue.completion", {}, "%", "104.0", "预计"),
    ("growth(revenue)", {"month": 11}, "%", "15.0", "快报"),
    ("revenue.growth", {}, "%", "8.3", "预计"),
    ("lastyear(revenue)", {}, "亿元", "12.00", "决算"),
    ("revenue - lastyear(revenue)", {"month": 11}, "亿元", "1.50", "快报"),
    ("tax_share", {"month": 11}, "%", "60.0", "快报"),
    ("tax_share - lastyear(tax_share)", {"month": 11}, "个百分点", "10.0", "快报"),
    ("tax_share", {}, "%", "", ""),
    ("output", {}, "亿元", "130.00", "初步核算"),
    ("output.growth", {}, "%", "5.5", "初步核算"),
    ("output.growth", {"year": 2024}, "%", "", ""),
    ("growth(investment)", {}, "%", "", ""),
    ("investment", {"month": 11}, "亿元", "", ""),
    ("residents", {}, "万人", "7.00", "快报"),
    ("residents", {"unit": "990101"}, "万人", "4.12", "快报"),
    ("residents", {"year": 2024}, "万人", "", ""),
    ("income", {}, "元", "25886", "快报"),
    ("1 / 3", {}, "%", "33.3", ""),
)


@pytest.mark.parametrize(("expression", "more", "unit", "text", "status"), ASKS)
def test_the_county_answers(
    county: Closing, expression: str, more: dict[str, Any], unit: str, text: str, status: str
) -> None:
    figure = one(county, Ask(expression, **more))
    assert (figure.text, figure.unit, figure.status) == (text, unit, status), figure.reason
    assert figure.missing == (text == "")
    assert bool(figure.reason) == figure.missing


def one(closing: Closing, ask: Ask) -> Figure:
    return compute([ask], [closing])[0]


REASONS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("revenue", {"month": 10}, "财政局未报2025年10月一般公共预算收入"),
    ("residents", {"year": 2023}, "统计局未报2023年常住人口"),
    ("residents", {"year": 2024}, "白渡镇1个单位未报2024年常住人口，不能合计"),
    ("residents", {"unit": "990102", "year": 2024}, "统计局未报白渡镇2024年常住人口"),
    ("output", {"month": 11}, "地区生产总值按季度报送，11月不是季末"),
    ("output.growth", {"year": 2024}, "地区生产总值的增速以公布数为准，不由总量推算"),
    ("growth(investment)", {}, "固定资产投资的增速按可比口径计算，不能由总量推算，须填报公布的增速"),
    ("investment", {"month": 11}, "发改局：口径调整，暂不公布"),
    ("target(output)", {}, "2025年没有下达地区生产总值的目标值"),
    ("danger.closed_rate", {"year": 2023}, "分母为零，没有可比的数"),
    ("count danger in year", {"year": 2026}, "账结到2025年12月31日，2026年还没有台账记录"),
    ("sum cost of danger where level = '镇级'", {}, "符合条件的1条隐患都没有填这一栏"),
    ("min opened of danger where cost > 900万元", {}, "没有符合条件的隐患"),
    ("target(count danger)", {}, "台账“隐患”只有实绩，没有目标值"),
    ("param('dear') - param('dear')", {"year": 2023}, "参数“大额整改费用”在2023年12月31日还没有值"),
)


@pytest.mark.parametrize(("expression", "more", "reason"), REASONS)
def test_what_is_missing_says_why(
    county: Closing, expression: str, more: dict[str, Any], reason: str
) -> None:
    figure = one(county, Ask(expression, **more))
    assert figure.missing
    assert reason in figure.reason


REFUSED = (
    (Ask("revenu"), "没有“revenu”这个词", "revenue"),
    (Ask("revenue + count danger"), "不能放在一起", "同一类"),
    (Ask("count dangers"), "没有“dangers”这本台账", "danger"),
    (Ask("revenue", unit="880000"), "结账中没有单位“880000”", ""),
    (Ask("revenue", month=13), "没有2025年13月", ""),
    (Ask("revenue", shown_in="个"), "不能换算成“个”", ""),
    (Ask("revenue", shown_in="亿"), "未知的计量单位“亿”", ""),
    (Ask("revenue +"), "公式有误", ""),
)


@pytest.mark.parametrize(("ask", "said", "hint"), REFUSED)
def test_what_cannot_be_understood_is_refused_kindly(county: Closing, ask: Ask, said: str, hint: str) -> None:
    finding = refusal(ask, [county])
    assert finding is not None
    assert said in finding.message
    assert hint in finding.hint
    figure = one(county, ask)
    assert figure.missing
    assert said in figure.reason


def test_one_bad_ask_does_not_spoil_the_others(county: Closing) -> None:
    figures = compute([Ask("revenu"), Ask("danger.listed")], [county])
    assert [figure.text for figure in figures] == ["", "3"]


def test_figures_together_are_the_figures_alone(county: Closing) -> None:
    asks = [Ask(expression, **more) for expression, more, _, _, _ in ASKS]
    assert compute(asks, [county]) == [one(county, ask) for ask in asks]


def test_threads_computing_at_once_get_the_same(county: Closing) -> None:
    asks = [Ask(expression, **more) for expression, more, _, _, _ in ASKS]
    alone = compute(asks, [county])
    PARTIALS.clear()
    SHEETS.clear()
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: compute(asks, [county]), range(8)))
    differing = [pair for figures in found for pair in zip(alone, figures, strict=True) if pair[0] != pair[1]]
    assert differing == []


def test_a_split_names_its_parts(county: Closing) -> None:
    figure = one(county, Ask("sum cost of danger in year per unit"))
    parts = [(part.key, part.text) for part in figure.parts]
    assert [part.label for part in figure.parts] == ["青石镇", "石桥村", "白渡镇"]
    assert parts == [("990101", "30.00"), ("990101001", "60.00"), ("990102", "")]
    assert not figure.missing


def test_a_trace_says_what_was_read(county: Closing) -> None:
    figure = one(county, Ask("danger.closed_rate"))
    trace = figure.trace
    assert figure.value == Fraction(100, 3)
    assert trace.formula_cn.startswith("销号率 ＝ ")
    assert trace.context == "明澜县，2025年，截至2025年12月31日"
    assert trace.closings == (county.id,)
    assert trace.catalogues == (county.catalogue_digest,)
    part, whole = trace.leaves
    assert part.text == "count danger where stage = '销号' in [2025-01-01, 2025-12-31]"
    assert (part.relation, part.relation_digest) == ("danger", county.tables["danger"].digest)
    assert (part.rows, part.total, part.refs) == (1, "1个", ("matter/2025-0001",))
    assert (whole.rows, whole.total) == (3, "3个")


def test_a_trace_of_observations_names_vintage_and_status(county: Closing) -> None:
    figure = one(county, Ask("growth(revenue)", month=11))
    now, then = figure.trace.leaves
    assert now.text == "一般公共预算收入 明澜县 2025年11月 实绩"
    assert (now.total, now.status) == ("11.5亿元", "初步核算")
    assert now.refs == ("observation/revenue/990100/2025-11/actual/2",)
    assert then.refs == ("observation/revenue/990100/2024-11/actual/1",)


@pytest.mark.parametrize(
    ("expression", "formula"),
    [
        ("output.growth", "地区生产总值增速 ＝ 地区生产总值增速（统计局公布，不由总量推算）"),
        ("revenue.growth", "一般公共预算收入增速 ＝ 一般公共预算收入 ÷ 上年同期的一般公共预算收入 － 1"),
        ("revenue.completion", "一般公共预算收入完成率 ＝ 一般公共预算收入 ÷ 一般公共预算收入的目标"),
        ("tax_share", "税收占比 ＝ 税收收入 ÷ 一般公共预算收入"),
    ],
)
def test_a_card_says_the_formula_in_chinese(county: Closing, expression: str, formula: str) -> None:
    assert one(county, Ask(expression)).trace.formula_cn == formula


def test_rows_that_lack_the_column_are_counted_as_missing(county: Closing) -> None:
    leaf = one(county, Ask("sum cost of danger in year")).trace.leaves[0]
    assert (leaf.rows, leaf.missing, leaf.total) == (3, 1, "900000元")


def test_a_figure_goes_into_json_whole(county: Closing) -> None:
    said = one(county, Ask("danger.closed_rate")).as_json()
    assert said["value"] == "100/3"
    assert said["text"] == "33.3"


def test_records_are_the_rows_behind_a_figure(county: Closing) -> None:
    rows = records(Ask("sum cost of danger in year"), county)
    assert [row["ref"] for row in rows] == ["matter/2025-0001", "matter/2025-0002", "matter/2025-0003"]
    assert rows[0] | {"cost": "30", "opened": "2025-02-01", "seen": "是"} == rows[0]
    assert rows[2]["cost"] == ""


def test_records_of_an_indicator_are_its_observations(county: Closing) -> None:
    (row,) = records(Ask("revenue", month=11), county)
    assert (row["value"], row["status"], row["period"]) == ("11.5亿元", "初步核算", "2025年11月")


def test_records_of_lines_go_by_their_record(county: Closing) -> None:
    rows = records(Ask("distinct firm of meeting.rows where loan is missing"), county)
    assert [(row["ref"], row["firm"]) for row in rows] == [("record/2025-0002", "丙厂")]


def test_books_closed_within_the_year_count_to_their_day(close: Close) -> None:
    closing = close(as_of=date(2025, 7, 31))
    assert one(closing, Ask("count danger in year")).text == "2"
    assert one(closing, Ask("count danger in lastyear")).text == "1"
    assert "截至2025年7月31日" in one(closing, Ask("revenue")).trace.context


def test_a_closing_without_the_relation_is_not_zero(close: Close) -> None:
    closing = close({"danger": None})
    figure = one(closing, Ask("count danger"))
    assert figure.missing
    assert "没有“隐患”台账" in figure.reason


def test_no_rows_are_zero_when_the_relation_is_there(close: Close) -> None:
    closing = close({"danger": []})
    assert [
        figure.text for figure in compute([Ask("count danger"), Ask("sum cost of danger")], [closing])
    ] == ["0", "0.00"]


def test_an_observed_growth_is_shown_even_where_levels_say_otherwise(county: Closing) -> None:
    levels = one(county, Ask("output / lastyear(output) - 1"))
    assert levels.text == "8.3"
    assert one(county, Ask("output.growth")).text == "5.5"


def test_kept_partials_are_used_and_give_the_same(county: Closing, tmp_path: Path) -> None:
    asks = [Ask(expression, **more) for expression, more, _, _, _ in ASKS]
    PARTIALS.clear()
    first = compute(asks, [county], cache=tmp_path)
    kept = sorted(path.name for path in tmp_path.rglob("*") if path.is_file())
    assert kept
    PARTIALS.clear()
    assert compute(asks, [county], cache=tmp_path) == first
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == kept


def test_a_damaged_relation_is_named_when_it_is_computed_from(close: Close) -> None:
    closing = close({"danger": [*DANGERS, danger(9, date(2025, 1, 1))]})
    path = closing.path / "danger.parquet"
    data = path.read_bytes()
    path.write_bytes(data[:100] + bytes([data[100] ^ 1]) + data[101:])
    with pytest.raises(Refused, match=r"danger\.parquet 被改动过"):
        compute([Ask("count danger")], [closing])


# --- many closings -----------------------------------------------------------------------------------------------------


def three(close: Close) -> list[Closing]:
    """The county's books kept as three closings of three units."""
    closings = []
    for number, (code, name) in enumerate((("990101", "青石镇"), ("990102", "白渡镇"), ("990103", "黑石镇"))):
        books = {
            "unit": [(code, name, "township", None, None, None, 1, 1)],
            "danger": DANGERS[number::3],
            "meeting.rows": LINES[number::3],
            "relief.budget": BUDGETS[number::3],
            "relief.payment": PAYMENTS[number::3],
            "observation": [
                seen("revenue", 2025, 11, (number + 1) * YI, unit=code),
                seen("residents", 2025, 12, 10_000 * (number + 1), unit=code),
                seen("income", 2025, 12, 1_000_000 * (number + 1), unit=code),
                seen("output", 2025, 12, YI, unit=code),
                *([seen("revenue_tax", 2025, 11, YI // 2, unit=code)] if number else []),
            ],
        }
        closings.append(close(books, unit=(code, name)))
    return closings


COUNTED = [ask for ask in ASKS if " of " in ask[0] or "count" in ask[0] or "danger" in ask[0]]


@pytest.mark.parametrize(("expression", "more", "unit", "text", "status"), COUNTED)
def test_many_closings_merged_are_the_whole(
    close: Close, expression: str, more: dict[str, Any], unit: str, text: str, status: str
) -> None:
    if "unit" in more:
        more = {key: value for key, value in more.items() if key != "unit"}
        text = one(close(), Ask(expression, **more)).text
    figure = compute([Ask(expression, **more)], three(close))[0]
    assert (figure.text, figure.unit, figure.status) == (text, unit, status)
    assert len(figure.trace.closings) == 3


def test_observations_of_many_closings_add_up_when_all_have_reported(close: Close) -> None:
    closings = three(close)
    found = compute(
        [
            Ask("revenue", month=11),
            Ask("residents"),
            Ask("income"),
            Ask("output"),
            Ask("revenue_tax", month=11),
        ],
        closings,
    )
    assert [figure.text for figure in found] == ["6.00", "6.00", "23333", "", ""]
    assert "不能由各单位的数相加" in found[3].reason
    assert "青石镇1个单位未报2025年11月税收收入" in found[4].reason
    assert found[0].trace.leaves[0].rows == 3


def test_a_unit_is_looked_for_in_the_closing_it_stands_in(close: Close) -> None:
    figure = compute([Ask("residents", unit="990102")], three(close))[0]
    assert (figure.text, len(figure.trace.closings)) == ("2.00", 1)


def test_when_one_county_closes_again_one_partial_is_new(close: Close) -> None:
    closings = three(close)
    before = compute([Ask("count danger")], closings)[0]
    closings[1] = close(
        {"unit": [("990102", "白渡镇", "township", None, None, None, 1, 1)], "danger": DANGERS},
        unit=("990102", "白渡镇"),
    )
    after = compute([Ask("count danger")], closings)[0]
    assert (before.text, after.text) == ("5", "8")


def test_closings_differing_in_one_relation_say_who_lacks_it(close: Close) -> None:
    closings = [close(), close({"danger": None}, unit=("990200", "青山县"))]
    figure = compute([Ask("count danger")], closings)[0]
    assert figure.missing
    assert "青山县的结账里没有“隐患”台账" in figure.reason


def test_an_ask_keeps_what_it_was(county: Closing) -> None:
    ask = Ask("revenue", month=11)
    assert one(county, ask).ask == ask
    assert one(county, replace(ask, shown_in="元")).text == "1150000000"
