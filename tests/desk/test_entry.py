"""The entry grid: all of a save is kept or none of it, and nobody writes over a colleague unseen."""

from shuzhi.indicators.models import Observation
from shuzhi.indicators.verbs import observe
from tests.accounts import indicator
from tests.cast import Cast
from tests.desk.office import seated

PAGE = "/desk/entry/?year=2025&unit=990100"


def typed(**cells: str) -> dict[str, str]:
    """What the grid sends for cells given as ``fai_2="12.4"``; each was empty before."""
    sent = {"status": "快报", "reason": ""}
    for name, text in cells.items():
        code, _, month = name.rpartition("_")
        sent |= {f"v:{code}:{month}": text, f"was:v:{code}:{month}": ""}
    return sent


def test_the_grid_shows_what_this_seat_reports(office: Cast) -> None:
    page = seated(office, "statistician").get(PAGE).content.decode()
    assert 'name="v:gdp:3"' in page
    assert 'name="v:gdp:4"' not in page
    assert "您的职务没有要填报的指标" in seated(office, "head").get(PAGE).content.decode()


def test_a_save_is_one_link_and_keeps_every_cell(office: Cast) -> None:
    client = seated(office, "statistician")
    answer = client.post(PAGE, typed(gdp_3="27.28", retail_2="1,234.5", retail_3="１３００"), follow=True)
    assert "已保存 3 个数" in answer.content.decode()
    kept = Observation.objects.get(indicator="retail", month=3)
    assert (kept.status, kept.by_id, kept.vintage) == ("快报", "990100-statistician", 1)
    again = client.post(PAGE, {"v:gdp:3": "27.28", "was:v:gdp:3": "27.28"}, follow=True)
    assert "没有变化" in again.content.decode()


def test_one_bad_cell_keeps_all_of_them_out_and_is_marked(office: Cast) -> None:
    answer = seated(office, "statistician").post(PAGE, typed(gdp_3="27.28", gdp_6="很多"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert not Observation.objects.exists()
    assert 'value="很多"' in page
    assert 'value="27.28"' in page
    assert page.count('aria-invalid="true"') == 1


def test_a_cell_of_somebody_else_is_refused(office: Cast) -> None:
    page = seated(office, "town_filler").post("/desk/entry/?year=2025&unit=990101", typed(gdp_3="27.28"))
    assert "您不负责填报" in page.content.decode()
    assert not Observation.objects.exists()


def test_a_month_that_has_not_come_yet_has_no_actual_value(office: Cast) -> None:
    client = seated(office, "statistician")
    page = "/desk/entry/?year=2026&unit=990100"
    refused = client.post(page, typed(gdp_3="27.28")).content.decode()
    assert "2026年3月还没有到（今天是2025-12-31），没有实际数" in refused
    assert "是目标或预计的，按目标或预计报送" in refused
    assert not Observation.objects.exists()


def test_nobody_writes_over_a_colleague_unseen(office: Cast) -> None:
    by = office.post("statistician")
    observe(indicator("gdp"), office.county, year=2025, month=3, value="30", by=by)
    page = seated(office, "statistician").post(PAGE, typed(gdp_3="27.28")).content.decode()
    assert "已由别人改为 30" in page
    assert Observation.objects.get().vintage == 1


def test_a_revision_is_a_new_vintage_and_an_empty_cell_needs_a_reason(office: Cast) -> None:
    by = office.post("statistician")
    observe(indicator("gdp"), office.county, year=2025, month=3, value="30", by=by)
    client = seated(office, "statistician")
    sent = {"v:gdp:3": "", "was:v:gdp:3": "30", "status": "快报", "reason": ""}
    assert "没有数值，也没有说明" in client.post(PAGE, sent).content.decode()
    client.post(PAGE, {**sent, "reason": "上级未核定"})
    assert Observation.objects.filter(indicator="gdp").count() == 2
    assert Observation.objects.get(vintage=2).value is None


def test_years_and_units_nobody_can_mean_fall_back(office: Cast) -> None:
    client = seated(office, "statistician")
    assert "陵水湾县 2025年" in client.get("/desk/entry/?year=19x&unit=zzz").content.decode()
