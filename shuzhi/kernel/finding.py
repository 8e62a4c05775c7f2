"""A finding: something wrong or worth knowing about what was put in, kindly said.

Bad data is a value, bad code is an exception: whoever reads input collects findings and shows them;
:class:`Refused` carries them out of a transaction that must not be half done.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs; the value is the word shown on the screen."""

    ERROR = "错误"
    WARNING = "警告"
    ADVICE = "提示"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found.

    ``id`` is stable and documented (``catalogue.unknown-key``); ``message`` says in Chinese what is wrong,
    ``hint`` what to do about it, ``place`` where (file and key, sheet and cell, a stretch of text).
    """

    id: str
    message: str
    hint: str = ""
    place: str = ""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        where = f"{self.place}：" if self.place else ""
        how = f"（{self.hint}）" if self.hint else ""
        return f"[{self.severity}] {where}{self.message}{how}"

    def as_json(self) -> dict[str, str]:
        """The finding as a flat dictionary for ``--json`` output."""
        return {
            "id": self.id,
            "severity": str(self.severity),
            "place": self.place,
            "message": self.message,
            "hint": self.hint,
        }


class Refused(Exception):
    """Input was refused as a whole; ``findings`` says why. Nothing of it has been kept."""

    def __init__(self, findings: Finding | Iterable[Finding]) -> None:
        self.findings = (findings,) if isinstance(findings, Finding) else tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))

    def __reduce__(self) -> tuple[type["Refused"], tuple[tuple[Finding, ...]]]:
        """As it goes from one process to another."""
        return type(self), (self.findings,)


def worst(findings: Iterable[Finding]) -> Severity | None:
    """The heaviest severity among the findings, or None when there are none."""
    order = list(Severity)
    return min((finding.severity for finding in findings), key=order.index, default=None)
