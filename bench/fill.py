"""What filling a draft costs, part by part: reading, binding, computing with cards, docx, PDF, page and annex.

Run by hand: ``python bench/fill.py DRAFT CLOSING_DIR [--rounds 5]``, with a closing the demo has made (``shuzhi demo``). Each
round does every part once, in turn, with the caches of reading and computing dropped; printed are medians and the
median ratio to reading alone in the same round, because the machine's own speed drifts.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from shuzhi.figures.closing import open_closing
from shuzhi.figures.observed import SHEETS
from shuzhi.figures.partial import PARTIALS
from shuzhi.prose.binding import bind
from shuzhi.prose.writing.docx_out import to_docx
from shuzhi.prose.writing.html_out import to_page
from shuzhi.prose.writing.pdf_out import to_pdf
from shuzhi.reports.annex import annex
from shuzhi.reports.assemble import paper_of
from shuzhi.reports.concepts import concepts
from shuzhi.reports.drafts import draft_of
from shuzhi.reports.filling import fill


def main() -> None:
    """Time the parts and print their medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("draft", type=Path, help="a masked draft")
    parser.add_argument("closing", type=Path, help="the folder of a closing")
    parser.add_argument("--rounds", type=int, default=5, help="rounds timed")
    given = parser.parse_args()
    data, closing = given.draft.read_bytes(), open_closing(given.closing)
    catalogue, draft = closing.catalogue, draft_of(data, given.draft.name)
    known = concepts(catalogue)
    filled = fill(draft, closing, catalogue=catalogue)
    paper = paper_of(filled)
    ways: dict[str, Callable[[], object]] = {
        "read": lambda: draft_of(data, given.draft.name),
        "bind": lambda: bind(draft, known, figures=False),
        "fill (bind, compute, cards), cold": lambda: fill(draft, closing, catalogue=catalogue),
        "fill, warm": lambda: fill(draft, closing, catalogue=catalogue),
        "docx": lambda: to_docx(paper),
        "pdf": lambda: to_pdf(paper),
        "page": lambda: to_page(paper),
        "annex": lambda: annex(filled),
    }
    print(
        f"{len(draft.text)} characters, {len(filled.places)} places, {len(filled.places) - len(filled.gaps())} filled"
    )
    report(ways, given.rounds)


def report(ways: dict[str, Callable[[], object]], rounds: int) -> None:
    """Time the ways in turn; print the median of each and of its ratio to reading in the same round."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way()
    for _ in range(rounds):
        draft_of.cache_clear()
        PARTIALS.clear()
        SHEETS.clear()
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            times[name].append(time.perf_counter() - start)
    for name, found in times.items():
        ratios = [one / alone for one, alone in zip(found, times["read"], strict=True)]
        print(f"{name:34} {statistics.median(found) * 1000:9.1f} ms   ×{statistics.median(ratios):6.2f}")


if __name__ == "__main__":
    main()
