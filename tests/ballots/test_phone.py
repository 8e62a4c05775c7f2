"""A vote on a phone in a real browser, with scripts turned off; and the organisers' pages, legible on both widths."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from shuzhi.ballots.queries import progress
from shuzhi.ballots.verbs import cast as cast_paper
from shuzhi.units.models import User
from tests.ballots.hall import BEST, counted, organised, polling
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "lingshui-2025"
LEGIBLE = (Path(__file__).parents[1] / "desk" / "browser.js").read_text("utf-8")
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window; Django's guard against Playwright's loop in this thread is told so."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with sync_playwright() as player:
            shown = player.chromium.launch(
                executable_path=os.environ["SHUZHI_TEST_CHROMIUM"],
                args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=zh-CN"],
            )
            yield shown
            shown.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def pictured(page: Page, name: str) -> None:
    """Keep a picture for whoever wants to look (SHUZHI_TEST_PICTURES)."""
    folder = os.environ.get("SHUZHI_TEST_PICTURES")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def test_a_vote_on_a_phone_without_a_script(
    browser: Browser, live_server: "pytest.FixtureRequest", cast: Cast
) -> None:
    made, codes = polling(organised(cast))
    context = browser.new_context(viewport=PHONE, locale="zh-CN", java_script_enabled=False, has_touch=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_server}/vote/")
    pictured(page, "vote-door")
    page.fill("#code", codes["A"][0].lower())
    page.click("button:has-text('开始')")
    page.wait_for_selector("text=县长 顾明远")
    pictured(page, "vote-paper")
    section = page.locator("section", has_text="县长 顾明远")
    choice = section.locator("label", has_text="优秀").first
    box = choice.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    choice.tap()
    page.click("button:has-text('看一遍')")
    page.wait_for_selector("text=还没有投出")
    pictured(page, "vote-check")
    page.click("button:has-text('投出')")
    page.wait_for_selector("text=您的回执")
    pictured(page, "vote-done")
    assert progress(made)[0].returned == 1
    assert context.cookies() == []
    assert all(url.startswith((str(live_server), "data:")) for url in asked)
    page.goto(f"{live_server}/vote/{codes['A'][0]}/")
    assert "这张票已经投过" in page.inner_text("main")
    context.close()


def test_the_pages_are_legible_on_both_widths(
    browser: Browser, live_server: "pytest.FixtureRequest", cast: Cast
) -> None:
    hall = organised(cast)
    made, codes = polling(hall)
    for code in codes["A"][:8] + codes["B"][:9] + codes["C"][:3]:
        cast_paper(made, code, BEST)
    fresh, spare = polling(hall, title="第二次测评")
    counted(hall, made)
    User.objects.update(password=make_password(PASSWORD))
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{live_server}/desk/login/")
    page.fill("#id_username", "organiser")
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/desk/")
    keys = [one.ref.partition("/")[2] for one in (made, fresh)]
    paths = ["/desk/ballots/", "/desk/ballots/new/", *(f"/desk/ballots/{key}/" for key in keys)]
    paths += [f"/desk/ballots/{keys[0]}/receipts/", "/vote/", f"/vote/{spare['A'][0]}/", "/vote/receipt/"]
    wrong = []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for number, path in enumerate(paths):
            page.goto(f"{live_server}{path}")
            pictured(page, f"page-{number}-{width}")
            wrong += [f"{width} {path} {said}" for said in page.evaluate(LEGIBLE)]
        page.goto(f"{live_server}/desk/ballots/{keys[1]}/")
        page.fill("#count", "12")
        page.click("button:has-text('生成并打印')")
        page.wait_for_selector(".slip")
        pictured(page, f"slips-{width}")
        wrong += [f"{width} slips {said}" for said in page.evaluate(LEGIBLE)]
    folder = os.environ.get("SHUZHI_TEST_PICTURES")
    if folder:
        page.pdf(path=str(Path(folder) / "slips.pdf"), prefer_css_page_size=True)
    context.close()
    assert wrong == []
