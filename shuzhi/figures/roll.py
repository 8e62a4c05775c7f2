"""Figures over whatever closings are sound: those that cannot be read are named, and every figure says it lacks them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from shuzhi.figures import places
from shuzhi.figures.ask import Ask, Figure
from shuzhi.figures.atlas import Damaged
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import compute
from shuzhi.figures.reading import Reader
from shuzhi.kernel.finding import Finding, Refused, Severity

_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Rolled:
    """Figures, the closings they are of, and what is wrong with those that were left out, whose names are ``lacking``."""

    figures: tuple[Figure, ...]
    closings: tuple[Closing, ...]
    findings: tuple[Finding, ...] = ()
    lacking: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether nothing was left out."""
        return not self.findings


def roll(
    asks: Sequence[Ask],
    given: Iterable[str | Path],
    *,
    cache: Path | None = None,
    reader: Reader | None = None,
) -> Rolled:
    """The figures of the asks over the closings at some places (see :func:`shuzhi.figures.places.found`).

    A closing that is damaged or cannot be read is left out and named; each figure then carries a warning that it is not
    complete. Raises Refused when none is sound, or two are of one unit.
    """
    closings, findings = places.found(given)
    lacking = [_place(finding) for finding in findings]
    if not closings:
        raise Refused(findings or Finding("closing.no-place", "没有给出结账", "请写结账所在的文件夹"))
    return rolled(asks, closings, findings, lacking, cache=cache, reader=reader)


def rolled(
    asks: Sequence[Ask],
    closings: Sequence[Closing],
    findings: Sequence[Finding] = (),
    lacking: Sequence[str] = (),
    *,
    cache: Path | None = None,
    reader: Reader | None = None,
) -> Rolled:
    """As :func:`roll`, of opened closings; ``findings`` and ``lacking`` tell of those that could not be opened."""
    sound, found, names = list(closings), list(findings), list(lacking)
    while sound:
        try:
            figures = compute(asks, sound, cache=cache, reader=reader)
        except Damaged as damaged:
            found += damaged.findings
            names += [closing.unit_name for closing in sound if closing.id in damaged.closings]
            sound = [closing for closing in sound if closing.id not in damaged.closings]
        else:
            names = list(dict.fromkeys(names))
            if names:
                figures = [_marked(figure, names) for figure in figures]
            return Rolled(tuple(figures), tuple(sound), tuple(dict.fromkeys(found)), tuple(names))
    raise Refused(found)


def _place(finding: Finding) -> str:
    """A closing that could not even be opened has no name but where it lies."""
    return finding.place.removesuffix("/manifest.json")


def _marked(figure: Figure, names: Sequence[str]) -> Figure:
    named = "、".join(names[:_NAMED]) + f"等{len(names)}处" * (len(names) > _NAMED)
    warning = Finding(
        "figures.incomplete",
        f"不全：没有算进{named}",
        "把退回的结账补好后重新计算，在此之前不要当作全部使用",
        figure.ask.expression,
        Severity.WARNING,
    )
    return replace(figure, warnings=(warning, *figure.warnings))
