"""The pages in a real browser: every one walked, the grid pasted into, the report's figures opened, nothing fetched from outside."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Browser, Page, Request, sync_playwright

from shuzhi.indicators.models import Observation
from shuzhi.indicators.releases import publish
from shuzhi.indicators.verbs import observe
from shuzhi.matters.models import Matter, Movement
from shuzhi.matters.verbs import attach_papers
from shuzhi.reports.disclosure import publish_ledgers
from shuzhi.reports.models import Choice, Edition
from shuzhi.rhythm.models import Decision, PlanItem
from shuzhi.units.models import User
from tests.accounts import indicator
from tests.cast import Cast
from tests.desk.office import MINUTES, TODAY, errand, hazard, underway

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "lingshui-2025"
LEGIBLE = (Path(__file__).parent / "browser.js").read_text("utf-8")
DRAFT = (
    "陵水湾县2025年度述职报告\n一、经济运行\n全年地区生产总值XX.X亿元，三级挂牌隐患XX个，新增注册商标XX件。\n"
)


class Visit:
    """A browser window with everything it complained of, and every address it asked for."""

    def __init__(self, page: Page, base: str) -> None:
        self.page = page
        self.base = base
        self.wrong: list[str] = []
        page.on("console", lambda said: self._said(said.type, said.text))
        page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        page.on("request", self._asked)

    def _said(self, sort: str, text: str) -> None:
        if sort in ("error", "warning"):
            self.wrong.append(f"{self.page.url} {sort}: {text}")

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme != "data" and address.hostname not in ("localhost", "127.0.0.1"):
            self.wrong.append(f"asked outside: {request.url}")

    def go(self, path: str) -> Page:
        """Open one of our pages."""
        answer = self.page.goto(self.base + path)
        assert answer is not None
        assert answer.status == 200, path
        return self.page

    def log_in(self, who: str) -> "Visit":
        """Through the door, as anybody does."""
        self.go("/desk/login/")
        self.page.fill("#id_username", who)
        self.page.fill("#id_password", PASSWORD)
        self.page.press("#id_password", "Enter")
        self.page.wait_for_url("**/desk/")
        return self


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window. Playwright runs a loop in this thread; Django's own guard against that is told so."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with sync_playwright() as player:
            path = os.environ["SHUZHI_TEST_CHROMIUM"]
            shown = player.chromium.launch(
                executable_path=path,
                args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=zh-CN"],
            )
            yield shown
            shown.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def visit(browser: Browser, live_server: "pytest.FixtureRequest", office: Cast) -> Iterator[Visit]:
    """A fresh window on the office's own server."""
    User.objects.update(password=make_password(PASSWORD))
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.set_default_timeout(20_000)
    yield Visit(context.new_page(), str(live_server))
    context.close()


def furnished(office: Cast) -> list[str]:
    """Something on every desk; gives the addresses of the pages to walk."""
    by = office.post("statistician")
    seen = observe(indicator("gdp"), office.county, year=2025, month=12, value="134.52", by=by).observation
    assert seen is not None
    publish([seen], day=TODAY, address="陵水湾县统计公报", by=None)
    made = errand(office, title="一件名字很长很长的事项，" * 8)
    underway(office, errand(office))
    attach_papers(made, [MINUTES], day=TODAY, by=office.post("town_filler"))
    hazard(office)
    publish_ledgers(by=office.post("publisher"), as_of=TODAY, day=TODAY)
    return [
        "/desk/",
        "/desk/ledgers/",
        "/desk/ledgers/try_errand/",
        "/desk/ledgers/try_shop/",
        "/desk/ledgers/try_grant/",
        "/desk/ledgers/listed_hazard/",
        "/desk/ledgers/try_errand/new/",
        "/desk/ledgers/try_meeting/new/",
        f"/desk/items/{made.ref}/",
        f"/desk/items/{made.ref}/edit/",
        f"/desk/items/{made.ref}/history/",
        "/desk/entry/",
        "/desk/plans/",
        "/desk/plans/990100-both/2026-W01/",
        "/desk/plans/kept/",
        "/desk/days/990100-both/",
        "/desk/meetings/",
        "/desk/owed/",
        "/desk/digest/",
        "/desk/burden/",
        "/desk/indicators/",
        "/desk/indicators/gdp/",
        "/desk/intake/",
        "/desk/reports/",
        "/desk/books/",
        "/",
        "/open/listed-hazard-2025-12-31/",
        "/check/",
    ]


def test_every_page_is_whole_legible_and_our_own(visit: Visit, office: Cast) -> None:
    pages = furnished(office)
    visit.log_in("both")
    wrong = []
    for width in (1280, 390):
        visit.page.set_viewport_size({"width": width, "height": 900})
        for path in pages:
            found = visit.go(path).evaluate(LEGIBLE)
            wrong += [f"{width} {path} {text}" for text in found]
    assert wrong == []
    assert visit.wrong == []


def test_chinese_is_drawn_with_the_font_we_bring(visit: Visit) -> None:
    page = visit.go("/desk/login/")
    page.evaluate("document.fonts.ready")
    assert page.evaluate("""document.fonts.check('16px "Shuzhi Sans"', '述职报告镕')""")
    faces = page.evaluate(
        "[...document.fonts].filter((face) => face.status === 'loaded').map((face) => face.family)"
    )
    assert any("Shuzhi Sans" in face for face in faces)


def test_a_block_from_excel_is_pasted_walked_and_saved(visit: Visit, office: Cast) -> None:
    visit.log_in("statistician")
    page = visit.go("/desk/entry/?year=2025&all=1")
    first = page.locator('input[name="v:fai:2"]')
    first.focus()
    assert "固定资产投资" in page.inner_text("#about")
    page.evaluate("navigator.clipboard.writeText('12.41\\t２４．５５\\t1,033.26\\n6.4\\t6.3\\t6.5\\n')")
    page.keyboard.press("Control+V")
    assert [page.input_value(f'input[name="v:fai:{month}"]') for month in (2, 3, 4)] == [
        "12.41",
        "24.55",
        "1033.26",
    ]
    assert page.input_value('input[name="v:fai_growth:4"]') == "6.5"
    assert "改了 6 个数" in page.inner_text("#changed")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.name") == "v:fai:3"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "v:fai_growth:3"
    page.keyboard.press("Escape")
    assert "改了 5 个数" in page.inner_text("#changed")
    page.fill('input[name="v:fai:4"]', "33.26")
    page.click("button:has-text('保存')")
    page.wait_for_selector("text=已保存 5 个数")
    assert Observation.objects.count() == 5
    assert visit.wrong == []


def test_a_step_and_no_change_are_one_press_each(visit: Visit, office: Cast) -> None:
    made = errand(office)
    visit.log_in("town_filler")
    visit.page.click("#held button:has-text('无变化')")
    visit.page.wait_for_selector("text=今天已报")
    page = visit.go(f"/desk/items/{made.ref}/")
    page.fill("#go-progress", "已进场")
    page.click("text=转入“承办”")
    page.wait_for_selector("text=已转入“承办”")
    assert Matter.objects.get(ref=made.ref).stage == "承办"
    assert visit.wrong == []


def test_a_week_is_promised_settled_and_decided_on_in_the_browser(visit: Visit, office: Cast) -> None:
    made = errand(office)
    visit.log_in("town_filler")
    page = visit.go("/desk/plans/990101-town_filler/2026-W02/")
    page.wait_for_selector("text=修通村路：办理期限")
    page.fill('input[aria-label="修通村路：办理期限：承诺结果"]', "通车")
    page.fill("#own-0", "开村民大会")
    page.click("button:has-text('确认本周计划')")
    page.wait_for_selector("text=新列入")
    item = PlanItem.objects.get(about=made.ref)
    assert (item.result, item.origin) == ("通车", "到期")
    page.click("text=退出")
    visit.log_in("supervisor")
    page = visit.go("/desk/meetings/")
    page.fill('input[name="day"]', "2026-01-12")
    page.click("text=打开会议")
    page.wait_for_selector("text=再看例外")
    settled = PlanItem.objects.order_by("ref")
    for number, one in enumerate(settled):
        key = one.ref.partition("/")[2]
        page.select_option(f'select[name="verdict-{key}"]', "完成" if number else "顺延")
    page.click("text=登记结论")
    page.wait_for_selector("text=顺延须写明新的期限")
    key = settled[0].ref.partition("/")[2]
    page.select_option(f'select[name="verdict-{key}"]', "顺延")
    page.fill(f'input[name="reason-{key}"]', "连雨")
    page.fill(f'input[name="moved-{key}"]', "2026-01-16")
    page.click("text=登记结论")
    page.wait_for_selector("text=还有 0 件没有结论")
    assert page.locator("text=再看例外").count() == 0
    page.fill("#text", "月底前修通村路")
    page.select_option("#unit", "990101")
    page.fill("#due", "2026-01-30")
    for choice in page.locator('select[id^="decide-"]').all():
        choice.select_option(index=1)
    page.click("text=形成议定事项并立项")
    page.wait_for_selector("text=已立为")
    assert Decision.objects.get().matter.title == "月底前修通村路"
    with page.expect_download() as minutes:
        page.click("text=下载纪要")
    assert minutes.value.suggested_filename.endswith("碰头会纪要.docx")
    assert page.evaluate(LEGIBLE) == []
    page.set_viewport_size({"width": 390, "height": 900})
    assert page.evaluate(LEGIBLE) == []
    assert visit.wrong == []


def test_everything_unchanged_is_one_press(visit: Visit, office: Cast) -> None:
    for title in ("修通村路", "修桥", "改厕"):
        errand(office, title)
    visit.log_in("town_filler")
    page = visit.page
    page.uncheck('input[aria-label="修桥：一并报告无变化"]')
    page.click("text=勾选的一并报告无变化")
    page.wait_for_selector("text=已一并报告 2 件无变化")
    assert Movement.objects.filter(note="无变化").count() == 2


def test_the_keyboard_alone_goes_everywhere(visit: Visit, office: Cast) -> None:
    errand(office)
    visit.log_in("town_filler")
    page = visit.go("/desk/ledgers/try_errand/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Enter")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "修通村路":
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('修通村路')")


def test_a_draft_becomes_a_public_page_whose_figures_open(
    visit: Visit, office: Cast, tmp_path: Path, browser: Browser
) -> None:
    furnished(office)
    draft = tmp_path / "样稿.txt"
    draft.write_text(DRAFT, "utf-8")
    visit.log_in("writer")
    page = visit.go("/desk/reports/")
    page.set_input_files("#id_draft", str(draft))
    page.click("text=读草稿")
    page.wait_for_selector("article.draft")
    assert page.evaluate(LEGIBLE) == []
    page.click("a.place >> nth=0")
    assert page.evaluate("document.querySelector(':target').textContent").count("地区生产总值")
    gap = page.locator(".place-card.state-无此指标")
    gap.locator("summary:has-text('略去')").click()
    gap.locator("input[name=reason]").fill("没有这项统计")
    gap.locator("button:has-text('略去')").click()
    page.wait_for_selector(".place-card.state-略去")
    page.click("text=按今天的账成稿")
    page.wait_for_selector(".paper")
    edition = urlsplit(page.url).path
    for who, says in (("releaser", "核对数字无误，放数"), ("head", "签发"), ("publisher", "公开到门户")):
        page.click("text=退出")
        visit.log_in(who)
        visit.go(edition)
        page.click(f"main button:has-text('{says}')")
    page.wait_for_selector("text=已公开到门户")
    page.click("text=退出")
    made = Edition.objects.get()
    assert visit.go(f"/open/{made.published}/").evaluate(LEGIBLE) == []
    page.click(".paper a.figure >> nth=0")
    page.wait_for_selector(".figure-value")
    card = page.inner_text("main")
    assert "134.5" in card
    assert made.closing in card
    assert page.evaluate(LEGIBLE) == []
    assert visit.wrong == []


def test_a_candidate_is_accepted_with_one_key(visit: Visit, office: Cast, tmp_path: Path) -> None:
    furnished(office)
    draft = tmp_path / "样稿.txt"
    draft.write_text(DRAFT, "utf-8")
    visit.log_in("writer")
    page = visit.go("/desk/reports/")
    page.set_input_files("#id_draft", str(draft))
    page.click("text=读草稿")
    page.wait_for_selector("article.draft")
    page.focus("#beside")
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.id")
    page.keyboard.press("j")
    second = page.evaluate("document.activeElement.id")
    assert first.startswith("place-")
    assert second.startswith("place-")
    assert first != second
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.id") == first
    card = page.locator(f"#{first}")
    card.locator("summary").click()
    other = card.locator("button[name=concept]:not([disabled])").first.get_attribute("value")
    number = card.locator("button[name=concept]").evaluate_all(
        f"(all) => all.findIndex((item) => item.value === '{other}') + 1"
    )
    with page.expect_navigation():
        page.keyboard.press(str(number))
    assert Choice.objects.get().concept == other
    for show in ("findings", "claims", "outline"):
        visit.go(f"{urlsplit(page.url).path}?show={show}")
        assert page.evaluate(LEGIBLE) == []
    assert visit.wrong == []


def test_a_name_is_accepted_with_one_key_and_no_gap_is_signed(
    visit: Visit, office: Cast, tmp_path: Path
) -> None:
    furnished(office)
    draft = tmp_path / "样稿.txt"
    draft.write_text("陵水湾县2025年度述职报告\n建设平安XX，新增注册商标XX件。\n", "utf-8")
    visit.log_in("writer")
    page = visit.go("/desk/reports/")
    page.set_input_files("#id_draft", str(draft))
    page.click("text=读草稿")
    page.wait_for_selector("article.draft")
    report = urlsplit(page.url).path
    page.focus("#beside")
    page.keyboard.press("n")
    assert "陵水湾" in page.evaluate("document.activeElement.textContent")
    with page.expect_navigation():
        page.keyboard.press("1")
    page.wait_for_selector(".place-card.state-自填")
    page.click("text=按今天的账成稿")
    page.wait_for_selector("text=还有 1 处空着")
    edition = urlsplit(page.url).path
    for who, says in (("releaser", "核对数字无误，放数"), ("head", "签发")):
        page.click("text=退出")
        visit.log_in(who)
        visit.go(edition)
        page.click(f"main button:has-text('{says}')")
    page.wait_for_selector("text=还有1处空着，不能签发")
    page.click("text=退出")
    visit.log_in("writer")
    visit.go(report)
    gap = page.locator(".place-card.state-无此指标")
    gap.locator("summary:has-text('自己填写')").click()
    gap.locator("input[name=text]").fill("36")
    gap.locator("input[name=source]").fill("市场监管局统计")
    gap.locator("button:has-text('填写')").click()
    page.wait_for_selector("text=填写：市场监管局统计")
    for path in (report, f"{report}?show=last", f"{edition}pledges/", f"{edition}trueup/"):
        assert visit.go(path).evaluate(LEGIBLE) == []
    assert visit.wrong == []


def test_paper_gets_no_menus_and_no_scroll_bars(visit: Visit, office: Cast) -> None:
    errand(office)
    visit.log_in("town_head")
    page = visit.go("/desk/ledgers/try_errand/")
    page.emulate_media(media="print")
    assert not page.is_visible("header")
    assert not page.is_visible("form.toolbar")
    assert page.evaluate("getComputedStyle(document.querySelector('.ledger')).overflow") == "visible"
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.light')).backgroundColor")
        == "rgba(0, 0, 0, 0)"
    )
