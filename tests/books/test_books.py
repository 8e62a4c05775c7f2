"""Closing the books: cheap when nothing moved, the same bytes for the same books, anchored in the journal."""

from datetime import date

from shuzhi.books.models import Closing
from shuzhi.books.queries import newest, open_book
from shuzhi.books.verbs import close_books
from shuzhi.evidence import instance
from shuzhi.evidence.journal import head
from shuzhi.evidence.models import Entry
from shuzhi.figures.ask import Ask
from shuzhi.figures.compute import compute
from shuzhi.indicators.verbs import observe
from shuzhi.units.verbs import found_unit, rename_unit
from tests.accounts import indicator
from tests.cast import SINCE, Cast

AS_OF = date(2025, 12, 31)


def test_closing_twice_with_nothing_moved_writes_nothing(cast: Cast) -> None:
    first = close_books(AS_OF, by="system")
    before = head()
    assert close_books(AS_OF, by="system").id == first.id
    assert head() == before


def test_the_journal_names_the_digest_of_the_closing(cast: Cast) -> None:
    closing = close_books(AS_OF, by="system")
    last = Entry.objects.order_by("seq").last()
    assert last is not None
    assert f"closing/{closing.id}" in last.body


def test_a_name_that_was_given_up_again_is_remembered(cast: Cast) -> None:
    first = close_books(AS_OF, by="system")
    rename_unit(cast.town, name="清河街道", since=date(2024, 1, 1), by="system")
    second = close_books(AS_OF, by="system")
    rename_unit(cast.town, name="清河镇", since=date(2024, 2, 1), by="system")
    third = close_books(AS_OF, by="system")
    assert len({first.id, second.id, third.id}) == 3
    assert first.tables["unit"].digest == third.tables["unit"].digest
    assert "unit_name" not in first.tables


def test_a_relation_that_did_not_change_is_not_written_again(cast: Cast) -> None:
    close_books(AS_OF, by="system")
    store = instance.home() / "closings" / "store"
    before = set(store.iterdir())
    found_unit(code="990103", name="云台乡", level="township", parent=cast.county, since=SINCE, by="system")
    close_books(AS_OF, by="system")
    assert len(set(store.iterdir()) - before) == 1


def test_a_closing_kept_for_a_report_stays_kept(cast: Cast) -> None:
    close_books(AS_OF, by="system", keep=True)
    close_books(AS_OF, by="system")
    row = newest(AS_OF)
    assert row is not None
    assert row.purpose == "kept"
    assert Closing.objects.count() == 1


def test_a_figure_is_computed_from_the_closing_and_not_from_the_live_accounts(cast: Cast) -> None:
    gdp = indicator("gdp")
    observe(gdp, cast.county, year=2025, month=12, value="128.46", by=cast.post("statistician"))
    closing = close_books(AS_OF, by="system")
    observe(
        gdp, cast.county, year=2025, month=12, value="129.01", status="初步核算", by=cast.post("statistician")
    )
    figure = compute([Ask("gdp")], [closing])[0]
    assert (figure.text, figure.unit, figure.status) == ("128.46", "亿元", "快报")
    row = newest(AS_OF)
    assert row is not None
    assert open_book(row).id == closing.id


def test_changed_definitions_close_the_books_anew(cast: Cast) -> None:
    first = close_books(AS_OF, by="system")
    overlay = instance.home() / "catalogue" / "kinds" / "try_shop.toml"
    overlay.write_text(overlay.read_text("utf-8").replace('label = "', 'label = "新', 1), "utf-8")
    instance.forget()
    assert close_books(AS_OF, by="system").id != first.id
