"""A closing is frozen: the same books give the same bytes, and a changed byte is found and named."""

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from shuzhi.figures.closing import Closing, Column, Relation, open_closing, verify_closing, write_closing
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.finding import Refused

COLUMNS = (
    Column("ref", "text"),
    Column("amount", "whole", "元"),
    Column("date", "date"),
    Column("done", "bool"),
)
ROWS: list[tuple[str | int | date | bool | None, ...]] = [
    ("fund/2025-0001", 12345, date(2025, 3, 1), True),
    ("fund/2025-0002", None, date(2025, 3, 2), False),
    ("fund/2025-0003", -7, None, None),
    ("fund/2025-0003", 2**63 - 1, date(1999, 12, 31), None),
]


def definitions(text: str = "") -> Catalogue:
    """A catalogue of nothing but its texts, which is all a closing keeps of one."""
    nothing: MappingProxyType[str, Any] = MappingProxyType({})
    texts = MappingProxyType({"indicators/a.toml": text, "kinds/甲.toml": "label = '甲'"})
    return Catalogue(nothing, nothing, nothing, nothing, nothing, texts, "sha256:0")


def close(
    folder: Path, rows: list[tuple[str | int | date | bool | None, ...]] = ROWS, **kept: object
) -> Closing:
    """The books of one county in two relations."""
    relations = [
        Relation("grant.payment", COLUMNS, rows),
        Relation("unit", (Column("code", "text"),), [("990101",)]),
    ]
    return write_closing(
        folder,
        unit_code="990100",
        unit_name="明澜县",
        as_of=date(2025, 12, 31),
        catalogue=definitions(),
        relations=kept.get("relations", relations),  # type: ignore[arg-type]
        algorithm=str(kept.get("algorithm", "sha256")),
        previous=kept.get("previous"),  # type: ignore[arg-type]
    )


def test_the_order_of_rows_and_relations_does_not_show(tmp_path: Path) -> None:
    first = close(tmp_path / "a")
    shuffled = list(ROWS)
    random.Random(5).shuffle(shuffled)
    relations = [
        Relation("unit", (Column("code", "text"),), [("990101",)]),
        Relation("grant.payment", COLUMNS, shuffled),
    ]
    second = close(tmp_path / "b", relations=relations)
    assert first.id == second.id
    for name in ("manifest.json", "catalogue.json", "grant.payment.parquet", "unit.parquet"):
        assert (first.path / name).read_bytes() == (second.path / name).read_bytes()


def test_closing_the_same_books_twice_gives_the_same_folder(tmp_path: Path) -> None:
    assert close(tmp_path).path == close(tmp_path).path
    assert len([path for path in tmp_path.iterdir() if path.name != "store"]) == 1


def test_an_unchanged_relation_is_not_written_again(tmp_path: Path) -> None:
    first = close(tmp_path)
    second = close(tmp_path, rows=ROWS[:2])
    assert first.id != second.id
    assert (first.path / "unit.parquet").samefile(second.path / "unit.parquet")
    assert len(list((tmp_path / "store").iterdir())) == 4


def test_unchanged_files_are_linked_from_a_closing_kept_elsewhere(tmp_path: Path) -> None:
    first = close(tmp_path / "a")
    second = close(tmp_path / "b", previous=first.path)
    assert (first.path / "unit.parquet").samefile(second.path / "unit.parquet")


def test_a_closing_opens_as_it_was_written(tmp_path: Path) -> None:
    written = close(tmp_path)
    opened = open_closing(written.path)
    assert opened == written
    assert (opened.unit_code, opened.unit_name, opened.as_of) == ("990100", "明澜县", date(2025, 12, 31))
    assert opened.tables["grant.payment"].rows == 4
    assert opened.tables["grant.payment"].columns == COLUMNS
    assert opened.texts == definitions().texts
    assert verify_closing(written.path) == []


def test_sm3_closings_carry_its_name(tmp_path: Path) -> None:
    closing = close(tmp_path, algorithm="sm3")
    assert closing.id.startswith("sm3:")
    assert verify_closing(closing.path) == []


@pytest.mark.parametrize("name", ["grant.payment.parquet", "unit.parquet", "manifest.json", "catalogue.json"])
def test_any_changed_byte_is_found_and_its_file_named(tmp_path: Path, name: str) -> None:
    closing = close(tmp_path)
    path = closing.path / name
    whole = path.read_bytes()
    for place in _places(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        findings = verify_closing(closing.path)
        assert findings
        assert name in findings[0].message + findings[0].place
        path.write_bytes(whole)
    assert verify_closing(closing.path) == []


def _places(length: int) -> Iterator[int]:
    yield from range(0, length, max(1, length // 60))
    yield length - 1


@pytest.mark.parametrize("name", ["grant.payment.parquet", "manifest.json", "catalogue.json"])
def test_a_vanished_file_is_named(tmp_path: Path, name: str) -> None:
    closing = close(tmp_path)
    (closing.path / name).unlink()
    assert name in verify_closing(closing.path)[0].message


def test_a_file_that_does_not_belong_is_named(tmp_path: Path) -> None:
    closing = close(tmp_path)
    (closing.path / "added.parquet").write_bytes(b"")
    assert "added.parquet" in verify_closing(closing.path)[0].message


def test_a_renamed_folder_is_refused(tmp_path: Path) -> None:
    closing = close(tmp_path)
    moved = closing.path.rename(tmp_path / "0123456789abcdef")
    assert verify_closing(moved)[0].id == "closing.manifest"


def test_a_damaged_relation_is_refused_when_it_is_read(tmp_path: Path) -> None:
    closing = close(tmp_path)
    path = closing.file("unit")
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(Refused, match=r"unit\.parquet 被改动过"):
        closing.file("unit")


def test_closing_over_a_damaged_closing_is_refused_not_mended(tmp_path: Path) -> None:
    closing = close(tmp_path)
    path = closing.path / "unit.parquet"
    path.unlink()
    path.write_bytes(b"forged")
    with pytest.raises(Refused, match=r"unit\.parquet"):
        close(tmp_path)


def test_a_damaged_stored_file_is_not_used_again(tmp_path: Path) -> None:
    first = close(tmp_path)
    for stored in (tmp_path / "store").iterdir():
        stored.write_bytes(b"rotten")
    second = close(tmp_path, rows=ROWS[:1])
    assert verify_closing(second.path) == []
    assert verify_closing(first.path)


@pytest.mark.parametrize(
    "row",
    [
        ("a", 1.5, None, None),
        ("a", True, None, None),
        ("a", 2**63, None, None),
        (1, 1, None, None),
        ("a", 1, "2025-01-01", None),
        ("a", 1, None, 1),
        ("a", 1, None),
    ],
)
def test_a_cell_its_column_cannot_hold_is_a_fault(tmp_path: Path, row: tuple[object, ...]) -> None:
    with pytest.raises((TypeError, ValueError, OverflowError)):
        close(tmp_path, rows=[row])  # type: ignore[list-item]
    assert not [path for path in tmp_path.iterdir() if path.name != "store"]


def test_a_folder_that_is_no_closing_says_so(tmp_path: Path) -> None:
    findings = verify_closing(tmp_path)
    assert "找不到结账清单" in findings[0].message
