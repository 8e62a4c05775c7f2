"""What the catalogue can say, as concepts a draft's words are matched against."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from shuzhi.kernel.catalogue.definitions import Catalogue, FigureKind, Indicator, Kind
from shuzhi.kernel.expr.nodes import Name, walk
from shuzhi.prose.concepts import Concept
from shuzhi.reports.restated import by_days

CHANGE = ".change"
"""Ends the code of a rate's change against the year before, in percentage points."""


def concepts(catalogue: Catalogue) -> tuple[Concept, ...]:
    """Every concept of the catalogue: indicators with their growth and completion, the figures of kinds and their growth."""
    return _concepts(catalogue.digest, _Held(catalogue))


class _Held:
    """A catalogue as a cache key that never compares: its digest beside it does."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)


@lru_cache(maxsize=8)
def _concepts(digest: str, held: _Held) -> tuple[Concept, ...]:
    indicators = held.catalogue.indicators
    # The official rate of an indicator is its growth: offered once, as `gdp.growth`, never as a rival of itself.
    rates = {indicator.growth_by for indicator in indicators.values()}
    named = {code: item.words for code, item in indicators.items()}
    local = held.catalogue.local
    found = [
        _laid(made, code in local)
        for code, item in indicators.items()
        if code not in rates
        for made in of_indicator(item, named.get(item.growth_by, ()))
    ]
    for kind in held.catalogue.kinds.values():
        for figure in kind.figures:
            found.append(_laid(of_figure(kind, figure), kind.code in local))
            if grows(figure, held.catalogue) and not told_by_kind(kind, figure):
                found.append(_laid(growth_of(kind, figure), kind.code in local))
    return tuple(found)


def _laid(made: Concept, local: bool) -> Concept:
    """A concept with the layer of the catalogue it is from."""
    return replace(made, layer=1) if local else made


def of_indicator(indicator: Indicator, official: tuple[str, ...] = ()) -> Iterator[Concept]:
    """The level of an indicator, its growth where it has one, and the completion of its target; of a rate, its change.

    ``official`` are the words of its official rate (经济增速), which its growth goes by too.
    """
    words = indicator.words or (indicator.label,)
    yield Concept(
        code=indicator.code,
        label=indicator.label,
        words=words,
        units=indicator.units or (indicator.unit,),
        kind=indicator.measures,
        facet="增速" if indicator.measures == "growth" else "",
        expr=indicator.code,
        near=indicator.near,
        unlike=indicator.unlike,
        better=indicator.direction,
    )
    if indicator.unit == "%" and indicator.growth == "pp":
        yield _change(indicator, words)
    if indicator.growth in ("none", "pp") or indicator.temporal == "rate":
        return
    yield Concept(
        code=f"{indicator.code}.growth",
        label=f"{indicator.label}增速",
        words=(*words, *indicator.growth_words, *official),
        units=("%",),
        kind="growth",
        facet="增速",
        expr=f"{indicator.code}.growth",
        near=indicator.near,
        unlike=indicator.unlike,
    )
    yield Concept(
        code=f"{indicator.code}.completion",
        label=f"{indicator.label}完成年度目标比例",
        words=words,
        units=("%",),
        kind="share",
        facet="完成率",
        expr=f"{indicator.code}.completion",
        near=indicator.near,
        unlike=indicator.unlike,
    )


def _change(indicator: Indicator, words: tuple[str, ...]) -> Concept:
    """How many percentage points a rate rose or fell: a rate has no growth in per cent."""
    return Concept(
        code=f"{indicator.code}{CHANGE}",
        label=f"{indicator.label}比上年变动",
        words=words,
        units=("个百分点", "百分点"),
        kind="growth",
        facet="提高幅度",
        expr=f"{indicator.code} - lastyear({indicator.code})",
        near=indicator.near,
        unlike=indicator.unlike,
    )


def of_figure(kind: Kind, figure: FigureKind) -> Concept:
    """A figure that a kind offers."""
    return Concept(
        code=f"{kind.code}.{figure.code}",
        label=figure.label,
        words=figure.words or (figure.label,),
        units=figure.units or (figure.unit,),
        kind=figure.measures,
        facet=figure.facet,
        expr=f"{kind.code}.{figure.code}",
        near=figure.near,
        unlike=figure.unlike,
    )


def grows(figure: FigureKind, catalogue: Catalogue) -> bool:
    """Whether a figure of a kind can be asked of the year before as well: an amount or a count of what happened in the
    year. What asks how things stand (a stage, something still missing) is known of today only.
    """
    words = {part.text for part in walk(figure.expression.node) if isinstance(part, Name)}
    counted = figure.measures in ("count", "money") and "year" in words
    return counted and by_days(figure.expression.node, catalogue)


def told_by_kind(kind: Kind, figure: FigureKind) -> bool:
    """Whether the kind itself offers the growth of a figure, under the same words."""
    rates = (item for item in kind.figures if item.measures == "growth")
    return any(set(rate.words) & set(figure.words) for rate in rates)


def growth_of(kind: Kind, figure: FigureKind) -> Concept:
    """The growth of a kind's figure over the year before."""
    return Concept(
        code=f"{kind.code}.{figure.code}.growth",
        label=f"{figure.label}增速",
        words=figure.words or (figure.label,),
        units=("%",),
        kind="growth",
        facet="增速",
        expr=f"growth({kind.code}.{figure.code})",
        near=figure.near,
        unlike=figure.unlike,
    )


def shown_as(catalogue: Catalogue, code: str) -> str:
    """The unit a concept is printed in when the draft does not say."""
    head, _, tail = code.partition(".")
    kind = catalogue.kinds.get(head)
    if kind is not None and tail.endswith(".growth"):
        return "%"
    if kind is not None:
        figure = next((item for item in kind.figures if item.code == tail), None)
        if figure is not None:
            return figure.unit
    indicator = catalogue.indicators[head]
    if code.endswith(CHANGE):
        return "个百分点"
    return "%" if tail in ("growth", "completion") else indicator.unit


def about(catalogue: Catalogue, code: str) -> tuple[str, str]:
    """Note (口径) and legal basis of a concept, for its card."""
    head, _, tail = code.partition(".")
    kind = catalogue.kinds.get(head)
    if kind is not None:
        own = tail.removesuffix(".growth")
        figure = next((item for item in kind.figures if item.code == own), None)
        return (figure.note if figure and figure.note else kind.note), _basis(kind)
    indicator = catalogue.indicators.get(head)
    return (indicator.note, _basis(indicator)) if indicator else ("", "")


def _basis(defined: Kind | Indicator) -> str:
    return "；".join(
        f"《{basis.law}》{basis.article}" if not basis.local else f"{basis.law}{basis.article}（本地做法）"
        for basis in defined.basis
    )
