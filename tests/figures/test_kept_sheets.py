"""Observations read once are kept from one process to the next, and a kept answer is the answer."""

from pathlib import Path

from shuzhi.figures import observed
from shuzhi.figures.ask import Ask
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import compute
from shuzhi.figures.leaves import Look
from shuzhi.figures.many.shelf import Shelf
from shuzhi.figures.observed import SHEETS, Seen
from shuzhi.figures.partial import PARTIALS


def test_a_sheet_comes_back_from_the_shelf_as_it_was_put(tmp_path: Path) -> None:
    seen = Seen("gdp", "990123", 2025, 12, "actual", 2, "快报", None, "尚未核定")
    sheet = {("actual", 2025, 12): seen}
    empty, key = (Look("gdp", "990199"), "sheet", "sha256:1"), (Look("gdp", "990123"), "sheet", "sha256:1")
    shelf = Shelf(tmp_path)
    shelf.keep_sheets([(key, sheet), (empty, {})])
    shelf.flush()
    shelf.close()
    assert Shelf(tmp_path).sheets([key, empty]) == {key: sheet, empty: {}}
    assert observed.from_json(observed.as_json(sheet)) == sheet


def test_figures_from_what_is_kept_are_the_figures_read(county: Closing, tmp_path: Path) -> None:
    asks = [Ask("output"), Ask("output.growth"), Ask("output", month=6), Ask("count danger")]
    read = compute(asks, [county])
    for _ in range(2):
        PARTIALS.clear()
        SHEETS.clear()
        assert compute(asks, [county], cache=tmp_path) == read
