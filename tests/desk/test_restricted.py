"""What only its keepers may see: for everyone else it is not listed, not found, not exported, not told and not published."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.test import Client
from openpyxl import load_workbook

from shuzhi.desk.urls import urlpatterns
from shuzhi.evidence.instance import catalogue
from shuzhi.matters.models import Matter
from shuzhi.matters.papers import NewPaper
from shuzhi.matters.verbs import attach_papers, open_matter, revise_matter
from shuzhi.portal.models import Publication
from shuzhi.records.models import Record
from shuzhi.records.verbs import enter_record
from shuzhi.reports.disclosure import publish_ledgers
from shuzhi.reports.models import Edition
from shuzhi.units.verbs import appoint, create_post, register_user
from tests.accounts import kind
from tests.cast import SINCE, Cast
from tests.desk.office import TODAY, errand, hazard, seated
from tests.desk.test_reports import BASE, EDITION, dropped, told

KEEPERS = (
    ("organiser", "闻组织", "组织部干部监督岗", ("organise",)),
    ("auditor", "审清", "审计岗", ("audit",)),
    ("deputy", "代言", "代表联络站", ("deputy",)),
    ("second_head", "穆副", "常务副县长", ("lead", "verify", "supervise")),
)
EVERYBODY = (
    "head", "second_head", "supervisor", "both", "statistician", "treasurer", "town_filler", "town_head", "petition_filler",
    "discipline", "organiser", "auditor", "deputy", "writer", "releaser", "publisher", "admin",
)  # fmt: skip
# Each secret by the name that must not get about, and who keeps it.
SECRETS = {
    "干预密录甲": ("discipline",),
    "检举密件乙": ("discipline",),
    "个人密报丙": ("organiser",),
    "改数密记丁": ("statistician", "discipline"),
    "廉政密谈戊": ("discipline", "organiser"),
}
# What the secrets say: no word of it may get about either.
WORDS = (*SECRETS, "密语", "岳密名", "霍密名")
OPENED = date(2025, 11, 3)


@pytest.fixture
def guarded(office: Cast) -> Cast:
    """The office with the keepers and one secret of each kind, some with a paper."""
    for key, name, title, duties in KEEPERS:
        office.posts[key] = create_post(
            code=f"990100-{key}", unit=office.county, title=title, duties=duties, since=SINCE, by="system"
        )
        office.users[key] = register_user(username=key, name=name)
        appoint(office.posts[key], user=office.users[key], since=SINCE, by="system")
    _secret(office, "interference_record", "干预密录甲", "discipline", {
        "happened": "2025-11-01", "interferer": "岳密名", "recorder": "霍密名", "subject_kind": "工程建设", "manner": "打招呼", "said": "密语一",
    })  # fmt: skip
    _secret(
        office,
        "accusation_case",
        "检举密件乙",
        "discipline",
        {"form": "来信", "accused": "岳密名", "claim": "密语二"},
    )
    _secret(
        office, "personal_filing", "个人密报丙", "organiser", {"person_post": "县长", "report_year": "2024"}
    )
    _secret(office, "figure_request", "改数密记丁", "statistician", {
        "requester_post": "密语三", "requester_kind": "领导干部", "indicator_code": "fai", "period": "2025年", "manner": "口头", "why": "密语四",
    })  # fmt: skip
    talk = {"talk_kind": "提醒谈话", "talker_post": "县长", "talked_to": "岳密名", "topic": "密语五"}
    by = office.post("discipline")
    enter_record(kind("integrity_talk"), office.county, title="廉政密谈戊", day=OPENED, by=by, fields=talk)
    return office


def _secret(office: Cast, code: str, title: str, keeper: str, fields: dict[str, str]) -> None:
    """A secret filed by its keeper, with a paper whose name tells it."""
    by = office.post(keeper)
    made = open_matter(kind(code), office.county, title=title, opened=OPENED, by=by, fields=fields)
    paper = NewPaper("其他", f"{title}附件", OPENED, title.encode(), "text/plain")
    attach_papers(made, [paper], day=OPENED, by=by)


def _items() -> Iterator[Matter | Record]:
    for title in SECRETS:
        yield Matter.objects.filter(title=title).first() or Record.objects.get(title=title)


def _told(content: bytes) -> list[str]:
    """The words of the secrets that a page or a file tells: of a workbook, what its cells say."""
    if content[:2] != b"PK":
        text = content.decode("utf-8", "replace")
    else:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            text = "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    return [word for word in WORDS if word in text]


def _not_kept(who: str) -> list[str]:
    """What somebody may not read: the names others keep; for who keeps nothing, any word of what is said in it, too."""
    kept = [title for title, keepers in SECRETS.items() if who in keepers]
    return [title for title in SECRETS if title not in kept] if kept else list(WORDS)


def _plain_pages() -> list[str]:
    """Every page of the desk that needs no more than its address."""
    found = (str(item.pattern) for item in urlpatterns)
    return [f"/desk/{path}" for path in found if "<" not in path and not path.startswith(("login", "logout"))]


@pytest.mark.parametrize("who", ["head", "admin", "discipline", "organiser", "auditor"])
def test_no_page_of_the_desk_tells_a_secret_to_others(guarded: Cast, who: str) -> None:
    client = seated(guarded, who)
    kept_from = _not_kept(who)
    for page in _plain_pages():
        assert not set(_told(client.get(page).content)) & set(kept_from), page


def test_every_address_of_a_secret_is_no_address_for_others(guarded: Cast) -> None:
    for who in EVERYBODY:
        client = seated(guarded, who)
        for item in _items():
            if who in SECRETS[item.title]:
                assert client.get(f"/desk/items/{item.ref}/").status_code == 200
                continue
            for page in _addresses(item):
                answer = client.get(page)
                assert answer.status_code == 404, (who, page)
                assert _told(answer.content) == [], (who, page)


def _addresses(item: Matter | Record) -> tuple[str, ...]:
    """Every page that is about one item or its ledger."""
    return (
        f"/desk/items/{item.ref}/",
        f"/desk/items/{item.ref}/history/",
        f"/desk/items/{item.ref}/edit/",
        f"/desk/papers/{item.ref}/1/",
        f"/desk/ledgers/{item.kind}/",
        f"/desk/ledgers/{item.kind}/?q=密",
        f"/desk/ledgers/{item.kind}/export.xlsx",
        f"/desk/ledgers/{item.kind}/new/",
        f"/desk/intake/template/{item.kind}.xlsx",
    )


def test_nobody_else_changes_a_secret(guarded: Cast) -> None:
    given = {"to": "办结", "title": "改名", "said": "改"}
    for who in EVERYBODY:
        client = seated(guarded, who)
        for item in _items():
            if who in SECRETS[item.title]:
                continue
            before = dict(item.fields)
            for act in ("step", "unchanged", "edit"):
                answer = client.post(f"/desk/items/{item.ref}/{act}/", given)
                assert answer.status_code in (404, 405), (who, item.title, act)
            item.refresh_from_db()
            assert (item.fields, item.title in SECRETS) == (before, True)


def test_an_open_item_that_points_at_a_secret_does_not_name_it(guarded: Cast) -> None:
    """Neither its page, nor its history, nor the export of its ledger."""
    secret = Matter.objects.get(title="干预密录甲")
    made = errand(guarded, title="甲事")
    revise_matter(made, day=date(2025, 12, 23), by=guarded.post("town_filler"), parent=secret)
    for who in ("head", "town_filler", "second_head"):
        client = seated(guarded, who)
        for page in (
            f"/desk/items/{made.ref}/",
            f"/desk/items/{made.ref}/history/",
            "/desk/ledgers/try_errand/export.xlsx",
        ):
            answer = client.get(page)
            assert answer.status_code == 200
            assert secret.title not in _told(answer.content), (who, page)


def test_its_keepers_have_it_in_their_lists_and_exports(guarded: Cast) -> None:
    for item in _items():
        for who in SECRETS[item.title]:
            client = seated(guarded, who)
            assert item.title in client.get(f"/desk/ledgers/{item.kind}/").content.decode()
            book = client.get(f"/desk/ledgers/{item.kind}/export.xlsx").content
            cells = [
                cell for sheet in load_workbook(io.BytesIO(book)) for row in sheet.values for cell in row
            ]
            assert item.title in cells


def test_the_catalogue_offers_nothing_by_which_to_count_or_publish_what_is_secret() -> None:
    kinds = {code: item for code, item in catalogue().kinds.items() if item.visibility == "restricted"}
    for code in ("interference_record", "accusation_case", "personal_filing", "figure_request"):
        assert kinds[code].figures == ()
    for item in kinds.values():
        assert item.disclosure is None
        assert "admin" not in item.duties["see"]


DRAFT = """陵水湾县人民政府2025年度述职报告

登记干预插手记录XX件，受理检举控告XX件，个人有关事项报告XX份，要求改数XX次，开展廉政谈话XX人次。
干预密录甲已经完成，检举密件乙已经完成。
"""


def test_no_report_counts_a_secret_or_names_it(guarded: Cast) -> None:
    told(guarded)
    writer = seated(guarded, "writer")
    dropped(writer, DRAFT)
    for show in ("findings", "claims", "outline"):
        page = writer.get(f"{BASE}?show={show}").content.decode()
        assert not [word for word in ("密语", "岳密名", "霍密名", "台账“干预插手记录”") if word in page]
    writer.post(f"{BASE}compile/")
    made = Edition.objects.get()
    concepts = {binding.concept: binding for binding in made.bindings.all()}
    assert set(concepts) <= {"integrity_talk.talks", ""}
    card = json.dumps(concepts["integrity_talk.talks"].card, ensure_ascii=False)
    assert [word for word in WORDS if word in card] == []
    for name in made.files:
        answer = writer.get(f"{EDITION}files/{name}")
        assert not set(_told(answer.content)) & {"密语", "岳密名", "霍密名", "个人密报丙", "廉政密谈戊"}, name


def test_nothing_of_it_is_published(guarded: Cast, walk: Callable[[Client], list[bytes]]) -> None:
    hazard(guarded, list_published="2025-03-06")
    publish_ledgers(by=guarded.post("publisher"), as_of=TODAY, day=TODAY)
    assert Publication.objects.exists()
    for page in walk(Client()):
        assert _told(page) == []


@pytest.fixture
def walk() -> Callable[[Client], list[bytes]]:
    """Every public page that can be reached from the first by its links."""

    def pages(client: Client) -> list[bytes]:
        seen: dict[str, bytes] = {}
        waiting = ["/"]
        while waiting:
            address = waiting.pop()
            if address in seen or address.startswith(("/desk", "/static", "//")):
                continue
            answer = client.get(address)
            seen[address] = b"".join(answer) if answer.streaming else answer.content
            waiting += re.findall(r'href="(/[^"#]*)"', seen[address].decode("utf-8", "replace"))
        return list(seen.values())

    return pages
