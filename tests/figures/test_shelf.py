"""How long kept answers stay on the shelf, and that losing them loses nothing but time."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from shuzhi.figures.ask import Ask
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import compute
from shuzhi.figures.leaves import Cut
from shuzhi.figures.many.cabinet import FILE
from shuzhi.figures.many.shelf import Shelf
from shuzhi.figures.partial import Key, Partial
from tests.figures.counties import forget

DAY = date(2025, 3, 3)


def numbered(number: int) -> Key:
    return (Cut("count", None, "danger"), f"sha256:{number}", "")


def put(folder: Path, numbers: range, today: date, bound: int = 1 << 30) -> None:
    shelf = Shelf(folder, bound=bound, today=today)
    shelf.put_all([(numbered(number), large(number)) for number in numbers])
    shelf.close()


def large(number: int) -> Partial:
    """A partial with as many names as a trace tells, hardly to be packed."""
    names = tuple(f"matter/{hash((number, each)) & (1 << 60):016x}" for each in range(200))
    return Partial(rows=number, refs=(*names, *(f"{number * each**7:x}" for each in range(200))))


def there(folder: Path, numbers: range, today: date) -> set[int]:
    """Which of the answers are still there; whoever asks has used them."""
    shelf = Shelf(folder, today=today)
    found = shelf.get_all([numbered(number) for number in numbers])
    shelf.close()
    return {int(key[1].partition(":")[2]) for key in found}


def test_an_answer_that_nobody_asked_for_in_half_a_year_goes(tmp_path: Path) -> None:
    put(tmp_path, range(10), DAY)
    for weeks in range(1, 31):
        assert there(tmp_path, range(5), DAY + timedelta(weeks=weeks)) == set(range(5))
    put(tmp_path, range(10, 11), DAY + timedelta(weeks=30))
    assert there(tmp_path, range(11), DAY + timedelta(weeks=30)) == {*range(5), 10}


def test_a_shelf_that_is_too_long_lets_go_of_what_was_asked_for_longest_ago(tmp_path: Path) -> None:
    bound = 1 << 20
    for number in range(40):
        put(tmp_path, range(20 * number, 20 * number + 20), DAY + timedelta(weeks=number // 4), bound)
        assert there(tmp_path, range(5), DAY + timedelta(weeks=number // 4)) == set(range(5))
        assert (tmp_path / FILE).stat().st_size <= bound + (1 << 17)
    left = there(tmp_path, range(800), DAY + timedelta(weeks=10))
    assert set(range(5)) | set(range(780, 800)) <= left
    assert not left & set(range(5, 200))


def test_a_bound_that_nothing_fits_in_keeps_nothing_and_hurts_nobody(tmp_path: Path) -> None:
    put(tmp_path, range(50), DAY, bound=1)
    assert there(tmp_path, range(50), DAY) == set()


@contextmanager
def full_at(length: int) -> Iterator[None]:
    """No file grows beyond that many bytes, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (length, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_on_a_full_disk_figures_are_the_same_and_what_is_kept_stays(county: Closing, tmp_path: Path) -> None:
    asks = [Ask("output"), Ask("output.growth"), Ask("count danger")]
    read = compute(asks, [county])
    put(tmp_path, range(20), DAY)
    with full_at((tmp_path / FILE).stat().st_size):
        put(tmp_path, range(20, 400), DAY)
        forget()
        assert compute(asks, [county], cache=tmp_path) == read
        with full_at(0):
            forget()
            assert compute(asks, [county], cache=tmp_path / "nowhere") == read
    assert there(tmp_path, range(20), DAY) == set(range(20))
    assert there(tmp_path, range(20, 400), DAY) == set()
