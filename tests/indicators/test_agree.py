"""A batch of values must agree with itself: what belongs together is kept together or not at all."""

import pytest

from shuzhi.evidence.journal import enter
from shuzhi.figures.judging.verified import Totals, verify
from shuzhi.indicators.models import Observation
from shuzhi.indicators.verbs import observe
from shuzhi.indicators.verified import review, settle
from shuzhi.kernel.finding import Refused, Severity
from tests.accounts import indicator
from tests.cast import Cast

GOOD = {"va1": "20", "va2": "50", "va3": "58.5", "gdp": "128.5"}


def batch(cast: Cast, values: dict[str, str], month: int = 12) -> list[str]:
    """沈一禾 enters several statistics of the county at once, as the grid and a workbook do."""
    post = cast.post("statistician")
    with enter("填报指标", by=post.code, note="一批"):
        for code, value in values.items():
            observe(indicator(code), cast.county, year=2025, month=month, value=value, by=post)
        return [item.id for item in settle((code, cast.county, 2025, month) for code in values)]


def test_what_agrees_is_kept(cast: Cast) -> None:
    assert batch(cast, GOOD) == []
    assert Observation.objects.count() == 4


def test_what_does_not_agree_is_kept_out_whole(cast: Cast) -> None:
    with pytest.raises(Refused, match="三次产业增加值之和") as refused:
        batch(cast, GOOD | {"gdp": "130"})
    assert [item.id for item in refused.value.findings] == ["indicator.I01", "indicator.I03"]
    assert not Observation.objects.exists()


def test_one_number_of_a_set_cannot_be_revised_alone(cast: Cast) -> None:
    batch(cast, GOOD)
    with pytest.raises(Refused):
        batch(cast, {"gdp": "131"})
    assert batch(cast, {"gdp": "131", "va3": "61"}) == []


def test_a_set_is_not_looked_at_before_it_is_whole(cast: Cast) -> None:
    assert batch(cast, {"gdp": "128.5", "va1": "20"}) == []


def test_review_finds_what_was_entered_one_by_one(cast: Cast) -> None:
    for code, value in (GOOD | {"gdp": "130"}).items():
        observe(indicator(code), cast.county, year=2025, month=12, value=value, by=cast.post("statistician"))
    found = review([cast.county], 2025, totals=Totals(None), whole=cast.county.code)
    told = {item.rule.code: item for item in found}
    assert {"I01", "I03"} <= set(told)
    assert told["I01"].severity is Severity.ERROR
    assert {item.indicator for item in told["I01"].numbers} == set(GOOD)


def test_a_closing_says_the_same_as_the_live_numbers(cast: Cast) -> None:
    from shuzhi.books.verbs import close_books
    from tests.desk.office import TODAY

    for code, value in (GOOD | {"gdp": "130"}).items():
        observe(indicator(code), cast.county, year=2025, month=12, value=value, by=cast.post("statistician"))
    live = review([cast.county], 2025)
    closed = verify(close_books(TODAY, by="system"), 2025)
    assert [item.as_json() for item in closed] == [item.as_json() for item in live]
