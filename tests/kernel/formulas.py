"""Random formulas and values, for laws of the language."""

from datetime import date
from fractions import Fraction

from hypothesis import strategies as st

from shuzhi.kernel.expr.nodes import (
    MISSING,
    Aggregate,
    Amount,
    Binary,
    Call,
    If,
    IsMissing,
    ListOf,
    Literal,
    Name,
    Node,
    Unary,
    Value,
)
from shuzhi.kernel.measure import RATIO, UNITS

SIGNS = ["+", "-", "*", "/", "=", "!=", "<", "<=", ">", ">=", "in", "not in", "and", "or"]
words = st.sampled_from(["opened", "closed", "amount", "x", "y2", "税收", "year", "late"])
days = st.dates(date(1990, 1, 1), date(2100, 12, 31))
decimals = st.builds(Fraction, st.integers(0, 10**12), st.sampled_from([1, 10, 100, 1000, 10**6]))
texts = st.text(st.characters(exclude_characters="'\"", exclude_categories=["Cs"]), max_size=6)
families = st.sampled_from(sorted({unit.family.name for unit in UNITS.values()}))


@st.composite
def amounts(draw: st.DrawFn) -> Amount:
    """An amount as a text can write it: a decimal number of some unit."""
    unit = draw(st.sampled_from(sorted(UNITS)))
    return Amount(draw(decimals) * Fraction(10) ** UNITS[unit].power, UNITS[unit].family.name)


literals = st.builds(Literal, st.one_of(amounts(), texts, days, st.booleans(), st.just(MISSING)))
names = st.builds(Name, st.lists(words, min_size=1, max_size=2).map(tuple))
sources = st.sampled_from(["roof", "roof.rows", "资金"])
periods = st.one_of(
    st.builds(Name, st.tuples(words)), st.builds(Call, st.just("year"), st.tuples(literals)), literals
)


def _larger(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    some = st.lists(inner, max_size=3).map(tuple)
    counted = st.builds(
        Aggregate,
        st.just("count"),
        st.none(),
        sources,
        st.none() | inner,
        st.none() | periods,
        st.just("") | words,
    )
    summed = st.builds(
        Aggregate,
        st.sampled_from(["sum", "distinct", "min", "max"]),
        inner,
        sources,
        st.none() | inner,
        st.none() | periods,
        st.just("") | words,
    )
    return st.one_of(
        st.builds(Unary, st.sampled_from(["-", "not"]), inner),
        st.builds(Binary, st.sampled_from(SIGNS), inner, inner),
        st.builds(IsMissing, inner, st.booleans()),
        st.builds(If, inner, inner, inner),
        st.builds(Call, words, some),
        st.builds(ListOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        counted,
        summed,
    )


nodes: st.SearchStrategy[Node] = st.recursive(st.one_of(literals, names), _larger, max_leaves=12)
kleene: st.SearchStrategy[Value] = st.sampled_from([True, False, MISSING])
exact = st.builds(Amount, st.fractions(max_denominator=1000), st.just(RATIO.name))
maybe: st.SearchStrategy[Value] = st.one_of(exact, st.just(MISSING))
