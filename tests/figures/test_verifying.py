"""The rules of the national catalogue: what holds, what does not, and what is missing finds no fault."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuzhi.figures.judging.verifying import Fault, joint_faults, own_faults
from shuzhi.figures.observed import Seen, Sheet
from shuzhi.kernel.catalogue.behind import across, reads
from shuzhi.kernel.catalogue.check_rules import OwnScope
from shuzhi.kernel.catalogue.load import load_texts, national
from shuzhi.kernel.catalogue.rulebook import EACH, OWN, PLACES
from shuzhi.kernel.expr.nodes import MISSING, Value
from shuzhi.kernel.finding import Severity
from shuzhi.kernel.measure import UNITS, whole

CATALOGUE = national()
HOME = "990100"
Cells = dict[tuple[str, int, int], str]


class Paper:
    """Numbers on a sheet of paper: (indicator, year, month) to the value in the indicator's unit, "" for reported missing."""

    catalogue = CATALOGUE

    def __init__(
        self, cells: Cells, reason: str = "", status: str = "快报", areas: dict[str, Cells] | None = None
    ) -> None:
        self.cells, self.reason, self.status, self.below = (
            {HOME: cells, **(areas or {})},
            reason,
            status,
            areas or {},
        )
        self.out: set[str] = set()

    def sheet(self, indicator: str, unit: str) -> Sheet:
        return {
            ("actual", year, month): self._seen(indicator, unit, year, month, text)
            for (code, year, month), text in self.cells.get(unit, {}).items()
            if code == indicator
        }

    def _seen(self, indicator: str, unit: str, year: int, month: int, text: str) -> Seen:
        value = whole(text, UNITS[CATALOGUE.indicators[indicator].unit]) if text else None
        return Seen(indicator, unit, year, month, "actual", 1, self.status, value, self.reason)

    def areas(self, unit: str, day: date) -> tuple[str, ...]:
        return tuple(self.below) if unit == HOME else ()

    def total(self, expression: str, unit: str, year: int, month: int) -> Value:
        return MISSING

    def published(self, seen: Seen) -> bool:
        return seen.ref in self.out

    def unit_name(self, unit: str) -> str:
        return "陵水湾县"


def at(month: object = 12, year: object = 2025, **values: str) -> Cells:
    assert isinstance(month, int)
    assert isinstance(year, int)
    return {(code, year, month): text for code, text in values.items()}


def own(code: str, paper: Paper, month: int = 12, place: str = "entry") -> list[Fault]:
    return list(own_faults(paper, CATALOGUE.indicators[code], HOME, 2025, month, place))


def joint(rule: str, cells: Cells, month: int = 12) -> list[Fault]:
    return list(joint_faults(Paper(cells), CATALOGUE.checks[rule], HOME, 2025, month))


OUTPUT = {"va1": "20", "va2": "50", "va3": "58.5"}
INCOME = {"income_rural": "20000", "income_all": "30000", "income_urban": "40000"}

JOINT = [
    ("I01", at(**OUTPUT, gdp="128.5"), at(**OUTPUT, gdp="128.53")),
    ("I01", at(**OUTPUT, gdp="128.52"), at(**OUTPUT, gdp="128.4")),
    ("I03", at(**OUTPUT, gdp="128.5"), at(**OUTPUT, gdp="127")),
    ("I04", at(ind_va="50.2", va2="50"), at(ind_va="50.3", va2="50")),
    ("I05", at(rev_tax="6", rev_nontax="2", rev_general="8"), at(rev_tax="6", rev_nontax="2", rev_general="8.0001")),
    ("I06", at(rev_total="9", rev_general="8"), at(rev_total="7.99", rev_general="8")),
    ("I07", at(nonpublic_va="70", gdp="100"), at(nonpublic_va="101", gdp="100")),
    ("I08", at(gdp_pc="50000", gdp="100", pop_resident="20") | at(year=2024, pop_resident="20"),
     at(gdp_pc="51000", gdp="100", pop_resident="20") | at(year=2024, pop_resident="20")),
    ("I09", at(exp_livelihood="8", exp_general="10"), at(exp_livelihood="11", exp_general="10")),
    ("I10", at(debt_balance="10", debt_limit="10"), at(debt_balance="10.01", debt_limit="10")),
    ("I11", at(power_ind="5", power_total="5"), at(power_ind="6", power_total="5")),
    ("I11S", at(power_ind="110", ind_va_growth="6") | at(year=2024, power_ind="100"),
     at(power_ind="94", ind_va_growth="6") | at(year=2024, power_ind="100")),
    ("I13", at(**INCOME), at(**INCOME | {"income_all": "41000"})),
    ("I13", at(**INCOME | {"income_all": "20000"}), at(**INCOME | {"income_all": "19999"})),
    ("I13W", at(**INCOME, urban_rate="50"), at(**INCOME, urban_rate="80")),
    ("I14", at(pop_resident="20", urban_rate="50") | at(year=2024, pop_resident="20", urban_rate="49"),
     at(pop_resident="22", urban_rate="50") | at(year=2024, pop_resident="20", urban_rate="49")),
    ("I15", at(exit_pop="600", exit_hh="100"), at(exit_pop="601", exit_hh="100")),
    ("C06", at(ticket_close_rate="99", tickets="10"), at(ticket_close_rate="99", tickets="0")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "right", "wrong"), JOINT, ids=[f"{row[0]}-{no}" for no, row in enumerate(JOINT)]
)
def test_a_rule_over_several_numbers_holds_and_bites(rule: str, right: Cells, wrong: Cells) -> None:
    assert joint(rule, right) == []
    (fault,) = joint(rule, wrong)
    assert (
        fault.severity
        is {"error": Severity.ERROR, "warning": Severity.WARNING}[CATALOGUE.checks[rule].severity]
    )
    assert fault.rule.says in fault.said
    assert fault.numbers


@pytest.mark.parametrize(
    ("rule", "right", "wrong"), JOINT, ids=[f"{row[0]}-{no}" for no, row in enumerate(JOINT)]
)
def test_what_is_missing_finds_no_fault(rule: str, right: Cells, wrong: Cells) -> None:
    for gone in wrong:
        left = {key: text for key, text in wrong.items() if key != gone}
        found = joint(rule, left)
        if rule not in (
            "I07",
            "I09",
            "I13",
            "I14",
        ):  # of two conditions one may be false whatever the other is
            assert found == []
        assert joint(rule, left | {gone: ""}) == found


def series(code: str, *values: str, year: int = 2025) -> Cells:
    return {(code, year, month): text for month, text in enumerate(values, 1) if text}


# code, rule, month, right, wrong
OWN_CASES = [
    ("gdp_growth", "R01", 12, at(gdp_growth="-100"), at(gdp_growth="1000.1")),
    ("unemp_reg", "R01", 12, at(unemp_reg="100"), at(unemp_reg="-0.1")),
    ("tax_share", "R01", 12, at(rev_tax="8", rev_general="8"), at(rev_tax="9", rev_general="8")),
    ("ind_sales_ratio", "R02", 12, at(ind_sales_ratio="80"), at(ind_sales_ratio="110.1")),
    ("urban_jobs", "N01", 2, series("urban_jobs", "5", "5"), series("urban_jobs", "5", "4")),
    ("rev_general", "N02", 3, series("rev_general", "5", "", "5"), series("rev_general", "5", "", "4")),
    ("ind_units", "C01", 2, series("ind_units", "100", "125"), series("ind_units", "100", "126")),
    ("ind_units", "C01", 2, series("ind_units", "3", "6"), series("ind_units", "100", "79")),
    ("loan_balance", "C02", 1, series("loan_balance", "115") | at(year=2024, loan_balance="100"),
     series("loan_balance", "116") | at(year=2024, loan_balance="100")),
    ("gdp", "T01", 12, at(gdp="97", gdp_growth="5") | at(year=2024, gdp="100"),
     at(gdp="96.9", gdp_growth="5") | at(year=2024, gdp="100")),
    ("gdp", "T02", 12, at(gdp="108", gdp_growth="5") | at(year=2024, gdp="100"),
     at(gdp="112", gdp_growth="5") | at(year=2024, gdp="100")),
    ("fai", "T03", 12, at(fai="12.35") | at(year=2024, fai="12.34"), at(fai="12.34") | at(year=2024, fai="12.34")),
    ("relief_rank", "O02", 12, at(relief_rank="3"), at(relief_rank="11")),
]  # fmt: skip


@pytest.mark.parametrize(("code", "rule", "month", "right", "wrong"), OWN_CASES)
def test_a_rule_of_one_number_holds_and_bites(
    code: str, rule: str, month: int, right: Cells, wrong: Cells
) -> None:
    assert rule not in [item.rule.code for item in own(code, Paper(right, reason="全市十县通报"), month)]
    assert rule in [item.rule.code for item in own(code, Paper(wrong, reason="全市十县通报"), month)]


@pytest.mark.parametrize(("code", "rule"), [("urban_jobs", "N01"), ("rev_general", "N02")])
def test_a_fall_is_refused_until_it_is_explained(code: str, rule: str) -> None:
    cells = series(code, "5", "4")
    (refused,) = own(code, Paper(cells), 2)
    assert (refused.rule.code, refused.severity) == (rule, Severity.ERROR)
    (told,) = own(code, Paper(cells, reason="退库"), 2)
    assert (told.rule.code, told.severity) == (rule, Severity.WARNING)
    assert "1月5" in told.said


def test_at_review_a_fall_is_told_once_at_its_later_end() -> None:
    paper = Paper(series("urban_jobs", "5", "4"), reason="更正")
    assert [item.month for month in (1, 2) for item in own("urban_jobs", paper, month, "review")] == [2]


def test_the_quarters_of_a_year_grow() -> None:
    growing = series("gdp", "", "", "20", "", "", "45", "", "", "75")
    assert [item.rule.code for item in own("gdp", Paper(growing), 9, "review")] == []
    falling = growing | {("gdp", 2025, 9): "60"}
    assert [item.rule.code for item in own("gdp", Paper(falling), 9, "review")] == ["T04"]


def test_parts_are_added_only_when_all_have_reported() -> None:
    whole_ = at(gdp="100")
    full = {"990101": at(gdp="60"), "990102": at(gdp="30")}
    codes = [item.rule.code for item in own("gdp", Paper(whole_, areas=full), 12, "review")]
    assert codes == ["I02"]
    half = {"990101": at(gdp="60"), "990102": at(gdp="")}
    assert own("gdp", Paper(whole_, areas=half), 12, "review") == []


def test_a_statistic_goes_into_a_report_once_published_or_as_an_estimate() -> None:
    def codes(paper: Paper) -> list[str]:
        return [item.rule.code for item in own("gdp", paper, 12, "report")]

    paper = Paper(at(gdp="100"))
    assert codes(paper) == ["P01"]
    paper.out.add(f"observation/gdp/{HOME}/2025-12/actual/1")
    assert codes(paper) == []
    assert codes(Paper(at(gdp="100"), status="预计")) == []
    assert own("rev_general", Paper(at(rev_general="8")), 12, "report") == []


@given(st.lists(st.integers(0, 10**9), min_size=3, max_size=3), st.integers(-5, 5))
@settings(max_examples=60, deadline=None)
def test_the_sum_of_the_industries_holds_within_two_hundredths(parts: list[int], off: int) -> None:
    """In cents of 亿元: a whole that is off by more than 0.02 is found, one within is not."""
    names = ("va1", "va2", "va3")
    cells = {
        (name, 2025, 12): f"{part // 100}.{part % 100:02d}" for name, part in zip(names, parts, strict=True)
    }
    total = sum(parts) + off
    if total < 0:
        return
    cells["gdp", 2025, 12] = f"{total // 100}.{total % 100:02d}"
    assert bool(joint("I01", cells)) == (abs(off) > 2)


def test_every_rule_says_what_to_do_and_every_listed_code_is_one() -> None:
    assert len(CATALOGUE.checks) >= 35
    for rule in CATALOGUE.checks.values():
        assert rule.says
        assert rule.do
        assert rule.each in EACH
        assert set(rule.at) <= set(PLACES)
    listed = {code for item in CATALOGUE.indicators.values() for code in item.checks}
    assert listed <= set(CATALOGUE.checks)
    assert {"va1", "gdp", "rev_tax"} <= set(across(CATALOGUE))
    assert reads(CATALOGUE.checks["T03"], CATALOGUE.indicators["fai"])


def test_the_words_of_a_rule_are_those_the_page_lists() -> None:
    assert set(OwnScope(CATALOGUE, CATALOGUE.indicators["gdp"]).names()) == set(OWN)


def test_an_unknown_code_and_a_rule_that_does_not_fit_are_found() -> None:
    texts = dict(CATALOGUE.texts)
    path = "indicators/economy.toml"
    texts[path] = texts[path].replace('checks = ["I01", "I02", "N01", "T04"]', 'checks = ["I05", "N99"]')
    texts["checks.toml"] += (
        '\n[[check]]\ncode = "X1"\nlabel = "错"\neach = "all"\nholds = "value > 3亩"\nsays = "错"\ndo = "改"\n'
        'basis = [{ law = "本地", local = true }]\nat = ["lunch"]\n'
    )
    told = "\n".join(str(item) for item in load_texts(texts).findings)
    assert "没有“N99”这条核对规则" in told
    assert "核对规则“I05”没有用到这个指标" in told
    assert "“lunch”不在可用的值里" in told
    assert "单位不同" in told
