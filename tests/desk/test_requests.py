"""要求改数: registered from the indicator's page by the statistics post, and unknown to everybody else."""

import pytest

from shuzhi.evidence.instance import catalogue
from shuzhi.matters.verbs import open_matter
from tests.cast import Cast
from tests.desk.office import TODAY, seated

PAGE = "/desk/indicators/gdp/?year=2025&unit=990100"


def page(office: Cast, who: str, address: str = PAGE) -> str:
    answer = seated(office, who).get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def asked(office: Cast) -> None:
    kind = next(one for one in catalogue().kinds.values() if one.receives == "request")
    open_matter(
        kind,
        unit=office.county,
        title="电话要求调高三季度数",
        by=office.post("statistician"),
        opened=TODAY,
        fields={
            "requester_post": "某局负责人",
            "requester_kind": "主管部门",
            "indicator_code": "gdp",
            "period": "2025年1—9月",
            "manner": "电话",
            "why": "与预期不符",
        },
    )


def test_the_statistics_post_registers_a_request_from_the_indicators_page(office: Cast) -> None:
    text = page(office, "statistician")
    assert "没有人要求改过这个指标的数" in text
    address = text.partition("登记一次要求")[0].rpartition('href="')[2].partition('"')[0]
    assert 'value="gdp"' in page(office, "statistician", address.replace("&amp;", "&"))


def test_what_was_asked_stands_on_the_page_for_those_who_may_see_it(office: Cast) -> None:
    asked(office)
    assert "电话要求调高三季度数" in page(office, "statistician")
    assert "电话要求调高三季度数" not in page(office, "statistician", PAGE.replace("gdp", "retail"))


@pytest.mark.parametrize("who", ["head", "treasurer", "town_filler", "releaser"])
def test_nobody_else_learns_that_there_is_a_register(office: Cast, who: str) -> None:
    asked(office)
    text = page(office, who)
    assert "要求改数" not in text
    assert "电话要求调高三季度数" not in text
