"""DuckDB as a peer: level by level over long rows and over a column a month, and with the formulas on top."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb
from checks import SQL, Check
from tree import MONTHS, VILLAGE, YEARS, Tree

THREADS: Final = 2


class Duck:
    """DuckDB over the files of ``closings.py --peers``; ``resident`` loads the facts into its own tables first."""

    def __init__(self, tree: Tree, folder: Path, *, resident: bool, memory: str = "9GB") -> None:
        self.tree, self.folder, self.resident = tree, folder, resident
        self.levels = list(tree.levels_up())
        self.connection = duckdb.connect()
        settings = f"set threads={THREADS}; set memory_limit='{memory}'; set preserve_insertion_order=false"
        self.run(f"{settings}; set temp_directory='{folder / 'duck'}'")
        self.run(f"create table units as from '{folder / 'units.parquet'}'")
        self._sources: dict[str, str] = {}

    def run(self, query: str) -> list[tuple[object, ...]]:
        """What a query gives."""
        return self.connection.execute(query).fetchall()

    def source(self, layout: str) -> str:
        """The name of the facts of a layout in SQL: a table of our own, or the file."""
        if layout not in self._sources:
            file = f"'{self.folder / layout}.parquet'"
            if self.resident:
                self.run(f"create table {layout}_facts as from {file}")
                file = f"{layout}_facts"
            self._sources[layout] = file
        return self._sources[layout]

    def long(self) -> None:
        """Sums and counts of all interior units from long rows, each level from the one below."""
        self.run(
            "create or replace table r as select l4 uid, ind, period, sum(value)::bigint s, count(value)::int c"
            f" from {self.source('long')} f join units u using (uid) group by all"
        )
        self._climb()

    def _climb(self) -> None:
        """The levels above the townships, each from the one below."""
        for level in self.levels[1:]:
            self.run(
                "insert into r select u.parent, ind, period, sum(s)::bigint, sum(c)::int"
                f" from r join units u using (uid) where u.level = {level + 1} group by all"
            )

    def closings(self, folders: Sequence[Path]) -> None:
        """The same from the closings' own observation files, the very bytes our engine reads, joined by unit code."""
        files = ", ".join(f"'{folder / 'observation.parquet'}'" for folder in folders)
        self.run(
            "create or replace table r as select u.l4 uid, right(indicator, 3)::smallint ind,"
            f" ((year - {YEARS[0]}) * 12 + month - 1)::smallint period, sum(value)::bigint s, count(value)::int c"
            f" from read_parquet([{files}]) f join units u on u.code = f.unit"
            f" where role = 'actual' and u.level = {VILLAGE} group by all"
        )
        self._climb()

    def long_check(self) -> Check:
        """The checksum of :meth:`long`."""
        return self._check("r")

    def wide(self) -> None:
        """Sums and counts of all interior units with a column a month, each level from the one below."""
        months = range(MONTHS)
        first = [f"sum(m{m})::bigint m{m}" for m in months] + [f"count(m{m})::int c{m}" for m in months]
        then = [f"sum(m{m})::bigint" for m in months] + [f"sum(c{m})::int" for m in months]
        self.run(
            f"create or replace table w as select l4 uid, ind, {', '.join(first)}"
            f" from {self.source('wide')} f join units u using (uid) group by all"
        )
        for level in self.levels[1:]:
            self.run(
                f"insert into w select u.parent, ind, {', '.join(then)}"
                f" from w join units u using (uid) where u.level = {level + 1} group by all"
            )

    def wide_check(self) -> Check:
        """The checksum of :meth:`wide`."""
        parts = (
            f"select uid, ind, {m} period, coalesce(m{m}, 0)::bigint s, c{m} c from w" for m in range(MONTHS)
        )
        return self._check(f"({' union all '.join(parts)})")

    def formulas(self) -> None:
        """After :meth:`long`: cumulative, growth (month and cumulative) and ratios, as doubles (which are not exact)."""
        self.long()
        part = self.tree.scope.indicators // 5
        by_year = "select uid u, ind i, period // 12 y, max(y) * 1.1 target from b group by all"
        same = "a.uid = b.uid and a.period = b.period"
        steps = {
            "b": "*, sum(s) over (partition by uid, ind, period // 12 order by period)::bigint y from r",
            "g": "a.uid, a.ind, a.period, a.s::double / b.s - 1 m, a.y::double / b.y - 1 y from b a join b"
            " on a.uid = b.uid and a.ind = b.ind and a.period = b.period + 12",
            "k": f"uid, ind, period, b.y::double / t.target q from b join ({by_year}) t"
            " on t.u = uid and t.i = ind and t.y = period // 12",
            "q": "a.uid, a.ind, a.period, a.s::double / b.s m, a.y::double / b.y y"
            f" from b a join b on {same} and b.ind = a.ind + {part} where a.ind < {part}",
        }
        for name, step in steps.items():
            self.run(f"create or replace table {name} as select {step}")

    def scan(self, layout: str) -> None:
        """The least this engine does with the facts: one sum over all of them."""
        months = "+".join(f"sum(m{month})" for month in range(MONTHS))
        self.run(f"select {months if layout == 'wide' else 'sum(value)'} from {self.source(layout)}")

    def _check(self, table: str) -> Check:
        (sums, counts), *_ = self.run(f"{SQL} {table}")
        return Check(int(str(sums)), int(str(counts)))

    def close(self) -> None:
        """Let go of all memory."""
        self.connection.close()
