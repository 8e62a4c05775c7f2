"""All that can be done in the rhythm: confirm a week's plan, report a day, say that nothing changed, hold a meeting, settle, decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shuzhi.evidence.journal import Writing, enter
from shuzhi.evidence.models import Paper
from shuzhi.evidence.numbering import next_ref
from shuzhi.kernel.catalogue.definitions import ORIGINS, VERDICTS
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.kernel.ref import Ref
from shuzhi.matters.models import Matter
from shuzhi.matters.verbs import open_matter, revise_matter
from shuzhi.rhythm.kinds import deciding_kind, plan_kind
from shuzhi.rhythm.models import DayReport, Decision, Meeting, PlanItem, Settlement, Struck
from shuzhi.rhythm.periods import monday, week_name, week_of
from shuzhi.subjects.rights import authorise_duties, code_of, duties_for
from shuzhi.units.models import Appointment, Post, Unit

UNCHANGED = "无变化"
LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item to be taken into a plan: what is promised by when, why it stands there, and what it is about."""

    title: str
    due: date
    result: str = ""
    origin: str = "自提"
    about: str = ""
    before: PlanItem | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class Strike:
    """A proposal left out of a plan."""

    about: str
    title: str
    reason: str = ""


def confirm_plan(
    post: Post,
    week: str,
    *,
    by: Post | None,
    day: date,
    taken: Sequence[NewItem] = (),
    struck: Sequence[Strike] = (),
) -> list[PlanItem]:
    """Confirm a week's plan of a post: what is taken in, what of the proposals is left out; may be done again to add.

    A promise stands from then on: only a meeting can settle it. Side effects, in order: for each item a ref is taken (by
    the week's Monday) and the item is saved; for each strike a row; one link of the journal. With nothing to do nothing
    happens. Raises Refused, with every reason: no right, the week over, an item without words, a due day outside reason.
    """
    kind = plan_kind()
    first = monday(week)
    authorise_duties(by, duties=duties_for(kind, "fill"), what=f"登记{kind.label}", unit=post.unit, day=day)
    found = list(_unfit(post, week, taken, day))
    if found:
        raise Refused(found)
    made: list[PlanItem] = []
    with enter("确认周计划", by=code_of(by), note=f"{post.unit.name}{post.title} {week}") as entry:
        for new in taken:
            ref = next_ref("plan", first.year)
            item = PlanItem(
                ref=ref,
                number=new.number or Ref.parse(ref).key,
                kind=kind.code,
                title=new.title.strip(),
                unit=post.unit,
                post=post,
                week=week,
                date=first,
                due=new.due,
                result=new.result.strip(),
                origin=new.origin,
                about=new.about,
                before=new.before,
                by=by,
                times=new.before.times if new.before else 0,
            )
            entry.save(item)
            made.append(item)
        for strike in struck:
            _strike(entry, post, week, strike)
    return made


def _unfit(post: Post, week: str, taken: Sequence[NewItem], day: date) -> list[Finding]:
    """What keeps the items from the plan."""
    found = []
    first = monday(week)
    if taken and first + timedelta(6) < day:
        found.append(
            Finding("rhythm.week-over", f"{week_name(week)}已经过去", "计划只能列到本周或以后的周", week)
        )
    held = set(
        PlanItem.objects.filter(post=post, week=week).exclude(about="").values_list("about", flat=True)
    )
    for new in taken:
        title = new.title.strip()
        if not title or len(title) > LONGEST_TITLE:
            hint = f"写一句话，不超过{LONGEST_TITLE}字"
            found.append(Finding("rhythm.title", "计划事项没有写明，或太长", hint, title[:20]))
        if new.due < first:
            hint = f"本周从{first}开始，期限不能早于这一天"
            found.append(Finding("rhythm.due", f"期限{new.due}早于本周", hint, title))
        if new.origin not in ORIGINS:
            found.append(
                Finding("rhythm.origin", f"没有“{new.origin}”这一来源", f"可用：{'、'.join(ORIGINS)}", title)
            )
        if new.about and new.about in held:
            found.append(Finding("rhythm.twice", "这一事项本周计划里已有", "一件事一周只列一次", title))
        held.add(new.about)
    return found


def _strike(entry: Writing, post: Post, week: str, strike: Strike) -> None:
    if not Struck.objects.filter(post=post, week=week, about=strike.about).exists():
        entry.save(
            Struck(
                post=post,
                week=week,
                about=strike.about,
                title=strike.title[:LONGEST_TITLE],
                reason=strike.reason.strip(),
            )
        )


# --- the day --------------------------------------------------------------------------------------------------------


def report_day(
    post: Post,
    day: date,
    *,
    by: Post | None,
    lines: Sequence[Mapping[str, object]] = (),
    help_needed: str = "",
    whereabouts: str = "",
) -> DayReport | None:
    """Confirm what a post did on a day; no line at all is an empty day, which may be.

    A line is ``{"done": bool, "about": ref or "", "text": …}``. Side effects, in order: a report with the next number of
    that day is appended; one link of the journal (which never says where anybody was). When it says the same as the last
    one nothing happens and None is returned. Raises Refused: no right, a line without words.
    """
    kind = plan_kind()
    authorise_duties(by, duties=duties_for(kind, "fill"), what="登记日报告", unit=post.unit, day=day)
    told: list[dict[str, object]] = []
    for line in lines:
        text = str(line.get("text", "")).strip()
        if not text:
            raise Refused(Finding("rhythm.line", "日报告里有一行没有写明", "写一句话，或删去这一行"))
        told.append({"done": bool(line.get("done")), "about": str(line.get("about", "")), "text": text})
    with enter("确认日报告", by=code_of(by), note=f"{post.unit.name}{post.title} {day}") as entry:
        last = DayReport.objects.filter(post=post, date=day).order_by("-no").first()
        same = last is not None and (last.lines, last.help, last.whereabouts) == (
            told,
            help_needed.strip(),
            whereabouts.strip(),
        )
        if same:
            return None
        report = DayReport(
            post=post,
            date=day,
            no=last.no + 1 if last else 1,
            lines=told,
            help=help_needed.strip(),
            whereabouts=whereabouts.strip(),
            by=by,
        )
        entry.save(report)
    return report


def report_unchanged(matters: Sequence[tuple[Matter, Post]], *, day: date, by: Post) -> int:
    """Say of many open matters at once that nothing has changed: one movement each, one link of the journal for all.

    Each comes with the post by which this person fills it. Returns how many. Raises Refused: a right missing, a matter
    closed meanwhile; then none is reported.
    """
    with enter("无变化（一并报告）", by=by.code, note=f"{len(matters)}件"):
        for matter, post in matters:
            if matter.closed is not None:
                raise Refused(Finding("rhythm.closed", "事项已办结，不用再报进展", "", matter.title))
            revise_matter(matter, day=day, by=post, note=UNCHANGED)
    return len(matters)


# --- the meeting ----------------------------------------------------------------------------------------------------


def hold_meeting(unit: Unit, day: date, *, chair: Post, by: Post | None) -> Meeting:
    """Open the settling meeting of a unit on a day; the one already opened is given back.

    Side effects, in order: a ref is taken; the meeting is saved; one link of the journal. Raises Refused: whoever records
    has no right, the chair does not lead the unit.
    """
    kind = plan_kind()
    held = Meeting.objects.filter(unit=unit, date=day).first()
    if held is not None:
        return held
    authorise_duties(by, duties=recording(), what="记录碰头会", unit=unit, day=day)
    authorise_duties(chair, duties=duties_for(kind, "decide"), what="主持碰头会", unit=unit, day=day)
    with enter("召开碰头会", by=code_of(by), note=f"{unit.name} {day}") as entry:
        meeting = Meeting(ref=next_ref("meeting", day.year), unit=unit, date=day, chair=chair, by=by)
        entry.save(meeting)
    return meeting


def recording() -> tuple[str, ...]:
    """The duties that may record verdicts and decisions: those that verify plans, and those that decide."""
    kind = plan_kind()
    return (*duties_for(kind, "verify"), *duties_for(kind, "decide"))


def settle(
    item: PlanItem,
    meeting: Meeting,
    verdict: str,
    *,
    by: Post | None,
    reason: str = "",
    moved: date | None = None,
) -> Settlement | None:
    """Record the verdict of a meeting on a plan item; everything but 完成 says why, and what is put off until when.

    Side effects, in order: a settlement is appended; the item is saved with what now holds; one link of the journal. When
    the same verdict stands already nothing happens and None is returned. Raises Refused: no right, one's own promise, a
    verdict without its reason or new day, a later meeting has settled it.
    """
    authorise_duties(by, duties=recording(), what="登记交账结论", unit=item.unit, day=meeting.date)
    reason = reason.strip()
    found = list(_unsettled(item, meeting, verdict, reason, moved, by))
    if found:
        raise Refused(found)
    with enter("交账", by=code_of(by), note=f"{item.title[:60]}：{verdict}") as entry:
        fresh = PlanItem.objects.select_for_update().get(ref=item.ref)
        last = fresh.settlements.order_by("-no").first()
        new = moved if verdict == "顺延" else None
        if last is not None and (last.meeting_id, last.verdict, last.reason, last.moved) == (
            meeting.ref,
            verdict,
            reason,
            new,
        ):
            return None
        made = Settlement(
            item=fresh,
            no=last.no + 1 if last else 1,
            meeting=meeting,
            verdict=verdict,
            reason=reason,
            moved=new,
            by=by,
        )
        carried = fresh.before.times if fresh.before else 0
        fresh.verdict, fresh.settled, fresh.reason, fresh.moved = verdict, meeting.date, reason, new
        fresh.times = carried + (1 if verdict == "顺延" else 0)
        entry.save(fresh)
        entry.save(made)
    return made


def _unsettled(
    item: PlanItem, meeting: Meeting, verdict: str, reason: str, moved: date | None, by: Post | None
) -> list[Finding]:
    """What is wrong with a verdict."""
    place = item.title
    if verdict not in VERDICTS:
        hint = f"可用：{'、'.join(VERDICTS)}"
        return [Finding("rhythm.verdict", f"没有“{verdict}”这一结论", hint, place)]
    found = []
    if by is not None and _same_hands(item.post, by, meeting.date):
        found.append(Finding("rhythm.own", "自己的承诺不能自己下结论", "由督查机构或主持人登记结论", place))
    if verdict != "完成" and not reason:
        found.append(Finding("rhythm.reason", f"“{verdict}”须写明原因", "写一句为什么", place))
    if verdict == "顺延" and (moved is None or moved <= meeting.date):
        hint = f"新期限须在会议日期{meeting.date}之后"
        found.append(Finding("rhythm.moved", "顺延须写明新的期限", hint, place))
    if item.settled is not None and item.settled > meeting.date:
        found.append(
            Finding("rhythm.settled", f"后来的会议（{item.settled}）已交过账", "请在后一次会议上改", place)
        )
    if item.date > meeting.date:
        found.append(Finding("rhythm.early", f"这是{item.week}的计划，还没到交账的时候", "", place))
    return found


def _same_hands(post: Post, by: Post, day: date) -> bool:
    """Whether one person sits on both posts on the day, or they are one post."""
    if post.pk == by.pk:
        return True
    held = Appointment.objects.filter(since__lte=day).exclude(until__lt=day)
    return held.filter(post=by, user__in=held.filter(post=post).values("user")).exists()


def decide(
    meeting: Meeting,
    text: str,
    *,
    unit: Unit,
    due: date,
    by: Post | None,
    lead: Post | None = None,
    fields: Mapping[str, object] | None = None,
) -> Decision:
    """Record what a meeting decided, which becomes a matter in the same act, of the kind that receives decisions.

    The field of that kind that takes the sentence is given the text, the one that takes the source the meeting; ``fields``
    are the others, as typed. Side effects, in order: the matter is opened with its first movement; the decision is saved;
    one link of the journal. Raises Refused: no kind receives decisions, no right to open it, a field unfit.
    """
    kind = deciding_kind()
    text = text.strip()
    if not text:
        raise Refused(Finding("rhythm.decision", "议定内容没有写明", "写一句话：做什么、到什么程度"))
    authorise_duties(by, duties=recording(), what="登记议定事项", unit=meeting.unit, day=meeting.date)
    given: dict[str, object] = dict(fields or {})
    for part, said in (("sentence", text), ("source", str(meeting)), ("year", str(meeting.date.year))):
        field = kind.taking(part)
        if field is not None and not given.get(field.code):
            given[field.code] = said
    with enter("议定事项立项", by=code_of(by), note=text[:60]) as entry:
        matter = open_matter(
            kind,
            unit,
            title=text[:LONGEST_TITLE],
            opened=meeting.date,
            by=by,
            fields=given,
            note=str(meeting),
            due=due,
            lead=lead,
        )
        decision = Decision(meeting=meeting, no=meeting.decisions.count() + 1, text=text, matter=matter)
        entry.save(decision)
    return decision


def keep_minutes(meeting: Meeting, data: bytes, *, paper: str, by: Post | None) -> Paper:
    """Keep the minutes with the meeting; the same minutes twice are kept once.

    Side effects, in order: the paper is attached; one link of the journal. Raises Refused: no right to record.
    """
    authorise_duties(by, duties=recording(), what="形成纪要", unit=meeting.unit, day=meeting.date)
    media = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    with enter("形成碰头会纪要", by=code_of(by), note=str(meeting)) as entry:
        return entry.attach(meeting.ref, paper, f"{meeting}纪要", meeting.date, data, media)


def this_week(day: date) -> str:
    """The week a plan made on the day is for: the running one, from Saturday on the next."""
    return week_of(day + timedelta(2) if day.weekday() > 4 else day)
