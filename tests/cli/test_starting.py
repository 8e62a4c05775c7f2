"""A command starts with what it needs and no more."""

import argparse
import subprocess
import sys
from importlib import import_module

from shuzhi.cli import COMMANDS, parser


def commands_of(made: argparse.ArgumentParser) -> set[str]:
    """The commands a parser knows."""
    return {
        name
        for action in made._actions
        for name in (action.choices or ())
        if isinstance(action.choices, dict)
    }


def test_every_command_is_written_down_beside_the_module_it_is_in() -> None:
    for part, known in COMMANDS.items():
        made = argparse.ArgumentParser()
        import_module(f"shuzhi.cli.{part}").add(made.add_subparsers())
        assert commands_of(made) == set(known), part


def test_a_word_that_is_no_command_is_answered_with_all_of_them() -> None:
    assert commands_of(parser("nonsense")) == {name for known in COMMANDS.values() for name in known}


def test_founding_an_instance_draws_in_neither_the_engine_nor_the_reader_of_drafts() -> None:
    asked = "import sys, shuzhi.cli; shuzhi.cli.parser('init'); print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    drawn = set(told.stdout.split())
    assert "shuzhi.cli.instance" in drawn
    assert not drawn & {"duckdb", "sqlglot", "docx", "shuzhi.prose.reading"}
