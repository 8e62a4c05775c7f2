"""签后变化 on the desk: as signed first, then what moved since, for whoever has business with the report."""

from pathlib import Path

from django.test import Client

from shuzhi.figures.signed.archive import opened
from shuzhi.figures.signed.taken import Audience
from shuzhi.indicators.verbs import observe
from shuzhi.reports.replaying import replay, source_of
from tests.accounts import indicator
from tests.cast import Cast
from tests.desk.office import seated
from tests.desk.test_reports import BASE, EDITION, published

PAGE = f"{EDITION}since/"


def read(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_signed_edition_says_what_moved_since(office: Cast) -> None:
    published(office)
    writer = seated(office, "writer")
    assert "都与签发时相同" in read(writer, PAGE)
    assert "签发以后，这一版的数都没有变" in read(writer, PAGE)
    by = office.post("statistician")
    given = {"year": 2025, "month": 12, "reason": "年报核定", "status": "初步核算"}
    observe(indicator("gdp"), office.county, value="134.21", by=by, **given)  # type: ignore[arg-type]
    page = read(writer, PAGE)
    assert "都与签发时相同" in page
    assert "1 个变了" in page
    assert "→ 134.21亿元（初步核算），理由：年报核定" in page
    assert "1 个变了" in read(writer, f"{BASE}?show=since")
    assert PAGE in read(writer, EDITION)


def test_the_archive_is_taken_from_the_page_and_computed_again(office: Cast, tmp_path: Path) -> None:
    published(office)
    said = seated(office, "writer").get(f"{EDITION}archive.zip")
    assert said.headers["Content-Type"] == "application/zip"
    path = tmp_path / "a.zip"
    path.write_bytes(said.content)
    with opened(path) as archive:
        assert archive.audience is Audience.PUBLIC
        assert all(item.same for item in replay(archive.figures, source_of(archive)))


def test_before_the_signature_there_is_no_such_page(office: Cast) -> None:
    from tests.desk.test_reports import act, compiled

    writer = compiled(office)
    assert writer.get(PAGE).status_code == 404
    assert writer.get(f"{EDITION}archive.zip").status_code == 404
    assert PAGE not in read(writer, EDITION)
    assert "签后变化" not in read(writer, BASE)
    assert act(writer, "sign")  # not hers to do: nothing is signed
    assert writer.get(PAGE).status_code == 404


def test_whoever_has_no_business_with_the_report_does_not_see_it(office: Cast) -> None:
    published(office)
    assert seated(office, "town_filler").get(PAGE).status_code in (403, 404)
