"""All that can be asked of reports: the draft read, the editions, what was chosen in earlier years, who holds a post."""

from datetime import date
from functools import lru_cache

from django.db.models import Q

from shuzhi.kernel.finding import Finding, Refused
from shuzhi.prose.decode import NotADocument, decode, docx_text
from shuzhi.prose.model import Draft
from shuzhi.prose.reading import read
from shuzhi.reports.models import Choice, Report
from shuzhi.units.models import Post


@lru_cache(maxsize=32)
def draft_of(data: bytes, filename: str) -> Draft:
    """The draft in a .txt or .docx file, read; raises Refused when the file is neither."""
    if filename.lower().endswith(".docx") or data.startswith(b"PK\x03\x04"):
        try:
            return read(docx_text(data).text)
        except NotADocument as error:
            raise Refused(
                Finding("draft.docx", str(error), "请用 Word 另存为 .docx 后再试", filename)
            ) from error
    decoded = decode(data)
    if not decoded.text.strip():
        raise Refused(Finding("draft.empty", "草稿里没有文字", "请上传 .txt 或 .docx 文稿", filename))
    return read(decoded.text)


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
