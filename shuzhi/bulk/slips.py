"""What is wrong with a file, line by line: kept up to a limit, counted by kind, shown as findings, written as a table."""

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from shuzhi.kernel.finding import Finding, Severity

#: So many errors are enough to say that the file is not what it should be; reading stops there.
ENOUGH: Final = 100_000


@dataclass(frozen=True, slots=True, order=True)
class Slip:
    """One finding at a line and column; ``column`` is the heading in the file, empty for the whole line."""

    line: int
    column: str
    id: str
    message: str
    hint: str
    severity: Severity = Severity.ERROR

    def finding(self, file: str) -> Finding:
        """The slip as a finding with its place."""
        column = f"·{self.column}" if self.column else ""
        return Finding(self.id, self.message, self.hint, f"{file} 第{self.line}行{column}", self.severity)


class Enough(Exception):
    """There are as many errors as anybody would read."""


@dataclass
class Slips:
    """The slips of one file. Warnings are counted and the first of them kept; they keep nothing out."""

    enough: int = ENOUGH
    errors: list[Slip] = field(default_factory=list)
    warnings: list[Slip] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    stopped: bool = False

    def add(self, found: Iterable[Slip]) -> None:
        """Keep slips; raises Enough when there are as many errors as are kept."""
        for slip in found:
            self.counts[str(slip.severity), slip.id] += 1
            if slip.severity is not Severity.ERROR:
                if len(self.warnings) < self.enough:
                    self.warnings.append(slip)
                continue
            self.errors.append(slip)
            if len(self.errors) >= self.enough:
                self.stopped = True
                raise Enough

    def ordered(self) -> list[Slip]:
        """Errors by line, then warnings by line."""
        return [*sorted(self.errors), *sorted(self.warnings)]

    def table(self) -> bytes:
        """Every slip kept, as a CSV that office programs open: line, column, weight, kind, what is wrong, what to do."""
        text = io.StringIO()
        lines = csv.writer(text)
        lines.writerow(("行号", "列", "轻重", "问题代码", "问题", "怎么改"))
        for slip in self.ordered():
            lines.writerow((slip.line, slip.column, str(slip.severity), slip.id, slip.message, slip.hint))
        return text.getvalue().encode("utf-8-sig")
