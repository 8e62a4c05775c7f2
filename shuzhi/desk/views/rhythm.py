"""周计划、日报告：proposed from the accounts and confirmed; 完成率; each post is one line and each promise one row."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from shuzhi.desk.seat import Seat, seated
from shuzhi.desk.views.changes import day_of, tell
from shuzhi.kernel.finding import Refused
from shuzhi.rhythm.kinds import plan_kind
from shuzhi.rhythm.models import PlanItem
from shuzhi.rhythm.periods import monday, week_name, week_of
from shuzhi.rhythm.proposals import Line, Proposal, day_lines, plan_of, proposals
from shuzhi.rhythm.queries import (
    day_report,
    kept,
    may_see_whereabouts,
    planning_posts,
    put_off_often,
)
from shuzhi.rhythm.verbs import NewItem, Strike, confirm_plan, report_day, this_week
from shuzhi.subjects.rights import duties_for
from shuzhi.units.models import Post

BLANK = 2
WEEKS_BACK = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A post in the list of plans: its items of the week, and how many are settled."""

    post: Post
    items: list[PlanItem]

    @property
    def settled(self) -> int:
        """How many have a verdict."""
        return sum(bool(item.verdict) for item in self.items)


def writer(seat: Seat, post: Post) -> Post | None:
    """By which post this person enters a plan or a day of a post: the very post, or one that fills in for it."""
    if post in seat.posts:
        return post
    return seat.post_for(duties_for(plan_kind(), "fill"), post.unit)


def post_of(seat: Seat, code: str) -> Post:
    """The post of that code, below this seat; 404 otherwise."""
    post = Post.objects.filter(code=code).select_related("unit").first()
    if post is None or not seat.sees(post.unit_id):
        raise Http404
    return post


def asked_week(text: str, seat: Seat) -> str:
    """The week asked for in an address; the running one when it is none."""
    try:
        monday(text)
    except Refused:
        return this_week(seat.day)
    return text


@require_GET
@seated
def plans(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Every plan of a week below this seat, one's own first."""
    week = asked_week(request.GET.get("week", ""), seat)
    rows: dict[str, list[PlanItem]] = {}
    for item in PlanItem.objects.filter(week=week, unit__in=seat.domain).order_by("due", "ref"):
        rows.setdefault(item.post_id, []).append(item)
    posts = planning_posts(seat.user, seat.day)
    mine = [post for post in posts if post in seat.posts]
    others = [Row(post, rows[post.code]) for post in posts if post not in mine and post.code in rows]
    context = {
        "week": week,
        "week_name": week_name(week),
        "before": week_of(monday(week) - timedelta(7)),
        "after": week_of(monday(week) + timedelta(7)),
        "mine": [Row(post, rows.get(post.code, [])) for post in mine],
        "others": others,
        "none": [post for post in posts if post.code not in rows and post not in mine],
    }
    return render(request, "desk/plans.html", context)


@require_http_methods(["GET", "POST"])
@seated
def plan(request: HttpRequest, seat: Seat, code: str, week: str) -> HttpResponseBase:
    """The plan of a post for a week: what stands in it, what the accounts propose."""
    post = post_of(seat, code)
    try:
        first = monday(week)
    except Refused:
        raise Http404 from None
    by = writer(seat, post)
    over = first + timedelta(6) < seat.day
    offered = [] if by is None or over else proposals(post, week, seat.day)
    if request.method == "POST":
        try:
            if by is None:
                raise Http404
            made = confirm_plan(
                post,
                week,
                by=by,
                day=seat.day,
                taken=list(_taken(request, offered, first + timedelta(4))),
                struck=list(_struck(request, offered)),
            )
        except Refused as refused:
            tell(request, refused)
        else:
            messages.success(request, f"本周计划已确认，新列入 {len(made)} 件。")
            return redirect("desk:plan", code=code, week=week)
    friday = first + timedelta(4)
    context = {
        "post": post,
        "week": week,
        "week_name": week_name(week),
        "before": week_of(first - timedelta(7)),
        "after": week_of(first + timedelta(7)),
        "items": plan_of(post, week),
        "last": plan_of(post, week_of(first - timedelta(7))),
        "offered": [
            (number, one, request.POST.get(f"result-{number}", "")) for number, one in enumerate(offered)
        ],
        "may": by is not None and not over,
        "blank": [
            (number, request.POST.get(f"own-{number}", ""), request.POST.get(f"own-result-{number}", ""))
            for number in range(BLANK)
        ],
        "friday": friday,
    }
    return render(request, "desk/plan.html", context)


def _taken(request: HttpRequest, offered: list[Proposal], friday: date) -> Iterator[NewItem]:
    """The proposals taken in, then what was added by hand."""
    posted = {request.POST.get(f"about-{number}", ""): number for number in range(len(offered) + 50)}
    for one in offered:
        number = posted.get(one.about)
        if number is None or request.POST.get(f"act-{number}") != "take":
            continue
        due = request.POST.get(f"due-{number}", "")
        yield NewItem(
            title=one.title,
            due=day_of(due) if due else one.due,
            result=request.POST.get(f"result-{number}", ""),
            origin=one.origin,
            about=one.about,
            before=one.before,
        )
    for number in range(BLANK):
        title = request.POST.get(f"own-{number}", "").strip()
        due = request.POST.get(f"own-due-{number}", "")
        if title:
            yield NewItem(
                title=title,
                due=day_of(due) if due else friday,
                result=request.POST.get(f"own-result-{number}", ""),
            )


def _struck(request: HttpRequest, offered: list[Proposal]) -> Iterator[Strike]:
    posted = {request.POST.get(f"about-{number}", ""): number for number in range(len(offered) + 50)}
    for one in offered:
        number = posted.get(one.about)
        if number is not None and request.POST.get(f"act-{number}") == "strike":
            yield Strike(one.about, one.title, request.POST.get(f"result-{number}", ""))


# --- the day --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@seated
def day(request: HttpRequest, seat: Seat, code: str) -> HttpResponseBase:
    """The report of a day: proposed from what was really done, confirmed with one press."""
    post = post_of(seat, code)
    on = _asked_day(request.GET.get("day", ""), seat)
    by = writer(seat, post)
    sees = may_see_whereabouts(seat.user, post, seat.day)
    held = day_report(post, on)
    if request.method == "POST":
        try:
            if by is None or on > seat.day:
                raise Http404
            where = request.POST.get("whereabouts", "") if sees else held.whereabouts if held else ""
            made = report_day(
                post,
                on,
                by=by,
                lines=[line.as_kept() for line in _typed_lines(request)],
                help_needed=request.POST.get("help", ""),
                whereabouts=where,
            )
        except Refused as refused:
            tell(request, refused)
        else:
            messages.success(request, "日报告已确认。" if made else "没有变化，未再登记。")
            return redirect(f"{request.path}?day={on}")
    lines = [_as_line(line) for line in held.lines] if held else day_lines(post, on)
    known = {(line.about, line.text) for line in lines}
    news = [line for line in day_lines(post, on) if (line.about, line.text) not in known] if held else []
    context = {
        "post": post,
        "on": on,
        "before": on - timedelta(1),
        "after": on + timedelta(1) if on < seat.day else None,
        "held": held,
        "lines": list(enumerate([*lines, *news])),
        "blank": range(len(lines) + len(news), len(lines) + len(news) + BLANK),
        "may": by is not None and on <= seat.day,
        "sees": sees,
        "help": held.help if held else "",
        "whereabouts": held.whereabouts if held else "在岗",
    }
    return render(request, "desk/day.html", context)


def _asked_day(text: str, seat: Seat) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return seat.day


def _typed_lines(request: HttpRequest) -> Iterator[Line]:
    """The lines as they stand in the form; a line left empty is no line."""
    number = 0
    while f"text-{number}" in request.POST:
        text = request.POST.get(f"text-{number}", "").strip()
        if text:
            yield Line(
                request.POST.get(f"done-{number}") == "1",
                request.POST.get(f"about-{number}", "")[:80],
                text[:500],
            )
        number += 1


def _as_line(kept_: dict[str, object]) -> Line:
    return Line(bool(kept_.get("done")), str(kept_.get("about", "")), str(kept_.get("text", "")))


# --- kept -----------------------------------------------------------------------------------------------------------


@require_GET
@seated
def keeping(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """How promises were kept, by post and by unit, and what is put off again and again."""
    year = seat.day.year
    spans = {
        "weeks": (f"近{WEEKS_BACK}周", seat.day - timedelta(7 * WEEKS_BACK), seat.day),
        "year": (f"{year}年", date(year, 1, 1), seat.day),
        "last": (f"{year - 1}年", date(year - 1, 1, 1), date(year - 1, 12, 31)),
    }
    chosen = request.GET.get("span", "weeks")
    name, since, until = spans.get(chosen, spans["weeks"])
    context = {
        "spans": [(code, told[0]) for code, told in spans.items()],
        "chosen": chosen if chosen in spans else "weeks",
        "name": name,
        "tables": [
            ("按单位", "单位", kept(seat.user, seat.day, since, until, by_unit=True)),
            ("按职务", "职务", kept(seat.user, seat.day, since, until)),
        ],
        "often": put_off_often(seat.user, seat.day, since),
    }
    return render(request, "desk/kept.html", context)
