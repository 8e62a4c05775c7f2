"""As signed: any figure of a signed report is computed again from the archive alone, whatever was revised since."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shuzhi.books.verbs import close_books
from shuzhi.evidence.journal import enter
from shuzhi.figures.closing import Closing
from shuzhi.figures.signed import archive as files
from shuzhi.figures.signed.taken import Audience
from shuzhi.indicators.verbs import observe
from shuzhi.kernel.chain import canonical, digest
from shuzhi.kernel.finding import Refused
from shuzhi.matters.models import Matter
from shuzhi.matters.verbs import open_matter
from shuzhi.reports import verbs
from shuzhi.reports.archiving import archive_of, book_of, figures_of, signed_edition
from shuzhi.reports.models import Binding, Edition, Report
from shuzhi.reports.replaying import Since, Source, replay, since, source_of
from shuzhi.units.models import Post
from tests.accounts import indicator, kind
from tests.cast import Cast
from tests.house.reading import ROOT

DAY = date(2025, 12, 31)
DRAFT = """陵水湾县2025年度述职报告

预计地区生产总值XXX.X亿元，比上年增长X.X%。全年社会消费品零售总额XX.XX亿元。试办事项数XX件。
"""
Seat = Callable[[str], Post]


def told(cast: Cast, code: str, value: str, **more: Any) -> None:
    """The statistician reports a value of the year."""
    given = {"role": "forecast", "year": 2025, "month": 12, **more}
    observe(indicator(code), cast.county, value=value, by=cast.post("statistician"), **given)


def errand(cast: Cast, title: str) -> Matter:
    """An errand of the town, opened in the year."""
    by, fields = cast.post("town_filler"), {"urgency": "急"}
    return open_matter(
        kind("try_errand"), cast.town, title=title, opened=date(2025, 12, 22), by=by, fields=fields
    )


@pytest.fixture
def report(cast: Cast, seat: Seat) -> Report:
    """A report of four figures: three estimates and a count of matters."""
    told(cast, "gdp", "134.52")
    told(cast, "gdp_growth", "5.6")
    told(cast, "retail", "53.64")
    for title in ("修通村路", "接通自来水"):
        errand(cast, title)
    writer = seat("write")
    return verbs.take_in(
        DRAFT.encode(), filename="稿.txt", unit=cast.county, year=2025, writer=writer, day=DAY
    )


def signed(report: Report, seat: Seat) -> Edition:
    """The report over today's books, compiled, released and signed."""
    edition = verbs.compile_edition(report, as_of=DAY, by=seat("write"), day=DAY)
    verbs.release(edition, by=seat("release"), day=DAY)
    return verbs.sign(edition, by=seat("sign"), day=DAY)


def archived(edition: Edition, path: Path, audience: Audience = Audience.PUBLIC) -> Path:
    """The archive of an edition, written."""
    path.write_bytes(files.packed(archive_of(edition, audience)))
    return path


def texts(path: Path) -> list[tuple[str, bool]]:
    """What an archive's figures come to, and whether that is as signed."""
    with files.opened(path) as archive:
        return [(item.text, item.same) for item in replay(archive.figures, source_of(archive))]


def changed(edition: Edition, later: Closing) -> list[Since]:
    """What became of an edition's figures by later books."""
    source = Source(book_of(edition))
    return since(replay(figures_of(edition), source), source, later)


SIGNED = [("134.5", True), ("5.6", True), ("53.64", True), ("2", True)]


def test_a_signed_report_is_computed_again_from_its_archive(
    report: Report, seat: Seat, tmp_path: Path
) -> None:
    edition = signed(report, seat)
    assert texts(archived(edition, tmp_path / "a.zip")) == SIGNED
    assert texts(archived(edition, tmp_path / "b.zip", Audience.AUDIT)) == SIGNED


def test_the_same_edition_gives_the_same_archive_whatever_was_done_since(
    report: Report, seat: Seat, cast: Cast, tmp_path: Path
) -> None:
    edition = signed(report, seat)
    first = archived(edition, tmp_path / "a.zip").read_bytes()
    told(cast, "gdp", "134.61", reason="年报核定")
    errand(cast, "添置路灯")
    signed(report, seat)
    assert archived(signed_edition("2025-0001", 1), tmp_path / "b.zip").read_bytes() == first


def test_ten_revisions_deep_every_edition_is_computed_again_exactly(
    report: Report, seat: Seat, cast: Cast, tmp_path: Path
) -> None:
    said = []
    for step in range(10):
        told(cast, "gdp", f"134.{61 + step}", reason=f"第{step + 1}次核定")
        told(cast, "retail", f"53.{65 + step}", reason="抽样核定")
        errand(cast, f"第{step + 1}件")
        edition = signed(report, seat)
        rows = edition.bindings.filter(state="已填").order_by("no")
        said.append((archived(edition, tmp_path / f"{step}.zip"), [row.text for row in rows]))
    assert [told[2] for _, told in said] == [f"53.{65 + step}" for step in range(10)]
    assert [told[3] for _, told in said] == [str(3 + step) for step in range(10)]
    for number, (path, wanted) in enumerate(said, 1):
        assert texts(path) == [(text, True) for text in wanted]
        kept = signed_edition("2025-0001", number)
        assert all(item.same for item in replay(figures_of(kept), Source(book_of(kept))))
    since_then = changed(signed_edition("2025-0001", 1), close_books(DAY, by="system"))
    assert [row.gap for row in since_then] == ["+0.09", "", "+0.09", "+9"]
    assert len(since_then[0].why) == 9  # every vintage entered since is told with its reason
    assert (
        since_then[0]
        .why[-1]
        .said.endswith("第11版：134.69亿元（预计） → 134.7亿元（预计），理由：第10次核定")
    )


def test_on_another_machine_an_archive_alone_is_enough(report: Report, seat: Seat, tmp_path: Path) -> None:
    edition = signed(report, seat)
    path = archived(edition, tmp_path / "a.zip")
    away, home = tmp_path / "away", tmp_path / "empty"
    away.mkdir()
    home.mkdir()
    (away / "taken.zip").write_bytes(path.read_bytes())
    environment = {"HOME": str(home), "PYTHONPATH": str(ROOT), "PATH": os.environ.get("PATH", "")}
    done = subprocess.run(
        [sys.executable, "-m", "shuzhi", "replay", "taken.zip", "--json"],
        cwd=away,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    heard = json.loads(done.stdout)
    assert (heard["same"], heard["different"], heard["against"]) == (4, 0, None)
    assert heard["closing"] == edition.closing
    assert heard["documents"] == edition.files
    assert [item.name for item in away.iterdir()] == ["taken.zip"]


def test_the_folder_an_archive_unpacks_to_is_as_good(report: Report, seat: Seat, tmp_path: Path) -> None:
    path = archived(signed(report, seat), tmp_path / "a.zip")
    with zipfile.ZipFile(path) as file:
        file.extractall(tmp_path / "folder")
    assert texts(tmp_path / "folder") == SIGNED


def test_what_changed_since_is_told_with_the_vintage_and_its_reason(
    report: Report, seat: Seat, cast: Cast
) -> None:
    edition = signed(report, seat)
    told(cast, "gdp", "135.20", reason="经济普查修订")
    later = close_books(DAY, by="system")
    gdp, growth, retail, count = changed(edition, later)
    assert (gdp.text, gdp.gap, gdp.rate, gdp.result) == ("135.2", "+0.68", "0.51%", "变了")
    assert [(change.what, change.refs) for change in gdp.why] == [
        ("vintage", ("observation/gdp/990100/2025-12/forecast/2",))
    ]
    assert gdp.why[0].said == (
        "陵水湾县2025年地区生产总值第2版：134.52亿元（预计） → 135.2亿元（预计），理由：经济普查修订"
    )
    assert [item.result for item in (growth, retail, count)] == ["未变"] * 3


def test_a_final_value_in_place_of_an_estimate_is_told_though_the_number_stays(
    report: Report, seat: Seat, cast: Cast
) -> None:
    edition = signed(report, seat)
    told(cast, "retail", "53.64", role="actual")
    retail = changed(edition, close_books(DAY, by="system"))[2]
    assert (retail.moved, retail.stirred, retail.result) == (False, True, "数未变，依据有变")
    assert "代替当时的53.64亿元（预计）" in retail.why[0].said


def test_matters_entered_and_corrected_since_are_named(report: Report, seat: Seat, cast: Cast) -> None:
    edition = signed(report, seat)
    new = errand(cast, "添置路灯")
    old = Matter.objects.get(title="修通村路")
    with enter("更正立项日期", by="system") as entry:
        old.opened = date(2024, 12, 30)
        entry.save(old)
    count = changed(edition, close_books(DAY, by="system"))[3]
    assert (count.moved, count.stirred) == (False, True)  # one came, one went
    assert {change.said: change.refs for change in count.why} == {
        f"试办事项新登记1条（{new.ref}）": (new.ref,),
        f"试办事项改过、不再计入1条（{old.ref}：立项日期 2025-12-22 → 2024-12-30）": (old.ref,),
    }


def test_a_formula_written_otherwise_since_is_told_with_both(report: Report, seat: Seat, home: Path) -> None:
    from shuzhi.evidence import instance

    edition = signed(report, seat)
    path = home / "catalogue" / "kinds" / "try_errand.toml"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace('"count try_errand in year"', "\"count try_errand where urgency = '缓' in year\""),
        "utf-8",
    )
    instance.forget()
    count = changed(edition, close_books(DAY, by="system"))[3]
    assert (count.text, count.moved) == ("0", True)
    assert count.why[0].what == "definition"
    assert "当时“" in count.why[0].said
    assert "缓急" in count.why[0].said
    assert replay(figures_of(edition), Source(book_of(edition)))[3].same


def test_an_archive_changed_by_one_byte_is_refused(report: Report, seat: Seat, tmp_path: Path) -> None:
    made = archive_of(signed(report, seat), Audience.AUDIT)
    path = tmp_path / "wrong.zip"
    for name in set(made) - {files.VERSIONS}:
        wrong = {**made, name: made[name][:-1] + bytes([made[name][-1] ^ 1])}
        path.write_bytes(files.packed(wrong))
        with pytest.raises(Refused, match="档案有误"), files.opened(path):
            pass
    path.write_bytes(files.packed({**made, "more.txt": b""}))
    with pytest.raises(Refused, match=r"多出 more\.txt"), files.opened(path):
        pass


def test_a_number_forged_together_with_its_digest_is_not_what_the_books_give(
    report: Report, seat: Seat, tmp_path: Path
) -> None:
    made = archive_of(signed(report, seat), Audience.PUBLIC)
    figures = made[files.FIGURES].replace(b'"printed":"134.5"', b'"printed":"144.5"')
    head = json.loads(made[files.HEAD])
    head["files"][files.FIGURES]["digest"] = digest(figures)
    path = tmp_path / "forged.zip"
    path.write_bytes(files.packed({**made, files.FIGURES: figures, files.HEAD: canonical(head)}))
    assert texts(path)[0] == ("134.5", False)
    head["edition"]["content"]["closing"] = "sha256:0"
    path.write_bytes(files.packed({**made, files.FIGURES: figures, files.HEAD: canonical(head)}))
    with pytest.raises(Refused, match="与签发那一笔登记的摘要不符"):
        texts(path)


def test_a_figure_changed_after_the_signature_does_not_go_into_an_archive(report: Report, seat: Seat) -> None:
    edition = signed(report, seat)
    row = Binding.objects.filter(edition=edition, state="已填").first()
    assert row is not None
    with enter("改数", by="system") as entry:
        row.text = "144.5"
        entry.save(row)
    assert replay(figures_of(edition), Source(book_of(edition)))[0].faults == ("印出的数", "验数码")
    with pytest.raises(Refused, match="1个数"):
        archive_of(edition, Audience.PUBLIC)


def test_an_edition_frozen_before_cards_kept_their_form_is_computed_again_from_its_draft(
    report: Report, seat: Seat, tmp_path: Path
) -> None:
    edition = signed(report, seat)
    for row in Binding.objects.filter(edition=edition, state="已填"):
        assert row.card is not None
        del row.card["printing"]
        with enter("旧卡片", by="system") as entry:
            entry.save(row)
    assert texts(archived(edition, tmp_path / "a.zip")) == SIGNED


def test_only_a_signed_edition_is_archived(report: Report, seat: Seat) -> None:
    edition = verbs.compile_edition(report, as_of=DAY, by=seat("write"), day=DAY)
    with pytest.raises(Refused, match="还没有签发"):
        archive_of(edition, Audience.PUBLIC)


def test_nothing_of_a_ledger_that_is_not_public_leaves_with_a_public_archive(
    report: Report, seat: Seat
) -> None:
    edition = signed(report, seat)
    ref = Matter.objects.get(title="修通村路").ref
    public, audit = (archive_of(edition, audience) for audience in Audience)
    assert not any(ref.encode() in data for data in public.values())
    assert b'"basis":"totals"' in public[files.FIGURES]
    assert ref.encode() in audit["relations/try_errand.jsonl"]
    assert "修通村路".encode() not in b"".join(audit.values())  # what the figures do not read stays at home
