"""The catalogue against what the laws ask for and what reports draw on: every limit kept, every indicator there."""

import re
import tomllib
from pathlib import Path

import pytest

from shuzhi.kernel.catalogue.definitions import Clock
from shuzhi.kernel.catalogue.load import national
from shuzhi.kernel.expr.spell import spell

CATALOGUE = national()
WANTED = tomllib.loads((Path(__file__).parent / "wanted.toml").read_text("utf-8"))
LIMITS: list[dict[str, str]] = WANTED["limits"]
# Limits that depend on the case name every number the law names.
BY_CASE = {"licence_case.decide", "sme_debt.pay", "work_accident.approve"}


def number(clock: Clock) -> str:
    """The limit as a number: a literal, or today's value of the parameter it names."""
    assert clock.limit is not None
    written = spell(clock.limit.node)
    named = re.fullmatch(r"param\('(\w+)'\)", written)
    return CATALOGUE.parameters[named[1]].values[-1][1] if named else written


def counted(clock: Clock) -> str:
    """How a clock counts, in the words of the table."""
    if clock.on:
        return "on"
    return f"{clock.per}{'-min' if clock.at_least else ''}{'-before' if clock.before else ''}"


@pytest.mark.parametrize("wanted", LIMITS, ids=[f"{item['what']} {item['clock']}" for item in LIMITS])
def test_every_limit_of_the_law_is_kept(wanted: dict[str, str]) -> None:
    kind, code = wanted["clock"].split(".")
    clock = CATALOGUE.kinds[kind].clock(code)
    assert clock is not None
    assert counted(clock) == wanted["per"]
    if clock.on:
        assert clock.on == wanted["limit"]
    elif wanted["clock"] in BY_CASE:
        assert wanted["limit"] in re.findall(r"\d+", number(clock))
    else:
        assert number(clock) == wanted["limit"]


def test_every_indicator_of_the_national_list_is_there_once() -> None:
    indicators = CATALOGUE.indicators
    stands = [figure.stands_for for kind in CATALOGUE.kinds.values() for figure in kind.figures]
    answers = [code for item in indicators.values() for code in item.answers.values()]
    assert set(WANTED["indicators"]) - {*indicators, *stands, *answers} == set()


def test_every_mechanism_has_a_ledger_or_a_page_of_its_own() -> None:
    kept = {kind.mechanism for kind in CATALOGUE.kinds.values()}
    without = [mechanism for code, mechanism in CATALOGUE.mechanisms.items() if code not in kept]
    assert [mechanism.code for mechanism in without if not mechanism.note] == []
    assert len(CATALOGUE.mechanisms) >= 60


def test_every_kind_says_who_leads_and_who_verifies() -> None:
    for kind in CATALOGUE.kinds.values():
        assert {"leads", "fills"} <= set(kind.roles), kind.code
