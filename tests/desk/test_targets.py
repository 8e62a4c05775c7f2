"""Pages of targets: progress from a closing, handing down, changing by a decision, estimates accepted, scores by right."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shuzhi.books.scored import owner_of, settle, settled
from shuzhi.books.verbs import close_books
from shuzhi.evidence.instance import catalogue
from shuzhi.evidence.verify import verify
from shuzhi.indicators.models import Adjustment, LightMark, Observation
from shuzhi.indicators.planned import target_of
from shuzhi.indicators.targets import break_down, hand_down
from shuzhi.indicators.verbs import observe
from shuzhi.kernel.catalogue.definitions import Indicator
from shuzhi.kernel.measure import UNITS, whole
from tests.cast import Cast
from tests.desk.office import TODAY, seated


def item() -> Indicator:
    """A monthly count that adds up and follows the even profile."""
    return next(
        one
        for _, one in sorted(catalogue().indicators.items())
        if (one.temporal, one.rollup, one.profile, one.duty, one.decimals)
        == ("cum", "sum", "P_LIN", "fill", 0)
        and one.expression is None
        and one.direction == "up"
    )


def kept(text: str) -> int:
    """An amount in the indicator's unit as the books hold it."""
    return whole(text, UNITS[item().unit])


@pytest.fixture
def planned(office: Cast) -> Cast:
    """The county with a target of 1200, spread evenly, behind in March and recovered in June; the books closed."""
    hand_down(item(), office.county, 2025, {12: "1200"}, by=office.post("head"))
    break_down(item(), office.county, 2025, "profile", by=office.post("head"))
    for month, value in ((3, "100"), (6, "620")):
        observe(item(), office.county, year=2025, month=month, value=value, by=None)
    close_books(TODAY, by="system")
    return office


def page(cast: Cast, who: str, address: str) -> str:
    answer = seated(cast, who).get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_progress_is_told_with_its_light_and_what_was_overcome(planned: Cast) -> None:
    text = page(planned, "head", "/desk/targets/?year=2025")
    assert item().label in text
    assert "3月亮黄灯，6月恢复" in text
    assert "+1.7" in text  # 620/1200 less one half


def test_progress_needs_no_closing(office: Cast) -> None:
    hand_down(item(), office.county, 2025, {12: "1200"}, by=office.post("head"))
    observe(item(), office.county, year=2025, month=6, value="620", by=None)
    text = page(office, "head", "/desk/targets/?year=2025")
    assert "620" in text
    assert "要等结账" not in text
    observe(item(), office.county, year=2025, month=6, value="640", by=None)
    assert "640" in page(office, "head", "/desk/targets/?year=2025")


def test_only_what_rests_on_ledgers_waits_for_a_closing(office: Cast) -> None:
    ledgers = catalogue().indicators["arrears_cleared"]
    hand_down(ledgers, office.county, 2025, {12: "90"}, by=office.post("head"))
    client = seated(office, "head")
    assert "要等结账" in client.get("/desk/targets/?year=2025").content.decode()
    text = client.post("/desk/targets/?year=2025", {"act": "close"}, follow=True).content.decode()
    assert "已按今天的账结账" in text
    assert "其中 1 项（由台账算出，或年度较早）按 2025年12月31日 的结账" in text


def test_one_target_shows_its_year(planned: Cast) -> None:
    text = page(planned, "head", f"/desk/targets/{item().code}/?year=2025")
    assert "600" in text
    assert "凭决定调整" in text
    assert "凭决定调整" not in page(planned, "supervisor", f"/desk/targets/{item().code}/?year=2025")


def test_a_target_of_a_unit_one_does_not_see_is_not_there(planned: Cast) -> None:
    answer = seated(planned, "town_filler").get(f"/desk/targets/{item().code}/?unit=990102")
    assert answer.status_code == 404
    assert seated(planned, "head").get("/desk/targets/nothing/").status_code == 404


def test_a_change_needs_its_document(planned: Cast) -> None:
    client, address = seated(planned, "head"), f"/desk/targets/{item().code}/?year=2025"
    sent = {"act": "change", "m:12": "1100", "title": "调整决定", "day": "2025-08-29", "reason": "常委会批准"}
    text = client.post(address, {**sent, "document": ""}, follow=True).content.decode()
    assert "调整目标须有决定" in text
    assert "没有附决定的文件" in text
    assert not Adjustment.objects.exists()
    paper = SimpleUploadedFile("决定.pdf", b"%PDF-", "application/pdf")
    whole = {**sent, "document": "陵发〔2025〕8号", "paper-kind": "正式文件", "paper-0": paper}
    text = client.post(address, whole, follow=True).content.decode()
    assert "原数留存" in text
    assert "陵发〔2025〕8号" in text
    made = Adjustment.objects.get()
    key = made.ref.partition("/")[2]
    answer = client.get(f"/desk/targets/decisions/{key}/1/")
    assert b"".join(answer) if answer.streaming else answer.content == b"%PDF-"
    assert seated(planned, "head").get("/desk/targets/decisions/2025-0009/1/").status_code == 404


def test_a_change_below_the_months_already_planned_is_refused(planned: Cast) -> None:
    sent = {
        "act": "change",
        "m:12": "900",
        "document": "陵发〔2025〕8号",
        "title": "调整决定",
        "day": "2025-08-29",
        "reason": "常委会批准",
        "paper-kind": "正式文件",
        "paper-0": SimpleUploadedFile("决定.pdf", b"%PDF-", "application/pdf"),
    }
    address = f"/desk/targets/{item().code}/?year=2025"
    text = seated(planned, "head").post(address, sent, follow=True).content.decode()
    assert "小于11月" in text
    assert not Adjustment.objects.exists()


def test_a_light_is_marked_beside_the_computed_one(planned: Cast) -> None:
    client, address = seated(planned, "supervisor"), f"/desk/targets/{item().code}/?year=2025"
    client.post(address, {"act": "mark", "colour": "red", "reason": "", "until": "2026-01-31"})
    assert not LightMark.objects.exists()
    client.post(address, {"act": "mark", "colour": "red", "reason": "虚报", "until": "2026-01-31"})
    close_books(TODAY, by="system")
    text = page(planned, "head", "/desk/targets/?year=2025")
    assert "认定红灯" in text
    assert "● 绿灯" in text


def test_the_cascade_is_filled_once_and_checked_live(planned: Cast) -> None:
    client, code = seated(planned, "head"), item().code
    address = "/desk/targets/cascade/?year=2025"
    assert "尚未分解" not in page(planned, "head", address)
    sent = {f"t:{code}:990101": "700", f"t:{code}:990102": "400"}
    assert "已下达 2 个目标" in client.post(address, sent, follow=True).content.decode()
    assert "尚未分解 100" in page(planned, "head", address)
    text = client.post(address, {f"t:{code}:990101": "800"}, follow=True).content.decode()
    assert "不能直接改" in text
    assert target_of(item(), planned.town, 2025) == kept("700")


def test_nobody_hands_down_what_is_not_theirs(planned: Cast) -> None:
    sent = {f"t:{item().code}:990102": "400"}
    seated(planned, "town_head").post("/desk/targets/cascade/?year=2025&unit=990100", sent)
    assert target_of(item(), planned.unit("990102"), 2025) is None


def test_an_estimate_is_proposed_and_entered_only_when_accepted(planned: Cast) -> None:
    address = "/desk/targets/estimates/?year=2025"
    text = page(planned, "head", address)
    assert "进度曲线法" in text
    assert not Observation.objects.filter(role="forecast").exists()
    client = seated(planned, "head")
    client.post(address, {"indicator": item().code, "method": "profile"})
    made = Observation.objects.get(role="forecast")
    assert (made.value, made.status, made.month) == (kept("1240"), "预计", 12)
    assert "进度曲线法" in made.reason
    client.post(address, {"indicator": item().code, "method": "share"})
    assert Observation.objects.filter(role="forecast").count() == 1
    assert client.post(address, {"indicator": "nothing", "method": "share"}).status_code == 404


def test_a_forecast_is_trued_up(planned: Cast) -> None:
    client = seated(planned, "head")
    client.post("/desk/targets/estimates/?year=2025", {"indicator": item().code, "method": "profile"})
    assert "未出" in page(planned, "head", "/desk/targets/trueup/?year=2025")
    observe(item(), planned.county, year=2025, month=12, value="1200", by=None)
    assert "+3.33%" in page(planned, "head", "/desk/targets/trueup/?year=2025")


def scheme_code() -> str:
    return next(code for code, scheme in catalogue().schemes.items() if scheme.year == 2025)


def test_scores_are_seen_by_those_above_and_by_the_unit_itself(planned: Cast) -> None:
    whole = page(planned, "head", "/desk/scores/")
    assert "清河镇" in whole
    assert "白石乡" in whole
    assert "未报" in whole
    own = page(planned, "town_head", "/desk/scores/")
    assert "清河镇" in own
    assert "白石乡" not in own
    assert seated(planned, "town_head").get("/desk/scores/?unit=990102").status_code == 404
    assert "逐项计分" in page(planned, "town_head", "/desk/scores/?unit=990101")


def test_the_score_sheet_on_paper(planned: Cast) -> None:
    client = seated(planned, "head")
    book = openpyxl.load_workbook(BytesIO(client.get(f"/desk/scores/{scheme_code()}.xlsx").content))
    assert book.sheetnames == ["汇总", "明细", "依据"]
    assert client.get(f"/desk/scores/{scheme_code()}.docx").content[:2] == b"PK"
    assert client.get(f"/desk/scores/{scheme_code()}.pdf").status_code == 404
    assert client.get("/desk/scores/nothing.xlsx").status_code == 404


def test_a_settled_sheet_is_filed_with_its_closing_once(planned: Cast) -> None:
    scheme = catalogue().schemes[scheme_code()]
    first = settle(scheme, date(2025, 12, 31), by="system")
    again = settle(scheme, date(2025, 12, 31), by="system")
    assert first.id == again.id or first.closing != again.closing
    (filed, *_) = settled(scheme)
    assert filed.owner == owner_of(scheme)
    assert list(verify()) == []
