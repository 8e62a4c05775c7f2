"""核对: the page of what does not hold, and who sees what on it."""

from shuzhi.indicators.models import Observation
from shuzhi.indicators.verbs import observe
from tests.accounts import indicator
from tests.cast import Cast
from tests.desk.office import seated


def told(cast: Cast, who: str, query: str = "") -> str:
    answer = seated(cast, who).get(f"/desk/checks/?year=2025{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def wrong(cast: Cast) -> None:
    for code, value in {"va1": "20", "va2": "50", "va3": "58.5", "gdp": "130"}.items():
        observe(indicator(code), cast.county, year=2025, month=9, value=value, by=cast.post("statistician"))


def test_nothing_wrong_is_said_to_be_so(office: Cast) -> None:
    assert "没有对不上的数" in told(office, "head")


def test_what_does_not_hold_is_told_with_its_numbers_and_their_pages(office: Cast) -> None:
    wrong(office)
    text = told(office, "statistician")
    assert "三次产业增加值之和不等于地区生产总值" in text
    assert "130.00亿元" in text
    assert "/desk/indicators/gdp/?unit=990100&amp;year=2025" in text
    assert "9月" in text


def test_force_and_year_narrow_the_list(office: Cast) -> None:
    wrong(office)
    assert "没有对不上的数" in told(office, "head", "&force=警告")
    assert "三次产业增加值之和" in told(office, "head", "&force=错误")


def test_the_grid_keeps_a_batch_that_disagrees_out_and_shows_why(office: Cast) -> None:
    typed = {
        f"v:{code}:9": value
        for code, value in {"va1": "20", "va2": "50", "va3": "58.5", "gdp": "130"}.items()
    }
    client = seated(office, "statistician")
    answer = client.post("/desk/entry/?year=2025&unit=990100", {**typed, "status": "快报", "reason": ""})
    assert "三次产业增加值之和不等于地区生产总值" in answer.content.decode()
    assert not Observation.objects.exists()
