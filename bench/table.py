"""Tables out of a book of results: the last of each way at each scale, in Markdown.

Run by hand: ``python bench/table.py BOOK [WORD …]``; words choose results whose ``what`` or ``bench`` holds one of them.
"""

import argparse
import json
from pathlib import Path

from pairs import told
from tree import SCOPES


def read(book: Path) -> dict[tuple[str, str, str], dict[str, object]]:
    """The last result of each (what, way) at each scale."""
    found: dict[tuple[str, str, str], dict[str, object]] = {}
    for line in book.read_text("utf-8").splitlines():
        said = json.loads(line)
        key = (
            f"{said.get('bench')}: {said.get('what')}",
            str(said.get("way", "")),
            str(said.get("scope", "")),
        )
        found[key] = said
    return found


def cell(said: dict[str, object] | None) -> str:
    """One result: its ratio, and its seconds in brackets."""
    if said is None:
        return ""
    seconds, ratio = said.get("seconds"), said.get("ratio")
    time_ = told(seconds) if isinstance(seconds, float) else ""
    if isinstance(ratio, int | float):
        return f"{ratio:,.3g} ({time_})" if time_ else f"{ratio:,.3g}"
    return time_


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("book", type=Path, help="file of results")
    parser.add_argument("words", nargs="*", help="which results")
    given = parser.parse_args()
    found = read(given.book)
    scopes = [*SCOPES, ""]
    for what in sorted({key[0] for key in found}):
        if given.words and not any(word in what for word in given.words):
            continue
        print(f"\n**{what}**\n\n| way | {' | '.join(scopes)} |\n|---|{'---|' * len(scopes)}")
        ways = dict.fromkeys(way for said, way, _ in found if said == what)
        for way in ways:
            cells = [cell(found.get((what, way, scope))) for scope in scopes]
            print(f"| {way} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
