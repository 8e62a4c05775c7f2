"""The law of what a line may say. Faster readers hand over every line of which they are not certain, so this decides.

A line becomes records (period, value, remark) or slips; nothing is repaired and nothing is rounded.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from shuzhi.bulk.books import (
    FIRST_YEAR,
    LAST_YEAR,
    ROLE_RANK,
    STATUS_RANK,
    Books,
    Measure,
    pack,
)
from shuzhi.bulk.bounds import MOST, faults
from shuzhi.bulk.layouts import (
    BLANKS,
    INDICATOR,
    MONTH,
    REASON,
    ROLE,
    ROLE_WORDS,
    STATUS,
    UNIT,
    VALUE,
    YEAR,
    Layout,
)
from shuzhi.bulk.slips import Slip
from shuzhi.figures.observed import Seen
from shuzhi.kernel.catalogue.clean import number
from shuzhi.kernel.catalogue.definitions import STATUSES
from shuzhi.kernel.expr.types import like
from shuzhi.kernel.finding import Severity
from shuzhi.kernel.measure import UNITS, smallest

Record = tuple[int, int, int, int]
"""A period (:func:`~shuzhi.bulk.books.pack`), a value, a remark (:meth:`Remarks.of`) and the line it stood on."""

_LONGEST_REASON: Final = 300
_FREQUENCIES: Final = {"month": "按月", "quarter": "按季", "half": "按半年", "year": "按年"}
_GUESSES: Final = 1000


@dataclass
class Remarks:
    """Remarks by number, each kept once; an odd number says that there is no value. Number 0 is a value without remark."""

    texts: list[str] = field(default_factory=lambda: [""])
    _known: dict[str, int] = field(default_factory=lambda: {"": 0})

    def of(self, reason: str, *, missing: bool) -> int:
        """The number of a remark."""
        at = self._known.setdefault(reason, len(self.texts))
        if at == len(self.texts):
            self.texts.append(reason)
        return at << 1 | missing


class Judge:
    """Reads lines of one layout against the books; ``remarks`` collects what they remark."""

    def __init__(self, books: Books, layout: Layout) -> None:
        self.books, self.layout, self.remarks = books, layout, Remarks()
        self._at = {
            code: layout.at(code) for code in (INDICATOR, UNIT, YEAR, MONTH, VALUE, ROLE, STATUS, REASON)
        }
        self._units: dict[str, int] = {}
        self._likes: dict[str, str] = {}

    def line(self, at: int, cells: Sequence[str], records: Callable[[Record], None]) -> list[Slip]:
        """Read one line of as many cells as there are columns; what is right goes to ``records`` when all of it is."""
        line = _Line(self, at, cells)
        found = list(line.records())
        if not any(slip.severity is Severity.ERROR for slip in line.slips):
            for record in found:
                records(record)
        return line.slips

    def cell(self, cells: Sequence[str], code: str) -> str:
        """A cell of a line, without the white space around it; empty when there is no such column."""
        at = self._at[code]
        return cells[at].strip() if at >= 0 else ""

    def near_indicator(self, word: str) -> str:
        """What the writer may have meant; the first thousand words only, because it is slow."""
        if word not in self._likes and len(self._likes) < _GUESSES:
            self._likes[word] = like(word, self.books.indicator_words)
        return self._likes.get(word) or "请写指标代码或名称，清单见 shuzhi catalogue list"


class _Line:
    """One line being read."""

    def __init__(self, judge: Judge, at: int, cells: Sequence[str]) -> None:
        self.judge, self.books, self.at, self.cells = judge, judge.books, at, cells
        self.slips: list[Slip] = []

    def slip(self, code: str, id_: str, message: str, hint: str, severity: Severity = Severity.ERROR) -> None:
        """Note what is wrong with a column; ``code`` may be the heading of a month."""
        known = code in self.judge._at
        heading = self.judge.layout.heading(code) if known else code
        self.slips.append(Slip(self.at, heading, id_, message, hint, severity))

    def records(self) -> Iterator[Record]:
        """What the line says: one record, or one for each month that says something."""
        measure, unit = self._measure(), self._unit()
        role = self._role()
        status = self._status(role)
        reason = self._reason()
        if measure is None or unit < 0 or not role or status is None:
            measure = None
        layout = self.judge.layout
        if not layout.slots:
            year = self._whole(YEAR, FIRST_YEAR, LAST_YEAR)
            month = self._whole(MONTH, 1, 12)
            if measure is not None and year and month:
                yield from self._one(
                    measure, unit, (year, month), (role, status or "", reason), (VALUE, VALUE)
                )
            return
        year = self._whole(YEAR, FIRST_YEAR, LAST_YEAR) if layout.at(YEAR) >= 0 else -1
        for at, slot in layout.slots:
            if self.cells[at].strip() in BLANKS:
                continue
            when = (slot.year or year, slot.month)
            if measure is not None and when[0]:
                heading = layout.headings[at]
                yield from self._one(
                    measure, unit, when, (role, status or "", reason), (heading, self.cells[at])
                )

    def _measure(self) -> Measure | None:
        word = self.judge.cell(self.cells, INDICATOR)
        rank = self.books.indicator_words.get(word, -1)
        if rank >= 0:
            return self.books.measures[rank]
        if word:
            self.slip(INDICATOR, "ingest.indicator", f"没有“{word}”这个指标", self.judge.near_indicator(word))
        else:
            self.slip(INDICATOR, "ingest.empty", "没有写指标", "写指标代码或名称")
        return None

    def _unit(self) -> int:
        word = self.judge.cell(self.cells, UNIT)
        rank = self.books.roll.words.get(word, -1)
        if rank < 0:
            message = f"没有“{word}”这个单位" if word else "没有写单位"
            self.slip(UNIT, "ingest.unit", message, "写单位代码，重名的单位不能只写名称")
        return rank

    def _role(self) -> str:
        word = self.judge.cell(self.cells, ROLE)
        role = ROLE_WORDS.get(word, "")
        if not role:
            self.slip(ROLE, "indicator.role", f"没有“{word}”这一性质", "写实际、目标或预计，不写即实际")
        return role

    def _status(self, role: str) -> str | None:
        """The status that will be kept: 快报 where an actual value has none, always none for targets."""
        word = self.judge.cell(self.cells, STATUS)
        if role != "actual":
            return "预计" if role == "forecast" else ""
        if word and word not in STATUSES:
            self.slip(STATUS, "indicator.status", f"状态“{word}”不对", f"可用：{'、'.join(STATUSES)}")
            return None
        return word or STATUSES[1]

    def _reason(self) -> str:
        reason = self.judge.cell(self.cells, REASON)
        if len(reason) > _LONGEST_REASON:
            self.slip(REASON, "ingest.reason", f"说明有{len(reason)}字", f"不超过{_LONGEST_REASON}字")
        return reason

    def _whole(self, code: str, least: int, most: int) -> int:
        """A year or month, 0 when it is none."""
        word = self.judge.cell(self.cells, code)
        try:
            exact = number(word.removesuffix("年" if code == YEAR else "月"))
        except ValueError:
            exact = Fraction(-1)
        if exact.denominator == 1 and least <= exact <= most:
            return int(exact)
        hint = "年份如2025" if code == YEAR else "月份1至12"
        self.slip(code, "indicator.period", f"“{word}”不是{'年份' if code == YEAR else '月份'}", hint)
        return 0

    def _one(
        self,
        measure: Measure,
        unit: int,
        when: tuple[int, int],
        said: tuple[str, str, str],
        cell: tuple[str, str],
    ) -> Iterator[Record]:
        """One value: ``said`` are its role, status and remark, ``cell`` the column it stands in and its text."""
        role, status, reason = said
        code = cell[0]
        self._fits(measure, unit, when, role, code)
        text = self.judge.cell(self.cells, VALUE) if code == VALUE else cell[1].strip()
        if not text:
            if not reason:
                hint = "填数，或在“说明”里写为何没有（空白不是零）"
                self.slip(code, "indicator.empty", "没有数值，也没有说明", hint)
                return
            kept = 0
        else:
            found = self._number(measure, text, code)
            if found is None:
                return
            kept = found
            self._bounded(measure, unit, when, said, (code, kept))
        key = pack(measure.rank, unit, *when, ROLE_RANK[role], STATUS_RANK[status])
        yield key, kept, self.judge.remarks.of(reason, missing=not text), self.at

    def _fits(self, measure: Measure, unit: int, when: tuple[int, int], role: str, code: str) -> None:
        """Whether the indicator is reported for that month, the unit stood in it, and the post may."""
        indicator, books = measure.indicator, self.books
        year, month = when
        place = MONTH if code == VALUE else code
        if measure.computed and role == "actual":
            source = indicator.expression.source if indicator.expression else ""
            self.slip(INDICATOR, "indicator.computed", "本指标由公式计算，不填报", f"公式：{source}")
        if not measure.months >> month & 1:
            months = "、".join(map(str, books.months(measure)))
            rhythm = _FREQUENCIES[indicator.frequency]
            self.slip(
                place, "indicator.frequency", f"没有{month}月的数", f"本指标{rhythm}报送，可报{months}月"
            )
        if year > measure.last_year:
            self.slip(
                YEAR,
                "indicator.ended",
                f"本指标已于{indicator.valid_until}停用",
                indicator.note or "请核对年份",
            )
        if role == "actual" and year * 12 + month - 1 > books.running:
            said = f"{year}年{month}月还没有到（本次结账截至{books.as_of}），没有实际数"
            hint = "请核对年月；是目标或预计的，在“类型”里写明"
            self.slip(place, "indicator.future", said, hint)
        since, until = (side[unit] for side in books.stood)
        if not since <= year * 12 + month - 1 <= until:
            name = books.name(unit)
            said = f"{name}在{year}年{month}月{'还没有设立' if year * 12 + month - 1 < since else '已经撤销'}"
            self.slip(UNIT, "ingest.unit-gone", said, "请核对单位和年月")
        if not books.reach.may(measure.rank, unit, role):
            said = f"“{books.reach.who}”无权报送此数"
            hint = f"由{indicator.owner}，或该单位及其上级单位中有相应职责的职务报送"
            self.slip(UNIT, "indicator.right", said, hint)

    def _number(self, measure: Measure, text: str, code: str) -> int | None:
        """The value as a whole number of the indicator's family, None when it is none that can be kept exactly."""
        unit = UNITS[measure.indicator.unit]
        try:
            exact = number(text) * measure.step
        except ValueError as error:
            self.slip(code, "indicator.number", str(error), f"按“{unit.name}”填数，不带单位")
            return None
        if exact.denominator != 1:
            said = f"“{text}”小数位过多"
            self.slip(code, "ingest.places", said, f"账上最小到{smallest(unit)}，请写准数，不代为四舍五入")
            return None
        if abs(exact) > MOST:
            self.slip(code, "ingest.large", f"“{text}”超出账上能记的范围", "请核对单位")
            return None
        return int(exact)

    def _bounded(
        self,
        measure: Measure,
        unit: int,
        when: tuple[int, int],
        said: tuple[str, str, str],
        cell: tuple[str, int],
    ) -> None:
        """Hold a value to the rules of the catalogue, and to what is usual where that is known."""
        bounds, (code, kept) = measure.bounds, cell
        role, status, reason = said
        if not bounds.fit[0] <= kept <= bounds.fit[1]:
            books = self.books
            seen = Seen(measure.indicator.code, books.roll.codes[unit], *when, role, 0, status, kept, reason)
            for found in faults(bounds, books.catalogue, seen, books.name(unit)):
                self.slip(code, found.id, found.message, found.hint, found.severity)
        if self.books.roll.county[unit] and kept > 0 and not bounds.usual[0] <= kept <= bounds.usual[1]:
            low, _, high = measure.indicator.typical
            usual = f"通常在{low}至{high}{measure.indicator.unit}之间，请核对单位"
            self.slip(code, "indicator.unusual", "与通常的数相差百倍以上", usual, Severity.WARNING)
