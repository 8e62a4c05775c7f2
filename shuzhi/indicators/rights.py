"""Who reports an indicator for a unit: a post with its duty in the unit or above, or the department the catalogue names."""

import re
from datetime import date

from shuzhi.kernel.catalogue.definitions import Indicator
from shuzhi.units.models import Post, Unit, User
from shuzhi.units.queries import post_may, posts_of

# Remarks in an owner's name (商务局(海关)) name nobody who sits in the county.
_REMARK = re.compile(r"[（(][^）)]*[）)]")


def duties_to_observe(indicator: Indicator, role: str) -> tuple[str, ...]:
    """Actual values come only from the indicator's own duty (statistics from the statistics post alone, 统计法);
    targets and forecasts also from a leader or whoever decides.
    """
    return (indicator.duty,) if role == "actual" else (indicator.duty, "lead")


def owns(unit: Unit, indicator: Indicator) -> bool:
    """Whether the catalogue names the unit among the indicator's owners (统计局/商务局)."""
    owners = _REMARK.sub("", indicator.owner).split("/")
    return any(owner.strip() and unit.name.endswith(owner.strip()) for owner in owners)


def reports(post: Post, indicator: Indicator, unit: Unit, role: str = "actual") -> bool:
    """Whether a post may report the indicator for the unit.

    A department reports what it owns for the county or township it serves, though it stands beside it and not above.
    """
    duties = duties_to_observe(indicator, role)
    if post_may(post, duties=duties, unit=unit):
        return True
    serves = post.unit.level == "department" and post.unit.parent_id == unit.code
    return serves and bool(set(duties) & set(post.duties)) and owns(post.unit, indicator)


def reporting_post(
    user: User, indicator: Indicator, unit: Unit, *, role: str = "actual", day: date
) -> Post | None:
    """The post by which a person may report the indicator for the unit that day, or None."""
    if not user.is_active:
        return None
    return next((post for post in posts_of(user, day) if reports(post, indicator, unit, role)), None)
