"""Loading the administrative tree from the files it is published in: one table of code and name a level.

The files are CSV with a heading that has ``code`` and ``name`` (or 代码、名称); further columns are ignored, because a code
says what lies above it. UTF-8 and GB18030 are read. Nothing is kept unless every row of every file is right.
"""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from shuzhi.evidence.journal import enter
from shuzhi.kernel.finding import Finding, Refused, Severity
from shuzhi.units.codes import LEVEL_OF, PADDED, above, faults, plain, unlike
from shuzhi.units.models import Unit
from shuzhi.units.verbs import spell

NATION = "00"
_CODES, _NAMES = ("code", "代码", "区划代码"), ("name", "名称", "单位名称")
_MOST_FAULTS, _MOST_ADVICE = 200, 20
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Division:
    """One row of the files: its code without padding, its name, and where it stood."""

    code: str
    name: str
    place: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of a load: units founded by level, those already there, and advice."""

    founded: Counter[str]
    there: int
    findings: tuple[Finding, ...]


def read_divisions(files: Iterable[Path]) -> list[Division]:
    """Every row of the files in the order of the tree; raises Refused with everything wrong (at most 200 findings)."""
    found: dict[str, Division] = {}
    wrong: list[Finding] = []
    for row in (row for path in files for row in _rows(path)):
        bad = faults(row.code, row.name, row.place)
        if not row.name:
            bad.append(Finding("unit.nameless", f"代码{row.code}没有名称", "请补填名称", row.place))
        if row.code in found and not bad:
            message = f"代码{row.code}出现了两次（另一处：{found[row.code].place}）"
            bad.append(Finding("unit.twice", message, "每个代码只能有一行", row.place))
        wrong += bad
        found.setdefault(row.code, row)
        if len(wrong) >= _MOST_FAULTS:
            break
    if wrong:
        raise Refused(wrong[:_MOST_FAULTS])
    return [found[code] for code in sorted(found)]


def _rows(path: Path) -> Iterator[Division]:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    reader = csv.reader(io.StringIO(text, newline=""))
    head = [cell.strip() for cell in next(reader, [])]
    code = next((head.index(word) for word in _CODES if word in head), None)
    name = next((head.index(word) for word in _NAMES if word in head), None)
    if code is None or name is None:
        hint = "第一行应有 code、name（或 代码、名称）两列"
        raise Refused(Finding("unit.heading", "看不出哪一列是代码、哪一列是名称", hint, path.name))
    padded: bool | None = None
    for number, cells in enumerate(reader, 2):
        if not any(cell.strip() for cell in cells):
            continue
        full = [*cells, *[""] * (max(code, name) + 1 - len(cells))]
        said = full[code].strip()
        if padded is None:  # a table of all levels begins above the townships, with zeros behind
            padded = len(said) == PADDED and said.endswith("000000")
        yield Division(plain(said) if padded else said, full[name].strip(), f"{path.name} 第{number}行")


def load_divisions(
    divisions: Sequence[Division], *, since: date, by: str, under: str = "", progress: Progress | None = None
) -> Loaded:
    """Found the units that are not there yet, each under the one above it by its code.

    ``under`` keeps to one unit and what lies below it. Side effects, in order: the nation, when there is no unit at all
    and ``under`` is empty; then each province (with what belongs to it) in one link of its own, so that a load broken
    off has whole provinces and can be run again; the pinyin of their names. Raises Refused when a unit's parent is
    neither in the files nor in the accounts.
    """
    wanted = [item for item in divisions if item.code.startswith(under)]
    known = dict(Unit.objects.values_list("code", "name"))
    parents = _parents(wanted, known, under)
    if not known and not under:
        with enter("设立单位", by=by, note="全国") as entry:
            entry.save(Unit(code=NATION, name="全国", level="nation", parent=None, since=since))
        spell(Unit.objects.filter(code=NATION))
    advice = [
        Finding(
            "unit.name-differs",
            f"{item.code}账上是“{known[item.code]}”，文件里是“{item.name}”",
            "更名请另行办理",
            item.place,
            Severity.ADVICE,
        )
        for item in wanted
        if known.get(item.code, item.name) != item.name
    ]
    founded: Counter[str] = Counter()
    done = 0
    for _, group in groupby(wanted, key=lambda item: item.code[:2]):
        rows = list(group)
        made = [
            Unit(
                code=item.code,
                name=item.name,
                level=LEVEL_OF[len(item.code)],
                parent_id=parents[item.code],
                since=since,
            )
            for item in rows
            if item.code not in known
        ]
        if made:
            with enter("导入行政区划", by=by, note=f"{rows[0].name}等{len(made)}个") as entry:
                for level in LEVEL_OF.values():  # above before below
                    entry.save_all([unit for unit in made if unit.level == level])
            spell(made)
        founded.update(unit.level for unit in made)
        done += len(rows)
        if progress is not None:
            progress(done, len(wanted))
    sorts = (unlike(item.code, item.name, item.place) for item in wanted)
    advice += [finding for finding in sorts if finding is not None]
    return Loaded(founded, len(wanted) - founded.total(), tuple(_few(advice)))


def _few(advice: Sequence[Finding]) -> Iterator[Finding]:
    """The first of each sort of advice, and how many more there are."""
    for identity, group in groupby(
        sorted(advice, key=lambda finding: finding.id), key=lambda finding: finding.id
    ):
        found = list(group)
        yield from found[:_MOST_ADVICE]
        if len(found) > _MOST_ADVICE:
            yield Finding(
                identity, f"同类提示共{len(found)}条，只列前{_MOST_ADVICE}条", "", "", Severity.ADVICE
            )


def _parents(wanted: Sequence[Division], known: dict[str, str], under: str) -> dict[str, str | None]:
    """The code each unit hangs on; None for the first of all, which becomes the root of an instance without units."""
    codes = {item.code for item in wanted} | set(known)
    found: dict[str, str | None] = {}
    orphans: list[Finding] = []
    for item in wanted:
        top = above(item.code) or NATION
        first = not known and item.code == under
        if not first and top not in codes and not (top == NATION and not known):
            said = "全国" if top == NATION else f"上级{top}"
            message = f"{item.name}（{item.code}）的{said}不在文件里，也不在账上"
            orphans.append(
                Finding("unit.orphan", message, "请一并导入上级，或用 --under 只导入本级以下", item.place)
            )
        found[item.code] = None if first else top
    if orphans:
        raise Refused(orphans[:_MOST_FAULTS])
    return found
