"""All that can be done to the shelf: put a publication on it, or take it down with a reason everybody sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from shuzhi.evidence.journal import enter
from shuzhi.kernel.chain import canonical
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.portal.models import Publication, PublishedFigure

Card = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Content:
    """What is put on the shelf: the HTML fragment readers see, the figures' cards by short code, the files as
    (name, media type, bytes), and what machines read (the cards where ``data`` is left out).
    """

    page: str
    cards: Mapping[str, Card] = field(default_factory=dict)
    files: Sequence[tuple[str, str, bytes]] = ()
    data: Mapping[str, object] | None = None


def publish(
    slug: str,
    sort: str,
    content: Content,
    *,
    title: str,
    unit_name: str,
    day: date,
    closing: str,
    by: str,
) -> Publication:
    """Put something on the shelf; a correction is a new publication under a slug of its own.

    Side effects, in order: blobs of page, data and files; the publication; one row for each figure; one link.
    """
    if Publication.objects.filter(slug=slug).exists():
        raise Refused(Finding("portal.published", f"“{slug}”已经公开", "更正请另立一版公开，原件保留", slug))
    with enter("公开", by=by, note=title) as entry:
        kept = [
            {"name": name, "type": kind, "digest": entry.keep(data, kind).digest}
            for name, kind, data in content.files
        ]
        publication = Publication(
            slug=slug,
            sort=sort,
            title=title,
            unit_name=unit_name,
            day=day,
            closing=closing,
            page=entry.keep(content.page.encode(), "text/html"),
            data=entry.keep(
                canonical(dict(content.cards if content.data is None else content.data)),
                "application/json",
            ),
            files=kept,
        )
        entry.save(publication)
        known = set(PublishedFigure.objects.filter(code__in=content.cards).values_list("code", flat=True))
        entry.save_all(
            [
                PublishedFigure(code=code, publication=publication, card=dict(card))
                for code, card in content.cards.items()
                if code not in known
            ]
        )
    return publication


def withdraw(publication: Publication, *, day: date, reason: str, by: str) -> Publication:
    """Take a publication down; the shelf keeps saying that it was there and why it went. Writes the publication."""
    if not reason.strip():
        raise Refused(Finding("portal.withdraw", "撤下须写明原因", "原因会公开显示", publication.slug))
    with enter("撤下公开", by=by, note=publication.title) as entry:
        publication.withdrawn = day
        publication.reason = reason.strip()
        entry.save(publication)
    return publication
