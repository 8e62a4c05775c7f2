"""``shuzhi owed``, ``digest`` and ``burden``: what they print, and how they end."""

import json
from pathlib import Path

from shuzhi.indicators.verbs import observe
from tests.accounts import indicator
from tests.cast import Cast
from tests.cli.conftest import Shuzhi
from tests.desk.office import complaint, errand

DAY = ("--as-of", "2026-02-02")


def test_owed_tells_who_owes_what_since_when(shuzhi: Shuzhi, cast: Cast) -> None:
    made = errand(cast)
    complaint(cast)
    said = shuzhi("owed", "--unit", "990101", *DAY, "--json")
    assert said.code == 1
    mine = [row for row in said.data if row["ref"] == made.ref]
    assert [(row["unit"], row["due"], row["late"]) for row in mine] == [("990101", "2026-01-06", 27)]
    plain = shuzhi("owed", *DAY)
    assert "修通村路：办理期限" in plain.out
    assert "欠27天" in plain.out
    assert "密件" not in plain.out


def test_owed_of_an_unknown_unit_is_refused(shuzhi: Shuzhi, cast: Cast) -> None:
    said = shuzhi("owed", "--unit", "nowhere")
    assert said.code == 2
    assert "没有代码为“nowhere”的单位" in said.err


def test_digest_is_printed_and_laid_out_as_files(shuzhi: Shuzhi, cast: Cast, tmp_path: Path) -> None:
    errand(cast)
    said = shuzhi("digest", "--user", "town_filler", *DAY)
    assert said.code == 0
    assert said.out.startswith("田小满：2026年2月2日提要")
    out = tmp_path / "提要"
    assert shuzhi("digest", "--out", out, *DAY).code == 0
    listed = json.loads((out / "digest.json").read_text("utf-8"))
    assert {item["file"] for item in listed} == {path.name for path in out.glob("*.txt")}
    told = next(item for item in listed if item["user"] == "town_filler")
    assert (out / "town_filler.txt").read_text("utf-8") == told["text"]


def test_nobody_is_written_to_on_a_rest_day(shuzhi: Shuzhi, cast: Cast, tmp_path: Path) -> None:
    errand(cast)
    assert shuzhi("digest", "--out", tmp_path / "o", "--as-of", "2026-02-01").code == 0
    assert list((tmp_path / "o").glob("*.txt")) == []
    assert shuzhi("digest", "--user", "nobody").code == 2


def test_burden_is_told_by_unit_with_who_asks(shuzhi: Shuzhi, cast: Cast) -> None:
    observe(indicator("rev_general"), cast.county, year=2025, month=11, value="10", by=None)
    said = shuzhi("burden", "--json", *DAY)
    assert [(one["name"], one["typed"]) for one in said.data] == [("县财政局", 1)]
    one = shuzhi("burden", "--unit", "990100-czj", *DAY)
    assert "谁要的" in one.out
    assert "县财政局" in one.out
