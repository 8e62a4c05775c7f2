"""Observations: from the right post, for a period that exists, exact, checked, and never overwritten."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuzhi.evidence import instance
from shuzhi.evidence.instance import catalogue
from shuzhi.evidence.models import Entry
from shuzhi.figures.layout import encode
from shuzhi.indicators.checks import told
from shuzhi.indicators.models import Observation
from shuzhi.indicators.queries import entered_by, grid, newest, newest_only, vintages
from shuzhi.indicators.relation import relations
from shuzhi.indicators.verbs import Observed, examine_observation, observe
from shuzhi.kernel.catalogue.clean import quantity
from shuzhi.kernel.catalogue.definitions import ROLES, STATUSES
from shuzhi.kernel.catalogue.load import national
from shuzhi.kernel.finding import Refused, Severity
from shuzhi.kernel.measure import UNITS
from tests.accounts import indicator
from tests.cast import Cast

# A share of the national catalogue that is reported, not computed.
SHARE = next(
    item.code
    for item in national().indicators.values()
    if "R01" in item.checks
    and item.measures == "share"
    and item.expression is None
    and item.duty == "statistics"
)


def report(cast: Cast, code: str = "gdp", value: object = "128.5", **more: Any) -> Observed:
    """沈一禾 reports a value for the county."""
    options: dict[str, Any] = {"year": 2025, "month": 12, "by": cast.post("statistician"), **more}
    unit = options.pop("unit", cast.county)
    return observe(indicator(code), unit, value=value, **options)  # type: ignore[arg-type]


def ids(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.id for finding in refused.value.findings]


@pytest.mark.parametrize("value", ["128.5", "１２８．５", " 128.50 ", Decimal("128.5"), Fraction(257, 2)])
def test_the_statistician_reports_a_value_exactly(cast: Cast, value: object) -> None:
    made = report(cast, value=value).observation
    assert made is not None
    assert (made.value, made.status, made.vintage) == (1_285_000_000_000, "快报", 1)
    assert told(indicator("gdp"), 1_285_000_000_000) == "128.5亿元"


@pytest.mark.parametrize("key", ["head", "town_filler", "treasurer", "both"])
def test_nobody_else_reports_statistics(cast: Cast, key: str) -> None:
    with pytest.raises(Refused, match="统计") as refused:
        report(cast, by=cast.post(key))
    assert ids(refused) == ["indicator.right"]
    assert not Observation.objects.exists()


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({"month": 11}, "indicator.frequency"),
        ({"month": 13}, "indicator.period"),
        ({"role": "guess"}, "indicator.role"),
        ({"status": "大概"}, "indicator.status"),
        ({"value": "一百二十八"}, "indicator.number"),
        ({"value": "0.00000000001"}, "indicator.number"),
        ({"value": "99999999999999999999"}, "indicator.number"),
        ({"value": ""}, "indicator.empty"),
        ({"value": None}, "indicator.empty"),
        ({"code": "gdp_growth", "value": "1200"}, "indicator.R01"),
        ({"code": SHARE, "value": "100.1"}, "indicator.R01"),
        ({"code": SHARE, "value": "-1"}, "indicator.R01"),
        ({"code": "va1_share", "value": "12"}, "indicator.computed"),
    ],
)
def test_what_cannot_be_is_refused(cast: Cast, more: dict[str, Any], found: str) -> None:
    with pytest.raises(Refused) as refused:
        report(cast, **more)
    assert ids(refused) == [found]
    assert not Observation.objects.exists()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("value", ["1", ""])
def test_of_a_month_that_lies_ahead_nothing_is_actual_yet(cast: Cast, role: str, value: str) -> None:
    today = instance.today()
    for ahead in range(-14, 15):
        year, month = divmod(today.year * 12 + today.month - 1 + ahead, 12)
        found = examine_observation(
            indicator("rev_general"), cast.county, year=year, month=month + 1, value=value, by=None, role=role
        )
        told = [finding for finding in found if finding.id == "indicator.future"]
        assert bool(told) == (role == "actual" and ahead > 0)
        assert all(f"{year}年{month + 1}月还没有到" in finding.message for finding in told)


def test_no_value_with_a_reason_is_a_report_too(cast: Cast) -> None:
    made = report(cast, value="", reason="统一核算结果未反馈").observation
    assert made is not None
    assert (made.value, made.reason) == (None, "统一核算结果未反馈")


def test_a_change_is_a_new_vintage_and_no_change_is_nothing(cast: Cast) -> None:
    report(cast)
    links = Entry.objects.count()
    again = report(cast)
    assert (again.new, Entry.objects.count()) == (False, links)
    assert report(cast, value="130").new
    assert report(cast, value="130", status="初步核算").new
    kept = vintages(indicator("gdp"), cast.county, year=2025, month=12)
    assert [(row.vintage, row.value, row.status) for row in kept] == [
        (1, 1_285_000_000_000, "快报"),
        (2, 1_300_000_000_000, "快报"),
        (3, 1_300_000_000_000, "初步核算"),
    ]
    holds = newest(indicator("gdp"), cast.county, year=2025, month=12)
    assert holds is not None
    assert holds.vintage == 3


@pytest.mark.parametrize("before", STATUSES)
@pytest.mark.parametrize("after", STATUSES)
def test_a_status_only_moves_forward(cast: Cast, before: str, after: str) -> None:
    report(cast, status=before)
    if STATUSES.index(after) >= STATUSES.index(before):
        assert report(cast, value="131", status=after).new
    else:
        with pytest.raises(Refused, match=f"已有“{before}”数"):
            report(cast, value="131", status=after)


def test_a_counted_sum_that_falls_is_refused_without_a_reason(cast: Cast) -> None:
    """N01: a county counts its new shops from January on; in March there cannot be fewer than in February."""
    code = next(
        item.code
        for item in catalogue().indicators.values()
        if "N01" in item.checks and item.measures == "count" and item.frequency == "month"
    )
    by, unit = None, cast.county
    for month, value in ((1, "1"), (2, "9")):
        observe(indicator(code), unit, year=2025, month=month, value=value, by=by)
    with pytest.raises(Refused, match=r"前一期小.*2月9"):
        observe(indicator(code), unit, year=2025, month=3, value="8", by=by)
    with pytest.raises(Refused, match=r"后一期大.*2月9"):
        observe(indicator(code), unit, year=2025, month=1, value="10", by=by)
    made = observe(indicator(code), unit, year=2025, month=3, value="8", by=by, reason="剔除重复登记")
    assert [finding.severity for finding in made.findings] == [Severity.WARNING]


def test_fiscal_sums_may_fall_with_a_stated_reason(cast: Cast) -> None:
    """N02: tax refunds make the accumulated revenue fall; 温如玉 must say so."""
    code = next(
        item.code
        for item in catalogue().indicators.values()
        if "N02" in item.checks and item.frequency == "month"
    )
    duty = indicator(code).duty
    by = cast.post("county_treasurer")
    assert duty in by.duties
    going: dict[str, Any] = {"year": 2025, "by": by}
    observe(indicator(code), cast.county, month=5, value="6.1", **going)
    with pytest.raises(Refused) as refused:
        observe(indicator(code), cast.county, month=6, value="6", **going)
    assert ids(refused) == ["indicator.N02"]
    made = observe(indicator(code), cast.county, month=6, value="6", reason="留抵退税", **going)
    assert [finding.id for finding in made.findings] == ["indicator.N02"]


def test_a_slip_of_the_unit_is_warned_of(cast: Cast) -> None:
    made = report(cast, value="1285000")
    assert [finding.id for finding in made.findings] == ["indicator.unusual"]
    assert made.new


def test_a_dry_look_writes_nothing(cast: Cast) -> None:
    found = examine_observation(
        indicator("gdp"), cast.county, year=2025, month=11, value="x", by=cast.post("head")
    )
    assert [finding.id for finding in found] == ["indicator.frequency", "indicator.right", "indicator.number"]
    assert not Observation.objects.exists()


def test_a_leader_sets_a_target_and_a_forecast_is_marked_so(cast: Cast) -> None:
    target = report(cast, value="140", role="target", by=cast.post("head")).observation
    forecast = report(cast, value="138", role="forecast").observation
    assert target is not None
    assert forecast is not None
    assert (target.status, forecast.status) == ("", "预计")


def test_the_grid_shows_last_year_the_target_and_what_may_be_typed(cast: Cast) -> None:
    report(cast, year=2024, value="120", status="最终核实")
    report(cast, value="30", month=3)
    report(cast, value="31", month=3)
    report(cast, value="140", role="target")
    codes = [indicator("gdp"), indicator("gdp_growth")]
    rows = grid(codes, [cast.county, cast.town], 2025, by=[cast.post("statistician")])
    assert [(row.indicator.code, row.unit.code, row.may_enter) for row in rows] == [
        ("gdp", "990100", True),
        ("gdp", "990101", True),
        ("gdp_growth", "990100", True),
        ("gdp_growth", "990101", True),
    ]
    cells = rows[0].cells
    assert [cell.month for cell in cells if cell.due] == [3, 6, 9, 12]
    march, december = cells[2].newest, cells[11]
    assert march is not None
    assert march.vintage == 2
    assert december.last_year is not None
    assert december.last_year.status == "最终核实"
    assert rows[0].target is not None
    assert rows[0].target.value == 1_400_000_000_000
    assert not any(row.may_enter for row in grid(codes, [cast.county], 2025, by=[cast.post("head")]))


def test_what_a_post_reports(cast: Cast) -> None:
    mine = entered_by(cast.user("statistician"), catalogue(), date(2025, 4, 1))
    assert indicator("gdp") in mine
    assert {item.duty for item in mine} == {"statistics"}


def test_the_relation_holds_every_vintage(cast: Cast) -> None:
    report(cast)
    report(cast, value="130")
    relation = next(relations(catalogue()))
    assert list(relation.rows) == [
        ("gdp", "990100", 2025, 12, "actual", "快报", 1, 1_285_000_000_000, ""),
        ("gdp", "990100", 2025, 12, "actual", "快报", 2, 1_300_000_000_000, ""),
    ]
    relation = next(relations(catalogue()))
    assert encode(relation)[1] == 2


def test_only_the_newest_vintages_are_listed(cast: Cast) -> None:
    report(cast)
    report(cast, value="130")
    report(cast, month=9, value="90")
    assert sorted(row.vintage for row in newest_only(Observation.objects.all())) == [1, 2]


@given(st.integers(-(10**17), 10**17))
@settings(deadline=None)
def test_a_kept_value_is_told_so_that_it_reads_back(value: int) -> None:
    """Law: what the grid shows, typed again, is the same value: nothing is rounded on the screen."""
    for code in ("gdp", "gdp_growth"):
        shown = national().indicators[code]
        assert quantity(told(shown, value), UNITS[shown.unit]) == value


# who, which indicator, for which unit: whether the catalogue's owner makes it lawful
DEPARTMENTS = (
    ("treasurer", "rev_general", "990100", True),  # 县财政局 owns it and stands beside the county it serves
    ("treasurer", "gdp", "990100", False),  # statistics come from the statistics post alone
    ("treasurer", "rev_general", "990101", False),  # not the county's department's to report for a township
    ("hazard_filler", "rev_general", "990100", False),  # neither duty nor ownership
    ("hazard_filler", "accidents", "990100", True),  # 县应急管理局 owns it
    (
        "petition_filler",
        "accidents",
        "990100",
        False,
    ),  # the duty alone does not make another department's figure
)


@pytest.mark.parametrize(("who", "code", "where", "lawful"), DEPARTMENTS)
def test_a_department_reports_what_it_owns_for_the_unit_it_serves(
    cast: Cast, who: str, code: str, where: str, lawful: bool
) -> None:
    row = grid([indicator(code)], [cast.unit(where)], 2025, by=[cast.post(who)])[0]
    assert row.may_enter is lawful
    found = examine_observation(
        indicator(code), cast.unit(where), year=2025, month=12, value="1", by=cast.post(who)
    )
    assert ("indicator.right" in [finding.id for finding in found]) is not lawful


def test_an_old_report_sent_again_after_a_later_status_changes_nothing(cast: Cast) -> None:
    def tell(value: str, status: str) -> Observed:
        gdp, by = indicator("gdp"), cast.post("statistician")
        return observe(gdp, cast.county, year=2024, month=12, value=value, by=by, status=status)

    tell("120.1", "快报")
    final = tell("121.4", "最终核实")
    again = tell("120.1", "快报")
    assert (again.new, again.observation) == (False, final.observation)
    with pytest.raises(Refused, match="不能再报"):
        tell("120.2", "快报")
