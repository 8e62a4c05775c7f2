"""An office on the last day of 2025, whatever day the tests are run on."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import LazySettings

from shuzhi.evidence import instance
from tests.accounts import SMALL, cast

if TYPE_CHECKING:
    from tests.cast import Cast

__all__ = ["cast"]


@pytest.fixture
def home(tmp_path: Path, settings: LazySettings) -> Iterator[Path]:
    """A fresh instance whose day is fixed."""
    from tests.desk.office import TODAY

    settings.SHUZHI_HOME = tmp_path
    instance.forget()
    instance.create("990100", "陵水湾县", today=TODAY)
    shutil.copytree(SMALL, tmp_path / "catalogue", dirs_exist_ok=True)
    yield tmp_path
    instance.forget()


@pytest.fixture
def office(cast: "Cast") -> "Cast":
    """The county with everybody in it."""
    from tests.desk.office import staffed

    return staffed(cast)
