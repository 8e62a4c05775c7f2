"""A cube that was corrected is the cube built anew, in every cell."""

from collections.abc import Iterable, Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuzhi.cube.axis import EVER, Units
from shuzhi.cube.block import Block, Source
from shuzhi.cube.build import Row, block_of_rows
from shuzhi.cube.correcting.correct import Correction, Live, Pace, Unplaced
from shuzhi.cube.frame import LARGEST, SILENT, UNSAID
from shuzhi.cube.planes import Planes
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.finding import Refused
from tests.cube.small import ADDING, Unit, observations, trees

YEARS = (2024, 2025)
Key = tuple[str, str, int, int, str]
Said = dict[Key, int | None]
LARGE = st.sampled_from([LARGEST, 1 - LARGEST, LARGEST // 2, LARGEST // 24, 1 - 2**62])
MORE = ("index", "tax_share", *ADDING)


def as_units(rows: Sequence[Unit]) -> Units:
    """The relation of units as the live accounts give it."""
    places = {str(row[0]): place for place, row in enumerate(rows)}
    days = [[day.toordinal() if isinstance(day, date) else None for day in row[4:6]] for row in rows]
    return Units(
        [str(row[0]) for row in rows],
        [str(row[2]) for row in rows],
        [places.get(str(row[3]), -1) for row in rows],
        [since or 0 for since, _ in days],
        [until or EVER for _, until in days],
    )


def built(units: Sequence[Unit], said: Said, catalogue: Catalogue, kernel: str = "plain") -> Block:
    """The cube of what was said; a unit nobody knows speaks of every indicator, so that all cubes have one frame."""
    rows: list[Row] = [(*key, "快报", 1, value, "") for key, value in said.items()]
    rows += [(code, "nobody", 2024, 1, "actual", "快报", 1, 0, "") for code in MORE]
    source = Source("1", "甲县", date(2025, 11, 20), "", "")
    return block_of_rows(rows, as_units(units), catalogue, source, years=YEARS, kernel_name=kernel)


def said_in(rows: Iterable[Row]) -> Said:
    """The newest vintage of each cell, as the books have it."""
    return {row[:5]: row[7] for row in sorted(rows, key=lambda row: row[6])}


def cells(plane: memoryview | None, alike: memoryview | None, empty: int) -> list[int]:
    """A plane as a list; one that is not there is empty."""
    return (
        []
        if plane is None and alike is None
        else [empty] * len(alike or ())
        if plane is None
        else list(plane)
    )


def same_planes(one: Planes, two: Planes) -> bool:
    """Whether planes hold the same; those of a role in which nobody speaks may be there or not."""
    if not all(cells(a, b, UNSAID) == cells(b, a, UNSAID) for a, b in zip(one.own, two.own, strict=True)):
        return False
    if len(one.sums) != len(two.sums):
        return not any([*one.sums, *two.sums, *one.counts, *two.counts, *one.weights, *two.weights])
    names = ("sums", "counts", "cumulative", "weights")
    return all(getattr(one, name) == getattr(two, name) for name in names)


def assert_same(one: Block, two: Block) -> None:
    """Whether two cubes of one frame and axis hold the same in every cell."""
    for role, planes in one.planes.items():
        assert same_planes(planes, two.planes[role]), role
    assert all(cells(a, b, 0) == cells(b, a, 0) for a, b in zip(one.borrowed, two.borrowed, strict=True))


@st.composite
def corrections(draw: st.DrawFn, units: Sequence[Unit], most: int = 25) -> list[Correction]:
    """What the units newly say: values small and huge, missing, withdrawn, in every role."""
    made: list[Correction] = []
    codes = [str(unit[0]) for unit in units]
    huge = draw(st.booleans())
    for _ in range(draw(st.integers(1, most))):
        role = draw(st.sampled_from(("actual", "actual", "actual", "target", "forecast")))
        value = draw(st.none() | st.integers(-9, 9) | (LARGE if huge else st.integers(-(2**30), 2**30)))
        month = draw(st.sampled_from((1, 3, 12))) if role == "actual" else 12
        made.append(
            Correction(
                draw(st.sampled_from(MORE)),
                draw(st.sampled_from(codes)),
                draw(st.sampled_from(YEARS)),
                month,
                value,
                role,
                withdrawn=draw(st.integers(0, 3)) == 0,
            )
        )
    return made


def corrected(said: Said, news: Iterable[Correction]) -> Said:
    """The books after the corrections."""
    after = dict(said)
    for new in news:
        key = (new.indicator, new.unit, new.year, new.month, new.role)
        if new.withdrawn:
            after.pop(key, None)
        else:
            after[key] = new.value
    return after


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_corrected_one_by_one_is_rebuilt(data: st.DataObject, catalogue: Catalogue) -> None:
    units = data.draw(trees())
    said = said_in(data.draw(observations(units)))
    news = data.draw(corrections(units))
    before, untouched = (built(units, said, catalogue) for _ in range(2))
    live = Live.of(before)
    for new in news:
        live.apply(new)
    assert_same(live.block, built(units, corrected(said, news), catalogue))
    assert_same(before, untouched)


@settings(max_examples=50, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("anew", [0, 10**9])
@pytest.mark.parametrize("kernel", ["plain", "numpy", "numba"])
def test_corrected_together_is_rebuilt(
    kernel: str, anew: int, data: st.DataObject, catalogue: Catalogue
) -> None:
    if kernel != "plain":
        pytest.importorskip(kernel)
    units = data.draw(trees())
    said = said_in(data.draw(observations(units)))
    live = Live.of(built(units, said, catalogue, kernel), kernel_name=kernel, pace=Pace(1, anew))
    for _ in range(data.draw(st.integers(1, 3))):
        news = data.draw(corrections(units))
        live.apply_all(news)
        said = corrected(said, news)
    assert_same(live.block, built(units, said, catalogue, "plain"))


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_corrections_of_different_cells_come_in_any_order(data: st.DataObject, catalogue: Catalogue) -> None:
    units = data.draw(trees())
    said = said_in(data.draw(observations(units)))
    by_cell = {
        (new.indicator, new.unit, new.year, new.month, new.role): new for new in data.draw(corrections(units))
    }
    news = list(by_cell.values())
    one, two = (Live.of(built(units, said, catalogue)) for _ in range(2))
    one.apply_all(news)
    two.apply_all(data.draw(st.permutations(news)))
    assert_same(one.block, two.block)


COUNTY: Sequence[Unit] = (
    ("1", "甲县", "county", None, None, None, 1, 3),
    ("10", "东镇", "township", "1", None, None, 2, 2),
    ("11", "西镇", "township", "1", None, None, 3, 3),
)


def test_an_own_word_stops_what_comes_from_below_until_it_is_withdrawn(catalogue: Catalogue) -> None:
    live = Live.of(built(COUNTY, {}, catalogue))
    east, west = (Correction("harvest", code, 2025, 3, 5) for code in ("10", "11"))
    own = Correction("harvest", "1", 2025, 3, 100)
    assert all(live.apply(each) for each in (east, west, own))

    def cell() -> tuple[bool, int, int, int]:
        found = live.block.cell(0, live.block.frame.places["harvest"], 2025, 3)
        return found.own, found.sum, found.count, found.cumulative

    assert cell() == (True, 100, 2, 100)
    live.apply(east._replace(value=7))
    assert cell() == (True, 100, 2, 100)
    live.apply(own._replace(value=None))
    assert cell() == (True, 0, 0, 0)
    live.apply(own._replace(withdrawn=True))
    assert cell() == (False, 12, 2, 12)
    assert not live.apply(own._replace(withdrawn=True))


def test_the_forecast_stands_in_for_december_until_it_is_reported(catalogue: Catalogue) -> None:
    live = Live.of(built(COUNTY, {}, catalogue))
    line = live.block.frame.places["harvest"]
    forecast = Correction("harvest", "10", 2025, 12, 4, "forecast")
    live.apply(forecast)
    assert live.block.own("actual", 1, line, 23) == 4
    live.apply(Correction("harvest", "10", 2025, 12, 4))
    live.apply(forecast._replace(value=6))
    assert live.block.own("actual", 1, line, 23) == 4
    live.apply(Correction("harvest", "10", 2025, 12, None, withdrawn=True))
    assert live.block.own("actual", 1, line, 23) == 6
    live.apply(forecast._replace(value=None))
    assert live.block.own("actual", 1, line, 23) == SILENT
    live.apply(forecast._replace(withdrawn=True))
    assert live.block.own("actual", 1, line, 23) == UNSAID


@pytest.mark.parametrize(
    "stray",
    [
        Correction("nothing", "10", 2025, 3, 1),
        Correction("harvest", "99", 2025, 3, 1),
        Correction("harvest", "10", 2026, 3, 1),
        Correction("harvest", "10", 2025, 13, 1),
        Correction("harvest", "10", 2025, 3, 1, "target"),
        Correction("harvest", "10", 2025, 3, 1, "dream"),
    ],
)
def test_what_has_no_place_is_named_and_nothing_of_its_batch_is_done(
    stray: Correction, catalogue: Catalogue
) -> None:
    live = Live.of(built(COUNTY, {}, catalogue))
    with pytest.raises(Unplaced):
        live.apply_all([Correction("harvest", "10", 2025, 3, 1), stray])
    assert_same(live.block, built(COUNTY, {}, catalogue))


def test_what_64_bits_cannot_hold_is_refused(catalogue: Catalogue) -> None:
    live = Live.of(built(COUNTY, {}, catalogue))
    with pytest.raises(Refused):
        live.apply(Correction("harvest", "10", 2025, 3, 2**63))
