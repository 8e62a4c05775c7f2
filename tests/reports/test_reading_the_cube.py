"""A draft read from the cube of its closing says what it says computed: every place and verdict, but for the rows behind."""

from dataclasses import replace

import pytest

from shuzhi.cube.asking import drawn
from shuzhi.cube.asking.drawn import figures, proved
from shuzhi.figures.closing import Closing
from shuzhi.kernel.catalogue.load import national
from shuzhi.prose.reading import read
from shuzhi.reports.answered import computed
from shuzhi.reports.filling import Filled, fill
from shuzhi.reports.places import Place, State

DRAFT = """青岚县2025年度述职报告

预计全年实现地区生产总值XXX.X亿元，增长X.X%。其中，税收占比XX.X%。去年，地区生产总值达到XXX亿元。
政府性基金收入比上年下降X.X%。三级挂牌隐患XX个。受理网格工单×,×××件。
明年，地区生产总值达到XXX亿元，增长X%。今年计划完成一般公共预算收入X.X亿元。
到年底，常住人口累计达到XX万人。上半年，地区生产总值达到XX亿元。1—2月，受理网格工单XXX件。
明年，社会消费品零售总额达到XX亿元。
"""


def plain(made: Filled) -> list[Place]:
    """The places without what only the rows tell."""
    return [
        replace(
            place,
            card={
                name: value
                for name, value in (place.card or {}).items()
                if name not in ("leaves", "papers", "formula", "definitions")
            },
        )
        for place in made.places
    ]


def told(place: Place) -> list[object]:
    """The leaves on a place's card."""
    leaves = (place.card or {}).get("leaves")
    return leaves if isinstance(leaves, list) else []


@pytest.mark.parametrize("unit", ["", "990101"])
def test_every_place_is_the_same_read_and_computed(closing: Closing, unit: str) -> None:
    drawn.forget()
    draft = read(DRAFT)
    whole, looked = (
        fill(draft, closing, catalogue=national(), unit=unit, answer=answer) for answer in (computed, figures)
    )
    assert plain(looked) == plain(whole)
    assert looked.findings == whole.findings
    filled_in = [place for place in looked.places if place.state is State.FILLED]
    assert unit or len(filled_in) > 6
    # The books' ledgers were counted row by row either way; what the cube told has no rows.
    assert unit or 0 < sum(bool(told(place)) for place in filled_in) < len(filled_in)


def test_what_is_printed_is_computed_and_held_against_the_cube(closing: Closing) -> None:
    draft = read(DRAFT)
    whole, held = (fill(draft, closing, catalogue=national(), answer=answer) for answer in (computed, proved))
    assert held == whole
