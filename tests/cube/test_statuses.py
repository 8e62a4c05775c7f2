"""A figure read from a cube has the engine's status word: the weakest of all it rests on, through corrections and files."""

import json
import random
from collections.abc import Iterable, Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuzhi.cube.asking.reads import Answers
from shuzhi.cube.asking.statuses import Statuses
from shuzhi.cube.block import Block
from shuzhi.cube.build import Row, block_of
from shuzhi.cube.cube import Cube
from shuzhi.figures.ask import Ask
from shuzhi.figures.compute import compute
from shuzhi.kernel.catalogue.definitions import STATUSES, Catalogue
from tests.cube.conftest import CloseSmall
from tests.cube.small import ADDING, Unit, observations, trees
from tests.cube.test_reads import asks_of, dense

SLOW = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow)
PLAIN = (
    "harvest",
    "revenue.target",
    "farms.forecast",
    "farms",
    "price",
    "lastyear(harvest)",
    "growth(revenue)",
    "completion(farms)",
    "rank(harvest)",
    "tax_share",
    "share(revenue_tax, revenue)",
    "revenue.growth",
    "growth(revenue) > 3%",
    "not (harvest < lastyear(harvest))",
)


@st.composite
def worded(draw: st.DrawFn, units: Sequence[Unit]) -> list[Row]:
    """Books whose observations carry one status word, or nearly one, or any."""
    drawn = draw(observations(units) | dense(units) | dense(units))
    rows = list({(*row[:5], row[6]): row for row in drawn}.values())
    chance, odd = random.Random(draw(st.integers(0, 2**32))), draw(st.sampled_from((0, 0.05, 1)))
    words = (*STATUSES, "")
    return [(*row[:5], chance.choice(words) if chance.random() < odd else "快报", *row[6:]) for row in rows]


def told(block: Block, rows: Iterable[Row]) -> Statuses:
    statuses = Statuses(block)
    newest = sorted(rows, key=lambda row: row[6])
    statuses.tell((row[0], row[1], row[2], row[3], row[4], row[5] or "") for row in newest)
    return statuses


def plain_asks(codes: Sequence[str]) -> list[Ask]:
    return [
        Ask(said, unit, year, month)
        for said in (*PLAIN, *ADDING)
        for unit in ("", *codes)
        for year, month in ((2025, 3), (2025, 12), (2024, 12))
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(data=st.data())
def test_every_figure_has_the_engines_value_text_unit_and_status(
    data: st.DataObject, close_small: CloseSmall, catalogue: Catalogue
) -> None:
    units = data.draw(trees())
    rows = data.draw(worded(units))
    closing = close_small(units, rows)
    codes = [str(unit[0]) for unit in units]
    asks = [*data.draw(st.lists(asks_of(codes), max_size=12)), *plain_asks(codes)]
    block = block_of(closing, kernel_name="plain")
    answers = Answers(Cube(block), asks, catalogue, told(block, rows))
    for found, figure in zip(answers.figures(), compute(asks, [closing]), strict=True):
        if found is not None:
            assert (found.value, found.text, found.unit, found.status) == (
                figure.value,
                figure.text,
                figure.unit,
                figure.status,
            ), figure.ask
            assert not figure.reason
            assert not figure.warnings


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
@given(data=st.data())
def test_words_kept_in_a_file_are_the_same_words(
    data: st.DataObject, close_small: CloseSmall, catalogue: Catalogue
) -> None:
    units = data.draw(trees())
    rows = data.draw(worded(units))
    block = block_of(close_small(units, rows), kernel_name="plain")
    statuses = told(block, rows)
    again = Statuses.from_json(json.loads(json.dumps(statuses.as_json())), block)
    asks = plain_asks([str(unit[0]) for unit in units])
    one, two = (Answers(Cube(block), asks, catalogue, each).figures() for each in (statuses, again))
    assert one == two


def test_a_number_that_was_chosen_is_left_to_the_engine(
    close_small: CloseSmall, catalogue: Catalogue
) -> None:
    units = [("1", "甲县", "county", None, None, None, 1, 1)]
    rows: list[Row] = [("harvest", "1", 2025, 3, "actual", "快报", 1, 5, "")]
    block = block_of(close_small(units, rows), kernel_name="plain")
    asks = [
        Ask("coalesce(revenue, harvest)", "1", 2025, 3),
        Ask("harvest > harvest or harvest = harvest", "1", 2025, 3),
        Ask("harvest", "1", 2025, 3),
    ]
    answers = Answers(Cube(block), asks, catalogue, told(block, rows))
    assert sorted(answers.left) == [0, 1]
    found = answers.figures()
    assert [figure and figure.status for figure in found] == [None, None, "快报"]
