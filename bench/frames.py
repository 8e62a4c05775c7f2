"""polars and pandas as peers: level by level over long rows; polars over a column a month as well."""

import os
from pathlib import Path

os.environ.setdefault("POLARS_MAX_THREADS", "2")

import numpy as np
import pandas as pd
import polars as pl
from checks import Check, of_rows, together
from tree import MONTHS, Tree

KEYS = ("ind", "uid", "period")


class Polars:
    """polars over the files of ``closings.py --peers``; ``resident`` holds the facts in memory."""

    def __init__(self, tree: Tree, folder: Path, *, resident: bool) -> None:
        self.folder, self.resident = folder, resident
        self.steps = len(list(tree.levels_up()))
        self.above = pl.read_parquet(folder / "units.parquet").select("uid", "parent").lazy()
        self._sources: dict[str, pl.LazyFrame] = {}
        self.made: list[pl.DataFrame] = []

    def source(self, layout: str) -> pl.LazyFrame:
        """The facts of a layout: in memory, or read when they are needed."""
        if layout not in self._sources:
            found = pl.scan_parquet(self.folder / f"{layout}.parquet")
            self._sources[layout] = found.collect().lazy() if self.resident else found
        return self._sources[layout]

    def _up(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        return frame.join(self.above, on="uid").drop("uid").rename({"parent": "uid"})

    def long(self) -> None:
        """Sums and counts of all interior units from long rows (streaming), each level from the one below."""
        first = [pl.col("value").sum().alias("s"), pl.col("value").count().alias("c")]
        self._climb("long", KEYS, first, [pl.col("s").sum(), pl.col("c").sum()])

    def wide(self) -> None:
        """Sums and counts of all interior units with a column a month."""
        months = [f"m{month}" for month in range(MONTHS)]
        first = [
            *(pl.col(name).sum() for name in months),
            *(pl.col(name).count().alias(f"c{name}") for name in months),
        ]
        self._climb("wide", KEYS[:2], first, [pl.exclude(*KEYS[:2]).sum()])

    def _climb(self, layout: str, keys: tuple[str, ...], first: list[pl.Expr], then: list[pl.Expr]) -> None:
        """All levels; the streaming engine for long rows, which is the faster there, the usual one otherwise."""
        engine = "streaming" if layout == "long" else "auto"
        below = self._up(self.source(layout)).group_by(keys).agg(first).collect(engine=engine)
        self.made = [below]
        for _ in range(self.steps - 1):
            below = self._up(below.lazy()).group_by(keys).agg(then).collect(engine=engine)
            self.made.append(below)

    def long_check(self) -> Check:
        """The checksum of :meth:`long`."""
        names = ("uid", "ind", "period", "s", "c")
        return together(*(of_rows(*(one[name].to_numpy() for name in names)) for one in self.made))

    def wide_check(self) -> Check:
        """The checksum of :meth:`wide`."""
        return together(
            *(
                of_rows(
                    one["uid"].to_numpy(),
                    one["ind"].to_numpy(),
                    np.full(len(one), month, np.int64),
                    one[f"m{month}"].to_numpy(),
                    one[f"cm{month}"].to_numpy(),
                )
                for one in self.made
                for month in range(MONTHS)
            )
        )


class Pandas:
    """pandas over long rows in memory, from level to level."""

    def __init__(self, tree: Tree, folder: Path) -> None:
        self.above, self.steps = tree.parent, len(list(tree.levels_up()))
        self.facts = pd.read_parquet(folder / "long.parquet")
        self.made: list[pd.DataFrame] = []

    def long(self) -> None:
        """Sums and counts of all interior units, each level from the one below."""
        raised = self.facts.assign(uid=self.above[self.facts["uid"].to_numpy()])
        below = raised.groupby(list(KEYS), sort=False)["value"].agg(["sum", "count"]).reset_index()
        self.made = [below]
        for _ in range(self.steps - 1):
            raised = below.assign(uid=self.above[below["uid"].to_numpy()])
            below = raised.groupby(list(KEYS), sort=False)[["sum", "count"]].sum().reset_index()
            self.made.append(below)

    def long_check(self) -> Check:
        """The checksum of :meth:`long`."""
        names = ("uid", "ind", "period", "sum", "count")
        return together(*(of_rows(*(one[name].to_numpy() for name in names)) for one in self.made))
