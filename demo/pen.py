"""The pen the demo is written with: chance from a seed, workbooks from the definitions, papers beside them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from random import Random

from shuzhi.intake.columns import Form
from shuzhi.intake.forms import forms
from shuzhi.intake.template import Lists, template
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.catalogue.load import load, national_folder
from shuzhi.kernel.finding import Refused

Row = Mapping[str, object]
YEARS = (2024, 2025)
OVERLAY = Path(__file__).parent / "overlay"


@cache
def county() -> Catalogue:
    """The national catalogue with the demo county's own definitions laid over it; raises Refused when they are wrong."""
    loaded = load(national_folder(), OVERLAY)
    if loaded.errors:
        raise Refused(loaded.errors)
    return loaded.catalogue


class Chance:
    """Chance for one ledger: the same seed and name give the same draws, whatever the other ledgers drew."""

    def __init__(self, seed: int, name: str) -> None:
        self._random = Random(f"{seed}/{name}")

    def of(self, choices: Sequence[str]) -> str:
        """One of the choices."""
        return choices[self._random.randrange(len(choices))]

    def some(self, choices: Sequence[str], count: int) -> list[str]:
        """Different ones of the choices, in the order drawn."""
        return self._random.sample(list(choices), count)

    def whole(self, low: int, high: int) -> int:
        """A whole number between both, inclusive."""
        return self._random.randint(low, high)

    def hits(self, percent: int) -> bool:
        """True that often in a hundred."""
        return self._random.randrange(100) < percent

    def money(self, low: int, high: int, step: str = "1") -> Decimal:
        """An amount between both in steps (0.01 for cents of a 万元)."""
        unit = Decimal(step)
        return self._random.randint(int(low / unit), int(high / unit)) * unit

    def day(self, first: date, last: date) -> date:
        """A working weekday between both (no holidays table needed for a demo's dates)."""
        found = first + timedelta(days=self._random.randint(0, max(0, (last - first).days)))
        while found.weekday() > 4 and found > first:
            found -= timedelta(days=1)
        return found


def rounded(value: Decimal, decimals: int) -> Decimal:
    """Half up to so many decimals, as offices print."""
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


@dataclass(slots=True)
class Parcel:
    """The folder being written: workbooks by name, and the papers they name."""

    seed: int
    catalogue: Catalogue = field(default_factory=county)
    books: dict[str, bytes] = field(default_factory=dict)
    papers: dict[str, str] = field(default_factory=dict)

    @property
    def forms(self) -> Mapping[str, Form]:
        """The forms of the county's catalogue."""
        return forms(self.catalogue)

    def chance(self, name: str) -> Chance:
        """The chance of one ledger."""
        return Chance(self.seed, name)

    def paper(self, kind: str, name: str, text: str) -> str:
        """Lay a paper beside the workbooks; gives what the sheet writes in 佐证材料."""
        file = f"{kind}-{name}.txt"
        self.papers[file] = f"{text}\n\n（样例材料，明澜县为虚构，所有内容均为演示而编。）\n"
        return f"{kind}:{file}"

    def write(self, name: str, sheets: Mapping[str, Iterable[Row]]) -> None:
        """Fill in the templates of the forms named and keep them as one workbook."""
        known = self.forms
        wanted = [known[code] for code in sheets]
        rows = {code: [_aligned(known[code], row) for row in given] for code, given in sheets.items()}
        self.books[name] = template(wanted, Lists(rows=rows))

    def save(self, folder: Path) -> list[Path]:
        """Write everything into the folder, in the order of names; the paths of the workbooks."""
        (folder / "材料").mkdir(parents=True, exist_ok=True)
        for name, text in sorted(self.papers.items()):
            (folder / "材料" / name).write_text(text, "utf-8", newline="\n")
        written = []
        for name, data in sorted(self.books.items()):
            path = folder / name
            path.write_bytes(data)
            written.append(path)
        return written


def _aligned(form: Form, row: Row) -> list[object]:
    """A row's values in the order of the form's columns; a value for no column is a mistake of the demo."""
    known = {column.code for column in form.columns}
    strange = set(row) - known
    if strange:
        raise KeyError(f"{form.code}: {sorted(strange)}")
    return [row.get(column.code) for column in form.columns]
