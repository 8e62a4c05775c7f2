"""From the draft to the shelf: who writes, who releases the figures, who signs and who publishes are never one person."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from shuzhi.books.verbs import close_books
from shuzhi.evidence.journal import head
from shuzhi.evidence.verify import verify
from shuzhi.indicators.verbs import observe
from shuzhi.kernel.finding import Refused
from shuzhi.portal.models import PublishedFigure
from shuzhi.reports import answering, verbs
from shuzhi.reports.models import Choice, Edition, Report
from shuzhi.units.models import Post
from shuzhi.units.verbs import appoint
from tests.accounts import indicator
from tests.cast import Cast

DAY = date(2025, 12, 31)
DRAFT = "陵水湾县2025年度述职报告\n\n预计地区生产总值XXX.X亿元。新增注册商标XX件。\n"
Seat = Callable[[str], Post]


@pytest.fixture
def report(cast: Cast, seat: Seat) -> Report:
    observe(
        indicator("gdp"),
        cast.county,
        year=2025,
        month=12,
        value="134.52",
        by=cast.post("statistician"),
        role="forecast",
    )
    return verbs.take_in(
        DRAFT.encode(), filename="述职报告.txt", unit=cast.county, year=2025, writer=seat("write"), day=DAY
    )


@pytest.fixture
def edition(report: Report, seat: Seat) -> Edition:
    return verbs.compile_edition(report, as_of=DAY, by=seat("write"), day=DAY)


@pytest.fixture
def whole(report: Report, seat: Seat) -> Edition:
    """An edition whose one gap was left out."""
    made = verbs.filled(report, close_books(DAY, by="system"))
    answering.leave_out(
        report, made, start=DRAFT.index("XX件"), reason="没有这项统计", by=seat("write"), day=DAY
    )
    return verbs.compile_edition(report, as_of=DAY, by=seat("write"), day=DAY)


def test_a_draft_goes_the_whole_way_to_the_shelf(whole: Edition, seat: Seat) -> None:
    edition = whole
    verbs.release(edition, by=seat("release"), day=DAY)
    verbs.sign(edition, by=seat("sign"), day=DAY)
    publication = verbs.publish_edition(edition, by=seat("publish"), day=DAY)
    figure = PublishedFigure.objects.get(publication=publication)
    assert figure.card["text"] == "134.5"
    assert f"/figure/{figure.code}/" in verbs.page_of(edition)
    assert list(verify()) == []


def test_the_edition_keeps_every_place_and_its_files(edition: Edition) -> None:
    assert [row.state for row in edition.bindings.all()] == ["已填", "无此指标"]
    assert {"报告.docx", "报告.pdf", "报告.html", "报告.json", "未填清单.txt"} <= set(edition.files)
    assert all(re.fullmatch(r"[a-z0-9]+:[0-9a-f]{64}", digest) for digest in edition.files.values())


def test_compiling_again_over_unmoved_books_gives_the_same_files(edition: Edition, seat: Seat) -> None:
    again = verbs.compile_edition(edition.report, as_of=DAY, by=seat("write"), day=DAY)
    assert (again.no, again.closing, again.files) == (2, edition.closing, edition.files)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda edition, seat: verbs.sign(edition, by=seat("sign"), day=DAY), "还没有放数"),
        (lambda edition, seat: verbs.publish_edition(edition, by=seat("publish"), day=DAY), "还没有签发"),
        (lambda edition, seat: verbs.release(edition, by=seat("sign"), day=DAY), "没有放数职责"),
        (lambda edition, seat: verbs.sign(edition, by=seat("write"), day=DAY), "没有签发职责"),
    ],
    ids=["unreleased", "unsigned", "no duty to release", "no duty to sign"],
)
def test_no_step_is_taken_out_of_turn_or_without_the_duty(
    edition: Edition, seat: Seat, act: Callable[[Edition, Seat], object], said: str
) -> None:
    before = head()
    with pytest.raises(Refused, match=said):
        act(edition, seat)
    assert head() == before


def test_one_person_behind_two_posts_may_not_write_and_release(edition: Edition, seat: Seat) -> None:
    writer = seat("write").appointments.get().user
    appoint(seat("release"), writer, since=DAY, by="system")
    with pytest.raises(Refused, match="不同的人"):
        verbs.release(edition, by=seat("release"), day=DAY)


def test_no_signature_over_a_gap(edition: Edition, seat: Seat) -> None:
    verbs.release(edition, by=seat("release"), day=DAY)
    before = head()
    with pytest.raises(Refused, match="1处空着") as refused:
        verbs.sign(edition, by=seat("sign"), day=DAY)
    assert head() == before
    assert [finding.place for finding in refused.value.findings[1:]] == ["第2处"]


def test_what_is_signed_is_neither_released_nor_signed_again(whole: Edition, seat: Seat) -> None:
    edition = whole
    verbs.release(edition, by=seat("release"), day=DAY)
    verbs.sign(edition, by=seat("sign"), day=DAY)
    for act in (verbs.release, verbs.sign):
        with pytest.raises(Refused, match="已经签发"):
            act(edition, by=seat("release" if act is verbs.release else "sign"), day=DAY)


def test_a_choice_is_kept_for_this_report_and_remembered_for_the_next(
    report: Report, seat: Seat, cast: Cast
) -> None:
    start = DRAFT.index("XX件")
    verbs.choose(report, start=start, concept="urban_jobs", by=seat("write"))
    verbs.choose(report, start=start, concept="tickets", by=seat("write"))
    assert Choice.objects.get(report=report).concept == "tickets"
    following = verbs.take_in(
        DRAFT.encode(), filename="次年.txt", unit=cast.county, year=2025, writer=seat("write"), day=DAY
    )
    places = verbs.filled(following, close_books(DAY, by="system")).places
    assert places[1].concept == "tickets"


@pytest.mark.parametrize(
    ("start", "concept", "said"), [(0, "gdp", "没有空格"), (30, "no_such", "目录中没有")]
)
def test_a_choice_of_no_place_or_no_concept_is_refused(
    report: Report, seat: Seat, start: int, concept: str, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        verbs.choose(report, start=start, concept=concept, by=seat("write"))


def test_the_public_side_of_a_card_has_no_rows_of_what_is_not_public() -> None:
    from shuzhi.kernel.catalogue.load import national
    from shuzhi.reports.cards import public_card

    kinds = national().kinds.values()
    hidden = next(kind for kind in kinds if kind.visibility != "public")
    open_ = next(
        kind for kind in kinds if kind.visibility == "public" and any(not f.public for f in kind.fields)
    )
    closed_field = next(field.code for field in open_.fields if not field.public)
    leaf = {
        "columns": ["编号", "内情"],
        "codes": ["ref", closed_field],
        "records": [["m/1", "x"]],
        "refs": ["m/1"],
        "more": 0,
    }
    made = {
        "leaves": [{**leaf, "relation": hidden.code}, {**leaf, "relation": open_.code}],
        "papers": [{"owner": owner, "kind": "验收单", "title": "某人的验收单"} for owner in ("m/1", "m/2")],
    }
    shown = public_card(made, national())
    assert shown["leaves"][0]["records"] == []  # type: ignore[index]
    assert shown["leaves"][1]["records"] == [["m/1"]]  # type: ignore[index]
    assert [paper["owner"] for paper in shown["papers"]] == ["m/1"]  # type: ignore[attr-defined]
