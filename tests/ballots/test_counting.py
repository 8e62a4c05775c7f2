"""Counting: rates and scores by hand, small groups merged so that nothing can be subtracted, proofs recounted anywhere."""

import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.ballots.fit import misfits
from shuzhi.ballots.paper import BLANK, SPOILT, VALID, Group, Paper, Target, cut
from shuzhi.ballots.proof import Proof, Turnout, check
from shuzhi.ballots.queries import progress, proof_bytes
from shuzhi.ballots.tally import Count, Result, partition, reduce, results
from shuzhi.ballots.urn import Urn, empty
from shuzhi.kernel.chain import canonical
from shuzhi.kernel.measure import say
from tests.ballots.hall import BEST, PAPER, held, organised, small
from tests.cast import Cast

WORST = {"p1.grade": ["不称职"], "p2.grade": ["基本称职"], "t1.grade": ["一般"]}
LINE = Paper(
    targets=(Target("p1", "甲", "person"),),
    groups=(Group("A", "甲类", Fraction("0.5"), 0), Group("B", "乙类", Fraction("0.5"), 0)),
    coefficients=(Fraction(1), Fraction("0.8"), Fraction("0.6"), Fraction(0)),
    smallest=3,
)


def counted(paper: Paper, votes: dict[str, dict[str, int]]) -> Count:
    """The count of a paper's first question, by group and mark."""
    return reduce(paper, *_urn(paper, votes))


def _urn(
    paper: Paper, votes: dict[str, dict[str, int]]
) -> tuple[dict[str, dict[str, int]], dict[str, dict[str, dict[str, int]]]]:
    urn = empty(paper)
    number = 0
    for group, marks in votes.items():
        for mark, count in marks.items():
            for _ in range(count):
                number += 1
                given = {"p1.grade": mark.split("+") if mark else []}
                urn.put(group, f"s{number}", f"r{number}", cut(paper, given))
    assert urn.sound()
    return urn.covers, urn.stacks


def first(paper: Paper, count: Count) -> Result:
    """The result of the first question."""
    return results(paper, count)[0]


@pytest.mark.parametrize(
    ("votes", "blanks", "score"),
    [
        ({"A": {"优秀": 10}, "B": {"优秀": 4}}, "base", "100.00"),
        ({"A": {"优秀": 10}, "B": {"不称职": 4}}, "base", "50.00"),
        # 0.5×(6/10 + 4/10×0.8) + 0.5×(1/3×1 + 1/3×0.8 + 1/3×0.6) = 0.46 + 0.4
        ({"A": {"优秀": 6, "称职": 4}, "B": {"优秀": 1, "称职": 1, "基本称职": 1}}, "base", "86.00"),
        # A blank is in the base: 0.5×(4/5) + 0.5×1
        ({"A": {"优秀": 4, "": 1}, "B": {"优秀": 3}}, "base", "90.00"),
        # … or not: 0.5×(4/4) + 0.5×1
        ({"A": {"优秀": 4, "": 1}, "B": {"优秀": 3}}, "apart", "100.00"),
        # Several marks are no mark and no blank.
        ({"A": {"优秀": 4, "优秀+称职": 3}, "B": {"称职": 3}}, "base", "90.00"),
        # The same mark twice is one mark.
        ({"A": {"优秀+优秀": 4}, "B": {"优秀": 3}}, "base", "100.00"),
        # 0.5×2/3 + 0.5×2/3 half up
        ({"A": {"优秀": 2, "不称职": 1}, "B": {"优秀": 2, "不称职": 1}}, "base", "66.67"),
        # 1/8 = 12.5, 0.5×12.5+0 = 6.25; 1/16 → 3.125 half up
        ({"A": {"优秀": 1, "不称职": 15}, "B": {"不称职": 3}}, "base", "3.13"),
    ],
)
def test_scores_are_the_weighted_sum_of_rates(
    votes: dict[str, dict[str, int]], blanks: str, score: str
) -> None:
    paper = replace(LINE, blanks=blanks)
    result = first(paper, counted(paper, votes))
    assert result.score is not None
    assert say(result.score * 100, 2) == score


def test_the_base_of_rates_is_stated_and_returned_is_valid_and_invalid() -> None:
    paper = LINE
    count = counted(paper, {"A": {"优秀": 3, "": 2, "优秀+称职": 4}, "B": {"称职": 3}})
    line = first(paper, count).lines[0]
    assert (line.base, line.valid, line.blank, line.spoilt) == (5, 5, 2, 4)
    assert line.valid + line.spoilt == 9
    assert count.covers["A"] == {VALID: 3, BLANK: 2, SPOILT: 4}
    apart = replace(LINE, blanks="apart")
    assert first(apart, counted(apart, {"A": {"优秀": 3, "": 2}, "B": {"称职": 3}})).lines[0].base == 3


def test_several_marks_spoil_the_question_or_the_whole_paper() -> None:
    marks = {"p1.grade": ["优秀", "称职"], "p2.grade": ["优秀"]}
    one, whole = cut(PAPER, marks), cut(replace(PAPER, spoils="ballot"), marks)
    assert (one.cover, one.strips["p1.grade"], one.strips["p2.grade"]) == (VALID, SPOILT, "优秀")
    assert whole.cover == SPOILT
    assert set(whole.strips.values()) == {SPOILT}
    assert cut(PAPER, {}).cover == BLANK
    everywhere = {question.code: list(question.grades[:2]) for question in PAPER.questions()}
    assert cut(PAPER, everywhere).cover == SPOILT


# --- small groups ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("valid", "cells"),
    [
        ({"A": 9, "B": 9, "C": 9}, [("A",), ("B",), ("C",)]),
        ({"A": 9, "B": 8, "C": 2}, [("A",), ("B", "C")]),
        ({"A": 9, "B": 2, "C": 2}, [("A", "B", "C")]),
        ({"A": 9, "B": 3, "C": 2}, [("A",), ("B", "C")]),
        ({"A": 2, "B": 9, "C": 20}, [("A", "B"), ("C",)]),
        ({"A": 9, "B": 0, "C": 9}, [("A", "B"), ("C",)]),
        ({"A": 1, "B": 1, "C": 2}, []),
        ({"A": 5, "B": 5, "C": 5}, [("A",), ("B",), ("C",)]),
    ],
)
def test_a_small_group_is_merged_with_the_next_smallest(
    valid: dict[str, int], cells: list[tuple[str, ...]]
) -> None:
    assert list(partition(list(valid), valid, 5)) == cells


@given(sizes=st.lists(st.integers(0, 12), min_size=1, max_size=7), smallest=st.integers(3, 8))
def test_whatever_is_added_or_subtracted_concerns_enough_voters(sizes: list[int], smallest: int) -> None:
    """Differencing: total less any of what is shown, or any of it together, is nobody or at least the smallest."""
    valid = {chr(65 + number): size for number, size in enumerate(sizes)}
    cells = partition(list(valid), valid, smallest)
    if not cells:
        assert sum(sizes) < smallest
        return
    assert Counter(code for cell in cells for code in cell) == Counter(list(valid))
    total = sum(sizes)
    shown = [sum(valid[code] for code in cell) for cell in cells]
    for number in range(len(shown) + 1):
        for some in combinations(shown, number):
            assert (total - sum(some)) == 0 or total - sum(some) >= smallest


def test_the_score_does_not_tell_what_a_merged_group_marked() -> None:
    """Two worlds, in which B and C swap a mark, show the same numbers to the last digit: the score too."""
    worlds = []
    for votes in (
        {"B": {"优秀": 6, "不称职": 1}, "C": {"优秀": 2, "不称职": 0}},
        {"B": {"优秀": 7, "不称职": 0}, "C": {"优秀": 1, "不称职": 1}},
    ):
        paper = replace(LINE, groups=(*LINE.groups, Group("C", "丙类", Fraction(0), 0)))
        paper = replace(
            paper,
            groups=tuple(
                replace(group, weight=weight)
                for group, weight in zip(
                    paper.groups, (Fraction("0.4"), Fraction("0.4"), Fraction("0.2")), strict=True
                )
            ),
        )
        worlds.append(counted(paper, {"A": {"优秀": 9}, **votes}))
    assert worlds[0] == worlds[1]
    assert worlds[0].cells == (("A",), ("B", "C"))


def test_nothing_is_kept_when_all_together_are_too_few() -> None:
    count = counted(LINE, {"A": {"优秀": 1}, "B": {"不称职": 1}})
    assert count == Count((), {}, {})
    assert first(LINE, count).lines == ()


def test_a_question_few_answered_is_shown_for_all_together_or_not_at_all() -> None:
    paper = replace(LINE, blanks="apart", integrity=("好", "差"))
    votes = [("A", {"p1.grade": ["优秀"], "p1.integrity": ["好"]})] * 4
    votes += [("B", {"p1.grade": ["称职"]})] * 4 + [("B", {"p1.grade": ["优秀"], "p1.integrity": ["差"]})]
    for wanted, used in (({"A+B"}, votes), (set(), votes[3:])):
        urn = empty(replace(paper, smallest=3))
        for number, (group, marks) in enumerate([*used, *[("A", {"p1.grade": ["优秀"]})] * 3]):
            urn.put(group, f"s{number}", f"r{number}", cut(paper, marks))
        count = reduce(paper, urn.covers, urn.stacks)
        assert set(count.stacks["p1.grade"]) == {"A", "B"}
        assert set(count.stacks["p1.integrity"]) == wanted


def test_merged_groups_are_not_even_in_the_file(cast: Cast) -> None:
    hall = organised(cast)
    sealed = held(hall, {"A": [BEST] * 8, "B": [BEST] * 6 + [WORST], "C": [BEST, WORST]})
    proof = json.loads(proof_bytes(sealed))
    assert proof["count"]["cells"] == [["A"], ["B", "C"]]
    assert set(proof["count"]["stacks"]["p1.grade"]) == {"A", "B+C"}
    assert set(proof["count"]["covers"]) == {"A", "B+C"}
    assert [row.returned for row in progress(sealed)] == [8, 7, 2]


# --- the proof ---------------------------------------------------------------------------------------------------------------


def made_proof() -> Proof:
    """A count proof made by hand: eight votes of A, seven of B, two of C."""
    urn = empty(PAPER)
    votes = [("A", BEST)] * 8 + [("B", BEST)] * 6 + [("B", WORST), ("C", BEST), ("C", WORST)]
    for number, (group, marks) in enumerate(votes):
        urn.put(group, f"sha256:{number:064x}", f"AAAAA-{number:05}", cut(PAPER, marks))
    slips = {group: tuple(sorted(used)) for group, used in urn.used.items()}
    return Proof(
        title="2025年度述职测评",
        unit="陵水湾县",
        ref="evaluation/2025-0001",
        day="2025-12-30",
        algorithm="sha256",
        paper=PAPER,
        turnout=tuple(
            Turnout(group, 12, 12, len(used), len(used), len(used)) for group, used in slips.items()
        ),
        printed=slips,
        used=slips,
        receipts=tuple(sorted(urn.receipts)),
        count=reduce(PAPER, urn.covers, urn.stacks),
        told={},
    )


@pytest.fixture
def raw() -> bytes:
    """Its bytes."""
    return made_proof().file()


def test_a_proof_is_right_and_reads_as_it_was_written(raw: bytes) -> None:
    assert check(raw) == []
    proof = Proof.read(raw)
    assert proof.file() == raw
    score = next(result.score for result in proof.results() if result.question.code == "p1.grade")
    # A 0.4×1; B and C together 0.6×(7/9×1 + 2/9×0)
    assert score == Fraction("0.4") + Fraction("0.6") * Fraction(7, 9)


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        (("count", "stacks", "p1.grade", "A", "优秀"), 9, "ballot.strips"),
        (("count", "covers", "A", "有效"), 7, "ballot.covers"),
        (("receipts", 0), "AAAAA-AAAAA", "ballot.recount"),
        (("results", "p1.grade", "score"), "1", "ballot.recount"),
        (("turnout", 0, 5), 7, "ballot.slips"),
        (("turnout", 0, 4), 3, "ballot.turnout"),
        (("slips", "used", "A", 0), "sha256:00", "ballot.forged"),
        (("paper", "coefficients", 1), "1", "ballot.recount"),
        (("paper", "smallest"), 9, "ballot.small"),
        (("count", "cells"), [["A"], ["B"]], "ballot.cells"),
        (("digests", "receipts"), "sha256:00", "ballot.recount"),
        (("format",), "other/1", "ballot.proof"),
        (("count", "stacks", "p1.grade", "A"), {}, "ballot.proof"),
    ],
)
def test_whatever_is_changed_in_a_proof_is_found(
    raw: bytes, path: tuple[str | int, ...], value: object, found: str
) -> None:
    data = json.loads(raw)
    here = data
    for part in path[:-1]:
        here = here[part]
    here[path[-1]] = value
    assert found in {finding.id for finding in check(canonical(data))}


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"null", b"\xff", b'{"format":"shuzhi-ballot/1"}'])
def test_what_is_no_proof_is_told(data: bytes) -> None:
    assert [finding.id for finding in check(data)] == ["ballot.proof"]


def test_the_command_recounts_without_an_instance(raw: bytes, tmp_path: Path) -> None:
    file = tmp_path / "计票文件.json"
    file.write_bytes(raw)
    receipt = json.loads(raw)["receipts"][0]
    command = [sys.executable, "-m", "shuzhi", "ballot", "verify", str(file)]
    right = subprocess.run(
        [*command, "--receipt", receipt.lower()], capture_output=True, text=True, check=False
    )
    assert right.returncode == 0, right.stderr
    assert "重新计票相符" in right.stdout
    assert "在回执清单里" in right.stdout
    assert subprocess.run([*command, "--receipt", "0" * 10], capture_output=True, check=False).returncode == 1
    file.write_bytes(raw.replace(b'"returned"', b'"x"').replace(b"sha256:", b"sha256:0", 1))
    assert subprocess.run(command, capture_output=True, check=False).returncode == 3


# --- what may be set up --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paper", "found"),
    [
        (small(2), "ballot.smallest"),
        (replace(PAPER, groups=PAPER.groups[:2]), "ballot.weights"),
        (replace(PAPER, groups=(*PAPER.groups, PAPER.groups[0])), "ballot.groups"),
        (replace(PAPER, targets=()), "ballot.targets"),
        (replace(PAPER, targets=(PAPER.targets[0], PAPER.targets[0])), "ballot.twice"),
        (replace(PAPER, person=("优秀", "称职")), "ballot.coefficients"),
        (replace(PAPER, person=("优秀", "称职", "弃权", "不称职")), "ballot.grades"),
        (
            replace(PAPER, coefficients=(Fraction(2), Fraction(1), Fraction(0), Fraction(0))),
            "ballot.coefficients",
        ),
        (replace(PAPER, blanks="whatever"), "ballot.rules"),
        (replace(PAPER, items=("德", "德")), "ballot.items"),
    ],
)
def test_a_paper_that_could_not_be_counted_is_refused(paper: Paper, found: str) -> None:
    assert found in {finding.id for finding in misfits("测评", paper)}


def test_the_paper_is_fit_and_survives_being_written_down() -> None:
    assert misfits("测评", PAPER) == []
    assert Paper.from_json(PAPER.as_json()) == PAPER


def test_an_empty_urn_is_sound() -> None:
    urn: Urn = empty(PAPER)
    assert urn.sound()
