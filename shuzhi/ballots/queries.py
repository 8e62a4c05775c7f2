"""All that can be asked of evaluations: which a person keeps, how far a poll has come, what was counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import QuerySet

from shuzhi.ballots import urn as urns
from shuzhi.ballots.codes import RECEIPT, plain, slip_digest
from shuzhi.ballots.models import OPEN, SEALED, STOPPED, Evaluation, Seal
from shuzhi.ballots.proof import Proof, Turnout, check
from shuzhi.ballots.verbs import KEEPERS, printed_slips, turnout
from shuzhi.evidence import blobs, instance
from shuzhi.kernel.catalogue.items import parameter_on
from shuzhi.kernel.expr.nodes import Amount
from shuzhi.kernel.finding import Finding
from shuzhi.units.models import User
from shuzhi.units.queries import posts_of, subtree


def kept_by(user: User, day: date) -> QuerySet[Evaluation]:
    """The evaluations a person works on: of the units under the posts that carry the duty, and no others."""
    units: set[str] = set()
    if user.is_active:
        for post in posts_of(user, day):
            if set(KEEPERS) & set(post.duties):
                units |= subtree(post.unit)
    return Evaluation.objects.filter(unit__in=units).select_related("unit", "by", "stopped_by", "sealed_by")


def progress(evaluation: Evaluation) -> list[Turnout]:
    """应到, 印制, 收回 by group and nothing else of an open poll; of a sealed one as it was counted."""
    if evaluation.stage == SEALED:
        return list(proof_of(evaluation).turnout)
    try:
        urn = urns.read(evaluation.ref)
    except FileNotFoundError:
        urn = urns.empty(evaluation.asks)
    return turnout(evaluation, urn)


def proof_bytes(evaluation: Evaluation) -> bytes:
    """The count proof of a sealed evaluation; raises Seal.DoesNotExist before it is sealed."""
    return blobs.fetch(Seal.objects.get(evaluation=evaluation).proof_id)


def proof_of(evaluation: Evaluation) -> Proof:
    """The same, read."""
    return Proof.read(proof_bytes(evaluation))


@dataclass(frozen=True, slots=True)
class Held:
    """What a slip's code opens: an evaluation whose poll is open, and whether the slip was used."""

    evaluation: Evaluation
    used: bool


def opened_by(code: str) -> Held | None:
    """What a code opens; None for any code that is no slip of an open poll, whatever the reason."""
    if not plain(code):
        return None
    for evaluation in Evaluation.objects.filter(stage=OPEN).select_related("unit"):
        slip = slip_digest(evaluation.ref, code, instance.algorithm())
        if any(slip in slips for slips in printed_slips(evaluation).values()):
            try:
                used = any(slip in slips for slips in urns.read(evaluation.ref).used.values())
            except FileNotFoundError:
                return None
            return Held(evaluation, used)
    return None


def receipted(typed: str) -> list[Evaluation]:
    """The sealed evaluations among whose receipts a code is."""
    wanted = plain(typed)
    if len(wanted) != RECEIPT:
        return []
    sealed = Evaluation.objects.filter(stage=SEALED)
    return [row for row in sealed if wanted in {plain(receipt) for receipt in proof_of(row).receipts}]


def parameter(code: str, day: date) -> Fraction | None:
    """A parameter of ballots as a number (percentages as shares), or None where the catalogue has none."""
    known = instance.catalogue().parameters.get(code)
    value = parameter_on(known, day) if known else None
    return value.value if isinstance(value, Amount) else None


def check_urns() -> Iterator[Finding]:
    """What ``verify()`` looks for: urns of open polls that do not agree, counts that do not recount, urns left behind."""
    for evaluation in Evaluation.objects.order_by("ref"):
        path = urns.path_of(evaluation.ref)
        place = f"测评 {evaluation.ref.partition('/')[2]}"
        if evaluation.stage in (OPEN, STOPPED):
            yield from _open_urn(evaluation, place)
        elif path.exists():
            yield Finding(
                "ballot.left-behind", "测评已经结束，票箱文件还在", f"请删除 {path}，其中内容不应留存", place
            )
        if evaluation.stage == SEALED:
            try:
                yield from check(proof_bytes(evaluation))
            except FileNotFoundError:
                continue  # the blob is missing, which verify() has said


def _open_urn(evaluation: Evaluation, place: str) -> Iterator[Finding]:
    hint = "请作废这次测评，另设一次重投"
    try:
        urn = urns.read(evaluation.ref)
    except (FileNotFoundError, ValueError, KeyError):
        yield Finding("ballot.no-urn", "票箱不见了或读不出来", hint, place)
        return
    printed = printed_slips(evaluation)
    if not urn.sound() or any(not used <= printed.get(group, set()) for group, used in urn.used.items()):
        yield Finding("ballot.urn", "票箱里的数与印发的票不相符", hint, place)
