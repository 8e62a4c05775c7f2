"""发布数字: what waits, who may tick it, and that it then is out."""

from shuzhi.indicators.models import Observation, Release
from shuzhi.indicators.verbs import observe
from tests.accounts import indicator
from tests.cast import Cast
from tests.desk.office import seated

PAGE = "/desk/releases/?year=2025&unit=990100"


def told(office: Cast) -> Observation:
    by = office.post("statistician")
    seen = observe(indicator("gdp"), office.county, year=2025, month=9, value="98.7", by=by).observation
    assert seen is not None
    return seen


def test_a_second_person_publishes_what_waits(office: Cast) -> None:
    row = told(office)
    assert "98.7" in seated(office, "releaser").get(PAGE).content.decode()
    sent = {"row": [row.identity()], "day": "2025-10-25", "address": "https://tjj.example/2025"}
    answer = seated(office, "releaser").post(PAGE, sent, follow=True)
    assert "已登记公布 1 个数" in answer.content.decode()
    kept = Release.objects.get()
    assert (str(kept.day), kept.by_id, kept.address) == (
        "2025-10-25",
        office.post("releaser").code,
        "https://tjj.example/2025",
    )
    assert "没有等待公布的数" in answer.content.decode()


def test_whoever_reported_sees_no_tick_and_is_refused(office: Cast) -> None:
    row = told(office)
    page = seated(office, "statistician").get(PAGE).content.decode()
    assert "98.7" in page
    assert 'name="row"' not in page
    answer = seated(office, "statistician").post(PAGE, {"row": [row.identity()], "address": "x"})
    assert "填报和发布须由不同的人办理" in answer.content.decode()
    assert not Release.objects.exists()
