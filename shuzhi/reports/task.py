"""What reading a draft against the books is given: the draft, the closing, whose figures of which year, what may be said."""

from collections.abc import Mapping
from dataclasses import dataclass

from shuzhi.figures.closing import Closing
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.finding import Finding, Refused
from shuzhi.prose.concepts import Concept
from shuzhi.prose.model import Draft
from shuzhi.reports.cards import unit_names
from shuzhi.reports.concepts import concepts


@dataclass(frozen=True, slots=True)
class Task:
    """A draft beside the books. ``unit`` is "" for the closing's whole; ``known`` are the concepts by their codes."""

    draft: Draft
    closing: Closing
    catalogue: Catalogue
    year: int
    unit: str
    unit_name: str
    known: Mapping[str, Concept]


def task_of(draft: Draft, closing: Closing, catalogue: Catalogue, *, year: int = 0, unit: str = "") -> Task:
    """The task of a draft; ``year`` 0 means the closing's year, ``unit`` "" its whole.

    Raises Refused for a year the books have not reached and for a unit they do not know.
    """
    year = year or closing.as_of.year
    name = _whose(closing, year, unit)
    whole = "" if unit == closing.unit_code else unit  # one name for the whole: one short code for one figure
    known = {concept.code: concept for concept in concepts(catalogue)}
    return Task(draft, closing, catalogue, year, whole, name, known)


def _whose(closing: Closing, year: int, unit: str) -> str:
    """The name of the unit, once year and unit are known to the books."""
    if year > closing.as_of.year:
        said = f"账结到{closing.as_of}，还没有{year}年的数"
        raise Refused(
            Finding("fill.year", said, f"年度请写{closing.as_of.year}或更早的年份", f"--year {year}")
        )
    names = unit_names(closing)
    if unit and unit not in names:
        raise Refused(
            Finding("fill.unit", f"账上没有代码为“{unit}”的单位", "请写账上单位的代码", f"--unit {unit}")
        )
    return names.get(unit, closing.unit_name)
