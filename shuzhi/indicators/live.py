"""The live cube: what has been reported, added up over the units, as the accounts stand at this moment.

Every process of the server holds its own. It is made from the observations once and then kept right: before each reading
the end of the journal is looked at, and what has been reported since is applied, with all sums above it. When units,
definitions or the day have changed it is made anew. It holds this year and the three before; of targets, which are few,
every year's with its course of months.
"""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from threading import RLock
from typing import Final, TypeVar

from django.db.models import Q, QuerySet

from shuzhi.cube.asking.dashboard import Dashboard, Line
from shuzhi.cube.asking.reads import Answers
from shuzhi.cube.asking.statuses import Statuses
from shuzhi.cube.axis import EVER, Units, lay
from shuzhi.cube.block import Source
from shuzhi.cube.boundaries import last_days, redrawn_from
from shuzhi.cube.build import Own, rolled
from shuzhi.cube.correcting.correct import Correction, Live, Unplaced
from shuzhi.cube.cube import Cell, Cube
from shuzhi.cube.exact import Spot
from shuzhi.cube.frame import MONTHS, ROLES, SILENT, UNSAID, Frame, lines_of, weighs
from shuzhi.cube.kernels import kernel
from shuzhi.evidence import instance
from shuzhi.evidence.journal import head
from shuzhi.evidence.models import Entry
from shuzhi.figures.ask import Ask, Figure
from shuzhi.indicators.models import Observation
from shuzhi.indicators.reported import Reported, Reports, in_cube, in_rows
from shuzhi.kernel.catalogue.definitions import STATUSES, Catalogue
from shuzhi.units.relation import tree

YEARS: Final = 4
_KERNEL: Final = "plain"
_UNIT: Final = '["unit/'
"""How a changed unit stands in the body of a journal entry."""
_BOARDS: Final = 256
_FIELDS: Final = ("pk", "indicator", "unit_id", "year", "month", "role", "status", "value", "reason")
_Said = tuple[int, str, str, int, int, str, str, int | None, str]
_Key = TypeVar("_Key")
_Made = TypeVar("_Made")
LACKING: Final = "缺"
"""How it is told that a unit said there is no value."""


@dataclass
class _Held:
    """A cube with its status words, what it was made of, the link of the journal and the observation up to which it is right.

    ``plans`` are the targets of a year by month (None: withdrawn) for indicator, unit and year; ``decided`` the units of the
    observations that set them; ``months`` the last month anybody reported in a year; ``ways`` how a forecast was come by,
    for indicator, unit and year. ``apart`` is what was reported that no cube can hold, by unit and year, and ``beyond`` what
    units that were asked for reported in other years, by unit.
    """

    live: Live
    statuses: Statuses
    made_of: tuple[Path, str, date]
    seq: int = -1
    link: str = ""
    last: int = 0
    plans: dict[tuple[str, str, int], dict[int, int | None]] = field(default_factory=dict)
    decided: dict[int, str] = field(default_factory=dict)
    months: dict[int, int] = field(default_factory=dict)
    ways: dict[tuple[str, str, int], str] = field(default_factory=dict)
    apart: dict[tuple[str, int], Reports] = field(default_factory=dict)
    beyond: OrderedDict[str, dict[int, Reports]] = field(default_factory=OrderedDict)
    boards: OrderedDict[tuple[str, int, int, tuple[str, ...]], Dashboard] = field(default_factory=OrderedDict)
    answers: OrderedDict[tuple[Ask, ...], Answers] = field(default_factory=OrderedDict)


class LiveCube:
    """The cube of this process; may be asked by many threads, one at a time."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._held: _Held | None = None

    @contextmanager
    def read(self) -> Iterator[Cube]:
        """The cube as the accounts stand now; nothing is applied to it while it is read."""
        with self._lock:
            yield Cube(self._now().live.block)

    def lines(self, indicators: Sequence[str], unit: str, year: int, month: int) -> list[Line]:
        """What some indicators of a unit came to in a month: see :class:`shuzhi.cube.asking.dashboard.Dashboard`.

        Raises KeyError for a unit that is not there.
        """
        with self._lock:
            held = self._now()
            key = (unit, year, month, tuple(indicators))
            board = held.boards.pop(key, None) or Dashboard(
                Cube(held.live.block), instance.catalogue(), indicators, unit, year, month
            )
            _put(held.boards, key, board)
            return board()

    def figures(self, asks: Iterable[Ask]) -> tuple[list[Figure | None], dict[int, str]]:
        """The figures of some asks as the accounts stand now, without traces: None where there is none; and which asks, by
        number, no cube can answer, and why not.
        """
        with self._lock:
            held, key = self._now(), tuple(asks)
            found = held.answers.pop(key, None) or Answers(
                Cube(held.live.block), key, instance.catalogue(), held.statuses
            )
            _put(held.answers, key, found)
            return found.figures(), found.left

    def plans(
        self, year: int, units: Collection[str], indicators: Collection[str] = ()
    ) -> dict[tuple[str, str], dict[int, int]]:
        """The targets of a year that stand, whole numbers of the family by month, for indicator and unit; of some indicators
        when they are named.
        """
        with self._lock:
            found = {
                (indicator, unit): {month: value for month, value in plan.items() if value is not None}
                for (indicator, unit, of), plan in self._now().plans.items()
                if of == year and unit in units and (not indicators or indicator in indicators)
            }
        return {key: plan for key, plan in found.items() if plan}

    def deciding(self, unit: str) -> set[int]:
        """The numbers of all observations that set a target of a unit, in whatever vintage."""
        with self._lock:
            return {number for number, of in self._now().decided.items() if of == unit}

    def last_month(self, year: int) -> int:
        """The last month anybody reported in a year, 0 where nobody has."""
        with self._lock:
            return self._now().months.get(year, 0)

    def told(self, unit: str, year: int, month: int) -> dict[str, str]:
        """How a unit itself reported each indicator of a month: the status word, or that there is no value. Of what is
        annual, December; the year's forecast where there is no other word for December.
        """
        with self._lock:
            held = self._now()
            block = held.live.block
            row, frame = block.axis.find(unit), block.frame
            if row < 0 or year not in frame.years:
                return {}
            apart = held.apart.get((unit, year), {})
            said = {
                code: LACKING if report.value is None else report.status
                for role in ("forecast", "actual")  # the one is told where there is no other
                for (code, at, of), report in apart.items()
                if (at, of) == (month, role)
            }
            for number, line in enumerate(frame.lines):
                slot = frame.slot(number, year, month, "actual")
                word = block.own("actual", row, number, slot)
                if word != UNSAID:
                    status = held.statuses.own(row, Spot("actual", number, slot, slot))
                    said[line.code] = LACKING if word == SILENT else status
            return said

    def reported(self, unit: str, year: int, indicators: Collection[str] = ()) -> Reports:
        """What a unit itself reported of a year, as it stands; of some indicators when they are named. A year the cube does
        not hold is looked up once, for all indicators, and then kept.
        """
        with self._lock:
            held = self._now()
            if year in held.live.block.frame.years:
                found = in_cube(held.statuses, unit, year, indicators)
                others = held.apart.get((unit, year), {})
            else:
                found, others = Reports(), self._beyond(held, unit).get(year, {})
            found |= {key: each for key, each in others.items() if not indicators or key[0] in indicators}
            for key, each in found.items():
                if key[2] == "forecast" and (way := held.ways.get((key[0], unit, year))):
                    found[key] = replace(each, reason=way)
            for code in indicators or instance.catalogue().indicators:
                for month, value in held.plans.get((code, unit, year), {}).items():
                    found[code, month, "target"] = Reported(value, "")
            return found

    def below(self, indicator: str, unit: str, year: int, month: int) -> list[tuple[str, Cell]]:
        """The cells of the areas right below a unit that stood at the end of a month, in their order, by code."""
        with self._lock:
            block = self._now().live.block
            row, line = block.axis.find(unit), block.frame.places.get(indicator, -1)
            if row < 0 or line < 0 or year not in block.frame.years:
                return []
            at = (year - block.frame.years[0]) * MONTHS + month - 1
            areas = [area for area in block.axis.areas(row) if block.axis.stood(area, at)]
            return [(block.axis.codes[area], block.cell(area, line, year, month)) for area in areas]

    def forget(self) -> None:
        """Hold nothing: the next reading makes the cube anew."""
        with self._lock:
            self._held = None

    def _beyond(self, held: _Held, unit: str) -> dict[int, Reports]:
        """What a unit reported in years the cube does not hold."""
        found = held.beyond.pop(unit, None)
        if found is None:
            found = in_rows(unit, held.live.block.frame.years)
        _put(held.beyond, unit, found)
        return found

    # --- keeping it right ------------------------------------------------------------------------------------------

    def _now(self) -> _Held:
        catalogue, day = instance.catalogue(), instance.today()
        made_of = (instance.home(), catalogue.digest, day)
        seq, link = head()
        held = self._held
        if held is None or held.made_of != made_of or not self._followed(held, seq, link):
            made = _made(catalogue, day)
            held = _Held(made, Statuses(made.block), made_of)
            _apply(held, _observations(Q(year__in=_years(day)) | Q(role="target")))
        held.seq, held.link = seq, link
        self._held = held
        return held

    def _followed(self, held: _Held, seq: int, link: str) -> bool:
        """Whether the cube could be brought to the end of the journal by what was reported since."""
        if held.link == link:
            return True
        before = Entry.objects.filter(seq=held.seq, link=held.link)
        if (held.seq >= 0 and not before.exists()) or seq < held.seq:
            return False  # another journal
        if Entry.objects.filter(seq__gt=held.seq, body__contains=_UNIT).exists():
            return False
        try:
            _apply(held, _observations(Q(pk__gt=held.last)))
        except Unplaced:
            return False
        return True


def _put(kept: OrderedDict[_Key, _Made], key: _Key, made: _Made) -> None:
    """Keep what was compiled; what was not asked for longest gives way."""
    kept[key] = made
    while len(kept) > _BOARDS:
        kept.popitem(last=False)


def _observations(wanted: Q) -> QuerySet[Observation, _Said]:
    """Some of what was reported, in the order it came: later ones are later vintages."""
    return Observation.objects.filter(wanted).order_by("pk").values_list(*_FIELDS)


def _apply(held: _Held, rows: Iterable[_Said]) -> None:
    """Correct the cube by what was reported. A year has one target and one forecast, which stand at its December; the
    months of a target are its course. What the catalogue does not define is nothing.
    """
    indicators, told, last = instance.catalogue().indicators, [], held.last
    years = held.live.block.frame.years
    # What no cube holds (a mean whose weights stand in other periods) is asked of the engine.
    known = {
        code for code, each in indicators.items() if "wmean:" not in each.rollup or weighs(indicators, code)
    }
    worded = []
    for number, indicator, unit, year, month, role, status, value, reason in rows:
        last = number
        if role == "target":
            held.plans.setdefault((indicator, unit, year), {})[month] = value
            held.decided[number] = unit
        elif year not in years:
            held.beyond.pop(unit, None)
        elif role == "actual":
            held.months[year] = max(month, held.months.get(year, 0))
        elif month == MONTHS:
            held.ways[indicator, unit, year] = reason
        if year not in years or (role != "actual" and month != MONTHS):
            continue
        if indicator in known:
            told.append(Correction(indicator, unit, year, month, value, role))
            worded.append((indicator, unit, year, month, role, status))
        elif role != "target":
            word = status if role == "actual" else STATUSES[0]
            held.apart.setdefault((unit, year), {})[indicator, month, role] = Reported(value, word)
    held.live.apply_all(told)
    held.statuses.tell(worded)
    held.last = last


def _years(day: date) -> range:
    return range(day.year - YEARS + 1, day.year + 1)


def _made(catalogue: Catalogue, day: date) -> Live:
    """A cube in which nobody has said anything yet, with a line for every indicator somebody reported."""
    reported = set(Observation.objects.order_by().values_list("indicator", flat=True).distinct())
    frame = Frame(lines_of(catalogue, reported), tuple(_years(day)))
    units = tree()
    members = list(units.members.values())
    place = {member.code: number for number, member in enumerate(members)}
    days = last_days(frame.years, day)
    axis = lay(
        Units(
            [member.code for member in members],
            [member.level for member in members],
            [place.get(member.parent, -1) for member in members],
            [member.since.toordinal() if member.since else 0 for member in members],
            [member.until.toordinal() if member.until else EVER for member in members],
        ),
        days,
    )
    told = redrawn_from(units, axis, days)
    axis = axis if told is None else replace(axis, redrawn=told)
    top = members[0]
    source = Source(top.code, top.name, day, "", "")
    own = {role: Own(axis, frame, role) for role in ROLES}
    return Live(rolled(source, frame, axis, own, kernel(_KERNEL)), kernel_name=_KERNEL)


LIVE: Final = LiveCube()
"""The live cube of this process."""
