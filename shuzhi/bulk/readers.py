"""Which reader a file needs, and what every reader does: records to the heap, slips to their list, in the file's order."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from os import environ
from pathlib import Path
from typing import Final, Protocol

import pyarrow as pa

from shuzhi.bulk.books import Books
from shuzhi.bulk.heap import arranged, table_of
from shuzhi.bulk.judge import Judge, Record
from shuzhi.bulk.layouts import Layout
from shuzhi.bulk.slips import Slip, Slips
from shuzhi.bulk.text import Text, lines_of, open_text
from shuzhi.kernel.finding import Finding, Refused

KERNEL: Final = "SHUZHI_KERNEL"
#: Below so many bytes the fast reader is not worth starting.
WORTH: Final = 1 << 22
_PART: Final = 50_000
#: Fewer records are in order sooner than the compiled way is loaded.
_FEW: Final = 200_000
_TEXTS: Final = (".csv", ".txt", ".tsv")
Add = Callable[[pa.Table], None]
Progress = Callable[[str, int, int], None]


class Marking(Protocol):
    """Sees whether the periods of records all differ, without keeping the records."""

    @property
    def sound(self) -> bool:
        """Whether none was named twice; False also when there are too many to tell."""
        ...

    def add(self, table: pa.Table) -> None:
        """Look at the periods of records."""
        ...

    def meets(self, table: pa.Table) -> bool:
        """Whether one of the periods of these rows may be among them."""
        ...


class Reader(Protocol):
    """An open file of observations."""

    @property
    def remarks(self) -> Sequence[str]:
        """The remarks that records number."""
        ...

    def arrange(self, table: pa.Table) -> pa.Table:
        """A table of records in order."""
        ...

    def marks(self) -> Marking | None:
        """Marks for the periods of the file; None where records must be kept: no compiled loops, or no second reading."""
        ...

    def heading(self, code: str) -> str:
        """What the file calls a column."""
        ...

    def read(self, add: Add, slips: Slips, progress: Progress) -> None:
        """Read every line; raises Enough when there are too many errors to go on."""
        ...


class Gathered:
    """Collects the records of single lines into tables."""

    def __init__(self, judge: Judge, add: Add, slips: Slips) -> None:
        self._judge, self._add, self._slips = judge, add, slips
        self._records: list[Record] = []

    def add(self, table: pa.Table) -> None:
        """Hand over records that were read otherwise."""
        self._add(table)

    def line(self, at: int, cells: list[str] | Slip) -> None:
        """Judge one line as it was cut into cells."""
        if isinstance(cells, Slip):
            self._slips.add([cells])
        elif cells:
            self._slips.add(self._judge.line(at, cells, self._records.append))
            if len(self._records) >= _PART:
                self.flush()

    def flush(self) -> None:
        """Hand over what has been collected."""
        if self._records:
            self._add(table_of(self._records))
            self._records = []


class Judged:
    """What readers of all kinds of files have in common: how the columns lie, and who judges the lines."""

    def __init__(self, layout: Layout, books: Books) -> None:
        self.layout, self.judge = layout, Judge(books, layout)

    @property
    def remarks(self) -> Sequence[str]:
        """The remarks that records number."""
        return self.judge.remarks.texts

    def heading(self, code: str) -> str:
        """What the file calls a column."""
        return self.layout.heading(code)

    def marks(self) -> Marking | None:
        """None: what is read plainly is small, or slow whatever is done about its order."""
        return None


class PlainText(Judged):
    """Reads a text file line by line: the law, and the whole of it where numba is not installed."""

    def __init__(self, text: Text, books: Books) -> None:
        super().__init__(text.layout, books)
        self.text = text

    def arrange(self, table: pa.Table) -> pa.Table:
        """A table of records in order."""
        return arranged(table)

    def read(self, add: Add, slips: Slips, progress: Progress) -> None:
        """Read every line."""
        gathered = Gathered(self.judge, add, slips)
        size, done = len(self.text.data), self.text.body
        for at, line in lines_of(self.text):
            gathered.line(at, self.text.cells(at, line))
            done += len(line) + 1
            if at % _PART == 0:
                progress("读", min(done, size), size)
        gathered.flush()
        progress("读", size, size)


@contextmanager
def reader_of(path: Path, books: Books) -> Iterator[Reader]:
    """Open a file of observations by the end of its name; raises Refused when it is none that can be read."""
    kind = path.suffix.lower()
    if kind in _TEXTS:
        with open_text(path) as text:
            if _fast(len(text.data), text.layout):
                from shuzhi.bulk.fast import FastText

                yield FastText(text, books)
            else:
                yield PlainText(text, books)
    elif kind == ".parquet":
        from shuzhi.bulk.columns import open_columns

        with open_columns(path, books) as reader:
            yield reader
    elif kind == ".xlsx":
        from shuzhi.bulk.sheet import open_sheet

        with open_sheet(path, books) as reader:
            yield reader
    else:
        hint = "可用：.csv、.txt、.tsv、.parquet、.xlsx；.xls 请另存为 .xlsx"
        raise Refused(Finding("ingest.kind", f"不认识“{path.suffix}”这种文件", hint, path.name))


def arranger(books: Books) -> Callable[[pa.Table], pa.Table]:
    """How records are put into order: compiled where numba is installed."""
    if not compiled():
        return arranged
    from shuzhi.bulk import fast

    def arrange(table: pa.Table) -> pa.Table:
        few = table.num_rows < _FEW
        return arranged(table) if few else fast.arranged(table, len(books.measures))

    return arrange


def compiled() -> bool:
    """Whether the compiled loops are there and wanted."""
    return environ.get(KERNEL, "") in ("", "numba") and find_spec("numba") is not None


def _fast(size: int, layout: Layout) -> bool:
    """Whether the fast reader is there and worth starting."""
    if layout.slots or not compiled():
        return False
    return environ.get(KERNEL, "") == "numba" or size >= WORTH
