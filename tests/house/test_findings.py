"""Every finding has its page, and the examples on the pages are true: the wrong one is found, the right one is not."""

import subprocess
import sys

import pytest

from shuzhi.prose.faults import ELSEWHERE, RULES
from shuzhi.prose.faults.placeholder import leftovers
from shuzhi.prose.faults.repetition import copied
from shuzhi.prose.faults.rule import Rule
from shuzhi.prose.reading import read
from shuzhi.prose.tables import at, table
from tests.house.reading import ROOT

EVERY = (*RULES, *ELSEWHERE)
TOLD = {"title", "looks", "why", "wrong", "right"}


def found(rule: Rule, example: str) -> set[str]:
    """Return the rules that object to an example, the rule's own occasion of finding minded; advice only by advice."""
    draft = read(str(at("rules", rule.id, example)))
    made = {*draft.defects}
    if rule.force == "提示":
        made |= {*draft.advice}
    if rule.type == "placeholder_figure":
        made |= set(leftovers(draft))
    if rule.type == "copied_paragraph":
        made |= set(copied(draft, [str(at("rules", rule.id, "earlier"))]))
    return {finding.rule for finding in made}


def test_every_rule_is_told_of_and_nothing_else_is() -> None:
    assert len({rule.id for rule in EVERY}) == len(EVERY)
    assert {rule.id for rule in EVERY} == set(table("rules"))


def test_every_page_is_what_the_table_says() -> None:
    """Run docs/tools/list_findings.py after changing a rule or its table."""
    tool = ROOT / "docs" / "tools" / "list_findings.py"
    assert subprocess.run([sys.executable, tool, "--check"], check=False).returncode == 0


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.id)
def test_a_rule_has_a_title_a_reason_and_examples(rule: Rule) -> None:
    entry = at("rules", rule.id)
    assert isinstance(entry, dict)
    assert set(entry) - {"earlier"} == TOLD
    assert all(str(value).strip() for value in entry.values())


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.id)
def test_the_wrong_example_is_found_by_its_rule_alone(rule: Rule) -> None:
    assert found(rule, "wrong") == {rule.id}


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.id)
def test_the_right_example_is_found_by_none(rule: Rule) -> None:
    assert found(rule, "right") == set()
