"""Casting: one slip one paper, no way around it, and nothing stored that tells the order or the voter."""

import json
import random
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuzhi.ballots import urn as urns
from shuzhi.ballots.codes import LETTERS, draw_slip, plain, slip_digest, spaced
from shuzhi.ballots.models import Evaluation, Seal, SlipBatch
from shuzhi.ballots.paper import cut
from shuzhi.ballots.queries import opened_by, progress
from shuzhi.ballots.verbs import annul, issue, open_poll, resume, seal, stop, void_slips
from shuzhi.ballots.verbs import cast as cast_paper
from shuzhi.evidence.journal import head
from shuzhi.evidence.models import Entry
from shuzhi.evidence.verify import verify
from shuzhi.kernel.finding import Refused
from tests.ballots.hall import BEST, PAPER, counted, evaluation, organised, polling
from tests.cast import Cast

Marks = Mapping[str, Sequence[str]]


@pytest.fixture
def hall(cast: Cast) -> Cast:
    """The county with its organisers."""
    return organised(cast)


def refusal(refused: "pytest.ExceptionInfo[Refused]") -> str:
    """The stable name of why."""
    return refused.value.findings[0].id


def test_a_slip_votes_once(hall: Cast) -> None:
    made, codes = polling(hall)
    assert cast_paper(made, codes["A"][0], BEST)
    with pytest.raises(Refused) as refused:
        cast_paper(made, codes["A"][0], BEST)
    assert refusal(refused) == "ballot.used"
    assert [row.returned for row in progress(made)] == [1, 0, 0]


def test_a_slip_may_be_typed_in_any_way(hall: Cast) -> None:
    made, codes = polling(hall)
    typed = spaced(codes["A"][0]).lower().replace("0", "o").replace("1", "l")
    assert cast_paper(made, typed, BEST)


def test_a_forged_slip_is_none(hall: Cast) -> None:
    made, _ = polling(hall)
    with pytest.raises(Refused) as refused:
        cast_paper(made, draw_slip(), BEST)
    assert refusal(refused) == "ballot.no-slip"


def test_a_slips_digest_is_no_slip(hall: Cast) -> None:
    made, _ = polling(hall)
    with pytest.raises(Refused):
        cast_paper(made, SlipBatch.objects.all()[0].digests[0], BEST)


def test_a_slip_of_another_evaluation_is_none(hall: Cast) -> None:
    made, _ = polling(hall)
    other, codes = polling(hall, title="另一次测评")
    with pytest.raises(Refused) as refused:
        cast_paper(made, codes["A"][0], BEST)
    assert refusal(refused) == "ballot.no-slip"
    opened = opened_by(codes["A"][0])
    assert opened is not None
    assert opened.evaluation == other


def test_nothing_is_cast_before_the_poll_opens_or_after_it_stopped(hall: Cast) -> None:
    made = evaluation(hall)
    by = hall.post("organiser")
    codes = issue(made, "A", 3, by=by)
    with pytest.raises(Refused) as refused:
        cast_paper(made, codes[0], BEST)
    assert refusal(refused) == "ballot.stage"
    for group in ("B", "C"):
        issue(made, group, 3, by=by)
    open_poll(made, by=by)
    stop(made, {"A": (3, 3), "B": (3, 3), "C": (3, 3)}, by=by)
    with pytest.raises(Refused):
        cast_paper(made, codes[0], BEST)
    assert opened_by(codes[0]) is None
    resume(made, by=by)
    cast_paper(made, codes[0], BEST)
    stop(made, {"A": (3, 3), "B": (3, 3), "C": (3, 3)}, by=by)
    seal(made, by=hall.post("organiser_2"))
    with pytest.raises(Refused):
        cast_paper(made, codes[1], BEST)


def test_a_mark_that_is_not_on_the_paper_keeps_the_slip_good(hall: Cast) -> None:
    made, codes = polling(hall)
    for marks in ({"p1.grade": ["很好"]}, {"p9.grade": ["优秀"]}, {"p1.grade": ["弃权"]}):
        with pytest.raises(Refused) as refused:
            cast_paper(made, codes["A"][0], marks)
        assert refusal(refused) == "ballot.mark"
    cast_paper(made, codes["A"][0], BEST)


def test_voided_slips_are_worthless_and_used_ones_cannot_be_voided(hall: Cast) -> None:
    made, codes = polling(hall)
    by = hall.post("organiser")
    batch = SlipBatch.objects.get(evaluation=made, group="A")
    void_slips(batch, reason="印错", by=by)
    with pytest.raises(Refused):
        cast_paper(made, codes["A"][0], BEST)
    fresh = issue(made, "A", 2, by=by)
    cast_paper(made, fresh[0], BEST)
    with pytest.raises(Refused) as refused:
        void_slips(SlipBatch.objects.get(evaluation=made, no=4), reason="丢失", by=by)
    assert refusal(refused) == "ballot.batch-used"


def test_an_annulled_poll_leaves_no_urn(hall: Cast) -> None:
    made, codes = polling(hall)
    cast_paper(made, codes["A"][0], BEST)
    annul(made, reason="会议改期", by=hall.post("organiser"))
    assert not urns.path_of(made.ref).exists()
    assert list(verify()) == []


def test_an_urn_lost_with_a_restored_backup_is_told(hall: Cast) -> None:
    made, codes = polling(hall)
    urns.path_of(made.ref).unlink()
    with pytest.raises(Refused) as refused:
        cast_paper(made, codes["A"][0], BEST)
    assert refusal(refused) == "ballot.no-urn"
    assert [finding.id for finding in verify()] == ["ballot.no-urn"]


def test_an_urn_that_was_stuffed_is_not_sealed(hall: Cast) -> None:
    made, codes = polling(hall)
    cast_paper(made, codes["A"][0], BEST)
    urn = urns.read(made.ref)
    urn.stacks["A"]["p1.grade"]["不称职"] += 3
    urns.write(made.ref, urn)
    assert [finding.id for finding in verify()] == ["ballot.urn"]
    with pytest.raises(Refused) as refused:
        counted(hall, made)
    assert refusal(refused) == "ballot.urn"


# --- what is stored -----------------------------------------------------------------------------------------------------


def stored() -> str:
    """Everything the database holds, every table and every row."""
    told = []
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT * FROM "{table}"')  # every table of this very database
            told.append(f"{table} {sorted(map(str, cursor.fetchall()))}")
    return "\n".join(told)


def test_casting_writes_nothing_to_the_database_or_the_journal(hall: Cast) -> None:
    made, codes = polling(hall)
    before, links = stored(), head()
    for code in codes["A"][:4]:
        cast_paper(made, code, BEST)
    assert stored() == before
    assert head() == links


def test_no_code_and_no_receipt_is_in_the_journal_or_the_database(hall: Cast) -> None:
    made, codes = polling(hall)
    receipts = [cast_paper(made, code, BEST) for code in codes["B"]]
    counted(hall, made)
    database = stored()
    journal = "".join(Entry.objects.values_list("body", flat=True))
    for secret in (*codes["A"], *codes["B"], *receipts):
        assert secret not in database
        assert secret not in journal


def test_the_printed_order_is_not_the_stored_order(hall: Cast) -> None:
    made = evaluation(hall)
    codes = issue(made, "A", 40, by=hall.post("organiser"), choose=random.Random(7).choice)
    kept = SlipBatch.objects.get(evaluation=made).digests
    assert kept == sorted(kept)
    assert kept != [slip_digest(made.ref, code, "sha256") for code in codes]


MARK = st.fixed_dictionaries(
    {question.code: st.lists(st.sampled_from(question.grades), max_size=2) for question in PAPER.questions()}
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(papers=st.lists(MARK, min_size=1, max_size=8), seed=st.integers(0, 999))
def test_any_set_of_votes_in_any_order_is_the_same_bytes(hall: Cast, papers: list[Marks], seed: int) -> None:
    """The urn before sealing, and what is sealed: whoever holds them cannot tell who came first."""
    made, codes = polling(hall)
    votes = [(codes["ABC"[number % 3]][number], marks, f"R{number}") for number, marks in enumerate(papers)]
    shuffled = random.Random(seed).sample(votes, len(votes))
    bytes_of = []
    for order in (votes, shuffled, votes[::-1]):
        urns.write(made.ref, urns.empty(made.asks))
        for code, marks, receipt in order:
            cast_paper(made, code, marks, receipt=receipt)
        bytes_of.append(urns.path_of(made.ref).read_bytes())
    assert len(set(bytes_of)) == 1
    annul(made, reason="试验", by=hall.post("organiser"))


def test_the_same_marks_dealt_to_other_slips_are_the_same_stacks(hall: Cast) -> None:
    """Which slip of a group bore which marks is stored nowhere: dealing them otherwise changes no byte."""
    made, codes = polling(hall)
    worst = {"p1.grade": ["不称职"]}
    bytes_of = []
    for first, second in ((BEST, worst), (worst, BEST)):
        urns.write(made.ref, urns.empty(made.asks))
        cast_paper(made, codes["A"][0], first, receipt="R0")
        cast_paper(made, codes["A"][1], second, receipt="R1")
        bytes_of.append(urns.path_of(made.ref).read_bytes())
    assert bytes_of[0] == bytes_of[1]


def test_marks_of_one_paper_are_not_kept_together(hall: Cast) -> None:
    """A pattern over several persons cannot be found again: crossing two papers changes no byte."""
    made, codes = polling(hall)
    one: Marks = {"p1.grade": ["优秀"], "p2.grade": ["不称职"]}
    two: Marks = {"p1.grade": ["称职"], "p2.grade": ["优秀"]}
    crossed: list[Marks] = [
        {"p1.grade": ["优秀"], "p2.grade": ["优秀"]},
        {"p1.grade": ["称职"], "p2.grade": ["不称职"]},
    ]
    bytes_of = []
    for papers in ([one, two], crossed):
        urns.write(made.ref, urns.empty(made.asks))
        for number, marks in enumerate(papers):
            cast_paper(made, codes["A"][number], marks, receipt=f"R{number}")
        bytes_of.append(urns.path_of(made.ref).read_bytes())
    assert bytes_of[0] == bytes_of[1]


def test_the_urn_holds_no_time_and_is_its_owners_alone(hall: Cast) -> None:
    made, codes = polling(hall)
    cast_paper(made, codes["A"][0], BEST)
    path = urns.path_of(made.ref)
    assert path.stat().st_mode & 0o077 == 0
    assert set(json.loads(path.read_bytes())) == {"used", "covers", "stacks", "receipts"}


def test_sealing_destroys_the_urn_and_keeps_the_proof(hall: Cast) -> None:
    made, codes = polling(hall)
    for code in codes["B"]:
        cast_paper(made, code, BEST)
    sealed = counted(hall, made)
    assert not urns.path_of(made.ref).exists()
    assert Seal.objects.get(evaluation=sealed).proof.size > 0
    assert list(verify()) == []


def test_what_a_restored_urn_would_leave_is_found(hall: Cast) -> None:
    made, codes = polling(hall)
    for code in codes["B"]:
        cast_paper(made, code, BEST)
    left = urns.path_of(made.ref).read_bytes()
    counted(hall, made)
    urns.path_of(made.ref).write_bytes(left)
    assert [finding.id for finding in verify()] == ["ballot.left-behind"]


def test_codes_read_alike_however_typed() -> None:
    assert plain(" k7q2-m3xa o i l") == "K7Q2M3XA011"
    assert len({draw_slip() for _ in range(200)}) == 200
    assert set(draw_slip()) <= set(LETTERS)


def test_two_posts_and_two_persons_close(hall: Cast) -> None:
    made, codes = polling(hall)
    for code in codes["A"]:
        cast_paper(made, code, BEST)
    rows = {"A": (12, 12), "B": (12, 12), "C": (12, 12)}
    stop(made, rows, by=hall.post("organiser"))
    with pytest.raises(Refused) as refused:
        seal(made, by=hall.post("organiser"))
    assert refusal(refused) == "ballot.same-hands"
    seal(made, by=hall.post("organiser_2"))
    assert Evaluation.objects.get(pk=made.pk).stage == "已封存"


def test_more_papers_than_slips_given_out_are_refused(hall: Cast) -> None:
    made, codes = polling(hall)
    for code in codes["A"][:3]:
        cast_paper(made, code, BEST)
    for rows in ({"A": (2, 2)}, {"A": (13, 13)}, {"A": (-1, 3)}):
        with pytest.raises(Refused) as refused:
            stop(made, rows, by=hall.post("organiser"))
        assert refusal(refused) == "ballot.turnout"


@pytest.mark.parametrize("who", ["head", "supervisor", "town_head", "discipline"])
def test_nobody_but_the_organisers_works_on_it(hall: Cast, who: str) -> None:
    made, _ = polling(hall)
    by = hall.post(who)
    for act in (
        partial(issue, made, "A", 1, by=by),
        partial(stop, made, {}, by=by),
        partial(annul, made, reason="不想办了", by=by),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refusal(refused) == "right.absent"


def test_who_is_evaluated_does_not_organise(hall: Cast) -> None:
    from shuzhi.units.verbs import appoint

    appoint(
        hall.post("organiser"), user=hall.user("head"), since=evaluation(hall).day - timedelta(9), by="system"
    )
    with pytest.raises(Refused) as refused:
        evaluation(hall)
    assert refusal(refused) == "ballot.concerned"


def test_many_voters_at_once_lose_no_vote(hall: Cast) -> None:
    made, codes = polling(hall)

    def drop(code: str) -> None:
        with urns.alone():
            urn = urns.read(made.ref)
            urn.put("A", code, f"R{code}", cut(PAPER, BEST))
            urns.write(made.ref, urn)

    with ThreadPoolExecutor(8) as hands:
        list(hands.map(drop, codes["A"]))
    urn = urns.read(made.ref)
    assert urn.sound()
    assert urn.returned("A") == len(codes["A"])
