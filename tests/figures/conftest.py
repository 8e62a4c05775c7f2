"""The small county, closed once for all tests of figures."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from shuzhi.figures.closing import Cell, Closing, Relation, write_closing
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.catalogue.load import load_texts
from tests.figures.county import BOOKS, COLUMNS, Close, texts


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """Definitions of the small county, read as a real catalogue is."""
    loaded = load_texts(texts())
    assert not loaded.errors, "\n".join(map(str, loaded.errors))
    return loaded.catalogue


@pytest.fixture(scope="session")
def close(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Close:
    """Closes the small county (see :data:`tests.figures.county.Close`)."""

    def closed(
        books: Mapping[str, Sequence[Sequence[Cell]] | None] | None = None,
        *,
        unit: tuple[str, str] = ("990100", "明澜县"),
        as_of: date = date(2025, 12, 31),
        folder: Path | None = None,
    ) -> Closing:
        rows = {**BOOKS, **(books or {})}
        relations = [
            Relation(name, COLUMNS[name], found) for name, found in rows.items() if found is not None
        ]
        return write_closing(
            folder or tmp_path_factory.mktemp("closings"),
            unit_code=unit[0],
            unit_name=unit[1],
            as_of=as_of,
            catalogue=catalogue,
            relations=relations,
        )

    return closed


@pytest.fixture(scope="session")
def county(close: Close) -> Closing:
    """The small county as it is."""
    return close()
