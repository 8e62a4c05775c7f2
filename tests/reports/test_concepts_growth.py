"""The growth of what ledgers count is offered to drafts where the year before can be asked as well, and only there."""

from shuzhi.kernel.catalogue.load import national
from shuzhi.kernel.catalogue.scopes import FigureScope
from shuzhi.kernel.expr.nodes import Name, walk
from shuzhi.kernel.expr.parse import parse
from shuzhi.kernel.expr.types import typed
from shuzhi.kernel.measure import RATIO
from shuzhi.reports.concepts import about, concepts, grows, shown_as, told_by_kind


def test_what_happened_in_a_year_has_a_growth_and_what_stands_has_none() -> None:
    catalogue = national()
    found = {concept.code: concept for concept in concepts(catalogue)}
    for kind in catalogue.kinds.values():
        for figure in kind.figures:
            code = f"{kind.code}.{figure.code}.growth"
            words = {part.text for part in walk(figure.expression.node) if isinstance(part, Name)}
            offered = grows(figure, catalogue) and not told_by_kind(kind, figure)
            assert (code in found) == offered
            if "stage" in words or figure.measures == "share":
                assert code not in found


def test_the_growth_of_a_figure_is_a_formula_shown_in_per_cent_with_the_figures_own_note() -> None:
    catalogue = national()
    growths = [concept for concept in concepts(catalogue) if concept.code.count(".") == 2]
    assert growths
    for concept in growths:
        assert typed(parse(concept.expr), FigureScope(catalogue)).family == RATIO.name
        assert (concept.kind, concept.units, shown_as(catalogue, concept.code)) == ("growth", ("%",), "%")
        assert about(catalogue, concept.code) == about(catalogue, concept.code.removesuffix(".growth"))
