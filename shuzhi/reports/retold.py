"""签后变化 as the desk shows it: is a signed edition still what was signed, and which of its figures moved since."""

from dataclasses import dataclass

from shuzhi.figures.closing import Closing
from shuzhi.kernel.finding import Refused
from shuzhi.reports.archiving import retold
from shuzhi.reports.models import Edition
from shuzhi.reports.replaying import Replayed, Since


@dataclass(frozen=True, slots=True)
class Retold:
    """Figures that are not as signed (there should be none), and those behind which something moved.

    ``damage`` says why nothing could be computed again: the closing itself is gone or was changed.
    """

    different: tuple[Replayed, ...] = ()
    rows: tuple[Since, ...] = ()
    damage: str = ""

    @property
    def total(self) -> int:
        """How many figures the edition has from the books."""
        return len(self.rows)

    @property
    def stirred(self) -> list[Since]:
        """Figures behind which something moved: those that are other ones first, then in the order of the text."""
        return sorted((row for row in self.rows if row.stirred), key=lambda row: not row.moved)

    @property
    def moved(self) -> int:
        """How many figures are other ones."""
        return sum(row.moved for row in self.rows)

    @property
    def still(self) -> int:
        """How many are not."""
        return self.total - self.moved


def retold_as(edition: Edition, later: Closing) -> Retold:
    """A signed edition over its own books and over later ones; nothing is written."""
    try:
        again, rows = retold(edition, later)
    except Refused as refused:
        return Retold(damage="；".join(finding.message for finding in refused.findings))
    return Retold(tuple(item for item in again if not item.same), tuple(rows))
