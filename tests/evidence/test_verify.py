"""verify(): one byte changed anywhere is found and named; an untouched instance is clean."""

from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from shuzhi.books.verbs import close_books
from shuzhi.evidence import blobs, instance
from shuzhi.evidence.journal import enter
from shuzhi.evidence.models import Blob, Entry, Head
from shuzhi.evidence.verify import verify
from shuzhi.kernel.chain import ALGORITHMS
from tests.cast import Cast, county

AS_OF = date(2025, 12, 31)


def sql(statement: str, *values: str) -> None:
    """What somebody with the database's password could do: write around enter()."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def flip(path: Path, at: int = -1) -> None:
    """Change one byte of a file."""
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.chmod(0o600)
    path.write_bytes(bytes(data))


def first() -> tuple[str, str]:
    """Id and place of the first thing found."""
    finding = next(verify())
    return finding.id, finding.place


@pytest.fixture
def kept(cast: Cast) -> Cast:
    """The county with a paper kept and the books closed."""
    with enter("存材料", by="system") as entry:
        entry.attach(
            "unit/990101", "批复", "设镇批复", date(2020, 1, 1), "同意设立清河镇".encode(), "text/plain"
        )
    close_books(AS_OF, by="system")
    return cast


def test_an_untouched_instance_is_clean(kept: Cast) -> None:
    assert list(verify()) == []


def test_a_changed_word_in_the_journal_is_named_by_its_number(kept: Cast) -> None:
    sql("UPDATE evidence_entry SET body = replace(body, %s, %s) WHERE seq = 1", "设立单位", "设立单拉")
    assert first() == ("verify.entry", "日志第1笔")


def test_a_changed_author_in_the_journal_is_named(kept: Cast) -> None:
    Entry.objects.filter(seq=2).update(by="somebody")
    assert first() == ("verify.entry", "日志第2笔")


def test_a_removed_entry_leaves_a_gap_that_is_named(kept: Cast) -> None:
    Entry.objects.filter(seq=1).delete()
    assert first() == ("verify.gap", "日志第2笔")


def test_an_entry_cut_off_the_end_is_missed(kept: Cast) -> None:
    last = Head.objects.get()
    Entry.objects.filter(seq=last.seq).delete()
    assert ("verify.head", "日志链尾") in [(finding.id, finding.place) for finding in verify()]


def test_a_row_changed_around_enter_is_named(kept: Cast) -> None:
    sql("UPDATE units_unit SET name = %s WHERE code = %s", "清江镇", "990101")
    assert first() == ("verify.row", "unit/990101")


def test_a_row_added_around_enter_is_named(kept: Cast) -> None:
    sql(
        'INSERT INTO units_unit (code, name, level, parent_id, since, until, "order") '
        "VALUES ('990199', '影子乡', 'township', '990100', '2020-01-01', NULL, 0)"
    )
    assert first() == ("verify.unentered", "unit/990199")


def test_a_row_taken_away_around_enter_is_named(kept: Cast) -> None:
    sql("DELETE FROM units_unitname WHERE unit_id = %s", "990102")
    assert first() == ("verify.vanished", "unit-name/990102/2020-01-01")


def test_a_changed_byte_of_a_paper_is_named_by_its_file(kept: Cast) -> None:
    name = Blob.objects.get().digest
    flip(blobs.path_of(name))
    found, place = first()
    assert found == "verify.blob"
    assert place.endswith(name.partition(":")[2])


def test_a_lost_paper_is_named(kept: Cast) -> None:
    blobs.path_of(Blob.objects.get().digest).unlink()
    assert first()[0] == "verify.blob-absent"


@pytest.mark.parametrize("name", ["manifest.json", "catalogue.json", "unit.parquet"])
def test_a_changed_byte_of_a_closing_is_named_by_its_file(kept: Cast, name: str) -> None:
    folder = next(
        path for path in (instance.home() / "closings").iterdir() if (path / "manifest.json").exists()
    )
    flip(folder / name, at=len((folder / name).read_bytes()) // 2)
    finding = next(verify())
    assert name.partition(".")[0] in finding.place + finding.message


def test_a_lost_closing_is_named(kept: Cast) -> None:
    folder = next(
        path for path in (instance.home() / "closings").iterdir() if (path / "manifest.json").exists()
    )
    folder.rename(folder.with_name("elsewhere"))
    assert first()[0] == "verify.closing-absent"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_chain_holds_in_either_algorithm(
    algorithm: str, tmp_path: Path, settings: object, db: None
) -> None:
    settings.SHUZHI_HOME = tmp_path  # type: ignore[attr-defined]
    instance.forget()
    instance.create("990100", "陵水湾县", algorithm)
    county()
    close_books(AS_OF, by="system")
    assert list(verify()) == []
    assert all(entry.link.startswith(f"{algorithm}:") for entry in Entry.objects.all())
    instance.forget()
