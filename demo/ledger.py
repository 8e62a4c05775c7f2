"""A ledger of matters being written: the list, and beside it every step that was taken."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from demo.pen import Parcel, Row


@dataclass(slots=True)
class Ledger:
    """One kind of matter: rows of the list and rows of 办理过程."""

    kind: str
    rows: list[Row] = field(default_factory=list)
    moves: list[Row] = field(default_factory=list)

    def open(self, number: str, title: str, unit: str, opened: date, **values: object) -> None:
        """List a matter."""
        self.rows.append({"number": number, "title": title, "unit": unit, "opened": opened, **values})

    def move(
        self,
        number: str,
        stage: str,
        day: date,
        post: str,
        papers: Sequence[str] = (),
        note: str = "",
        **values: object,
    ) -> None:
        """Take a step, by a post, with papers, filling fields on the way."""
        said = {"papers": "；".join(papers)} if papers else {}
        self.moves.append(
            {"number": number, "stage": stage, "date": day, "post": post, "note": note, **said, **values}
        )

    def report(self, number: str, day: date, post: str, note: str = "", **values: object) -> None:
        """Report progress without moving on."""
        self.moves.append({"number": number, "date": day, "post": post, "note": note, **values})

    def write(self, parcel: Parcel, name: str) -> None:
        """Keep both sheets as one workbook."""
        parcel.write(name, {self.kind: self.rows, f"{self.kind}.办理过程": self.moves})
