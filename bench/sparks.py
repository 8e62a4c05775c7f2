"""Spark SQL as a peer, local[2]: level by level over long rows, over a column a month, and over the closings' own files.

Each level is written as Parquet and read by the next, as such a job would be; results are checked from those files.
Needs pyspark and Java 17.
"""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb
from checks import SQL, Check
from closings import indicator_code
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as f
from tree import MONTHS, YEARS, Tree

CORES: Final = 2


def session(under: Path, memory: str = "4g") -> SparkSession:
    """A Spark of our own on this machine's cores, nothing of it listening beyond loopback."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings = {
        "spark.driver.memory": memory,
        "spark.sql.shuffle.partitions": "8",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.local.dir": str(under / "spark"),
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.maxResultSize": "3g",
        "spark.sql.session.timeZone": "UTC",
    }
    builder = SparkSession.builder.master(f"local[{CORES}]").appName("bench")
    for key, value in settings.items():
        builder = builder.config(key, value)
    found = builder.getOrCreate()
    found.sparkContext.setLogLevel("ERROR")
    return found


class Spark:
    """Spark SQL over the files of ``closings.py --peers`` and over the closings themselves."""

    def __init__(self, spark: SparkSession, tree: Tree, folder: Path, out: Path) -> None:
        self.spark, self.folder, self.out = spark, folder, out
        self.levels = list(tree.levels_up())
        units = spark.read.parquet(str(folder / "units.parquet"))
        self.above = units.select("uid", "parent").cache()
        self.codes = units.select("uid", "code").cache()
        self.above.count(), self.codes.count()

    def _read(self, name: str) -> DataFrame:
        return self.spark.read.parquet(str(self.folder / f"{name}.parquet"))

    def long(self) -> None:
        """Sums and counts of all interior units from long rows."""
        self._climb(self._read("long"), ["ind", "uid", "period"], "value")

    def closings(self, folders: Sequence[Path]) -> None:
        """The same from the closings' own observation files, the very bytes our engine reads."""
        files = [str(folder / "observation.parquet") for folder in folders]
        own = self.spark.read.parquet(*files).where(f.col("role") == "actual")
        period = ((f.col("year") - YEARS[0]) * 12 + f.col("month") - 1).alias("period")
        number = f.substring("indicator", len(indicator_code(0)) - 2, 3).cast("int").alias("ind")
        coded = own.join(f.broadcast(self.codes), own["unit"] == self.codes["code"])
        self._climb(coded.select(number, "uid", period, "value"), ["ind", "uid", "period"], "value")

    def wide(self) -> None:
        """Sums and counts of all interior units with a column a month."""
        self._climb(self._read("wide"), ["ind", "uid"], *(f"m{month}" for month in range(MONTHS)))

    def _climb(self, facts: DataFrame, keys: list[str], *values: str) -> None:
        first = [f.sum(name).alias(name) for name in values] + [
            f.count(name).alias(f"c{name}") for name in values
        ]
        then = [f.sum(name).alias(name) for both in values for name in (both, f"c{both}")]
        below = self._level(facts, keys, first, self.levels[0])
        for level in self.levels[1:]:
            below = self._level(below, keys, then, level)

    def _level(self, below: DataFrame, keys: list[str], totals: list[Column], level: int) -> DataFrame:
        raised = below.join(f.broadcast(self.above), "uid").drop("uid").withColumnRenamed("parent", "uid")
        place = str(self.out / f"level{level}")
        raised.groupBy(*keys).agg(*totals).write.mode("overwrite").parquet(place)
        return self.spark.read.parquet(place)

    def long_check(self) -> Check:
        """The checksum of :meth:`long` or :meth:`closings`."""
        return self._check("uid, ind, period, value s, cvalue c")

    def wide_check(self) -> Check:
        """The checksum of :meth:`wide`."""
        parts = [f"uid, ind, {m} period, coalesce(m{m}, 0) s, cm{m} c" for m in range(MONTHS)]
        return self._check(*parts)

    def _check(self, *columns: str) -> Check:
        files = [f"'{self.out / f'level{level}'}/*.parquet'" for level in self.levels]
        listed = f"read_parquet([{', '.join(files)}])"
        rows = " union all ".join(f"select {each} from {listed}" for each in columns)
        sums, counts = duckdb.execute(f"{SQL} ({rows})").fetchall()[0]
        return Check(int(sums), int(counts))

    def close(self) -> None:
        """Stop Spark and drop what it wrote."""
        self.spark.stop()
        shutil.rmtree(self.out, ignore_errors=True)
