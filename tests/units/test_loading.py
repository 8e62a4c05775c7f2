"""The administrative tree from its files: whole or nothing, each code looked at, loaded again without doubles."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.evidence.journal import head
from shuzhi.evidence.verify import verify
from shuzhi.kernel.finding import Refused
from shuzhi.units.codes import LENGTHS, PROVINCES, above, faults, plain, unlike
from shuzhi.units.loading import NATION, load_divisions, read_divisions
from shuzhi.units.models import Unit
from shuzhi.units.queries import find, path_of, root, subtree

DAY = date(2023, 6, 30)
FILES = {
    "1-省.csv": 'code,name\n61,"澄省"\n62,"渭省"\n',
    "2-市.csv": "code,name,provinceCode\n6101,澄阳市,61\n6201,渭州市,62\n",
    "3-县.csv": "code,name,cityCode,provinceCode\n610101,澄城区,6101,61\n620121,渭源县,6201,62\n",
    "4-乡.csv": "code,name\n610101001,东门街道\n620121100,清溪镇\n",
    "5-村.csv": "code,name\n610101001001,东门社区居委会\n620121100201,清溪村委会\n",
}
ALL = 10


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "区划"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    return sorted(folder.iterdir())


@pytest.fixture
def empty(home: Path, db: None) -> Path:
    """An instance nobody has founded a unit in."""
    return home


def test_the_whole_tree_hangs_under_the_nation(empty: Path, files: list[Path]) -> None:
    made = load_divisions(read_divisions(files), since=DAY, by="system")
    assert made.founded == {"province": 2, "city": 2, "county": 2, "township": 2, "village": 2}
    assert root().code == NATION
    assert len(subtree(root())) == ALL + 1
    assert path_of(Unit.objects.get(code="620121100201")) == "渭省 › 渭州市 › 渭源县 › 清溪镇 › 清溪村委会"
    assert [unit.name for unit in find("wyx")] == ["渭源县"]
    assert not list(verify())


def test_loading_again_changes_nothing(empty: Path, files: list[Path]) -> None:
    load_divisions(read_divisions(files), since=DAY, by="system")
    before = head()
    again = load_divisions(read_divisions(files), since=DAY, by="system")
    assert (again.founded.total(), again.there) == (0, ALL)
    assert head() == before


def test_a_load_broken_off_has_whole_provinces_and_goes_on(empty: Path, files: list[Path]) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_divisions(read_divisions(files), since=DAY, by="system", progress=stop)
    assert Unit.objects.filter(code__startswith="61").count() == ALL // 2
    assert not Unit.objects.filter(code__startswith="62").exists()
    load_divisions(read_divisions(files), since=DAY, by="system")
    assert Unit.objects.count() == ALL + 1


def test_a_county_takes_its_own_part_only(empty: Path, files: list[Path]) -> None:
    made = load_divisions(read_divisions(files), since=DAY, by="system", under="620121")
    assert made.founded.total() == 3
    assert root().name == "渭源县"


def test_one_table_of_twelve_digits_is_read_by_its_zeros(empty: Path, tmp_path: Path) -> None:
    table = tmp_path / "总表.csv"
    rows = [
        "代码,名称",
        "610000000000,澄省",
        "610100000000,澄阳市",
        "610101000000,澄城区",
        "610101001000,东门街道",
    ]
    table.write_bytes("\n".join([*rows, "610101001001,东门社区"]).encode("gb18030"))
    made = load_divisions(read_divisions([table]), since=DAY, by="system")
    assert made.founded == {"province": 1, "city": 1, "county": 1, "township": 1, "village": 1}


def test_zeros_that_are_meant_are_left_alone(empty: Path, tmp_path: Path) -> None:
    """A prefecture without counties has a county ending in 00, a county without townships a township 000."""
    table = tmp_path / "直筒子.csv"
    table.write_text(
        "code,name\n61,澄省\n6119,石莞市\n611900,石莞市\n611900000,石莞市\n611900000001,东社区\n", "utf-8"
    )
    made = load_divisions(read_divisions([table]), since=DAY, by="system")
    assert made.founded.total() == 5


WRONG = (
    ("code,name\n6x,某省\n", "unit.code", "第2行"),
    ("code,name\n99,某省\n", "unit.province", "99"),
    ("code,name\n61,澄省\n61,澄省\n", "unit.twice", "两次"),
    ("code,name\n61,\n", "unit.nameless", "没有名称"),
    ("编号,叫法\n61,澄省\n", "unit.heading", "第一行"),
)


@pytest.mark.parametrize(("text", "identity", "says"), WRONG, ids=[row[1] for row in WRONG])
def test_what_is_wrong_is_told_by_file_and_row_and_nothing_is_kept(
    empty: Path, tmp_path: Path, text: str, identity: str, says: str
) -> None:
    table = tmp_path / "错.csv"
    table.write_text(text, "utf-8")
    with pytest.raises(Refused) as refused:
        load_divisions(read_divisions([table]), since=DAY, by="system")
    finding = refused.value.findings[0]
    assert finding.id == identity
    assert says in str(finding)
    assert "错.csv" in finding.place
    assert not Unit.objects.exists()


def test_an_orphan_is_refused(empty: Path, files: list[Path]) -> None:
    with pytest.raises(Refused) as refused:
        load_divisions(read_divisions(files[2:]), since=DAY, by="system")
    assert {finding.id for finding in refused.value.findings} == {"unit.orphan"}
    assert not Unit.objects.exists()


def test_another_name_on_the_books_is_told_and_not_changed(empty: Path, files: list[Path]) -> None:
    load_divisions(read_divisions(files), since=DAY, by="system")
    files[2].write_text(FILES["3-县.csv"].replace("渭源县", "渭源市"), "utf-8")
    again = load_divisions(read_divisions(files), since=DAY, by="system")
    assert [finding.id for finding in again.findings] == ["unit.name-differs"]
    assert Unit.objects.get(code="620121").name == "渭源县"


@pytest.mark.parametrize(
    ("code", "name", "told"),
    [
        ("620121100", "清溪镇", False),
        ("620121200", "清溪镇", True),
        ("620121001", "清溪街道", False),
        ("620121100201", "清溪村委会", False),
        ("620121100001", "清溪村委会", True),
        ("620121100201", "东门居委会", True),
        ("620121", "渭源县", False),
    ],
)
def test_a_name_that_does_not_fit_its_code_is_only_advice(code: str, name: str, told: bool) -> None:
    assert (unlike(code, name, "") is not None) is told


@given(
    st.sampled_from(sorted(PROVINCES)), st.sampled_from(sorted(LENGTHS.values())), st.integers(0, 10**10 - 1)
)
def test_every_code_begins_with_the_one_above_it(province: str, length: int, rest: int) -> None:
    code = (province + f"{rest:010d}")[:length]
    assert not faults(code, "某地", "")
    assert code.startswith(above(code))
    assert len(above(code)) < length


@given(st.sampled_from(sorted(PROVINCES)), st.integers(1, 99), st.integers(1, 99))
def test_padding_and_taking_it_off_are_inverse(province: str, city: int, county: int) -> None:
    for code in (province, f"{province}{city:02d}", f"{province}{city:02d}{county:02d}"):
        assert plain(code.ljust(12, "0")) == code
