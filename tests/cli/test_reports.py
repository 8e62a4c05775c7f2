"""What the command says of names that may stand in a gap, and of estimates once the final values are known."""

from datetime import date
from pathlib import Path

from shuzhi.indicators.verbs import observe
from shuzhi.reports.verbs import compile_edition, take_in
from shuzhi.units.verbs import create_post
from tests.accounts import indicator
from tests.cast import SINCE, Cast
from tests.cli.conftest import Shuzhi

DAY = date(2025, 12, 31)


def test_a_gap_says_what_could_stand_there_and_who_can_give_it(
    shuzhi: Shuzhi, cast: Cast, tmp_path: Path
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("陵水湾县2025年度述职报告\n\n建设平安XX，地区生产总值XX亿元。\n", "utf-8")
    said = shuzhi("fill", path, "--out", tmp_path / "out", "--as-of", "2025-12-31", "--json")
    name, value = said.data["gaps"]
    assert [proposal["text"] for proposal in name["proposals"]] == ["陵水湾", "陵水湾县"]
    assert (value["owner"], value["proposals"]) == ("统计局", [])
    told = (tmp_path / "out" / "未填清单.txt").read_text("utf-8")
    assert "可填：陵水湾（本单位名称）" in told
    assert "谁能给：统计局" in told


def test_estimates_of_a_report_are_trued_up(shuzhi: Shuzhi, cast: Cast) -> None:
    by = cast.post("statistician")
    observe(indicator("gdp"), cast.county, year=2025, month=12, value="134.52", by=by, role="forecast")
    writer = create_post(code="w", unit=cast.county, title="文秘", duties=["write"], since=SINCE, by="system")
    text = "陵水湾县2025年度述职报告\n\n预计地区生产总值XXX.X亿元。\n".encode()
    report = take_in(text, filename="a.txt", unit=cast.county, year=2025, writer=writer, day=DAY)
    assert shuzhi("report", "trueup", "2025-0001").code == 2  # not compiled yet
    compile_edition(report, as_of=DAY, by=writer, day=DAY)
    waiting = shuzhi("report", "trueup", report.ref, "--as-of", "2025-12-31")
    assert waiting.code == 1
    assert "还没有定数" in waiting.out
    observe(indicator("gdp"), cast.county, year=2025, month=12, value="134.48", by=by)
    settled = shuzhi("report", "trueup", "2025-0001", "--edition", "1", "--as-of", "2025-12-31", "--json")
    assert (settled.code, settled.data[0]["gap"], settled.data[0]["printed"]) == (0, "-0.04", True)
