"""A county keeps a hundred ledgers: its pages ask the database no more than if it kept ten."""

import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shuzhi.evidence import instance
from shuzhi.matters.verbs import open_matter
from tests.accounts import SMALL, kind
from tests.cast import Cast
from tests.desk.office import TODAY, errand, seated

COPIES = 5


def copied(home: Path, code: str, number: int) -> str:
    """One more kind like another, under a name of its own."""
    made = f"{code}_{number}"
    for ending in ("toml", "cases.toml"):
        text = (SMALL / "kinds" / f"{code}.{ending}").read_text("utf-8")
        (home / "catalogue" / "kinds" / f"{made}.{ending}").write_text(
            re.sub(rf"\b{code}\b", made, text), "utf-8"
        )
    return made


@pytest.mark.parametrize("who", ["town_filler", "head"])
@pytest.mark.parametrize("page", ["/desk/", "/desk/digest/", "/desk/ledgers/", "/desk/owed/"])
def test_more_kinds_ask_no_more_queries(office: Cast, home: Path, who: str, page: str) -> None:
    errand(office)
    client = seated(office, who)
    client.get(page)
    few = asked(client, page)
    made = [copied(home, code, number) for number in range(COPIES) for code in ("try_errand", "try_patrol")]
    instance.forget()
    by = office.post("town_filler")
    for code in made:
        if code.startswith("try_errand"):
            open_matter(kind(code), office.town, title=code, opened=TODAY, by=by, fields={"urgency": "急"})
    assert asked(client, page) == few


def asked(client: Client, page: str) -> int:
    """How many queries a page asks."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return len(queries)
