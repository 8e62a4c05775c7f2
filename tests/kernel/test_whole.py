"""Files are whole or as they were before, also when the disk is full or the work breaks off; derived ones count once read whole."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzhi.kernel.whole import put_derived, put_whole, replacing, take_derived, write_new, write_whole

LARGE = b"x" * 100_000


@contextmanager
def small_disk(bytes_: int) -> Iterator[None]:
    """No file of this process may grow beyond so many bytes: what a full disk is to a writer."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("write", [write_whole, put_whole])
def test_a_disk_that_is_full_leaves_the_file_as_it_was_and_is_named(tmp_path: Path, write: object) -> None:
    assert callable(write)
    path = tmp_path / "甲"
    write(path, b"before")
    with small_disk(1000), pytest.raises(OSError, match="too large") as raised:
        write(path, LARGE)
    assert str(raised.value.filename) == str(path)
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_that_does_not_fit_is_named(tmp_path: Path) -> None:
    with small_disk(1000), pytest.raises(OSError, match="too large") as raised:
        write_new(tmp_path / "甲", [LARGE, LARGE])
    assert str(raised.value.filename) == str(tmp_path / "甲")


def test_a_new_file_is_never_written_over_another(tmp_path: Path) -> None:
    (tmp_path / "甲").write_bytes(b"before")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "甲", [b"after"])
    assert (tmp_path / "甲").read_bytes() == b"before"


def test_a_place_nobody_may_write_to_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as raised:
        write_whole(tmp_path / "none" / "甲", b"")
    assert str(raised.value.filename) == str(tmp_path / "none" / "甲")


def test_work_that_breaks_off_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "甲"
    path.write_bytes(b"before")
    with pytest.raises(TypeError), replacing(path) as file:
        file.writelines([LARGE, None])  # type: ignore[list-item]
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_an_error_of_another_file_keeps_its_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as raised, replacing(tmp_path / "甲") as file:
        file.write((tmp_path / "乙").read_bytes())
    assert str(raised.value.filename) == str(tmp_path / "乙")


def test_a_file_may_be_for_its_owner_alone(tmp_path: Path) -> None:
    write_whole(tmp_path / "甲", b"", mode=0o600)
    assert (tmp_path / "甲").stat().st_mode & 0o777 == 0o600


def test_a_link_is_written_through_and_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "甲").write_bytes(b"before")
    (tmp_path / "乙").symlink_to(tmp_path / "甲")
    write_whole(tmp_path / "乙", b"after")
    assert (tmp_path / "乙").is_symlink()
    assert (tmp_path / "甲").read_bytes() == b"after"


# --- derived files ------------------------------------------------------------------------------------------------------


def test_what_is_kept_is_taken(tmp_path: Path) -> None:
    put_derived(tmp_path / "new" / "a", b"body\nof lines", among="*", most=3)
    assert take_derived(tmp_path / "new" / "a") == b"body\nof lines"


def test_what_is_not_there_is_absent(tmp_path: Path) -> None:
    assert take_derived(tmp_path / "a") is None


@given(body=st.binary(max_size=40), at=st.integers(0, 200), byte=st.binary(max_size=1))
def test_one_changed_or_lost_byte_makes_it_absent(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, at: int, byte: bytes
) -> None:
    path = tmp_path_factory.mktemp("derived") / "a"
    put_derived(path, body, among="*", most=1)
    whole = path.read_bytes()
    at %= len(whole)
    changed = whole[:at] + byte + whole[at + 1 :]
    path.write_bytes(changed)
    assert take_derived(path) == (body if changed == whole else None)


@pytest.mark.parametrize("most", [1, 2, 5])
def test_of_files_alike_the_newest_stay(tmp_path: Path, most: int) -> None:
    (tmp_path / "another").write_bytes(b"")
    for number in range(4):
        path = tmp_path / f"a-{number}"
        put_derived(path, b"", among="a-*", most=most)
        os.utime(path, ns=(number, number))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *(f"a-{number}" for number in range(max(0, 4 - most), 4)),
        "another",
    ]


def test_a_derived_file_for_which_there_is_no_room_leaves_nothing_behind(tmp_path: Path) -> None:
    with small_disk(1000), pytest.raises(OSError, match="too large"):
        put_derived(tmp_path / "a", LARGE, among="*", most=1)
    assert not list(tmp_path.iterdir())
