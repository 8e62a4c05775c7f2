"""The import page: a dry run keeps nothing, the marked copy comes back, a load keeps all, twice changes nothing."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from shuzhi.desk.views.ledgers import XLSX
from shuzhi.evidence.models import Entry
from shuzhi.matters.models import Matter
from tests.cast import Cast
from tests.desk.office import seated


def filled(client: Client, *rows: dict[str, str]) -> bytes:
    """The template of errands with rows in it."""
    book = load_workbook(BytesIO(client.get("/desk/intake/template/try_errand.xlsx").content))
    sheet = book["试办事项"]
    heads = {str(cell.value).rstrip("*＊"): cell.column for cell in sheet[2] if cell.value}
    for number, row in enumerate(rows):
        for head, value in row.items():
            sheet.cell(row=4 + number, column=heads[head], value=value)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def send(client: Client, data: bytes, act: str, name: str = "试办.xlsx") -> object:
    return client.post("/desk/intake/", {"act": act, "workbook": SimpleUploadedFile(name, data, XLSX)})


ROW = {"编号": "7", "名称": "清淤", "责任单位": "清河镇", "立项日期": "2025-12-01", "缓急": "急"}


def test_a_dry_run_keeps_nothing_and_a_load_keeps_all(office: Cast) -> None:
    client = seated(office, "town_filler")
    data = filled(client, ROW)
    before = Entry.objects.count()
    looked = send(client, data, "look").content.decode()  # type: ignore[attr-defined]
    assert "可以导入" in looked
    assert "新增 <strong>1</strong> 行" in looked
    assert (Matter.objects.count(), Entry.objects.count()) == (0, before)
    loaded = send(client, data, "load").content.decode()  # type: ignore[attr-defined]
    assert "已导入" in loaded
    assert Matter.objects.get().title == "清淤"
    again = send(client, data, "load").content.decode()  # type: ignore[attr-defined]
    assert "不变 <strong>1</strong> 行" in again
    assert Entry.objects.count() == before + 1


def test_a_wrong_workbook_is_refused_whole_and_comes_back_marked(office: Cast) -> None:
    client = seated(office, "town_filler")
    data = filled(client, ROW, {**ROW, "编号": "8", "缓急": "不急不缓"})
    page = send(client, data, "load").content.decode()  # type: ignore[attr-defined]
    assert "有错误，一行也没有导入" in page
    assert "不急不缓" in page
    assert not Matter.objects.exists()
    marked = send(client, data, "mark")
    assert "attachment" in marked["Content-Disposition"]  # type: ignore[index]
    sheets = load_workbook(BytesIO(marked.content)).sheetnames  # type: ignore[attr-defined]
    assert len(sheets) > 1


def test_rows_of_units_that_are_not_theirs_are_refused(office: Cast) -> None:
    client = seated(office, "town_filler")
    page = send(client, filled(client, {**ROW, "责任单位": "白石乡"}), "load").content.decode()  # type: ignore[attr-defined]
    assert "finding-错误" in page
    assert not Matter.objects.exists()


def test_what_is_no_workbook_is_said_kindly(office: Cast) -> None:
    client = seated(office, "town_filler")
    assert client.post("/desk/intake/", {"act": "look"}).status_code == 200
    answer = send(client, b"not a workbook", "look", "便条.xlsx")
    assert answer.status_code == 200  # type: ignore[attr-defined]
    assert "错误" in answer.content.decode()  # type: ignore[attr-defined]
