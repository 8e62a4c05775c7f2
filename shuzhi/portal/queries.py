"""All that can be asked of the shelf."""

from django.db.models import QuerySet

from shuzhi.evidence import blobs
from shuzhi.portal.models import Publication, PublishedFigure


def shelf() -> QuerySet[Publication]:
    """Every publication, newest first, those withdrawn included: the shelf does not forget."""
    return Publication.objects.order_by("-day", "slug")


def page_of(publication: Publication) -> str:
    """The published page as it was put on the shelf."""
    return blobs.fetch(publication.page_id).decode()


def figure(code: str) -> PublishedFigure | None:
    """The published figure of a short code, however it was typed (case, spaces, missing hyphen)."""
    plain = "".join(char for char in code.upper() if char.isalnum()).replace("O", "0").replace("I", "1")
    wanted = f"{plain[:4]}-{plain[4:]}" if len(plain) == 8 else ""
    return PublishedFigure.objects.filter(code=wanted).select_related("publication").first()
