"""The release gate: who may publish a statistic, once, with its place; and what may be entered by whom."""

from datetime import date
from typing import Any

import pytest

from shuzhi.evidence.instance import catalogue
from shuzhi.evidence.models import Entry
from shuzhi.indicators.models import Observation, Release
from shuzhi.indicators.relation import relations
from shuzhi.indicators.releases import before, held_back, publish, waiting
from shuzhi.indicators.verbs import observe
from shuzhi.kernel.finding import Refused
from tests.accounts import indicator
from tests.cast import Cast

DAY = date(2025, 12, 31)


def told(
    cast: Cast, value: str = "128.5", code: str = "gdp", by: str = "statistician", **more: Any
) -> Observation:
    seen = observe(indicator(code), cast.county, year=2025, month=12, value=value, by=cast.post(by), **more)
    assert seen.observation is not None
    return seen.observation


def refused(cast: Cast, *rows: Observation, **more: Any) -> list[str]:
    options: dict[str, Any] = {"day": DAY, "address": "统计公报", "by": None, **more}
    links = Entry.objects.count()
    with pytest.raises(Refused) as caught:
        publish(rows, **options)
    assert Entry.objects.count() == links
    return [item.id for item in caught.value.findings]


def test_a_statistic_waits_until_its_publication_is_recorded(cast: Cast) -> None:
    row = told(cast)
    assert waiting([cast.county], 2025) == [row]
    assert [item.id for item in held_back([row.identity()])] == ["indicator.P01"]
    publish([row], day=DAY, address="统计公报", by=None)
    assert waiting([cast.county], 2025) == []
    assert held_back([row.identity()]) == []
    released = next(item for item in relations(catalogue()) if item.name == "release")
    assert [cells[:3] for cells in released.rows] == [(row.identity(), DAY, "统计公报")]


def test_a_revision_waits_again_beside_what_was_published(cast: Cast) -> None:
    first = told(cast)
    publish([first], day=DAY, address="统计公报", by=None)
    second = told(cast, "129", status="初步核算", reason="核实")
    assert waiting([cast.county], 2025) == [second]
    assert before(second) == first
    assert [item.id for item in held_back([second.identity()])] == ["indicator.P01"]
    assert held_back([first.identity()]) == []


def test_an_estimate_and_what_is_no_statistic_do_not_wait(cast: Cast) -> None:
    estimate = told(cast, status="预计")
    money = told(cast, "8", "rev_general", "treasurer")
    assert waiting([cast.county], 2025) == []
    assert held_back([estimate.identity(), money.identity(), "matter/2025-0001"]) == []


def test_whoever_reported_does_not_publish(cast: Cast) -> None:
    row = told(cast)
    assert refused(cast, row, by=cast.post("statistician")) == ["release.apart"]


@pytest.mark.parametrize("who", ["head", "town_filler", "treasurer", "both"])
def test_nobody_without_the_right_publishes(cast: Cast, who: str) -> None:
    assert "release.right" in refused(cast, told(cast), by=cast.post(who))


def test_a_publication_says_where(cast: Cast) -> None:
    assert refused(cast, told(cast), address="  ") == ["release.address"]


def test_nothing_is_published_twice_and_nothing_at_all_is_refused(cast: Cast) -> None:
    row = told(cast)
    publish([row], day=DAY, address="统计公报", by=None)
    assert refused(cast, row) == ["release.twice"]
    assert refused(cast) == ["release.none"]
    assert Release.objects.count() == 1


def test_of_a_batch_with_one_fault_nothing_is_published(cast: Cast) -> None:
    good, bad = told(cast), told(cast, "5", "gdp_growth")
    publish([bad], day=DAY, address="统计公报", by=None)
    assert refused(cast, good, bad) == ["release.twice"]
    assert Release.objects.count() == 1


STATISTICS = ("gdp", "retail", "income_rural")
OTHERS = ("head", "treasurer", "town_filler", "town_head", "both", "petition_filler", "discipline")


@pytest.mark.parametrize("code", STATISTICS)
@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.parametrize("status", ["快报", "决算"])
def test_nobody_but_the_statistics_post_enters_or_revises_a_statistic(
    cast: Cast, code: str, who: str, status: str
) -> None:
    """A leader's word does not move a figure (统计法第七条): neither a first value nor a revision, in whatever status."""
    told(cast, "5", code)
    with pytest.raises(Refused) as caught:
        observe(
            indicator(code), cast.county, year=2025, month=12, value="6", by=cast.post(who), status=status
        )
    assert "indicator.right" in [item.id for item in caught.value.findings]
    assert Observation.objects.count() == 1
