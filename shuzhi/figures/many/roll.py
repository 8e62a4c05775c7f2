"""Figures over whatever closings are sound: those that cannot be read are named, and every figure says it lacks them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from shuzhi.figures.ask import Ask, Figure
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import compute
from shuzhi.figures.many.damaged import Damaged
from shuzhi.figures.many.reading import Reader
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
    closings: Sequence[Closing],
    refused: Sequence[Finding] = (),
    *,
    cache: Path | None = None,
    reader: Reader | None = None,
) -> Rolled:
    """The figures of the asks over closings, and what was found of others that could not be opened (``refused``, as
    :func:`shuzhi.figures.many.places.found` gives both).

    A closing that turns out damaged is left out and named, too; each figure then carries a warning that it is not
    complete. Raises Refused when none is sound, or two are of one unit.
    """
    sound, findings, names = list(closings), list(refused), [_place(finding) for finding in refused]
    while sound:
        try:
            figures = compute(asks, sound, cache=cache, reader=reader)
        except Damaged as damaged:
            findings += damaged.findings
            names += [closing.unit_name for closing in sound if closing.id in damaged.closings]
            sound = [closing for closing in sound if closing.id not in damaged.closings]
        else:
            names = list(dict.fromkeys(names))
            if names:
                figures = [_marked(figure, names) for figure in figures]
            return Rolled(tuple(figures), tuple(sound), tuple(dict.fromkeys(findings)), tuple(names))
    raise Refused(findings or [Finding("closing.no-place", "没有给出结账", "请写结账所在的文件夹")])


def newest(closings: Iterable[Closing]) -> tuple[list[Closing], list[Finding]]:
    """The newest closing of each unit, and a notice for each unit that had earlier ones; several of one day all stay."""
    units: dict[str, list[Closing]] = {}
    for closing in closings:
        units.setdefault(closing.unit_code, []).append(closing)
    chosen: list[Closing] = []
    notices: list[Finding] = []
    for each in units.values():
        day = max(closing.as_of for closing in each)
        last = [closing for closing in each if closing.as_of == day]
        chosen += last
        if len(last) < len(each):
            said = f"{last[0].unit_name}另有{len(each) - len(last)}份较早的结账没有用，用的是{day}的"
            hint = "要用较早的，请只给出那一份"
            notices.append(Finding("figures.earlier-closing", said, hint, last[0].unit_name, Severity.ADVICE))
    return chosen, notices


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
