"""Tags and filters of the pages: whose instance this is, posts and laws in the office's words, keys of refs."""

from datetime import date
from fractions import Fraction

from django import template

from shuzhi.ballots.paper import BLANK, VALID
from shuzhi.ballots.verbs import KEEPERS
from shuzhi.desk.seat import Seat
from shuzhi.desk.show import tidy
from shuzhi.evidence import instance
from shuzhi.kernel.catalogue.grounds import Basis
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.kernel.measure import say
from shuzhi.units.models import Post

register = template.Library()


@register.simple_tag
def county_name() -> str:
    """The name of the county whose books these are; empty where there is no instance yet (error pages)."""
    try:
        return instance.read().name
    except Refused:
        return ""


@register.filter
def key(ref: str) -> str:
    """The key behind the shape: ``matter/2025-0143`` → ``2025-0143``."""
    return ref.partition("/")[2]


@register.filter
def shape(ref: str) -> str:
    """The shape of a ref: ``matter/2025-0143`` → ``matter``."""
    return ref.partition("/")[0]


@register.filter
def minutes(value: Fraction | None) -> str:
    """Minutes as printed: ``1.5``."""
    return "—" if value is None else tidy(say(value, 2))


@register.filter
def told(post: Post) -> str:
    """The post with its unit, without saying the unit's name twice."""
    return post.title if post.title.startswith(post.unit.name) else f"{post.unit.name}{post.title}"


@register.filter
def law(basis: Basis) -> str:
    """A legal basis as it is quoted, or the words for local practice."""
    return f"{basis.law}（本地做法）" if basis.local else f"《{basis.law}》{basis.article}"


@register.filter
def hint(finding: Finding) -> str:
    """What to do about a finding, unless its message has said so already."""
    return "" if finding.hint in finding.message else finding.hint


@register.filter
def row(finding: Finding) -> str:
    """Which row of a table a finding is about, where it is about one: ``贷款明细第2行：``."""
    table = next((part for part in finding.place.split("·") if part.endswith("行")), "")
    return f"{table}：" if table else ""


@register.filter
def shifted(left: int | None) -> str:
    """Days left or past as a countdown: ``还剩 3 天``, ``今天到期``, ``超期 2 天``."""
    if left is None:
        return ""
    if left == 0:
        return "今天到期"
    return f"还剩 {left} 天" if left > 0 else f"超期 {-left} 天"


@register.filter
def since_days(day: date, today: date) -> str:
    """How long ago a day was: ``今天``, ``12 天前``."""
    gone = (today - day).days
    return "今天" if gone <= 0 else f"{gone} 天前"


@register.filter
def percent(value: Fraction) -> str:
    """A share as printed: ``40%``."""
    return f"{tidy(say(value * 100, 4))}%"


@register.filter
def decimal(value: Fraction) -> str:
    """A coefficient as printed: ``0.8``."""
    return tidy(say(value, 4))


@register.filter
def valid(cover: dict[str, int]) -> int:
    """Valid papers of a cover: those marked and those left wholly blank."""
    return cover[VALID] + cover[BLANK]


@register.filter
def organises(seat: Seat) -> bool:
    """Whether a seat organises evaluations; nobody else is shown that there are any."""
    return any(seat.has(duty) for duty in KEEPERS)
