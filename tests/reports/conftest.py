"""The hand-made county, closed once, and the filling of a few sentences from it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from shuzhi.figures.closing import Closing
from shuzhi.kernel.catalogue.load import national
from shuzhi.prose.reading import read
from tests.accounts import cast, home

if TYPE_CHECKING:  # conftests are read before Django's apps are
    from shuzhi.reports.filling import Filled
    from shuzhi.reports.places import Place
    from shuzhi.units.models import Post
    from tests.cast import Cast

__all__ = ["cast", "home"]


@pytest.fixture(scope="session")
def closing(tmp_path_factory: pytest.TempPathFactory) -> Closing:
    """The county's books as of the last day of 2025."""
    from tests.reports.county import close

    return close(tmp_path_factory.mktemp("closings"))


Fill = Callable[..., "Filled"]


@pytest.fixture(scope="session")
def filled(closing: Closing) -> Fill:
    """Fills a text from the county's books; options as those of ``fill``."""
    from shuzhi.reports.filling import fill

    def made(text: str, **options: object) -> "Filled":
        return fill(read(text), closing, catalogue=national(), **options)  # type: ignore[arg-type]

    return made


@pytest.fixture(scope="session")
def place(filled: Fill) -> "Callable[..., Place]":
    """The last place of a sentence, filled."""

    def made(sentence: str, **options: object) -> "Place":
        return filled(f"青岚县2025年度述职报告\n\n{sentence}\n", **options).places[-1]

    return made


@pytest.fixture
def seat(cast: "Cast") -> "Callable[[str], Post]":
    """The post of a duty, each held by a person of its own."""
    from shuzhi.units.verbs import appoint, create_post, register_user
    from tests.cast import SINCE

    made = {}
    for duty in ("write", "release", "sign", "publish"):
        made[duty] = create_post(
            code=f"r-{duty}", unit=cast.county, title=f"{duty}岗", duties=[duty], since=SINCE, by="system"
        )
        appoint(made[duty], register_user(username=f"r-{duty}", name=duty), since=SINCE, by="system")
    return made.__getitem__
