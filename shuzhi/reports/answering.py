"""Answering a place by hand: accept a name the books propose, write one in with its source, leave it out with a reason."""

import re
from datetime import date

from shuzhi.evidence import blobs
from shuzhi.evidence.journal import Writing, enter
from shuzhi.evidence.models import Paper
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.matters.papers import NewPaper, attach_all
from shuzhi.prose.memory import memory_key
from shuzhi.prose.model import Draft, Slot
from shuzhi.prose.naming import name_key
from shuzhi.prose.waivers import shorn
from shuzhi.reports.drafts import draft_of
from shuzhi.reports.filling import Filled
from shuzhi.reports.given import DASH, NOTHING
from shuzhi.reports.models import Answer, Report
from shuzhi.reports.places import Given, Manner, Place, State
from shuzhi.units.models import Post
from shuzhi.units.queries import post_may

LONGEST = 60
_NUMBER = re.compile(r"\d{1,3}(?:[,，]\d{3})*(?:\.\d+)?|\d+(?:\.\d+)?")


def accept(report: Report, made: Filled, *, start: int, text: str, by: Post, day: date) -> Answer:
    """Accept a name that the books propose for a place of the filled report; only a proposal can be accepted.

    Side effects, in order: the answer; one link. Raises Refused: no right, no such place, no such proposal.
    """
    place = _place(made, start)
    proposal = next((item for item in place.proposals if item.text == text), None)
    if proposal is None:
        raise Refused(
            Finding(
                "answer.proposal", f"账上没有提出“{text}”", "请刷新页面后从所提的名称里选", f"第{start}字"
            )
        )
    given = Given(Manner.ACCEPTED, proposal.text, proposal.source, refs=proposal.refs)
    return _keep(report, place.slot, given, by=by, day=day)


def write(
    report: Report,
    made: Filled,
    *,
    start: int,
    text: str,
    source: str,
    by: Post,
    day: date,
    paper: NewPaper | None = None,
) -> Answer:
    """Write own words into a gap, with where they come from: a paper, or the author's statement.

    Side effects, in order: the paper is attached to the report; the answer; one link. Raises Refused: no right, no gap
    there, the books say otherwise, no source, words that do not fit the place.
    """
    place = _place(made, start)
    text, source = text.strip(), source.strip()
    where = f"第{start}字"
    if place.state is State.FILLED:
        raise Refused(Finding("answer.filled", "这一处账上有数，不能自填", "数不对的请在账上更正", where))
    if place.state is State.CONFLICT:
        raise Refused(
            Finding(
                "answer.conflict",
                f"账上有这个数，与文中的话相反：{place.reason}",
                "请改写这一句后重新放入草稿，或略去",
                where,
            )
        )
    _fits(place, text, where)
    if not source and paper is None:
        raise Refused(Finding("answer.source", "没有注明来源", "请附材料，或写明依据什么、谁提供的", where))
    told = source or (f"材料《{paper.title}》" if paper else "")
    return _keep(report, place.slot, Given(Manner.WRITTEN, text, told), by=by, day=day, paper=paper)


def leave_out(
    report: Report, made: Filled, *, start: int, reason: str, by: Post, day: date, dash: bool = False
) -> Answer:
    """Leave a gap out, which prints nothing or a dash; the reason is kept and listed.

    Side effects, in order: the answer; one link. Raises Refused: no right, no gap there, no reason.
    """
    place = _place(made, start)
    if place.state is State.FILLED:
        raise Refused(
            Finding("answer.filled", "这一处账上有数，不能略去", "不想写的，请改写草稿", f"第{start}字")
        )
    if not reason.strip():
        raise Refused(Finding("answer.reason", "没有写略去的理由", "请写明为什么不填", f"第{start}字"))
    given = Given(Manner.LEFT, DASH if dash else NOTHING, reason.strip())
    return _keep(report, place.slot, given, by=by, day=day)


def withdraw(report: Report, *, start: int, by: Post, day: date) -> Answer:
    """Take back what was given to a place, which is a gap again. Writes the answer; raises Refused where there is none."""
    held = Answer.objects.filter(report=report, start=start).exclude(manner=Manner.WITHDRAWN).first()
    draft = shorn(draft_of(blobs.fetch(report.draft_id), report.filename))
    if held is None:
        raise Refused(Finding("answer.none", "这一处没有自填过", "请刷新页面", f"第{start}字"))
    return _keep(report, _slot(draft, start), Given(Manner.WITHDRAWN, "", "撤回"), by=by, day=day)


def _keep(
    report: Report, slot: Slot, given: Given, *, by: Post, day: date, paper: NewPaper | None = None
) -> Answer:
    if not post_may(by, duties=("write",), unit=report.unit):
        raise Refused(Finding("report.duty", f"“{by.title}”没有撰稿职责，不能自填", "请由撰稿人办理"))
    draft = shorn(draft_of(blobs.fetch(report.draft_id), report.filename))
    slot = _slot(draft, slot.span.start)
    with enter(f"{given.manner}空格", by=by.code, note=given.text or given.source) as entry:
        answer = Answer.objects.filter(report=report, start=slot.span.start).first() or Answer(
            report=report, start=slot.span.start
        )
        answer.end = slot.span.end
        answer.wording = (name_key(draft, slot) if slot.meaning.kind == "name" else memory_key(slot))[:300]
        answer.manner, answer.text, answer.source = given.manner, given.text, given.source[:500]
        answer.refs, answer.by, answer.day = list(given.refs), by, day
        answer.paper = _attached(entry, report, paper) if paper else None
        entry.save(answer)
    return answer


def _attached(entry: Writing, report: Report, paper: NewPaper) -> Paper:
    return attach_all(entry, report.ref, [paper])[0]


def _place(made: Filled, start: int) -> Place:
    place = next((item for item in made.places if item.slot.span.start == start), None)
    if place is None:
        raise Refused(Finding("report.place", "草稿的这个位置没有空格", "请刷新页面后重办", f"第{start}字"))
    return place


def _slot(draft: Draft, start: int) -> Slot:
    return next(item for item in draft.slots if item.span.start == start)


def _fits(place: Place, text: str, where: str) -> None:
    """Refuse words that cannot stand in the place: none, too many, or no number where a number is asked."""
    if not text or len(text) > LONGEST or "\n" in text:
        raise Refused(
            Finding("answer.text", f"请填 1 至 {LONGEST} 个字", "只填空格里的内容，不带单位", where)
        )
    if place.slot.meaning.kind not in ("name", "other") and not _NUMBER.fullmatch(text):
        raise Refused(Finding("answer.number", f"这里要填数字，“{text}”不是", "只填数字，不带单位", where))
