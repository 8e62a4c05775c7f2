"""All that can be done in an evaluation: prepare, print slips, open, cast, stop, seal; annul what went wrong."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date

from shuzhi.ballots import urn as urns
from shuzhi.ballots.codes import Choose, draw_receipt, draw_slip, slip_digest
from shuzhi.ballots.fit import misfits
from shuzhi.ballots.models import ANNULLED, OPEN, PREPARING, SEALED, STOPPED, Evaluation, Seal, SlipBatch
from shuzhi.ballots.paper import Paper, cut
from shuzhi.ballots.proof import Proof, Turnout, check
from shuzhi.ballots.tally import reduce
from shuzhi.evidence import instance
from shuzhi.evidence.journal import enter
from shuzhi.evidence.numbering import next_ref
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.subjects.rights import authorise_duties
from shuzhi.units.models import Appointment, Post, Unit

#: Whose work evaluations are; nobody else sees progress or results, the head and the administrator included.
KEEPERS = ("organise",)
MOST_SLIPS = 2000


def prepare(unit: Unit, paper: Paper, *, title: str, day: date, by: Post) -> Evaluation:
    """Set up an evaluation of a unit, whose poll is on ``day``; its paper can no longer change.

    Side effects, in order: a ref of the day's year is taken; the evaluation is saved; one link of the journal. Raises
    Refused, with every reason: no right, evaluated oneself, a paper that could not be counted.
    """
    authorise_duties(by, duties=KEEPERS, what="组织民主测评", unit=unit, day=day)
    found = misfits(title, paper)
    known = set(
        Post.objects.filter(code__in=[one.post for one in paper.targets]).values_list("code", flat=True)
    )
    for target in paper.targets:
        if target.post and target.post not in known:
            found.append(
                Finding("ballot.post", f"没有代码为“{target.post}”的职务", "请从名单中选择", target.label)
            )
    if found:
        raise Refused(found)
    with enter("设置民主测评", by=by.code, note=title) as entry:
        evaluation = Evaluation(
            ref=next_ref("evaluation", day.year),
            title=title.strip(),
            unit=unit,
            day=day,
            paper=paper.as_json(),
            by=by,
        )
        _impartial(evaluation, by)
        entry.save(evaluation)
    return evaluation


def issue(
    evaluation: Evaluation, group: str, count: int, *, by: Post, choose: Choose = secrets.choice
) -> list[str]:
    """Make slips for a group and give their codes, this once: only their digests are kept, in an order of their own.

    Side effects, in order: a batch is saved; one link of the journal. Raises Refused: no right, not the time, an unknown
    group, no sensible number.
    """
    _authorise(evaluation, by, "印制测评票")
    codes = [draw_slip(choose) for _ in range(count)] if 0 < count <= MOST_SLIPS else []
    with enter("印制测评票", by=by.code, note=f"{evaluation.title} {group}类 {count}张") as entry:
        fresh = _at(evaluation, PREPARING, OPEN)
        if group not in {one.code for one in fresh.asks.groups}:
            raise Refused(Finding("ballot.group", f"没有“{group}”这一类", "请选择票面上的类别", fresh.title))
        if not codes:
            hint = f"一次印1至{MOST_SLIPS}张"
            raise Refused(Finding("ballot.count", "印制张数不合适", hint, fresh.title))
        digests = sorted(slip_digest(fresh.ref, code, instance.algorithm()) for code in codes)
        entry.save(SlipBatch(evaluation=fresh, no=fresh.batches.count() + 1, group=group, digests=digests))
    return codes


def void_slips(batch: SlipBatch, *, reason: str, by: Post) -> SlipBatch:
    """Make a batch worthless (misprinted, lost before it was given out). Refused once one of its slips was used.

    Side effects, in order: the batch is changed; one link of the journal.
    """
    _authorise(batch.evaluation, by, "作废测评票")
    if not reason.strip():
        raise Refused(Finding("ballot.reason", "作废须写明原因", "写一句为什么", str(batch)))
    with urns.alone(), enter("作废测评票", by=by.code, note=str(batch)) as entry:
        evaluation = _at(batch.evaluation, PREPARING, OPEN)
        fresh = SlipBatch.objects.get(pk=batch.pk)
        if evaluation.stage == OPEN and _urn(evaluation).used[fresh.group] & set(fresh.digests):
            raise Refused(Finding("ballot.batch-used", "这一批里已有票投出", "只能作废整个测评", str(fresh)))
        fresh.voided, fresh.reason = True, reason.strip()
        entry.save(fresh)
    return fresh


def open_poll(evaluation: Evaluation, *, by: Post) -> Evaluation:
    """Open the poll. Side effects, in order: an empty urn is put up; the evaluation is saved; one link of the journal.

    Raises Refused: no right, not the time, no slips for a group that somebody is expected in.
    """
    _authorise(evaluation, by, "开启投票")
    with urns.alone(), enter("开启投票", by=by.code, note=evaluation.title) as entry:
        fresh = _at(evaluation, PREPARING)
        printed = printed_slips(fresh)
        bare = [group for group in fresh.asks.groups if group.expected and not printed[group.code]]
        if bare:
            raise Refused(
                [
                    Finding("ballot.no-slips", f"{one.code}类还没有印票", "先印票再开启投票", fresh.title)
                    for one in bare
                ]
            )
        urns.write(fresh.ref, urns.empty(fresh.asks))
        fresh.stage = OPEN
        entry.save(fresh)
    return fresh


def cast(evaluation: Evaluation, code: str, marks: Mapping[str, Sequence[str]], *, receipt: str = "") -> str:
    """Cast a marked paper with a slip's code, and give the receipt; the one act that leaves no link of the journal.

    Side effect: the urn is written anew with the slip's digest, the receipt and the strips of the paper, each among its
    like; nothing else. Raises Refused: the poll is not open, no such slip, the slip was used, a mark not on the paper.
    """
    with urns.alone():
        fresh = _at(evaluation, OPEN)
        slip = slip_digest(fresh.ref, code, instance.algorithm())
        group = next((group for group, slips in printed_slips(fresh).items() if slip in slips), None)
        if group is None:
            raise Refused(Finding("ballot.no-slip", "没有这张票", "请对照票上的编码重新输入"))
        urn = _urn(fresh)
        if slip in urn.used[group]:
            raise Refused(Finding("ballot.used", "这张票已经投过", "每张票只能投一次"))
        try:
            paper = cut(fresh.asks, marks)
        except ValueError as error:
            raise Refused(Finding("ballot.mark", str(error), "请从票面所列的档次中选")) from None
        given = receipt or draw_receipt()
        while given in urn.receipts:
            given = draw_receipt()
        urn.put(group, slip, given, paper)
        urns.write(fresh.ref, urn)
    return given


def stop(evaluation: Evaluation, attendance: Mapping[str, tuple[int, int]], *, by: Post) -> Evaluation:
    """Stop the poll and say by group who came and how many slips were given out (实到、发出).

    Side effects, in order: the evaluation is saved; one link of the journal. Raises Refused: no right, not the time,
    numbers that cannot be: 印制 ≥ 发出 ≥ 收回.
    """
    _authorise(evaluation, by, "停止投票")
    with urns.alone(), enter("停止投票", by=by.code, note=evaluation.title) as entry:
        fresh = _at(evaluation, OPEN)
        fresh.attendance = {group: list(pair) for group, pair in attendance.items()}
        found = _uneven(turnout(fresh, _urn(fresh)))
        if found:
            raise Refused(found)
        fresh.stage, fresh.stopped_by = STOPPED, by
        entry.save(fresh)
    return fresh


def resume(evaluation: Evaluation, *, by: Post) -> Evaluation:
    """Open a stopped poll again. Side effects, in order: the evaluation is saved; one link of the journal."""
    _authorise(evaluation, by, "恢复投票")
    with urns.alone(), enter("恢复投票", by=by.code, note=evaluation.title) as entry:
        fresh = _at(evaluation, STOPPED)
        fresh.stage, fresh.stopped_by, fresh.attendance = OPEN, None, {}
        entry.save(fresh)
    return fresh


def seal(evaluation: Evaluation, *, by: Post) -> Seal:
    """Count and seal a stopped poll; the second of two posts does it, held by another person.

    Small groups are merged before anything of the count is written down. Side effects, in order: the count proof is kept
    as a blob; the seal and the evaluation are saved; one link of the journal; when all that stands, the urn is destroyed.
    Raises Refused: no right, the same hands that stopped it, an urn that does not agree with itself.
    """
    _authorise(evaluation, by, "封存票箱")
    with urns.alone():
        with enter("封存票箱", by=by.code, note=evaluation.title) as entry:
            fresh = _at(evaluation, STOPPED)
            assert fresh.stopped_by is not None
            if _same_hands(fresh.stopped_by, by, fresh):
                raise Refused(
                    Finding(
                        "ballot.same-hands", "停投和封存不能由一个人办理", "请另一名组织干部封存", fresh.title
                    )
                )
            raw = _proof(fresh, _urn(fresh)).file()
            wrong = check(raw)
            if wrong:
                raise Refused(wrong)
            made = Seal(evaluation=fresh, proof=entry.keep(raw, "application/json"))
            entry.save(made)
            fresh.stage, fresh.sealed_by = SEALED, by
            entry.save(fresh)
        urns.destroy(fresh.ref)
    return made


def annul(evaluation: Evaluation, *, reason: str, by: Post) -> Evaluation:
    """Annul an evaluation that is not sealed; nobody will know what was in its urn.

    Side effects, in order: the evaluation is saved; one link of the journal; the urn is destroyed. Raises Refused: no
    right, sealed already, no reason.
    """
    _authorise(evaluation, by, "作废测评")
    if not reason.strip():
        raise Refused(Finding("ballot.reason", "作废须写明原因", "写一句为什么", evaluation.title))
    with urns.alone():
        with enter("作废民主测评", by=by.code, note=evaluation.title) as entry:
            fresh = _at(evaluation, PREPARING, OPEN, STOPPED)
            fresh.stage, fresh.reason = ANNULLED, reason.strip()
            entry.save(fresh)
        urns.destroy(fresh.ref)
    return fresh


# --- what the verbs stand on ------------------------------------------------------------------------------------------


def printed_slips(evaluation: Evaluation) -> dict[str, set[str]]:
    """By group the digests of the slips that count: printed and not voided."""
    found: dict[str, set[str]] = {group.code: set() for group in evaluation.asks.groups}
    for batch in evaluation.batches.all():
        if not batch.voided:
            found[batch.group].update(batch.digests)
    return found


def turnout(evaluation: Evaluation, urn: urns.Urn) -> list[Turnout]:
    """应到 to 收回 by group."""
    printed = printed_slips(evaluation)
    rows = []
    for group in evaluation.asks.groups:
        attended, issued = evaluation.attendance.get(group.code, (0, 0))
        rows.append(
            Turnout(
                group=group.code,
                expected=group.expected,
                attended=attended,
                printed=len(printed[group.code]),
                issued=issued,
                returned=urn.returned(group.code),
            )
        )
    return rows


def _proof(evaluation: Evaluation, urn: urns.Urn) -> Proof:
    if not urn.sound():
        raise Refused(
            Finding("ballot.urn", "票箱里的数不相符", "票箱被改动过：请作废这次测评重投", evaluation.title)
        )
    paper = evaluation.asks
    return Proof(
        title=evaluation.title,
        unit=evaluation.unit.name,
        ref=evaluation.ref,
        day=evaluation.day.isoformat(),
        algorithm=instance.algorithm(),
        paper=paper,
        turnout=tuple(turnout(evaluation, urn)),
        printed={group: tuple(sorted(slips)) for group, slips in printed_slips(evaluation).items()},
        used={group: tuple(sorted(slips)) for group, slips in urn.used.items()},
        receipts=tuple(sorted(urn.receipts)),
        count=reduce(paper, urn.covers, urn.stacks),
        told={},
    )


def _uneven(rows: Sequence[Turnout]) -> list[Finding]:
    found = []
    for row in rows:
        place = f"{row.group}类"
        if min(row.attended, row.issued) < 0:
            found.append(Finding("ballot.turnout", "实到、发出不能是负数", "请重新填写", place))
        if row.issued > row.printed:
            words = f"发出{row.issued}张，只印了{row.printed}张"
            found.append(Finding("ballot.turnout", words, "请核对发出张数", place))
        if row.returned > row.issued:
            words = f"收回{row.returned}张，多于发出{row.issued}张"
            hint = "请核对发出张数；确有多出的，这次测评应作废"
            found.append(Finding("ballot.turnout", words, hint, place))
    return found


def _at(evaluation: Evaluation, *stages: str) -> Evaluation:
    """The evaluation as it stands now, which must be at one of the stages."""
    fresh = Evaluation.objects.select_related("unit", "stopped_by").get(pk=evaluation.pk)
    if fresh.stage not in stages:
        hint = f"“{'”“'.join(stages)}”时才能办理"
        raise Refused(Finding("ballot.stage", f"测评现在是“{fresh.stage}”", hint, fresh.title))
    return fresh


def _urn(evaluation: Evaluation) -> urns.Urn:
    try:
        return urns.read(evaluation.ref)
    except FileNotFoundError:
        hint = "恢复备份会丢失投票中的票箱：请作废这次测评，另设一次重投"
        raise Refused(Finding("ballot.no-urn", "票箱不见了", hint, evaluation.title)) from None


def _authorise(evaluation: Evaluation, by: Post, what: str) -> None:
    authorise_duties(by, duties=KEEPERS, what=what, unit=evaluation.unit, day=evaluation.day)
    _impartial(evaluation, by)


def _impartial(evaluation: Evaluation, by: Post) -> None:
    """Nobody handles an evaluation that is about oneself, by this post or another."""
    targets = [target.post for target in evaluation.asks.targets if target.post]
    if any(_same_hands(post, by, evaluation) for post in Post.objects.filter(code__in=targets)):
        raise Refused(
            Finding("ballot.concerned", "被测评人不能经办测评", "请组织部门另派人办理", evaluation.title)
        )


def _same_hands(one: Post, other: Post, evaluation: Evaluation) -> bool:
    """Whether two posts are one, or one person sits on both on the day of the poll."""
    if one.pk == other.pk:
        return True
    held = Appointment.objects.filter(since__lte=evaluation.day).exclude(until__lt=evaluation.day)
    return held.filter(post=one, user__in=held.filter(post=other).values("user")).exists()
