"""What account tests stand on: an instance with the national catalogue and the small test kinds, and the cast in it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import LazySettings

from shuzhi.evidence import instance
from shuzhi.kernel.catalogue.definitions import Indicator, Kind

if TYPE_CHECKING:  # conftests are read before Django's apps are, and the cast is made of models
    from tests.cast import Cast

SMALL = Path(__file__).parent / "catalogue_small"


@pytest.fixture
def home(tmp_path: Path, settings: LazySettings) -> Iterator[Path]:
    """A fresh instance of 陵水湾县 with the test kinds as its own overlay."""
    settings.SHUZHI_HOME = tmp_path
    instance.forget()
    instance.create("990100", "陵水湾县")
    shutil.copytree(SMALL, tmp_path / "catalogue", dirs_exist_ok=True)
    yield tmp_path
    instance.forget()


@pytest.fixture
def cast(home: Path, db: None) -> "Cast":
    """The county and its people."""
    from tests.cast import county

    return county()


def kind(code: str) -> Kind:
    """A kind of the catalogue in use."""
    return instance.catalogue().kinds[code]


def indicator(code: str) -> Indicator:
    """An indicator of the catalogue in use."""
    return instance.catalogue().indicators[code]
