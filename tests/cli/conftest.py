"""The instance and the cast, and the command ``shuzhi`` run in this very process."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.accounts import cast, home

__all__ = ["cast", "home"]


@dataclass(frozen=True)
class Said:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """What it said, as data."""
        return json.loads(self.out)


Shuzhi = Callable[..., Said]


@pytest.fixture
def shuzhi(capsys: pytest.CaptureFixture[str]) -> Shuzhi:
    """Runs one command of ``shuzhi`` and returns what it said."""
    from shuzhi.cli import main

    def run(*words: str | Path) -> Said:
        capsys.readouterr()
        try:
            code = main([str(word) for word in words])
        except SystemExit as ended:  # argparse
            code = int(str(ended.code))
        told = capsys.readouterr()
        return Said(code, told.out, told.err)

    return run
