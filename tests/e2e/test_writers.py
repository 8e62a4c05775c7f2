"""Six at once: nothing is lost, nothing forks, nothing is paid twice, and who closes the books sees one moment."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.office import Answer, Office, opened, parcel, postgres

CLERKS, EACH = 6, 40


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    home = tmp_path_factory.mktemp("office") / "home"
    if request.param == "sqlite":
        with opened(home) as made:
            yield made
    else:
        with postgres() as address, opened(home, address) as made:
            yield made


def words(answers: list[Answer]) -> list[list[str]]:
    """What every clerk said, line by line, word by word; all of them must have ended well."""
    assert [answer.err for answer in answers if answer.code != 0] == []
    return [line.split(" ") for answer in answers for line in answer.out.splitlines()]


def numbered(shape: str, count: int) -> list[str]:
    return [f"{shape}/2025-{number:04d}" for number in range(1, count + 1)]


def test_six_writers_lose_nothing_and_a_closing_meanwhile_is_of_one_moment(
    office: Office, tmp_path: Path
) -> None:
    begun = office.entries()
    clerks = [("enter", name, EACH, "+", "leave", tmp_path, name) for name in "abcdef"]
    *answers, looked = office.together(*clerks, ("look", tmp_path, CLERKS))
    said = words(answers)
    assert sorted(ref for ref, _ in said) == numbered("record", CLERKS * EACH)
    assert {name for _, name in said} == {f"{clerk}-{n}" for clerk in "abcdef" for n in range(EACH)}
    assert looked.code == 0, looked.err
    closings = [json.loads(line) for line in looked.out.splitlines()]
    for closing in closings:
        rows = closing["rows"]
        of_one_entry = {
            rows.get(name, 0) for name in ("try_shop", "try_meeting", "try_meeting.deals", "paper")
        }
        assert len(of_one_entry) == 1
        assert closing["wrong"] == []
    assert closings[-1]["rows"]["try_meeting"] == CLERKS * EACH
    assert CLERKS * EACH < office.entries() - begun <= CLERKS * EACH + len(closings)


def test_six_payers_at_once_never_pay_more_than_was_allocated(office: Office) -> None:
    said = words(office.together(*[("pay", name, EACH) for name in "abcdef"]))
    refused = Counter(word for (word,) in said if not word.startswith("payment/"))
    assert sorted(word for (word,) in said if word.startswith("payment/")) == numbered("payment", 100)
    assert refused == {"fund.over-allocation": CLERKS * EACH - 100}
    assert office.entries()


def test_one_workbook_sent_in_by_three_at_once_among_single_entries_is_loaded_once(
    office: Office, tmp_path: Path
) -> None:
    path = parcel(tmp_path / "in", payments=False)
    before = office.entries()
    answers = office.together(*[("load", path)] * 3, ("enter", "g", 10), ("enter", "h", 10))
    words(answers)
    assert Counter("新增 11" in answer.out for answer in answers[:3]) == {True: 1, False: 2}
    assert office.entries() == before + 21
