"""An edition as it was signed: its figures as plain data, the closing they came from, the journal's links that bear it out;
and the archive in which all of it is taken away.
"""

import json
import platform
import tempfile
from collections.abc import Collection, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from shuzhi.books.models import Closing as Book
from shuzhi.books.queries import open_book
from shuzhi.evidence import blobs, instance
from shuzhi.evidence.models import Entry
from shuzhi.figures.closing import Closing
from shuzhi.figures.signed import archive as files
from shuzhi.figures.signed.taken import Audience, Rules, Taken, take
from shuzhi.kernel.chain import canonical, digest
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.prose.waivers import shorn
from shuzhi.reports.cards import public_card
from shuzhi.reports.disclosure import undisclosed
from shuzhi.reports.drafts import draft_of
from shuzhi.reports.models import Binding, Edition
from shuzhi.reports.note import note
from shuzhi.reports.places import State
from shuzhi.reports.printing import Form
from shuzhi.reports.replaying import Replayed, Since, Source, asked, replay, since, source_of
from shuzhi.units.models import Post

_LEAF = ("text", "relation", "relation_digest", "rows", "missing", "total", "status", "refs")
_PAPER = ("owner", "kind", "digest", "day")


def signed_edition(ref: str, no: int = 0) -> Edition:
    """The edition of a report that was signed, the last one when no number is given; Refused where there is none."""
    key = ref if ref.startswith("report/") else f"report/{ref}"
    rows = Edition.objects.filter(report=key, **({"no": no} if no else {})).select_related("report__unit")
    if not rows:
        raise Refused(Finding("report.none", "没有这份报告，或还没有成稿", "请核对报告编号和版次", ref))
    found = rows.filter(signer__isnull=False).order_by("no").last()
    if found is None:
        raise Refused(Finding("report.unsigned", "报告还没有签发", "请先放数、签发", ref))
    return found


def book_of(edition: Edition) -> Closing:
    """The closing an edition was computed from, as it lies. Raises Refused when it is gone or another one lies there."""
    row = Book.objects.filter(pk=edition.closing).first()
    if row is None:
        raise Refused(
            Finding("closing.none", "账上没有这一版所据的结账", "请从备份恢复", str(edition.closing))
        )
    book = open_book(row)
    if book.id != edition.closing:
        said = "结账文件夹里的不是这一版所据的那一次"
        raise Refused(Finding("closing.changed", said, "请从备份恢复", str(book.path)))
    return book


def figures_of(edition: Edition) -> list[dict[str, Any]]:
    """What an edition says from the books, figure by figure in the order of the text, as plain data."""
    rows = list(edition.bindings.filter(state=str(State.FILLED)))
    forms = _forms(edition) if any("printing" not in (row.card or {}) for row in rows) else {}
    return [_figure(row, edition.report.year, forms) for row in rows]


def _forms(edition: Edition) -> dict[int, Form]:
    """How the places of an edition were printed, from its draft: for cards frozen before they kept it."""
    report = edition.report
    draft = shorn(draft_of(blobs.fetch(report.draft_id), report.filename))
    return {slot.span.start: Form.of(slot) for slot in draft.slots}


def _figure(row: Binding, year: int, forms: Mapping[int, Form]) -> dict[str, Any]:
    card: dict[str, Any] = row.card or {}
    form = forms.get(row.start)
    return {
        "no": row.no,
        "label": row.label,
        "code": row.code,
        "concept": row.concept,
        "printed": row.text,
        "unit": row.unit,
        "printing": card.get("printing") or (form.as_json() if form else None),
        "ask": asked({**card, "in": card["unit"]}, year).as_json(),
        "exact": card["exact"],
        "in": card["unit"],
        "status": card["status"],
        "scope": card["scope"],
        "formula": card["formula"],
        "definitions": card.get("definitions", []),
        "leaves": [{name: leaf[name] for name in _LEAF} for leaf in card["leaves"]],
        "papers": [{name: paper[name] for name in _PAPER} for paper in card["papers"]],
    }


def shielded() -> frozenset[str]:
    """Ledgers of which, by today's definitions, nobody but their keepers may be told rows."""
    return frozenset(code for code, kind in instance.catalogue().kinds.items() if kind.guarded)


def retold(edition: Edition, later: Closing) -> tuple[list[Replayed], list[Since]]:
    """An edition computed again from its own books, and what later books say of every figure of it, and why."""
    source = Source(book_of(edition))
    again = replay(figures_of(edition), source)
    return again, since(again, source, later, shielded=shielded())


# --- the archive --------------------------------------------------------------------------------------------------------


def archive_of(edition: Edition, audience: Audience) -> dict[str, bytes]:
    """The files of the archive of a signed edition, computed again from itself before it is given away.

    Nothing is written. Raises Refused while the edition is not signed, and when what lies there does not give what was
    signed.
    """
    if edition.signer is None:
        raise Refused(Finding("report.unsigned", "报告还没有签发，不能归档", "请先放数、签发", str(edition)))
    book, figures = book_of(edition), figures_of(edition)
    replayed = replay(figures, Source(book))
    _sound(replayed, str(edition))
    now = instance.catalogue()

    def kept_back(refs: Collection[str]) -> set[str]:
        return undisclosed(refs, now, edition.as_of)

    taken = take([item.work for item in replayed], book, Rules(audience, (book.catalogue, now), kept_back))
    backs = kept_back(_refs(figures)) if audience is Audience.PUBLIC else set()
    said = [_going(item, edition, taken, audience, backs) for item in replayed]
    made = files.files_of(_about(edition, audience), said, book, taken, note(edition.report.title, said))
    _prove(made, str(edition))
    return {**made, files.VERSIONS: canonical(_versions())}


def _refs(figures: list[dict[str, Any]]) -> set[str]:
    return {ref for figure in figures for leaf in figure["leaves"] for ref in leaf["refs"]}


def _going(
    item: Replayed, edition: Edition, taken: Taken, audience: Audience, backs: Collection[str]
) -> dict[str, object]:
    """One figure as it goes: with its exact value; refs and papers only of what its readers may see."""
    bare = {source for source, _ in taken.totals.values()}
    said = dict(item.said)
    if audience is Audience.PUBLIC:
        said |= {
            name: part
            for name, part in public_card(_whole(said), instance.catalogue(), backs).items()
            if name in ("leaves", "papers")
        }
    leaves = [
        {name: [] if name == "refs" and leaf["relation"] in bare else leaf[name] for name in _LEAF}
        for leaf in said["leaves"]
    ]
    shown = {ref for leaf in leaves for ref in leaf["refs"]}
    papers = [{name: paper[name] for name in _PAPER} for paper in said["papers"] if paper["owner"] in shown]
    rows = not any(leaf["relation"] in bare for leaf in leaves)
    value = str(item.work.figure.value)
    return {**said, "leaves": leaves, "papers": papers, "value": value, "basis": "rows" if rows else "totals"}


def _whole(said: Mapping[str, Any]) -> dict[str, object]:
    """A figure as a card, so that the rule of what the public sees is the one of cards."""
    rows: dict[str, object] = {"columns": [], "codes": [], "records": [], "more": 0}
    return {
        "leaves": [{**leaf, **rows} for leaf in said["leaves"]],
        "papers": [{**paper, "title": ""} for paper in said["papers"]],
    }


def _about(edition: Edition, audience: Audience) -> dict[str, object]:
    """What is said of report and edition: as it stood when it was signed, whatever was done with it afterwards."""
    report = edition.report
    content = {**edition.content(), "published": ""}
    return {
        "audience": str(audience),
        "report": {
            "ref": report.ref,
            "title": report.title,
            "year": report.year,
            "unit": {"code": report.unit_id, "name": report.unit.name},
        },
        "edition": {"name": edition.identity(), "no": edition.no, "content": content},
        "posts": {
            duty: _post(post)
            for duty, post in (
                ("write", edition.writer),
                ("release", edition.releaser),
                ("sign", edition.signer),
            )
        },
        "journal": _entries(edition, digest(canonical(content), instance.algorithm())),
    }


def _post(post: Post | None) -> dict[str, str]:
    return {} if post is None else {"code": post.code, "title": post.title, "unit": post.unit_id}


def _entries(edition: Edition, signed: str) -> list[dict[str, object]]:
    """The entries of the journal that wrote the edition, up to the one that signed it."""
    name = edition.identity()
    found: list[dict[str, object]] = []
    for entry in Entry.objects.filter(body__contains=f'"{name}"').order_by("seq"):
        rows = dict(json.loads(entry.body)["rows"])
        if name not in rows:
            continue
        found.append({"seq": entry.seq, "previous": entry.previous, "body": entry.body, "link": entry.link})
        if rows[name] == signed:
            return found
    said = "日志里没有与这一版相符的签发"
    raise Refused(
        Finding("archive.differs", said, "请先执行 shuzhi verify，查明账目是否被改动", str(edition))
    )


def _versions() -> dict[str, str]:
    """What made the archive; said beside it, and no part of its id."""
    named = {name: version(name) for name in ("duckdb", "pyarrow", "sqlglot")}
    return {"python": platform.python_version(), **named}


# --- proving ------------------------------------------------------------------------------------------------------------


def _sound(replayed: list[Replayed], place: str) -> None:
    wrong = [item for item in replayed if not item.same]
    if wrong:
        said = f"有{len(wrong)}个数按所据的结账重算与签发时不同，不能归档"
        told = [
            Finding(
                "archive.differs",
                f"{item.said['label']}：{'、'.join(item.faults)}",
                place=f"第{item.said['no']}处",
            )
            for item in wrong
        ]
        raise Refused([Finding("archive.differs", said, "请先执行 shuzhi verify", place), *told])


def _prove(made: Mapping[str, bytes], place: str) -> None:
    """Open the archive as a stranger would, and compute everything again from it alone."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.zip"
        path.write_bytes(files.packed(made))
        with files.opened(path) as archive:
            _sound(replay(archive.figures, source_of(archive)), place)
