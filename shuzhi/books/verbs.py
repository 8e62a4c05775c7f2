"""``close_books()``: freeze the accounts into a closing, cheaply enough to do whenever somebody looks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from shuzhi.ballots import relation as ballots
from shuzhi.books.models import Closing
from shuzhi.books.queries import newest, of_today, open_book
from shuzhi.evidence import instance
from shuzhi.evidence import relation as evidence
from shuzhi.evidence.journal import enter, head
from shuzhi.evidence.snapshot import snapshot
from shuzhi.figures import closing as files
from shuzhi.funds import relation as funds
from shuzhi.indicators import relation as indicators
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.matters import relation as matters
from shuzhi.records import relation as records
from shuzhi.rhythm import relation as rhythm
from shuzhi.subjects import relation as subjects
from shuzhi.units import relation as units
from shuzhi.units.queries import root

SOURCES = (units, subjects, indicators, matters, records, funds, rhythm, ballots, evidence)


def relations(catalogue: Catalogue) -> Iterator[files.Relation]:
    """Every relation of the accounts, as each account app declares its own."""
    for source in SOURCES:
        yield from source.relations(catalogue)


def close_books(as_of: date, *, by: str, keep: bool = False) -> files.Closing:
    """Close the books as of a day and return the closing.

    When neither the journal has moved nor the definitions have changed since the last closing of that day, that closing
    is returned and nothing is written.
    Every relation is of one moment, whoever writes meanwhile. Side effects, in order: files of relations that changed are
    written to the store; the closing's folder with its manifest; one row and one link of the journal that names the
    manifest's digest. ``keep`` marks the closing as one that a report was signed on.
    """
    with snapshot():
        last = newest(as_of)
        seq, _ = head()
        if last is not None and last.entry == seq and (last.purpose == "kept" or not keep):
            held = open_book(last)
            if of_today(held):
                return held
        written = _freeze(as_of)
    _register(written, as_of, seq, by, keep)
    return replace(written, cache=instance.cache())


def _freeze(as_of: date) -> files.Closing:
    """Write the closing's files."""
    catalogue = instance.catalogue()
    here = root()
    return files.write_closing(
        instance.home() / "closings",
        unit_code=here.code,
        unit_name=here.name,
        as_of=as_of,
        catalogue=catalogue,
        relations=relations(catalogue),
        algorithm=instance.algorithm(),
    )


def _register(written: files.Closing, as_of: date, seq: int, by: str, keep: bool) -> None:
    """Anchor the closing's digest in the journal; the same books closed again are the same closing."""
    with enter("结账", by=by, note=written.id.partition(":")[2][:12]) as entry:
        row = Closing.objects.filter(pk=written.id).first() or Closing(
            id=written.id, as_of=as_of, folder=written.path.name
        )
        if row.entry == head()[0] and (row.purpose == "kept" or not keep):
            return  # another closed the same books meanwhile, and nothing has moved since
        # The number its own link will have. Should another writer come between, it is only closed once more.
        row.entry = seq + 1
        if keep:
            row.purpose = "kept"
        entry.save(row)
