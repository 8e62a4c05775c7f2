"""A score sheet settled: the books closed and kept, the scheme scored over them, and the sheet filed as evidence."""

import json
from datetime import date

from shuzhi.books.verbs import close_books
from shuzhi.cube.asking.drawn import proved
from shuzhi.evidence.journal import enter
from shuzhi.evidence.models import Paper
from shuzhi.evidence.queries import papers_of
from shuzhi.figures.judging.scoring import Sheet, score
from shuzhi.kernel.catalogue.schemes import Scheme

KIND = "计分表"


def owner_of(scheme: Scheme) -> str:
    """What the sheets of a scheme are filed under: ``score/township_2025``."""
    return f"score/{scheme.code}"


def settle(scheme: Scheme, as_of: date, *, by: str) -> Sheet:
    """Close the books, score the scheme over the closing and file the sheet with its inputs, parameters and closing.

    Side effects, in order: a kept closing; one link of the journal with the sheet as a paper (JSON). The same books and
    the same parameters file nothing a second time. Raises Refused where the closing's cube says another figure than its rows.
    """
    closing = close_books(as_of, by=by, keep=True)
    sheet = score(closing.catalogue.schemes.get(scheme.code, scheme), closing, answer=proved)
    data = json.dumps(sheet.as_json(), ensure_ascii=False, sort_keys=True, indent=1).encode()
    with enter("考核计分定稿", by=by, note=f"{scheme.label}：{sheet.id}") as entry:
        title = f"{scheme.label}计分单 {sheet.id.partition(':')[2][:12]}"
        entry.attach(owner_of(scheme), KIND, title, as_of, data, "application/json")
    return sheet


def settled(scheme: Scheme) -> list[Paper]:
    """The sheets filed for a scheme, newest first."""
    return list(papers_of(owner_of(scheme)).reverse())
