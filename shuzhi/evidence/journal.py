"""``enter()``: the only way to write. One transaction, one link of the chain."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from shuzhi.evidence import blobs, instance
from shuzhi.evidence.guard import current
from shuzhi.evidence.models import Account, Blob, Counter, Entry, Head, Paper
from shuzhi.kernel.chain import GENESIS, canonical, digest, link

Known = TypeVar("Known")


class Writing:
    """An open entry: collects what is done until the transaction ends.

    While it is open nobody else writes, so what it has read stays true until it writes itself: it may remember.
    """

    def __init__(self, by: str, at: datetime) -> None:
        self.by = by
        self.at = at
        self.acts: list[dict[str, str]] = []
        self._rows: dict[str, Account] = {}
        self._counters: dict[tuple[str, int], Counter] = {}
        self._blobs: dict[str, tuple[Blob, bytes]] = {}
        self._known: dict[Hashable, object] = {}

    def recall(self, key: Hashable, read: Callable[[], Known]) -> Known:
        """What ``read`` tells, read once in this entry. Whoever changes it afterwards changes what is remembered too."""
        if key not in self._known:
            self._known[key] = read()
        return self._known[key]  # type: ignore[return-value]

    def forget(self) -> None:
        """Remember nothing of what was read: some of what was written since has been undone."""
        self._known.clear()

    def save(self, row: Account) -> None:
        """Insert or change one row and remember it for the journal."""
        row.save(force_insert=row._state.adding)
        self._rows[row.identity()] = row

    def save_all(self, rows: Sequence[Account]) -> None:
        """Insert many new rows of one model at once."""
        if not rows:
            return
        type(rows[0]).objects.bulk_create(rows, batch_size=500)
        self._rows.update((row.identity(), row) for row in rows)

    def count(self, shape: str, year: int) -> int:
        """The next number of a shape in a year; nobody else writes before this entry ends, so it is kept at its end."""
        counter = self._counters.get((shape, year))
        if counter is None:
            counter, _ = Counter.objects.select_for_update().get_or_create(shape=shape, year=year)
            self._counters[shape, year] = counter
        counter.last += 1
        return counter.last

    def settle(self) -> None:
        """Keep the numbers taken and the blobs, their files first on the disk: no link names one that is not there."""
        for counter in self._counters.values():
            counter.save()
        there = Blob.objects.in_bulk(list(self._blobs))
        self.save_all([blob for name, (blob, _) in self._blobs.items() if name not in there])
        blobs.keep({name: data for name, (_, data) in self._blobs.items()})

    def keep(self, data: bytes, media_type: str) -> Blob:
        """Keep the bytes as a blob when the entry ends, row and file; the same bytes are kept once."""
        name = blobs.name_of(data)
        blob = Blob(digest=name, size=len(data), media_type=media_type)
        return self._blobs.setdefault(name, (blob, data))[0]

    def named(self, ref: str) -> str:
        """The ref, which has just been given to something new: it has no papers yet."""
        self.recall(("papers", ref), list)
        return ref

    def papers_of(self, owner: str) -> list[Paper]:
        """The papers of a thing, oldest first, with those attached in this entry."""
        return self.recall(("papers", owner), lambda: list(Paper.objects.filter(owner=owner)))

    def attach(self, owner: str, kind: str, title: str, day: date, data: bytes, media_type: str) -> Paper:
        """Keep the bytes as a blob and attach them to the thing named by ``owner``; the same paper twice is one."""
        blob = self.keep(data, media_type)
        papers = self.papers_of(owner)
        for paper in papers:
            if paper.blob_id == blob.digest and paper.kind == kind and paper.title == title:
                return paper
        paper = Paper(owner=owner, no=len(papers) + 1, kind=kind, title=title, day=day, blob=blob)
        self.save(paper)
        papers.append(paper)
        return paper

    def body(self, algorithm: str) -> dict[str, object]:
        """What the journal keeps of this entry: acts, and the digest of each row as it now stands."""
        rows = [
            [name, digest(canonical(row.content()), algorithm)] for name, row in sorted(self._rows.items())
        ]
        return {"at": self.at, "by": self.by, "acts": self.acts, "rows": rows}

    @property
    def wrote(self) -> bool:
        """Whether anything was saved; an entry without a row leaves no link."""
        return bool(self._rows)


@contextmanager
def enter(verb: str, *, by: str, note: str = "", at: datetime | None = None) -> Iterator[Writing]:
    """Open an entry of the journal.

    ``verb`` says in Chinese what is done, ``by`` is the post that does it (its code, or ``system``), ``note`` a remark.
    Inside another ``enter()`` the act joins the outer entry. Side effects, in order: a transaction is opened and the end
    of the chain locked, so that one writes at a time and sees all that was written before; rows saved through the entry
    are written; at its end one link is added to the chain; all of it or nothing.
    """
    outer = current.get()
    if isinstance(outer, Writing):
        outer.acts.append({"verb": verb, "by": by, "note": note})
        try:
            yield outer
        except BaseException:
            outer.forget()  # whoever goes on after this undoes what was written
            raise
        return
    writing = Writing(by, at or timezone.now())
    writing.acts.append({"verb": verb, "by": by, "note": note})
    token = current.set(writing)
    try:
        with transaction.atomic():
            end = _end_of_chain()
            yield writing
            writing.settle()
            if writing.wrote:
                _append(writing, end)
    finally:
        current.reset(token)


def _end_of_chain() -> Head:
    """The end of the chain, locked until commit: links follow each other as commits do, and no two writers wait for
    each other's rows. SQLite has one writer at a time anyway; so the accounts behave alike on both databases.
    """
    return Head.objects.select_for_update().get_or_create(pk=1, defaults={"seq": -1, "link": GENESIS})[0]


def _append(writing: Writing, end: Head) -> None:
    """Add the link."""
    algorithm = instance.algorithm()
    if end.seq < 0:
        _found(end, algorithm)
    body = canonical(writing.body(algorithm))
    _link(end, writing.at, writing.by, body, algorithm)
    end.save()


def _found(end: Head, algorithm: str) -> None:
    """The first link of the chain, which commits the instance to its algorithm and county."""
    decided = instance.read()
    body = canonical(
        {"genesis": GENESIS, "algorithm": algorithm, "county": decided.county, "name": decided.name}
    )
    _link(end, timezone.now(), "system", body, algorithm)


def _link(end: Head, at: datetime, by: str, body: bytes, algorithm: str) -> None:
    entry = Entry(
        seq=end.seq + 1,
        at=at,
        by=by,
        body=body.decode("utf-8", "surrogatepass"),
        previous=end.link,
        link=link(end.link, body, algorithm),
    )
    entry.save(force_insert=True)
    end.seq, end.link = entry.seq, entry.link


def head() -> tuple[int, str]:
    """Number and link of the last entry; (-1, "") for an empty journal."""
    last = Head.objects.filter(pk=1).first()
    return (last.seq, last.link) if last and last.seq >= 0 else (-1, "")
