"""The card of a figure put together anew after boundaries changed says so, for officials, for the public and in the annex."""

import html
import io
import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from shuzhi.figures.closing import Cell, Relation
from shuzhi.kernel.catalogue.load import national
from shuzhi.prose.reading import read
from tests.figures.county import COLUMNS
from tests.reports import county

if TYPE_CHECKING:  # Django's apps are not loaded yet
    from shuzhi.reports.filling import Filled

BAIDU, OLD = "990199", date(2000, 1, 1)
DAY, BEFORE = date(2025, 7, 1), date(2025, 6, 30)
UNITS: Sequence[Sequence[Cell]] = (
    (county.COUNTY, "青岚县", "county", None, OLD, None, 1, 3),
    (county.TOWN, "石桥镇", "township", county.COUNTY, OLD, None, 2, 2),
    (BAIDU, "白渡县", "county", county.COUNTY, OLD, BEFORE, 3, 3),
)
MERGED = "含2025年7月1日并入的白渡县"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> "Filled":
    """The revenue of two years in a county that took in another one in the second."""
    from shuzhi.reports.filling import fill

    closing = county.close(
        tmp_path_factory.mktemp("merged"),
        observed=[*county.OBSERVED, ("rev_general", BAIDU, 2024, "actual", "决算", "2.5")],
        units=UNITS,
        more=[
            Relation("unit_place", COLUMNS["unit_place"], [(BAIDU, "990000", OLD, BEFORE)]),
            Relation(
                "succession", COLUMNS["succession"], [(BAIDU, county.COUNTY, DAY, True, "民政批〔2025〕3号")]
            ),
        ],
    )
    text = "青岚县2025年度述职报告\n\n2025年一般公共预算收入XX.XX亿元，2024年一般公共预算收入XX.XX亿元。\n"
    return fill(read(text), closing, catalogue=national())


def shown(card: object) -> str:
    """A card as its page says it, without the marks."""
    from django.template.loader import render_to_string

    page = html.unescape(re.sub(r"<[^>]+>", " ", render_to_string("portal/card_body.html", {"card": card})))
    return re.sub(r"\s+", " ", page)


def test_a_figure_put_together_after_a_merger_says_so_on_its_card(filled: "Filled") -> None:
    now, before = filled.places
    assert (now.text, before.text) == ("8.00", "10.00")
    assert f"合计 10亿元 区划 按现在的区划，{MERGED} " in shown(before.card)
    assert "青岚县 2024年12月 7.5 亿元" in shown(before.card)
    assert "白渡县 2024年12月 2.5 亿元" in shown(before.card)
    assert "区划" not in shown(now.card)


def test_the_public_is_told_too(filled: "Filled") -> None:
    from shuzhi.reports.cards import public_card

    made: Any = filled.places[1].card
    assert MERGED in shown(public_card(made, national()))


def test_the_annex_says_it_beside_the_formula(filled: "Filled") -> None:
    from shuzhi.reports.annex import annex

    sheet = load_workbook(io.BytesIO(annex(filled)))["数字与证据"]
    heads, now, before = (tuple(cell.value for cell in row) for row in sheet.iter_rows())
    place = heads.index("算法")
    assert "并入" not in str(now[place])
    assert str(before[place]).endswith(f"（{MERGED}）")


def test_a_card_kept_before_cards_said_so_is_shown_as_it_was(filled: "Filled") -> None:
    made: Any = filled.places[1].card
    old = {
        **made,
        "leaves": [{name: leaf[name] for name in leaf if name != "drawn"} for leaf in made["leaves"]],
    }
    assert "区划" not in shown(old)
