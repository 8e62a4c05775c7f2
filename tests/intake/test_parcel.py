"""What arrives is opened whatever it is packed in."""

import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from shuzhi.intake.parcel import from_path, from_upload
from shuzhi.intake.xlsx import plain, read_xlsx
from shuzhi.kernel.finding import Refused

Pen = Callable[..., bytes]


def packed(files: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def packed_on_windows(name: str, data: bytes) -> bytes:
    """A zip as a Chinese Windows packs it: the name in GBK, without the flag that says UTF-8."""
    stand_in = "x" * len(name.encode("gb18030"))
    return packed({stand_in: data}).replace(stand_in.encode(), name.encode("gb18030"))


def test_a_workbook_brings_the_papers_beside_it(tmp_path: Path, pen: Pen) -> None:
    (tmp_path / "材料" / "三月").mkdir(parents=True)
    (tmp_path / "材料" / "三月" / "纪要.txt").write_bytes(b"minutes")
    (tmp_path / "台账.xlsx").write_bytes(pen([["编号"]]))
    (tmp_path / "~$台账.xlsx").write_bytes(b"lock")
    assert [parcel.name for parcel in from_path(tmp_path)] == ["台账.xlsx"]
    assert from_path(tmp_path / "台账.xlsx")[0].materials == {"三月/纪要.txt": b"minutes"}


def test_a_zip_holds_workbooks_and_papers(pen: Pen) -> None:
    data = packed({"报送/b.xlsx": pen([["乙"]]), "报送/a.xlsx": pen([["甲"]]), "报送/材料/x.pdf": b"%PDF"})
    parcels = from_upload("报送.zip", data)
    assert [parcel.name for parcel in parcels] == ["a.xlsx", "b.xlsx"]
    assert parcels[0].materials == {"x.pdf": b"%PDF"}


def test_a_workbook_is_a_zip_and_still_one_workbook(pen: Pen) -> None:
    data = pen([["甲"]])
    assert [parcel.workbook for parcel in from_upload("a.xlsx", data)] == [data]


def test_names_packed_on_chinese_windows_are_read(pen: Pen) -> None:
    assert [
        parcel.name for parcel in from_upload("a.zip", packed_on_windows("台账.xlsx", pen([["甲"]])))
    ] == ["台账.xlsx"]


@pytest.mark.parametrize("files", [{"说明.txt": b"x"}, {"材料/a.xlsx": b"x"}])
def test_a_zip_without_a_workbook_is_refused(files: dict[str, bytes]) -> None:
    with pytest.raises(Refused):
        from_upload("a.zip", packed(files))


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        from_path(tmp_path / "没有.xlsx")


@given(st.decimals(-(10**11), 10**11, allow_nan=False, places=4))
def test_what_is_typed_with_fifteen_digits_is_read_to_the_last(number: Decimal) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = float(number)
    buffer = BytesIO()
    book.save(buffer)
    assert read_xlsx(buffer.getvalue())[0].cells[1, 1].text == plain(number + 0)


def sample() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in range(1, 6):
        sheet.append([f"名称{row}", row / 8, date(2025, 3, row), True])
    sheet.merge_cells("A1:B2")
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


SAMPLE = sample()


@given(st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_workbook_is_read_or_refused_never_a_crash(damage: list[tuple[int, int]]) -> None:
    data = bytearray(SAMPLE)
    for at, value in damage:
        data[at] = value
    try:
        read_xlsx(bytes(data))
    except Refused as refused:
        assert refused.findings[0].hint  # noqa: PT017 both ends are allowed


@given(st.integers(0, len(SAMPLE) - 1))
def test_a_workbook_cut_short_is_refused(length: int) -> None:
    with pytest.raises(Refused):
        read_xlsx(SAMPLE[:length])
