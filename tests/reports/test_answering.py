"""What a report says by hand: a name accepted, words with their source, a gap left out; its pledges become matters, its estimates are trued up."""

from collections.abc import Callable
from datetime import date

import pytest

from shuzhi.books.verbs import close_books
from shuzhi.evidence.journal import head
from shuzhi.evidence.models import Paper
from shuzhi.evidence.verify import verify
from shuzhi.indicators.verbs import observe
from shuzhi.kernel.finding import Refused
from shuzhi.matters.models import Matter
from shuzhi.matters.papers import NewPaper
from shuzhi.reports import answering, verbs
from shuzhi.reports.filling import Filled
from shuzhi.reports.models import Answer, Edition, Report
from shuzhi.reports.places import State
from shuzhi.reports.pledged import account_for, account_of, confirm, last_year, pledged, strike
from shuzhi.reports.queries import lacking
from shuzhi.reports.trueup import true_up
from shuzhi.units.models import Post
from tests.accounts import indicator
from tests.cast import Cast

DAY = date(2025, 12, 31)
NEXT = date(2026, 12, 31)
DRAFT = """陵水湾县2025年度述职报告

预计地区生产总值XXX.X亿元。新增注册商标XX件。建设更高水平的平安XX。

对照检查，本人调研还不够深入。2026年，县政府将建成镇级物流站6个。
"""
NAME, COUNT, VALUE = DRAFT.index("XX。"), DRAFT.index("XX件"), DRAFT.index("XXX.X")
Seat = Callable[[str], Post]


def taken(cast: Cast, seat: Seat, year: int = 2025, text: str = DRAFT) -> Report:
    """A draft taken in for a year."""
    return verbs.take_in(
        text.replace("2025年度", f"{year}年度").encode(),
        filename="述职报告.txt",
        unit=cast.county,
        year=year,
        writer=seat("write"),
        day=DAY,
    )


@pytest.fixture
def report(cast: Cast, seat: Seat) -> Report:
    by = cast.post("statistician")
    observe(indicator("gdp"), cast.county, year=2025, month=12, value="134.52", by=by, role="forecast")
    return taken(cast, seat)


def made(report: Report, day: date = DAY) -> Filled:
    """The report over the books of a day."""
    return verbs.filled(report, close_books(day, by="system"))


def place(report: Report, start: int) -> tuple[str, str]:
    """State and words of one place."""
    found = next(item for item in made(report).places if item.slot.span.start == start)
    return str(found.state), found.text


def plain(edition: Edition) -> str:
    """The words of an edition's page."""
    return "".join(part.partition(">")[2] for part in verbs.page_of(edition).split("<"))


def settled(report: Report, seat: Seat) -> Edition:
    """The report with no gap left, compiled."""
    answering.accept(report, made(report), start=NAME, text="陵水湾", by=seat("write"), day=DAY)
    answering.leave_out(
        report, made(report), start=COUNT, reason="没有这项统计", by=seat("write"), day=DAY, dash=True
    )
    return verbs.compile_edition(report, as_of=DAY, by=seat("write"), day=DAY)


def signed(report: Report, seat: Seat) -> Edition:
    """The report with no gap left, up to its signature."""
    edition = settled(report, seat)
    verbs.release(edition, by=seat("release"), day=DAY)
    return verbs.sign(edition, by=seat("sign"), day=DAY)


def test_a_proposal_is_written_only_when_it_is_accepted(report: Report, seat: Seat) -> None:
    assert place(report, NAME) == ("名称", "")
    answering.accept(report, made(report), start=NAME, text="陵水湾", by=seat("write"), day=DAY)
    assert place(report, NAME) == ("自填", "陵水湾")
    answering.withdraw(report, start=NAME, by=seat("write"), day=DAY)
    assert place(report, NAME) == ("名称", "")


def test_words_are_written_in_with_a_paper_or_a_statement(report: Report, seat: Seat) -> None:
    paper = NewPaper("会议纪要", "商标统计表", DAY, b"table")
    answering.write(
        report, made(report), start=COUNT, text="36", source="", by=seat("write"), day=DAY, paper=paper
    )
    assert place(report, COUNT) == ("自填", "36")
    assert Paper.objects.get(owner=report.ref).title == "商标统计表"
    edition = verbs.compile_edition(report, as_of=DAY, by=seat("write"), day=DAY)
    row = edition.bindings.get(start=COUNT)
    assert (row.state, row.text, row.code) == ("自填", "36", "")
    assert row.card is not None
    assert row.card["given"]["paper"] == "商标统计表"
    assert "无此指标" not in [row.state for row in edition.bindings.all()]
    assert "新增注册商标36件" in plain(edition)
    assert list(verify()) == []


@pytest.mark.parametrize(
    ("start", "text", "source", "said"),
    [
        (COUNT, "36", " ", "没有注明来源"),
        (COUNT, "三十多", "商标局", "不是"),
        (COUNT, "", "商标局", "个字"),
        (NAME, "很" * 61, "本人", "个字"),
        (VALUE, "140", "本人", "账上有数"),
        (0, "36", "本人", "没有空格"),
    ],
)
def test_what_has_no_source_or_does_not_fit_is_refused(
    report: Report, seat: Seat, start: int, text: str, source: str, said: str
) -> None:
    over = made(report)
    before = head()
    with pytest.raises(Refused, match=said):
        answering.write(report, over, start=start, text=text, source=source, by=seat("write"), day=DAY)
    assert head() == before


def test_only_what_is_proposed_is_accepted_and_only_by_a_writer(report: Report, seat: Seat) -> None:
    with pytest.raises(Refused, match="没有提出"):
        answering.accept(report, made(report), start=NAME, text="青岚", by=seat("write"), day=DAY)
    with pytest.raises(Refused, match="没有撰稿职责"):
        answering.accept(report, made(report), start=NAME, text="陵水湾", by=seat("release"), day=DAY)
    with pytest.raises(Refused, match="理由"):
        answering.leave_out(report, made(report), start=COUNT, reason=" ", by=seat("write"), day=DAY)
    with pytest.raises(Refused, match="没有自填过"):
        answering.withdraw(report, start=COUNT, by=seat("write"), day=DAY)


def test_an_accepted_name_is_remembered_for_the_next_report(report: Report, seat: Seat, cast: Cast) -> None:
    answering.write(
        report, made(report), start=NAME, text="陵水", source="本县简称", by=seat("write"), day=DAY
    )
    following = taken(cast, seat)
    found = next(item for item in made(following).places if item.slot.span.start == NAME)
    assert found.state is State.NAME
    assert "陵水" in [proposal.text for proposal in found.proposals]


def test_no_signature_while_a_gap_is_left(report: Report, seat: Seat) -> None:
    edition = verbs.compile_edition(report, as_of=DAY, by=seat("write"), day=DAY)
    verbs.release(edition, by=seat("release"), day=DAY)
    with pytest.raises(Refused, match="2处空着"):
        verbs.sign(edition, by=seat("sign"), day=DAY)
    assert len(lacking(edition)) == 2
    whole = signed(report, seat)
    assert lacking(whole) == []
    assert "新增注册商标—件" in plain(whole)


def test_what_is_left_out_prints_nothing_or_a_dash_and_is_listed(report: Report, seat: Seat) -> None:
    answering.leave_out(report, made(report), start=NAME, reason="不写县名", by=seat("write"), day=DAY)
    edition = verbs.compile_edition(report, as_of=DAY, by=seat("write"), day=DAY)
    assert "更高水平的平安。" in plain(edition)
    assert edition.bindings.get(start=NAME).reason == "略去：不写县名"


def test_pledges_open_matters_once_the_report_is_signed(report: Report, seat: Seat, cast: Cast) -> None:
    edition = settled(report, seat)
    found = pledged(edition)
    assert [item.part for item in found] == ["shortcoming", "promise"]
    given = {"title": "建成物流站", "unit": cast.town, "due": NEXT, "by": seat("write"), "day": DAY}
    with pytest.raises(Refused, match="还没有签发"):
        confirm(edition, start=found[1].start, **given)  # type: ignore[arg-type]
    verbs.release(edition, by=seat("release"), day=DAY)
    verbs.sign(edition, by=seat("sign"), day=DAY)
    with pytest.raises(Refused, match="2条不足和承诺没有确认"):
        verbs.publish_edition(edition, by=seat("publish"), day=DAY)
    statement = confirm(edition, start=found[1].start, **given)  # type: ignore[arg-type]
    assert statement.matter is not None
    assert (statement.matter.title, statement.matter.unit_id, statement.matter.due) == (
        "建成物流站",
        cast.town.code,
        NEXT,
    )
    assert "物流站6个" in str(statement.matter.fields)
    strike(edition, start=found[0].start, reason="已经写进上年清单", by=seat("write"), day=DAY)
    with pytest.raises(Refused, match="已经办过"):
        strike(edition, start=found[0].start, reason="再划一次", by=seat("write"), day=DAY)
    assert verbs.publish_edition(edition, by=seat("publish"), day=DAY).slug
    assert list(verify()) == []


def test_next_years_report_waits_for_every_account(report: Report, seat: Seat, cast: Cast) -> None:
    edition = signed(report, seat)
    for item in pledged(edition):
        confirm(
            edition,
            start=item.start,
            title=item.sentence,
            unit=cast.county,
            due=NEXT,
            by=seat("write"),
            day=DAY,
        )
    following = taken(cast, seat, 2026, "陵水湾县2025年度述职报告\n\n一年来，全力抓落实。\n")
    items = last_year(following, DAY)
    assert [item.accounted for item in items] == [False, False]
    assert "尚无交代1项" in account_of(following, items)
    made_of = Edition(report=following, no=1)
    with pytest.raises(Refused, match="还有2条没有交代"):
        verbs._accounted(made_of, DAY)
    for told in items:
        account_for(told, said=-1, explanation="转下年继续办理", by=seat("write"), day=DAY)
    verbs._accounted(made_of, DAY)
    assert Matter.objects.filter(closed=None).count() == 2
    assert "转下年1项" in account_of(following, last_year(following, DAY))


def test_an_estimate_is_trued_up_by_later_books(report: Report, seat: Seat, cast: Cast) -> None:
    edition = verbs.compile_edition(report, as_of=DAY, by=seat("write"), day=DAY)
    (waiting,) = true_up(edition, close_books(DAY, by="system"))
    assert (waiting.said, waiting.settled, waiting.gap) == ("134.5", False, "")
    observe(indicator("gdp"), cast.county, year=2025, month=12, value="136.02", by=cast.post("statistician"))
    (found,) = true_up(edition, close_books(DAY, by="system"))
    assert (found.settled, found.now, found.gap, found.printed) == (True, "136.0亿元", "+1.50", False)
    assert Answer.objects.count() == 0
