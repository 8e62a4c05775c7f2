"""The cube of one closing as pages and drafts read it: made of what was reported, kept beside the closing, with its statuses.

It begins empty and every observation is applied to it, which costs what was reported and not what could have been; it equals
the cube rolled up in every cell. It lies in the closing's cache under the digest of what it was made from (so that a closing
in which only ledgers moved finds that of the one before), may be deleted at any time, and is made again where it is damaged.
"""

import json
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Final

import pyarrow.parquet as pq

from shuzhi.cube import kept
from shuzhi.cube.asking.reads import Answers
from shuzhi.cube.asking.statuses import Statuses
from shuzhi.cube.block import Block
from shuzhi.cube.boundaries import axis_of
from shuzhi.cube.build import Own, block_of, rolled, source_of, spanned
from shuzhi.cube.correcting.correct import Correction, Live
from shuzhi.cube.cube import Cube
from shuzhi.cube.frame import MONTHS, ROLES, Frame, lines_of
from shuzhi.cube.kernels import kernel
from shuzhi.figures.ask import Ask, Figure
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import compute
from shuzhi.figures.observed import OBSERVATION
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.kernel.whole import put_derived, take_derived

_KERNEL: Final = "plain"
_COLUMNS: Final = ("indicator", "unit", "year", "month", "role", "status", "vintage", "value")
_FOLDER, _WORDS = "cube", ".words"
_MOST_FILES: Final = 8
_LARGE: Final = 200_000
"""From so many observations on a cube is rolled up by the fastest kernel there is."""
_MOST_ANSWERS: Final = 16
_MOST_HELD: Final = 4
_MOST_TOLD: Final = 12
_Row = tuple[str, str, int, int, str, str | None, int, int | None]


@dataclass
class Drawn:
    """The cube of a closing, the status words of what was said in it, and what was compiled against it."""

    closing: Closing
    cube: Cube
    statuses: Statuses
    _answers: OrderedDict[tuple[Ask, ...], Answers] = field(default_factory=OrderedDict)

    def figures(self, asks: Sequence[Ask]) -> list[Figure | None]:
        """The figures of some asks, without traces; None where the cube has no quantity to tell."""
        key = tuple(asks)
        found = self._answers.pop(key, None) or Answers(self.cube, key, self.closing.catalogue, self.statuses)
        self._answers[key] = found
        while len(self._answers) > _MOST_ANSWERS:
            self._answers.popitem(last=False)
        return found.figures()


def figures(asks: Sequence[Ask], closing: Closing) -> list[Figure]:
    """The figures of a closing, in the order of the asks: those of indicators from its cube, without traces; the rest, and
    what is missing with the reason why, from :func:`shuzhi.figures.compute.compute`.

    Raises Refused when the closing is damaged.
    """
    found = drawn(closing).figures(asks) if asks else []
    rest = [ask for ask, figure in zip(asks, found, strict=True) if figure is None]
    others = iter(compute(rest, [closing], cache=closing.cache) if rest else ())
    return [next(others) if figure is None else figure for figure in found]


def proved(asks: Sequence[Ask], closing: Closing) -> list[Figure]:
    """All figures computed from the closing's rows, with traces, for what is printed or filed; each compared with what its
    cube says, for whoever signs has seen the page. Raises Refused where they differ, or the closing is damaged.
    """
    computed = compute(asks, [closing], cache=closing.cache)
    pairs = zip(computed, drawn(closing).figures(asks), strict=True)
    found = [_differs(own, said) for own, said in pairs if said is not None and _spoken(said) != _spoken(own)]
    if found:
        raise Refused(found[:_MOST_TOLD])
    return computed


def _spoken(figure: Figure) -> tuple[object, ...]:
    return figure.value, figure.text, figure.unit, figure.status


def _differs(own: Figure, said: Figure) -> Finding:
    told, counted = (f"{each.text}{each.unit}{each.status}" for each in (said, own))
    return Finding(
        "cube.differs",
        f"页面上是{told}，从账上重算是{counted or '缺'}，两处不一",
        "请删去实例的 cache 目录后重试；仍不一致请报告开发者",
        own.ask.expression,
    )


_HELD: Final[OrderedDict[tuple[Path | None, str], Drawn]] = OrderedDict()
_LOCK: Final = Lock()


def drawn(closing: Closing) -> Drawn:
    """The cube of a closing: held by this process, found in the closing's cache, or made (and kept there, where it has one)."""
    key = closing.cache, closing.id
    with _LOCK:
        found = _HELD.pop(key, None) or _drawn(closing)
        _HELD[key] = found
        while len(_HELD) > _MOST_HELD:
            _HELD.popitem(last=False)
    return found


def forget() -> None:
    """Hold nothing: the next reading looks into the closing's cache."""
    with _LOCK:
        _HELD.clear()


def _drawn(closing: Closing) -> Drawn:
    found = _found(closing)
    block, statuses = found or _made(closing)
    if found is None and closing.cache is not None:
        with suppress(OSError):  # a full disk keeps nobody from reading
            _keep(closing, closing.cache / _FOLDER, block, statuses)
    return Drawn(closing, Cube(block), statuses)


# --- made ----------------------------------------------------------------------------------------------------------------


def _made(closing: Closing) -> tuple[Block, Statuses]:
    """The block of a closing out of its observations, and their status words. Raises Refused on damage."""
    rows = _rows(closing)
    catalogue, chosen = closing.catalogue, kernel(_KERNEL)
    if len(rows) > _LARGE:
        block = block_of(closing)
    else:
        frame = Frame(lines_of(catalogue, {row[0] for row in rows}), spanned([row[2] for row in rows]))
        axis = axis_of(closing, frame.years, chosen)
        own = {role: Own(axis, frame, role) for role in ROLES}
        live = Live(rolled(source_of(closing), frame, axis, own, chosen), kernel_name=_KERNEL)
        live.apply_all(
            Correction(indicator, unit, year, month, value, role)
            for indicator, unit, year, month, role, _, _, value in rows
            if indicator in frame.places
            and axis.find(unit) >= 0
            and role in ROLES
            and (role == "actual" or month == MONTHS)
        )
        block = live.block
    statuses = Statuses(block)
    statuses.tell((*row[:5], row[5] or "") for row in rows if block.axis.find(row[1]) >= 0)
    return block, statuses


def _rows(closing: Closing) -> list[_Row]:
    """The observations of a closing, later vintages later."""
    if OBSERVATION not in closing.tables:
        return []
    with pq.ParquetFile(closing.file(OBSERVATION)) as file:
        table = file.read(columns=list(_COLUMNS), use_threads=False)
    rows: list[_Row] = list(zip(*(table[name].to_pylist() for name in _COLUMNS), strict=True))
    return sorted(rows, key=lambda row: row[6])


# --- kept ----------------------------------------------------------------------------------------------------------------


def _key(closing: Closing) -> str:
    return kept.key_of(source_of(closing), closing.catalogue, ())


def _found(closing: Closing) -> tuple[Block, Statuses] | None:
    """What lies in the closing's cache, whole."""
    if closing.cache is None:
        return None
    key = _key(closing)
    path = kept.file_of(closing.cache / _FOLDER, key)
    try:
        block = kept.get(path, key)
        said = take_derived(path.with_suffix(_WORDS))
        return None if said is None else (block, Statuses.from_json(json.loads(said), block))
    except (OSError, Refused, ValueError, TypeError):
        return None


def _keep(closing: Closing, folder: Path, block: Block, statuses: Statuses) -> None:
    """Keep both, each whole or not at all; those not made for the longest time give way."""
    folder.mkdir(parents=True, exist_ok=True)
    path = kept.file_of(folder, key := _key(closing))
    kept.put(block, path, key)
    body = json.dumps(statuses.as_json(), ensure_ascii=False, separators=(",", ":")).encode()
    put_derived(path.with_suffix(_WORDS), body, among=f"[!.]*{_WORDS}", most=_MOST_FILES)
    others = sorted(folder.glob(f"[!.]*{kept.SUFFIX}"), key=lambda other: other.stat().st_mtime_ns)
    for other in others[:-_MOST_FILES]:
        other.unlink(missing_ok=True)
