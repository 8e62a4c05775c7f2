"""Write the demo county: ``python -m demo.make OUT_DIR [--seed N]``.

Into OUT_DIR go the workbooks a county would send (in the order they are to be loaded), the folder 材料 with the papers
they name, 不能入账/ with a workbook the accounts must refuse, and the masked draft. The same seed gives the same bytes.
"""

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from demo import (
    accidents,
    accountability,
    arrears,
    countryside,
    draft,
    economy,
    environment,
    forests,
    geography,
    guarded,
    happenings,
    integrity,
    livelihood,
    money,
    oversight,
    plans,
    policy,
    projects,
    promises,
    purchases,
    revenue,
    rhythm,
    rivers,
    safety,
    series,
    services,
    society,
    spending,
    tasks,
    tourism,
    town,
    ugly,
)
from demo.pen import Parcel

SEED = 990123
REFUSED = "不能入账"


def fill(parcel: Parcel) -> None:
    """Write every workbook and paper into the parcel."""
    geography.write(parcel)
    ugly.write(parcel, series.write(parcel))
    for part in (
        happenings,
        economy,
        revenue,
        tasks,
        tourism,
        projects,
        livelihood,
        safety,
        policy,
        money,
        society,
        accidents,
        services,
        plans,
        countryside,
        rivers,
        forests,
        environment,
        town,
        arrears,
        spending,
        purchases,
        oversight,
        accountability,
        integrity,
        guarded,
        promises,
        rhythm,
    ):
        part.write(parcel)


def make(folder: Path, seed: int = SEED) -> list[Path]:
    """Write everything into the folder and give the paths of the workbooks to load, in their order."""
    parcel = Parcel(seed)
    fill(parcel)
    written = parcel.save(folder)
    name, data = money.refused(parcel)
    (folder / REFUSED).mkdir(exist_ok=True)
    (folder / REFUSED / name).write_bytes(data)
    draft.write(folder)
    return written


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; an earlier demo in the folder is replaced, anything else there is left alone."""
    parser = argparse.ArgumentParser(prog="python -m demo.make", description="写出演示县明澜县的工作簿和样稿")
    parser.add_argument("folder", type=Path, help="写到哪个文件夹")
    parser.add_argument("--seed", type=int, default=SEED, help="随机种子（同一种子，同一结果）")
    given = parser.parse_args(arguments)
    for part in ("材料", REFUSED):
        shutil.rmtree(given.folder / part, ignore_errors=True)
    given.folder.mkdir(parents=True, exist_ok=True)
    written = make(given.folder, given.seed)
    sys.stdout.write(f"已写出 {len(written)} 份工作簿：{given.folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
