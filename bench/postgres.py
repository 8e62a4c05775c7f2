"""PostgreSQL as a peer, on a private server of the bench: level by level, and the analytics-table design of DHIS2 emulated.

The emulation is not DHIS2: no server of it runs here. It follows the shape of its JDBC analytics tables as their public
source shows it: resource tables of organisation units and periods, a partition a year, columns dx, co, ao, ou, oulevel,
uidlevel1…6, every kind of period as text, the value as double, a b-tree on each dimension, analysed; queries add up when
asked. Needs PostgreSQL's programs (Debian: ``postgresql``) and psycopg.
"""

import contextlib
import io
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import psycopg
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
from checks import SQL, Check
from tree import LEVELS, MONTHS, YEARS, Tree

SETTINGS: Final = {
    "shared_buffers": "1GB",
    "work_mem": "256MB",
    "maintenance_work_mem": "512MB",
    "effective_cache_size": "4GB",
    "max_parallel_workers": "2",
    "max_parallel_workers_per_gather": "2",
    "max_parallel_maintenance_workers": "2",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "random_page_cost": "1.1",
    "jit": "off",
}


def _programs() -> Path:
    """The folder of PostgreSQL's programs; raises FileNotFoundError where it is not installed."""
    debian = [str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    found = shutil.which("initdb", path=os.pathsep.join([*debian, os.environ.get("PATH", "")]))
    if found is None:
        raise FileNotFoundError("initdb: install PostgreSQL (Debian: postgresql)")
    return Path(found).parent


def _run(command: Sequence[str], owner: str | None, folder: Path) -> None:
    groups: list[str] | None = [] if owner else None
    subprocess.run(
        command,
        cwd=folder,
        user=owner,
        group=owner,
        extra_groups=groups,
        check=True,
        stdout=subprocess.DEVNULL,
    )


@contextlib.contextmanager
def server(under: Path) -> Iterator[str]:
    """A PostgreSQL of our own on a free loopback port while the block lasts, its data under a folder; yields its URL."""
    programs = _programs()
    owner = "postgres" if os.geteuid() == 0 else None  # it refuses to run as root
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="pg-", dir=under, ignore_cleanup_errors=True) as name:
        folder, word = Path(name), secrets.token_hex(16)
        (folder / "word").write_text(word, "ascii")
        if owner:
            shutil.chown(folder, owner)
            shutil.chown(folder / "word", owner)
        data = str(folder / "data")
        make = [str(programs / "initdb"), "-D", data, "-U", "bench", "-A", "scram-sha-256"]
        _run([*make, "--locale=C", "-E", "UTF8", "--pwfile", str(folder / "word")], owner, folder)
        settings = " ".join(f"-c {key}={value}" for key, value in SETTINGS.items())
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 {settings}"
        control = [str(programs / "pg_ctl"), "-D", data, "-w", "-l", str(folder / "log")]
        _run([*control, "-o", options, "start"], owner, folder)
        try:
            yield f"postgresql://bench:{word}@127.0.0.1:{port}/postgres"
        finally:
            _run([*control, "-m", "immediate", "stop"], owner, folder)


class Postgres:
    """The facts in PostgreSQL, indexed as the accounts would index them."""

    def __init__(self, url: str, tree: Tree, folder: Path) -> None:
        self.tree, self.folder = tree, folder
        self.levels = list(tree.levels_up())
        self.connection = psycopg.connect(url, autocommit=True)

    def run(self, query: str) -> list[tuple[object, ...]]:
        """What a query gives."""
        cursor = self.connection.execute(query)
        return cursor.fetchall() if cursor.description else []

    def load(self) -> None:
        """Copy units and facts in; not part of any time."""
        self.run("create table units (uid int primary key, level smallint, parent int)")
        self.run("create table facts (ind smallint, uid int, period smallint, value bigint)")
        units = pq.read_table(self.folder / "units.parquet", columns=["uid", "level", "parent"])
        self._copy("units", [units])
        facts = pq.ParquetFile(self.folder / "long.parquet")
        self._copy("facts", (pa.Table.from_batches([batch]) for batch in facts.iter_batches(1 << 18)))
        self.run("analyze")

    def _copy(self, table: str, parts: Iterable[pa.Table]) -> None:
        plain = pc.WriteOptions(include_header=False, delimiter="\t", quoting_style="none")
        with self.connection.cursor().copy(f"copy {table} from stdin") as into:
            for part in parts:
                sink = io.BytesIO()
                pc.write_csv(part, sink, plain)
                into.write(sink.getvalue())

    def long(self) -> None:
        """Sums and counts of all interior units, each level from the one below."""
        self.run("drop table if exists r")
        self.run(
            "create unlogged table r as select u.parent uid, ind, period, sum(value)::bigint s,"
            " count(value)::int c from facts f join units u using (uid) group by 1, 2, 3"
        )
        for level in self.levels[1:]:
            self.run("analyze r")
            self.run(
                "insert into r select u.parent, ind, period, sum(s)::bigint, sum(c)::int"
                f" from r join units u using (uid) where u.level = {level + 1} group by 1, 2, 3"
            )

    def long_check(self) -> Check:
        """The checksum of :meth:`long`."""
        (sums, counts), *_ = self.run(f"{SQL} r")
        return Check(int(str(sums)), int(str(counts)))

    # --- the design of DHIS2's analytics tables ---------------------------------------------------------------------

    _PERIODS: Final = [
        "daily",
        "weekly",
        "monthly",
        "bimonthly",
        "quarterly",
        "sixmonthly",
        "yearly",
        "financialapril",
    ]
    _ABOVE: Final = tuple(f"uidlevel{level + 1}" for level in range(len(LEVELS)))

    def dhis2_resources(self) -> None:
        """The resource tables: organisation units with their ancestors, periods, data elements."""
        above = ", ".join(f"{name} character(11)" for name in self._ABOVE)
        self.run(f"create table ous (uid int primary key, ou character(11), oulevel smallint, {above})")
        found = pq.read_table(self.folder / "units.parquet")
        names = [
            pa.array(
                [f"u{number:010d}" if number >= 0 else None for number in found[f"l{level}"].to_pylist()]
            )
            for level in range(len(LEVELS))
        ]
        own = pa.array([f"u{number:010d}" for number in found["uid"].to_pylist()])
        columns = [found["uid"], own, found["level"], *names]
        table = pa.table(columns, names=["uid", "ou", "oulevel", *self._ABOVE])
        with self.connection.cursor().copy("copy ous from stdin (format csv)") as into:
            sink = io.BytesIO()
            pc.write_csv(table, sink, pc.WriteOptions(include_header=False))
            into.write(sink.getvalue())
        texts = ", ".join(f"{name} text" for name in self._PERIODS)
        self.run(f"create table ps (period smallint primary key, starts date, year int, {texts})")
        for month in range(MONTHS):
            self._period(month)
        self.run("create table de (ind smallint primary key, dx character(11))")
        for number in range(self.tree.scope.indicators):
            self.run(f"insert into de values ({number}, 'd{number:010d}')")
        self.run("analyze")

    def _period(self, month: int) -> None:
        year, own = YEARS[0] + month // 12, month % 12 + 1
        said = (
            f"{year}{own:02d}",
            f"{year}{(own + 1) // 2:02d}B",
            f"{year}Q{(own + 2) // 3}",
            f"{year}S{(own + 5) // 6}",
            f"{year}",
            f"{year if own > 3 else year - 1}April",
        )
        words = ", ".join(f"'{word}'" for word in said)
        self.run(f"insert into ps values ({month}, '{year}-{own:02d}-01', {year}, null, null, {words})")

    def dhis2_build(self) -> None:
        """What an update of the analytics tables does: populate the partitions, index every dimension, analyse."""
        above = ", ".join(f"{name} character(11)" for name in self._ABOVE)
        texts = ", ".join(f"{name} text" for name in self._PERIODS)
        self.run("drop table if exists analytics cascade")
        self.run(
            "create table analytics (dx character(11) not null, co character(11) not null, ao character(11) not null,"
            " pestartdate timestamp, peenddate timestamp, ou character(11) not null, oulevel int,"
            f" {above}, {texts}, year int not null, daysxvalue double precision, daysno int not null,"
            " value double precision, textvalue text) with (autovacuum_enabled = false)"
        )
        for year in YEARS:
            self._dhis2_partition(year)

    def _dhis2_partition(self, year: int) -> None:
        name = f"analytics_{year}"
        self.run(
            f"create table {name} (check (year = {year})) inherits (analytics) with (autovacuum_enabled = false)"
        )
        listed, periods = ", ".join(self._ABOVE), ", ".join(self._PERIODS)
        self.run(
            f"insert into {name} (dx, co, ao, pestartdate, peenddate, ou, oulevel, {listed}, {periods}, year,"
            " daysxvalue, daysno, value) select dx, 'HllvX50cXC0', 'HllvX50cXC0', starts,"
            f" starts + interval '1 month' - interval '1 day', ou, oulevel, {listed}, {periods}, year,"
            " f.value * 30.0, 30, f.value::float8 from facts f join ous using (uid) join ps using (period)"
            f" join de using (ind) where year = {year}"
        )
        dimensions = ["dx", "co", "ao", "ou", "oulevel", "monthly", "quarterly", "yearly"]
        for column in [*dimensions, *self._ABOVE[self.tree.scope.level :]]:
            self.run(f"create index on {name} ({column})")
        self.run(f"analyze {name}")

    def dhis2_rollup(self) -> None:
        """All interior units as its queries would ask for them: one group by a level."""
        self.run("drop table if exists dr")
        self.run("create unlogged table dr (ou character(11), dx character(11), monthly text, value float8)")
        for level in self.levels:
            self.run(
                f"insert into dr select uidlevel{level + 1}, dx, monthly, sum(value) from analytics"
                f" where year in {YEARS} group by 1, 2, 3"
            )

    def size(self, table: str) -> int:
        """The bytes of a table with its indexes."""
        ((found,),) = self.run(f"select pg_total_relation_size('{table}')")
        return int(str(found))

    def close(self) -> None:
        """Close the connection; the server is stopped by its block."""
        self.connection.close()
