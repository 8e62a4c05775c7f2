"""The page of units: found by initials, a merged unit under its successor, what became of it told."""

from datetime import date

import pytest
from django.test import Client

from shuzhi.units.models import Unit
from shuzhi.units.verbs import merge_units
from tests.cast import Cast


@pytest.fixture
def desk(cast: Cast, client: Client) -> Client:
    client.force_login(cast.user("town_filler"))
    return client


def test_the_tree_opens_at_its_root(desk: Client) -> None:
    page = desk.get("/desk/units/").content.decode()
    assert "陵水湾县" in page
    assert "清河镇" in page


@pytest.mark.parametrize(("said", "name"), [("qhz", "清河镇"), ("桃源", "桃源村"), ("990102", "白石乡")])
def test_a_unit_is_found_as_clerks_type_it(desk: Client, said: str, name: str) -> None:
    assert name in desk.get("/desk/units/", {"q": said}).content.decode()


def test_what_was_not_found_says_how_to_look(desk: Client) -> None:
    assert "拼音首字母" in desk.get("/desk/units/", {"q": "zzzz"}).content.decode()


def test_a_merged_unit_is_told_on_both_pages(desk: Client, cast: Cast) -> None:
    paper = "民政厅批复〔2025〕12号"
    merge_units(
        [Unit.objects.get(code="990102")], into=cast.town, day=date(2025, 7, 1), document=paper, by="system"
    )
    assert f"并入清河镇（{paper}）" in desk.get("/desk/units/990102/").content.decode()
    assert "白石乡并入" in desk.get("/desk/units/990101/").content.decode()


def test_a_code_nobody_has_is_not_found(desk: Client) -> None:
    assert desk.get("/desk/units/123456/").status_code == 404


def test_ledgers_are_listed_by_what_they_serve_and_found_by_word(desk: Client) -> None:
    page = desk.get("/desk/ledgers/").content.decode()
    assert "生态与城乡" in page
    found = desk.get("/desk/ledgers/", {"q": "河长"}).content.decode()
    assert "巡河" in found
    assert "信访事项" not in found
