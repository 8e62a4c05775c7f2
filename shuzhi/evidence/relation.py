"""What a closing holds of the papers: whose, of what kind, and the digest of the bytes."""

from collections.abc import Iterator

from shuzhi.evidence.models import Paper
from shuzhi.figures.closing import Column, Relation
from shuzhi.kernel.catalogue.definitions import Catalogue

PAPER = (
    Column("owner", "text"),
    Column("no", "whole"),
    Column("kind", "text"),
    Column("title", "text"),
    Column("date", "date"),
    Column("digest", "text"),
)


def relations(catalogue: Catalogue) -> Iterator[Relation]:
    """The relation ``paper``."""
    rows = Paper.objects.values_list("owner", "no", "kind", "title", "day", "blob_id")
    yield Relation("paper", PAPER, list(rows))
