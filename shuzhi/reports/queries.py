"""All that can be asked of reports: what was chosen in earlier years, who holds a post."""

from datetime import date

from django.db.models import Q

from shuzhi.reports.models import Choice, Report
from shuzhi.units.models import Post


def memory(report: Report) -> dict[str, str]:
    """Choices of earlier reports of the unit, by what they measure; the newest wins."""
    rows = (
        Choice.objects.filter(report__unit=report.unit).exclude(report=report).order_by("report_id", "start")
    )
    return dict(rows.values_list("wording", "concept"))


def holders(post: Post, day: date) -> set[str]:
    """Log-in names of whoever holds the post on a day."""
    held = post.appointments.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)
    return set(held.values_list("user__username", flat=True))
