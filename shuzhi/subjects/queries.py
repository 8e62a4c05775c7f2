"""All that can be asked live of subjects."""

from collections.abc import Mapping
from datetime import date

from django.db.models import QuerySet

from shuzhi.kernel.catalogue.definitions import Kind
from shuzhi.subjects.listing import ListColumn, Listing, columns_of, listing
from shuzhi.subjects.models import Subject
from shuzhi.subjects.rights import within_sight
from shuzhi.units.models import User

COLUMNS = (
    ListColumn("ref", "编号", "ref", "ref"),
    ListColumn("code", "代码", "text", "code"),
    ListColumn("name", "名称", "text", "name"),
    ListColumn("unit", "所属单位", "unit", "unit_id"),
    ListColumn("since", "起始日期", "date", "since"),
    ListColumn("until", "终止日期", "date", "until"),
)


def seen_by(user: User, kind: Kind, day: date) -> QuerySet[Subject]:
    """The subjects of a kind that a person may see on a day."""
    rows = Subject.objects.filter(kind=kind.code).select_related("unit")
    return within_sight(rows, user, kind, day)


def list_subjects(
    user: User,
    kind: Kind,
    day: date,
    *,
    filters: Mapping[str, object] | None = None,
    sort: str = "",
    search: str = "",
) -> Listing[Subject]:
    """The list of a kind of subject as a person may see it; see :func:`shuzhi.subjects.listing.listing`."""
    columns = columns_of(COLUMNS, kind.fields)
    return listing(
        seen_by(user, kind, day),
        columns,
        filters=filters,
        sort=sort,
        search=search,
        searched=("name", "code"),
    )


def alive(kind: Kind, day: date) -> QuerySet[Subject]:
    """The subjects of a kind that exist on a day."""
    return Subject.objects.filter(kind=kind.code, since__lte=day).exclude(until__lt=day)


def subject_columns(subject: Subject) -> dict[str, object]:
    """A subject's columns as formulas know them."""
    return {
        "ref": subject.ref,
        "code": subject.code,
        "name": subject.name,
        "unit": subject.unit_id,
        "since": subject.since,
        "until": subject.until,
    }
