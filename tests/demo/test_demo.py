"""The demo county is made from a seed and loads by the ordinary importer, but for what must be refused."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from demo import geography, money, series, ugly
from demo.draft import TEXT, docx
from demo.make import REFUSED, make
from demo.names import person
from demo.pen import Parcel, county
from shuzhi.evidence.journal import head
from shuzhi.funds.models import Payment
from shuzhi.indicators.models import Observation
from shuzhi.intake.forms import forms
from shuzhi.intake.load import load
from shuzhi.intake.marked import marked_copy
from shuzhi.intake.sheets import PROBLEMS
from shuzhi.intake.xlsx import read_xlsx
from shuzhi.kernel.catalogue.load import departures, national
from shuzhi.kernel.finding import Severity
from shuzhi.units.models import Unit

DAY = date(2025, 12, 31)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def loaded(parcel: Parcel, *names: str) -> None:
    materials = {name: text.encode() for name, text in parcel.papers.items()}
    for name in names:
        result = load(parcel.books[name], by=None, day=DAY, materials=materials)
        assert [str(item) for item in result.findings if item.severity is not Severity.ADVICE] == []
        assert result.loaded, name


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_county(tmp_path: Path) -> None:
    first, second, other = tmp_path / "1", tmp_path / "2", tmp_path / "3"
    make(first)
    make(second)
    make(other, seed=7)
    assert contents(first) == contents(second)
    assert contents(first).keys() >= {
        "述职报告样稿.txt",
        "述职报告样稿.docx",
        f"{REFUSED}/不能入账的支付.xlsx",
    }
    assert contents(other)["20-重点项目.xlsx"] != contents(first)["20-重点项目.xlsx"]


def test_the_county_has_its_shape() -> None:
    levels = Counter(str(row["level"]) for row in geography.unit_rows())
    assert levels == {"县（区）": 1, "部门": 40, "乡镇（街道）": 12, "村（社区）": 180}
    assert len({person(number) for number in range(300)}) == 300


def test_parts_and_wholes_of_the_series_agree_in_every_month() -> None:
    made = series.Series(Parcel(1)).made
    for whole, parts in series.SUMS.items():
        for year in (2024, 2025):
            for month, value in made[whole, year].items():
                assert value == sum((made[part, year][month] for part in parts), Decimal(0))


def test_what_the_county_defines_for_itself_says_so() -> None:
    """A local definition carries the county's name for it and a local basis; nothing national is changed in silence."""
    own = county()
    for code in own.local & own.indicators.keys():
        indicator = own.indicators[code]
        assert "本县口径" in indicator.label
        assert "本县口径" in indicator.note
        assert all(basis.local for basis in indicator.basis)
    assert own.local >= {"exit_hh", "exit_pop", "poverty_rate"}
    assert {finding.place.split()[1] for finding in departures(national(), own)} >= own.local


def test_accumulated_series_never_fall() -> None:
    parcel = Parcel(1)
    found = series.Series(parcel)
    for (code, _), months in found.made.items():
        if parcel.catalogue.indicators[code].temporal == "cum":
            assert list(months.values()) == sorted(months.values()), code


@pytest.fixture
def parcel() -> Parcel:
    """Units, indicators and funds of the county: what the tests below load."""
    made = Parcel(990123)
    geography.write(made)
    ugly.write(made, series.write(made))
    money.write(made)
    return made


@pytest.mark.usefixtures("home", "db")
def test_units_indicators_campaigns_and_funds_load_and_the_wrong_payment_is_refused_and_marked(
    parcel: Parcel,
) -> None:
    loaded(
        parcel,
        "01-单位与职务.xlsx",
        "35-专项执法.xlsx",
        "04-财政收支月报.xlsx",
        "07-财政决算（2024年）.xlsx",
        "40-衔接资金.xlsx",
    )
    assert Unit.objects.count() == 233
    newest = Observation.objects.filter(indicator="rev_tax", year=2024, month=12).latest("vintage")
    assert (newest.status, newest.vintage) == ("决算", 2)
    before, paid = head(), Payment.objects.count()
    _, data = money.refused(parcel)
    result = load(data, by=None, day=DAY)
    found = {item.place.partition("!")[2]: item for item in result.findings}
    assert (result.loaded, head(), Payment.objects.count()) == (False, before, paid)
    assert set(found) == {"E4", "D5", "B6", "E6"}
    assert "超过分配余额" in found["E4"].message
    assert found["E6"].hint == "应填 200"
    assert "XJ2025-01-03" in found["B6"].hint
    assert read_xlsx(marked_copy(data, result.findings))[0].name == PROBLEMS


def test_the_demo_s_rows_fit_the_forms_of_the_catalogue() -> None:
    known: Mapping[str, object] = forms(Parcel(1).catalogue)
    assert {"key_project.办理过程", f"{money.KIND}.支付"} <= set(known)


def test_the_draft_masks_figures_of_several_kinds_and_names() -> None:
    text = TEXT.read_text("utf-8")
    for mask in ("XX.X%", "××", "__._%", "〔　〕", "XXX同志"):
        assert mask in text
    assert docx(text) == docx(text)
