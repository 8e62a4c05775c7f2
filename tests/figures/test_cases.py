"""The figure cases of the catalogue hold on both engines."""

from types import MappingProxyType

from shuzhi.figures.cases import run_figures_cases
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.catalogue.load import load_texts, national
from tests.figures.county import texts


def test_every_case_of_the_national_catalogue_holds_on_both_engines() -> None:
    count, findings = run_figures_cases(national())
    assert count > 10
    assert findings == []


def test_the_cases_of_the_small_county_hold(catalogue: Catalogue) -> None:
    assert run_figures_cases(catalogue)[1] == []


def test_a_case_that_does_not_hold_is_named() -> None:
    wrong = texts()
    wrong["kinds/danger.cases.toml"] = wrong["kinds/danger.cases.toml"].replace('"50%"', '"51%"')
    found = run_figures_cases(load_texts(MappingProxyType(wrong)).catalogue)[1]
    assert {finding.id for finding in found} == {"case.failed", "case.engines-differ"}
    assert all("隐患按立项年份数" in finding.place for finding in found)
