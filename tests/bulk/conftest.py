"""A county with towns and villages, closed: what files of observations are brought into."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from shuzhi.figures.closing import Cell, Closing, Relation, write_closing
from shuzhi.figures.observed import OBSERVATION_COLUMNS as OBSERVATION
from shuzhi.figures.tree import UNIT_COLUMNS as UNIT
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.catalogue.load import load_texts
from tests.bulk.county import POST, POSTS, TEXTS, UNITS

Row = tuple[Cell, ...]
Close = Callable[[Sequence[Row]], Closing]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """Definitions of the county, read as a real catalogue is."""
    loaded = load_texts(TEXTS)
    assert not loaded.errors, "\n".join(map(str, loaded.errors))
    return loaded.catalogue


@pytest.fixture(scope="session")
def close(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Close:
    """Closes the county with the observations given."""

    def closed(rows: Sequence[Row]) -> Closing:
        return write_closing(
            tmp_path_factory.mktemp("closings"),
            unit_code="990100",
            unit_name="梅岭县",
            as_of=date(2025, 12, 31),
            catalogue=catalogue,
            relations=[
                Relation("unit", UNIT, UNITS),
                Relation("post", POST, POSTS),
                Relation("observation", OBSERVATION, rows),
            ],
        )

    return closed


@pytest.fixture(scope="session")
def empty(close: Close) -> Closing:
    """The county before anything was reported."""
    return close([])


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file of observations."""

    def written(text: str | bytes, name: str = "数据.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return written
