"""What became of the estimates of an edition: the figure as it was frozen, beside the same figure in later books."""

from dataclasses import dataclass
from fractions import Fraction

from shuzhi.figures.ask import Figure
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import compute
from shuzhi.kernel.measure import say
from shuzhi.reports.models import Binding, Edition
from shuzhi.reports.places import State
from shuzhi.reports.remarks import ESTIMATED
from shuzhi.reports.replaying import asked

_PLACES = 2


@dataclass(frozen=True, slots=True)
class Trued:
    """One estimate: what was said, what the books hold today, in what state, and how far apart they are.

    ``settled`` is whether the books hold more than an estimate by now; ``gap`` is the difference (now − then) with its
    sign, "" while nothing can be said; ``printed`` whether the words printed then still hold.
    """

    no: int
    label: str
    said: str
    unit: str
    now: str
    status: str
    settled: bool
    gap: str
    rate: str
    printed: bool

    @property
    def result(self) -> str:
        """What is to be said of it: no final value yet, as said, or otherwise than said."""
        if not self.settled:
            return "○ 还没有定数"
        return "● 相符" if self.printed else "▲ 与报告不同"

    def told(self) -> tuple[str, str, str, str, str]:
        """What was said, what is known now, its state, the difference, the result: the cells of a table."""
        gap = f"{self.gap}（{self.rate}）" if self.rate else self.gap or "—"
        return f"{self.said}{self.unit}", self.now, self.status or "—", gap, self.result

    def as_json(self) -> dict[str, object]:
        """The row for ``--json``."""
        return {
            "no": self.no,
            "label": self.label,
            "said": self.said,
            "unit": self.unit,
            "now": self.now,
            "status": self.status,
            "settled": self.settled,
            "gap": self.gap,
            "rate": self.rate,
            "printed": self.printed,
        }


def true_up(edition: Edition, closing: Closing) -> list[Trued]:
    """Every figure of an edition that was an estimate when it was frozen, in the order of the text, over later books."""
    rows = [
        row
        for row in edition.bindings.filter(state=str(State.FILLED))
        if row.card and row.card.get("status") == ESTIMATED
    ]
    figures = compute([asked(row.card or {}, edition.report.year) for row in rows], [closing]) if rows else []
    return [_row(row, figure) for row, figure in zip(rows, figures, strict=True)]


def _row(row: Binding, figure: Figure) -> Trued:
    card = row.card or {}
    then = Fraction(str(card["exact"])) if card.get("exact") else None
    settled = figure.value is not None and figure.status != ESTIMATED
    gap, rate = "", ""
    if settled and figure.value is not None and then is not None:
        difference = figure.value - then
        gap = f"{'+' if difference > 0 else ''}{say(difference, _PLACES)}"
        rate = (
            f"{say(100 * difference / abs(then), _PLACES)}%"
            if then and figure.unit not in ("%", "个百分点")
            else ""
        )
    return Trued(
        row.no,
        row.label,
        row.text,
        row.unit or figure.unit,
        f"{figure.text}{row.unit or figure.unit}" if figure.text else figure.reason,
        figure.status,
        settled,
        gap,
        rate,
        not settled or figure.text == row.text.replace(",", ""),
    )
