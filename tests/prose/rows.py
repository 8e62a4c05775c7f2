"""Reads the tables of cases beside the tests: a sentence, a tab, what is expected of it."""

from pathlib import Path

_HERE = Path(__file__).parent / "tables"


def rows(name: str) -> list[tuple[str, tuple[str, ...]]]:
    """The cases of table `name`: each sentence with the expectations behind its tab."""
    made = []
    for line in (_HERE / f"{name}.tsv").read_text(encoding="utf-8").split("\n"):
        if line and not line.startswith("# "):
            text, _, expected = line.partition("\t")
            made.append((text, tuple(part for part in expected.split(";") if part.strip())))
    return made
