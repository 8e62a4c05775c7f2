"""Over the demo county's indicators: every light, every score and every indicator's figure is the same read and computed."""

import pytest

from demo import geography, series, ugly
from demo.pen import Parcel
from shuzhi.books.verbs import close_books
from shuzhi.cube.asking.drawn import drawn, figures
from shuzhi.figures.ask import Ask
from shuzhi.figures.compute import compute
from shuzhi.figures.judging.progress import progress
from shuzhi.figures.judging.scoring import score
from shuzhi.indicators.live import LIVE
from shuzhi.indicators.models import Observation
from shuzhi.indicators.standing import standing
from shuzhi.intake.load import load
from shuzhi.units.models import Unit
from tests.demo.test_demo import DAY

BOOKS = (
    "01-单位与职务.xlsx",
    "02-统计局月报.xlsx",
    "03-部门月报.xlsx",
    "04-财政收支月报.xlsx",
    "05-年度目标.xlsx",
    "06-年底预计数.xlsx",
)
FORMS = ("{}", "{}.growth", "target({})", "completion({})", "rank({})", "{} - lastyear({})")


@pytest.mark.usefixtures("home", "db")
def test_lights_scores_and_figures_are_the_same_read_and_computed() -> None:
    parcel = Parcel(990123)
    geography.write(parcel)
    ugly.write(parcel, series.write(parcel))
    for name in BOOKS:
        assert load(parcel.books[name], by=None, day=DAY).loaded, name
    LIVE.forget()
    closing = close_books(DAY, by="system")
    units = list(Unit.objects.filter(pk__in=Observation.objects.values("unit")))
    for year in (2024, 2025):
        live = standing(year, units, closing=lambda: closing)
        own = progress(closing, year, units=[unit.code for unit in units])
        assert sorted(map(repr, live.lines)) == sorted(map(repr, own))
        assert year == 2024 or len(own) > 20
    schemes = closing.catalogue.schemes.values()

    for scheme in schemes:
        assert score(scheme, closing, answer=figures).as_json() == score(scheme, closing).as_json()
    codes = [line.code for line in drawn(closing).cube.block.frame.lines]
    asks = [
        Ask(form.replace("{}", code), unit, 2025, month)
        for form in FORMS
        for code in codes
        for unit in ("", "990123001")
        for month in (6, 12)
    ]
    said, read = compute(asks, [closing]), figures(asks, closing)
    parts = ("ask", "value", "unit", "text", "status", "reason", "parts", "warnings")
    for one, two in zip(said, read, strict=True):
        assert [getattr(one, part) for part in parts] == [getattr(two, part) for part in parts]
    assert sum(figure is not None for figure in drawn(closing).figures(asks)) > 200
