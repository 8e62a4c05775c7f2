"""All that can be asked of the evidence: the papers of a thing, the entries that touched it."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from shuzhi.evidence.models import Entry, Paper


def papers_of(owner: str) -> QuerySet[Paper]:
    """The papers attached to a thing, oldest first."""
    return Paper.objects.filter(owner=owner).select_related("blob").order_by("no")


def entries_of(name: str) -> Iterator[Entry]:
    """The entries of the journal that wrote the row of that identity, oldest first."""
    for entry in Entry.objects.filter(body__contains=f'["{name}",').order_by("seq"):
        if any(row[0] == name for row in json.loads(entry.body).get("rows", [])):
            yield entry


def written_by(code: str, day: date) -> Iterator[str]:
    """The identities of the rows that a post wrote on a day of the wall clock, in the order of the journal."""
    start = datetime.combine(day, time.min, timezone.get_current_timezone())
    for entry in Entry.objects.filter(by=code, at__gte=start, at__lt=start + timedelta(1)).order_by("seq"):
        yield from (row[0] for row in json.loads(entry.body).get("rows", []))
