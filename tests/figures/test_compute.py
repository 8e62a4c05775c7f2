"""Figures of the small county: a table of questions and answers, and what each answer says of itself."""

import pytest

from shuzhi.figures.ask import Ask, Figure
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import compute

ASKS = (
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
    county: Closing, expression: str, more: dict[str, object], unit: str, text: str, status: str
) -> None:
    figure = one(county, Ask(expression, **more))  # type: ignore[arg-type]
    assert (figure.text, figure.unit, figure.status) == (text, unit, status), figure.reason
    assert figure.missing == (text == "")
    assert bool(figure.reason) == figure.missing


def one(closing: Closing, ask: Ask) -> Figure:
    return compute([ask], [closing])[0]
