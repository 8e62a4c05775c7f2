"""What filling a draft costs, stage by stage, in a process of its own: start, read, fill (bind, compute, cards), docx, PDF.

Run by hand: ``python bench/fill.py DRAFT CLOSING_DIR [--cache DIR] [--rounds 7]``, with a closing the demo has made
(``shuzhi demo``). Each round starts two processes in turn: one whose cache is empty, one that finds what the first
kept (closings unchanged), and in the second fills once more, as a server does. Printed are medians in milliseconds of
processor time, and the medians of the ratio of each to the start of its own process, because the machine's own speed drifts.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STAGES = ("start", "read", "fill", "docx", "read to docx", "pdf", "again: read to docx")


def main() -> None:
    """Time the stages in fresh processes and print their medians and ratios; as a child, time one process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("draft", type=Path, help="a masked draft")
    parser.add_argument("closing", type=Path, help="the folder of a closing")
    parser.add_argument("--cache", type=Path, help="where answers are kept; a temporary folder without")
    parser.add_argument("--rounds", type=int, default=7, help="rounds timed")
    parser.add_argument("--child", action="store_true", help="time this one process and print JSON")
    given = parser.parse_args()
    if given.child:
        print(json.dumps(one(given.draft, given.closing, given.cache)))
        return
    with tempfile.TemporaryDirectory() as folder:
        cache = given.cache or Path(folder) / "cache"
        cold: list[dict[str, float]] = []
        warm: list[dict[str, float]] = []
        for _ in range(given.rounds):
            shutil.rmtree(cache, ignore_errors=True)
            cold.append(child(given.draft, given.closing, cache))
            warm.append(child(given.draft, given.closing, cache))
    print(f"{'':22}{'nothing kept':>22}{'closing unchanged':>24}")
    for stage in STAGES:
        print(f"{stage:22}{told(cold, stage):>22}{told(warm, stage):>24}")


def told(rounds: list[dict[str, float]], stage: str) -> str:
    """The median of a stage, and of its ratio to the start of its process."""
    spent = statistics.median(one[stage] for one in rounds)
    ratio = statistics.median(one[stage] / one["start"] for one in rounds)
    return f"{spent:8.0f} ms  ×{ratio:5.2f}"


def child(draft: Path, closing: Path, cache: Path) -> dict[str, float]:
    """The stages of a process of its own."""
    call = [sys.executable, __file__, str(draft), str(closing), "--cache", str(cache), "--child"]
    told = subprocess.run(call, capture_output=True, text=True, check=True).stdout
    return {name: float(spent) for name, spent in json.loads(told).items()}


def one(path: Path, folder: Path, cache: Path) -> dict[str, float]:
    """Fill a draft in this process, stage by stage; milliseconds of processor time."""
    import gc

    from shuzhi.cli import SELDOM

    gc.set_threshold(*SELDOM)
    from dataclasses import replace

    from shuzhi.figures.closing import known, open_closing
    from shuzhi.kernel.catalogue.kept import checked
    from shuzhi.kernel.catalogue.load import national_folder
    from shuzhi.prose.writing.docx_out import to_docx
    from shuzhi.prose.writing.pdf_out import to_pdf
    from shuzhi.reports.assemble import paper_of
    from shuzhi.reports.drafts import draft_of
    from shuzhi.reports.filling import fill

    local = folder.parent.parent / "catalogue"
    closing = replace(open_closing(folder), cache=cache)
    catalogue = checked([national_folder(), local], cache)
    if catalogue.digest == closing.catalogue_digest:
        known(catalogue, closing.catalogue_digest)
    data, spent = path.read_bytes(), {"start": time.process_time() * 1000}

    def lap(name: str, since: float) -> float:
        now = time.process_time() * 1000
        spent[name] = now - since
        return now

    begun = now = time.process_time() * 1000
    draft = draft_of(data, path.name, judged=False)
    now = lap("read", now)
    filled = fill(draft, closing, catalogue=catalogue)
    now = lap("fill", now)
    paper = paper_of(filled)
    to_docx(paper)
    now = lap("docx", now)
    lap("read to docx", begun)
    now = time.process_time() * 1000
    to_pdf(paper)
    now = lap("pdf", now)
    draft_of.cache_clear()
    again = fill(draft_of(data, path.name, judged=False), closing, catalogue=catalogue)
    to_docx(paper_of(again))
    lap("again: read to docx", now)
    return spent


if __name__ == "__main__":
    main()
