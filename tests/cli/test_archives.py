"""A signed report is archived and replayed from the command line; what changed since is told, and is no fault."""

import json
from datetime import date
from pathlib import Path

import pytest

from shuzhi.evidence import instance
from shuzhi.evidence.journal import enter
from shuzhi.figures.closing import write_closing
from shuzhi.indicators.verbs import observe
from shuzhi.reports import verbs
from shuzhi.reports.models import Binding, Edition
from shuzhi.units.verbs import appoint, create_post, register_user
from tests.accounts import indicator
from tests.cast import SINCE, Cast
from tests.cli.conftest import Shuzhi

DAY = date(2025, 12, 31)
DRAFT = "陵水湾县2025年度述职报告\n\n预计地区生产总值XXX.X亿元。\n"


def said(cast: Cast, value: str, reason: str = "") -> None:
    """The statistician gives an estimate of the year."""
    by = cast.post("statistician")
    given = {"year": 2025, "month": 12, "role": "forecast", "reason": reason}
    observe(indicator("gdp"), cast.county, value=value, by=by, **given)  # type: ignore[arg-type]


@pytest.fixture
def edition(cast: Cast) -> Edition:
    """A report of one figure, compiled."""
    said(cast, "134.52")
    posts = {}
    for duty in ("write", "release", "sign"):
        posts[duty] = create_post(
            code=duty, unit=cast.county, title=duty, duties=[duty], since=SINCE, by="system"
        )
        appoint(posts[duty], register_user(username=duty, name=duty), since=SINCE, by="system")
    report = verbs.take_in(
        DRAFT.encode(), filename="稿.txt", unit=cast.county, year=2025, writer=posts["write"], day=DAY
    )
    return verbs.compile_edition(report, as_of=DAY, by=posts["write"], day=DAY)


@pytest.fixture
def signed(edition: Edition, cast: Cast) -> Edition:
    """The same, signed."""
    from shuzhi.units.models import Post

    verbs.release(edition, by=Post.objects.get(code="release"), day=DAY)
    return verbs.sign(edition, by=Post.objects.get(code="sign"), day=DAY)


def test_a_signed_report_is_archived_and_replayed(shuzhi: Shuzhi, signed: Edition, tmp_path: Path) -> None:
    made = shuzhi("archive", "2025-0001", "--out", tmp_path / "a.zip", "--json")
    assert (made.code, made.data["figures"], made.data["totals_only"]) == (0, 1, 0)
    assert set(made.data["versions"]) >= {"python", "duckdb", "pyarrow"}
    told = shuzhi("replay", tmp_path / "a.zip")
    assert told.code == 0
    assert made.data["archive"] in told.out
    assert "1 个数，1 个与签发时相同，0 个不同" in told.out


def test_what_changed_since_is_told_and_is_no_fault(
    shuzhi: Shuzhi, signed: Edition, cast: Cast, tmp_path: Path
) -> None:
    shuzhi("archive", "2025-0001", "--out", tmp_path / "a.zip")
    said(cast, "134.21", "统计执法核减")
    assert "0 个数变了" in shuzhi("replay", "2025-0001").out  # the newest closing is older than the revision
    told = shuzhi("replay", "2025-0001", "--against", "now")
    assert told.code == 0
    assert "1 个数变了" in told.out
    assert "134.52亿元（预计） → 134.21亿元（预计），理由：统计执法核减" in told.out
    later = Path(shuzhi("close", "--json").data["path"])
    data = shuzhi("replay", tmp_path / "a.zip", "--against", later, "--json").data
    assert [(row["signed"], row["now"], row["gap"]) for row in data["since"]] == [("134.5", "134.2", "-0.31")]
    assert data["since"][0]["relations"][0]["changed"] is True
    assert data["moved"] == 1


def test_what_no_longer_gives_what_was_signed_ends_with_3(
    shuzhi: Shuzhi, signed: Edition, tmp_path: Path
) -> None:
    row = Binding.objects.get(edition=signed)
    with enter("改数", by="system") as entry:
        row.card["exact"] = "134.53"  # type: ignore[index]
        entry.save(row)
    told = shuzhi("replay", "2025-0001", "--json")
    assert (told.code, told.data["different"], told.data["figures"][0]["faults"]) == (3, 1, ["数值"])
    refused = shuzhi("archive", "2025-0001", "--out", tmp_path / "a.zip")
    assert refused.code == 3
    assert "重算与签发时不同" in refused.err
    assert not (tmp_path / "a.zip").exists()


def test_a_damaged_archive_and_a_damaged_closing_end_with_3(
    shuzhi: Shuzhi, signed: Edition, tmp_path: Path
) -> None:
    path = tmp_path / "a.zip"
    shuzhi("archive", "2025-0001", "--out", path)
    path.write_bytes(path.read_bytes().replace(b'"printed":"134.5"', b'"printed":"144.5"'))
    told = shuzhi("replay", path, "--json")
    assert (told.code, [finding["id"] for finding in told.data["findings"]]) == (3, ["archive.changed"])
    folder = next((instance.home() / "closings").glob("*/observation.parquet"))
    data = folder.read_bytes()
    folder.unlink()
    folder.write_bytes(data[:-9] + b"x" + data[-8:])
    assert shuzhi("replay", "2025-0001").code == 3


@pytest.mark.parametrize(
    ("words", "why"),
    [(("replay", "2025-0009"), "没有这份报告"), (("replay", "2025-0001"), "还没有签发")],
)
def test_what_cannot_be_replayed_is_refused(
    shuzhi: Shuzhi, edition: Edition, words: tuple[str, ...], why: str
) -> None:
    told = shuzhi(*words)
    assert told.code == 2
    assert why in told.err


def test_books_of_another_unit_are_no_later_books(shuzhi: Shuzhi, signed: Edition, tmp_path: Path) -> None:
    from tests.figures.test_archive import county

    closing = county(tmp_path)
    other = write_closing(
        tmp_path,
        unit_code="990200",
        unit_name="别县",
        as_of=DAY,
        catalogue=closing.catalogue,
        relations=[],
    )
    told = shuzhi("replay", "2025-0001", "--against", other.path)
    assert told.code == 2
    assert "不是一个单位" in told.err


def test_what_is_no_archive_is_refused(shuzhi: Shuzhi, cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(json.dumps({}), "utf-8")
    assert shuzhi("replay", tmp_path / "a.txt").code == 2
    assert shuzhi("replay", tmp_path).code == 2
