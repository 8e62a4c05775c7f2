"""Rows of weekly plans: what was promised for a week, and how a meeting settled it."""

from shuzhi.intake.steps import CHANGED, OPENED, UNCHANGED, Reading, nearest
from shuzhi.intake.take_ledgers import acting, find_matter, kind_of
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.rhythm.models import PlanItem
from shuzhi.rhythm.periods import monday
from shuzhi.rhythm.verbs import NewItem, confirm_plan, hold_meeting, settle
from shuzhi.subjects.rights import duties_for
from shuzhi.units.models import Post


def take_plan_item(reading: Reading) -> tuple[str, str]:
    """Take an item into the plan of its week, as on that week's Monday, and settle it where the row says how.

    An item already there stays as it was promised; a verdict it has not had yet is recorded.
    """
    kind, post = kind_of(reading), reading.post("post")
    number, title, week = reading.needed("number"), reading.needed("title"), reading.needed("week")
    due = reading.day("due")
    what = f"{kind.label} {number} {title}"
    if reading.findings or post is None or due is None:
        for code in ("post", "due"):
            reading.needed(code)
        return UNCHANGED, what
    item = reading.context.seen(PlanItem.objects.filter(kind=kind.code, number=number)).first()
    outcome = UNCHANGED
    if item is None:
        matter, before = find_matter(reading, "about"), _before(reading, kind.code)
        if reading.findings:
            return UNCHANGED, what
        new = NewItem(
            title=title,
            due=due,
            result=reading.text("result"),
            origin=reading.text("origin") or "自提",
            about=matter.ref if matter else "",
            before=before,
            number=number,
        )
        by = post if reading.context.actor.user is None else acting(reading, kind, "fill", post.unit)
        item = confirm_plan(post, week, taken=[new], by=by, day=monday(week))[0]
        outcome = OPENED
    settled = _settle(reading, item)
    return (CHANGED if settled and outcome == UNCHANGED else outcome), what


def _before(reading: Reading, kind: str) -> PlanItem | None:
    """The promise a row goes on from, by its number."""
    said = reading.text("before")
    if not said:
        return None
    known = reading.context.seen(PlanItem.objects.filter(kind=kind))
    found = known.filter(number=said).first()
    if found is None:
        numbers = dict.fromkeys(known.values_list("number", flat=True))
        reading.wrong("before", "intake.plan", f"周计划里没有编号“{said}”", nearest(said, numbers))
    return found


def _settle(reading: Reading, item: PlanItem) -> bool:
    """Record the verdict the row tells, at the meeting of that day; the meeting is opened by the first row that names it."""
    verdict, day = reading.text("verdict"), reading.day("settled")
    if not verdict or item.verdict == verdict:
        return False
    if day is None:
        reading.wrong("settled", "intake.empty", "有结论的须填“交账日期”", "填碰头会的日期")
        return False
    chair = reading.post("chair")
    if chair is None:
        reading.wrong("chair", "intake.empty", "有结论的须填“主持职务”", "填主持碰头会的领导职务")
        return False
    by = _recorder(reading, item)
    meeting = hold_meeting(chair.unit, day, chair=chair, by=by or chair)
    made = settle(
        item, meeting, verdict, by=by or chair, reason=reading.text("reason"), moved=reading.day("moved")
    )
    return made is not None


def _recorder(reading: Reading, item: PlanItem) -> Post | None:
    """Who records: the importer's own post, or the one the row names."""
    if reading.context.actor.user is None:
        return reading.post("recorder")
    kind = kind_of(reading)
    post = reading.context.actor.post(duties_for(kind, "verify"), item.unit)
    if post is None:
        raise Refused(Finding("intake.right", "没有可以登记交账结论的职务", "由督查机构导入"))
    return post
