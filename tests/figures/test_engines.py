"""DuckDB and the row reader give the same partials, bit for bit, for any rows and any condition; and parts add up."""

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuzhi.figures import duck
from shuzhi.figures.closing import Cell, Closing, Column, Relation, write_closing
from shuzhi.figures.layout import Row as Cells
from shuzhi.figures.leaves import Cut
from shuzhi.figures.many.shelf import Shelf
from shuzhi.figures.partial import Key, Partial, merged, value_of
from shuzhi.figures.rows import Row, placed, rows_of
from shuzhi.figures.tree import tree_of
from shuzhi.kernel.catalogue.definitions import Catalogue
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
    Span,
    Unary,
    Value,
)
from shuzhi.kernel.expr.parse import parse
from shuzhi.kernel.expr.rows import Env, fold

MONEY = "金额"
COLUMNS = (
    Column("ref", "text"),
    Column("unit", "text"),
    Column("opened", "date"),
    Column("closed", "date"),
    Column("level", "text"),
    Column("seen", "bool"),
    Column("cost", "whole", "万元"),
    Column("paid", "whole", "元"),
    Column("rate", "whole", "%"),
)
UNITS: Sequence[Cells] = (
    ("1", "县", "county", None, None, None, 1, 4),
    ("11", "东镇", "township", "1", None, None, 2, 3),
    ("111", "东村", "village", "11", None, None, 3, 3),
    ("12", "西镇", "township", "1", None, None, 4, 4),
)
UNIT = tuple(
    Column(name, sort)
    for name, sort in (
        ("code", "text"),
        ("name", "text"),
        ("level", "text"),
        ("parent", "text"),
        ("since", "date"),
        ("until", "date"),
        ("first", "whole"),
        ("last", "whole"),
    )
)

# --- any rows ----------------------------------------------------------------------------------------------------------

days = st.dates(date(2023, 11, 1), date(2025, 12, 31))
texts = st.sampled_from(["县级", "市级", "", "a'b", "𠮷"])
small = st.integers(-10_000_000, 10_000_000)
large = st.sampled_from([2**63 - 1, -(2**63), 0, 1])


def maybe(values: st.SearchStrategy[Cell]) -> st.SearchStrategy[Cell]:
    return st.none() | values


a_row = st.tuples(
    st.sampled_from(["1", "11", "111", "12", "9"]),
    maybe(days),
    maybe(days),
    maybe(texts),
    maybe(st.booleans()),
    maybe(small),
    maybe(small | large),
    maybe(st.integers(-2_000_000, 2_000_000)),
)
some_rows = st.lists(a_row, max_size=25).map(
    lambda rows: [(f"matter/{number:04d}", *row) for number, row in enumerate(rows)]
)

# --- any formula -------------------------------------------------------------------------------------------------------


def name(word: str) -> Node:
    return Name((word,))


def amounts(family: str, values: Iterable[Fraction]) -> st.SearchStrategy[Node]:
    return st.sampled_from([Literal(Amount(value, family)) for value in values])


def binary(
    signs: Sequence[str], left: st.SearchStrategy[Node], right: st.SearchStrategy[Node]
) -> st.SearchStrategy[Node]:
    return st.builds(Binary, st.sampled_from(signs), left, right, st.just(0))


def call(function: str, *parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.tuples(*parts).map(lambda arguments: Call(function, arguments))


SIGNS = ["=", "!=", "<", "<=", ">", ">="]
money_at_hand = st.sampled_from([name("cost"), name("paid")]) | amounts(
    MONEY, [Fraction(0), Fraction(1, 3), Fraction(500_000), Fraction(-7, 100), Fraction(10**14)]
)
rate_at_hand = st.just(name("rate")) | amounts("比率", [Fraction(1, 2), Fraction(0), Fraction(-3)])
day_at_hand = st.sampled_from([name("opened"), name("closed"), Literal(date(2025, 3, 1)), Literal(MISSING)])
text_at_hand = st.sampled_from([name("level"), Literal("县级"), Literal("a'b"), Literal("")])
truth_at_hand = st.sampled_from([name("seen"), Literal(True), Literal(MISSING)])
moved = day_at_hand | binary(["+", "-"], day_at_hand, amounts("时间", [Fraction(5), Fraction(-40)]))
length = (
    binary(["-"], moved, day_at_hand) | call("days", day_at_hand, moved) | amounts("时间", [Fraction(30)])
)
spans = st.tuples(days, st.integers(0, 300)).map(
    lambda pair: Literal(Span(pair[0], pair[0] + timedelta(pair[1])))
)
lists = st.lists(text_at_hand, min_size=1, max_size=3).map(lambda items: ListOf(tuple(items)))


def money_of(truth: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    two = (money_at_hand, money_at_hand)
    return (
        money_at_hand
        | binary(["+", "-"], *two)
        | binary(["*"], money_at_hand, rate_at_hand)
        | st.builds(Unary, st.just("-"), money_at_hand, st.just(0))
        | st.builds(If, truth, *two, st.just(0))
        | call("least", *two)
        | call("greatest", *two)
        | call("gap", *two)
        | call("coalesce", *two)
    )


def truth_of(truth: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    money = money_of(truth)
    quotient = binary(["/"], money, money) | call("gap", binary(["/"], money, money), rate_at_hand)
    return (
        binary(SIGNS, money, money)
        | binary(SIGNS, quotient, rate_at_hand)
        | binary(SIGNS, quotient, quotient)
        | binary(SIGNS, moved, moved)
        | binary(SIGNS, length, length)
        | binary(["=", "!="], text_at_hand, text_at_hand)
        | binary(["in", "not in"], text_at_hand, lists)
        | binary(["in", "not in"], moved, spans)
        | binary(["and", "or"], truth, truth)
        | st.builds(Unary, st.just("not"), truth, st.just(0))
        | st.builds(IsMissing, money | quotient | moved | text_at_hand | truth, st.booleans(), st.just(0))
        | binary(["="], call("year_of", moved), amounts("比率", [Fraction(2025)]))
    )


truths = st.recursive(truth_at_hand, truth_of, max_leaves=5)
columns = st.one_of(
    st.tuples(st.just("count"), st.none(), st.just("")),
    st.tuples(st.sampled_from(["sum", "min", "max", "distinct"]), money_of(truths), st.just(MONEY)),
    st.tuples(st.sampled_from(["sum", "max"]), binary(["/"], money_at_hand, rate_at_hand), st.just(MONEY)),
    st.tuples(st.sampled_from(["min", "max", "distinct"]), moved, st.just("")),
    st.tuples(st.just("distinct"), text_at_hand, st.just("")),
)
cuts = st.builds(
    lambda column, where, span, unit, per: Cut(
        column[0],
        column[1],
        "danger",
        where,
        span.value if isinstance(span, Literal) and isinstance(span.value, Span) else None,
        "opened" if span is not None else "",
        unit,
        per,
        column[2],
    ),
    columns,
    st.none() | truths,
    st.none() | spans,
    st.sampled_from(["", "11", "12"]),
    st.sampled_from(["", "", "level", "unit"]),
)


@pytest.fixture(scope="module")
def closing_of(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Callable[..., Closing]:
    folder = tmp_path_factory.mktemp("engines")

    def closed(rows: Sequence[Cells]) -> Closing:
        return write_closing(
            folder,
            unit_code="1",
            unit_name="县",
            as_of=date(2025, 12, 31),
            catalogue=catalogue,
            relations=[Relation("danger", COLUMNS, rows), Relation("unit", UNIT, UNITS)],
        )

    return closed


Closed = Callable[[Sequence[Cells]], Closing]


class Ledger:
    """Rows in memory as the kernel's own reader wants them."""

    def __init__(self, closing: Closing, cut: Cut) -> None:
        self.closing, self.cut = closing, cut

    def rows(self, source: str) -> Iterable[Env]:
        below = tree_of(self.closing).below(self.cut.unit) if self.cut.unit else None
        for row in rows_of(self.closing, source):
            if below is None or row.cells["unit"] in below:
                yield Placed(row, self.cut)

    def name(self, node: Name) -> Value:
        raise AssertionError(node)

    def call(self, node: Call) -> Value:
        raise AssertionError(node)

    def aggregate(self, node: Aggregate) -> Value:
        raise AssertionError(node)

    def placed(self) -> Value:
        return MISSING

    def family(self, node: Aggregate) -> str:
        return self.cut.family


class Placed(Row):
    def __init__(self, row: Row, cut: Cut) -> None:
        super().__init__(row.columns, row.cells)
        self.cut = cut

    def placed(self) -> Value:
        return placed(self.cut, self)


def by_kernel(cut: Cut, closing: Closing) -> Value:
    period = None if cut.span is None else Literal(cut.span)
    return fold(
        Aggregate(cut.how, cut.column, cut.source, cut.where, period, cut.per), Ledger(closing, cut)
    ).value


relaxed = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@relaxed
@given(rows=some_rows, wanted=st.lists(cuts, min_size=1, max_size=6))
def test_both_engines_and_the_kernel_agree(
    closing_of: Closed, rows: Sequence[Cells], wanted: list[Cut]
) -> None:
    closing = closing_of(rows)
    found = duck.partials(wanted, closing)
    for cut in wanted:
        assert found[cut] == duck.by_rows(cut, closing), cut.text
        assert value_of(cut, found[cut]) == by_kernel(cut, closing), cut.text


@relaxed
@given(rows=some_rows, wanted=st.lists(cuts, min_size=1, max_size=4), parts=st.integers(1, 4))
def test_parts_merged_are_the_whole(
    closing_of: Closed, rows: Sequence[Cells], wanted: list[Cut], parts: int
) -> None:
    whole = duck.partials(wanted, closing_of(rows))
    split = [duck.partials(wanted, closing_of(rows[start::parts])) for start in range(parts)]
    for cut in wanted:
        assert merged(cut, [part[cut] for part in split]) == whole[cut], cut.text


@relaxed
@given(ledgers=st.lists(some_rows, min_size=2, max_size=4), wanted=st.lists(cuts, min_size=1, max_size=4))
def test_closings_read_together_say_what_each_says_alone(
    closing_of: Closed, ledgers: list[Sequence[Cells]], wanted: list[Cut]
) -> None:
    closings = list({closing.id: closing for closing in map(closing_of, ledgers)}.values())
    together = duck.partials_of_many(wanted, closings)
    assert together == {closing.id: duck.partials(wanted, closing) for closing in closings}


@relaxed
@given(rows=some_rows, cut=cuts)
def test_a_partial_kept_in_a_folder_comes_back_as_it_was(
    closing_of: Closed, tmp_path: Path, rows: Sequence[Cells], cut: Cut
) -> None:
    closing = closing_of(rows)
    partial = duck.partials([cut], closing)[cut]
    shelf, key = Shelf(tmp_path), (cut, closing.tables["danger"].digest, closing.tables["unit"].digest)
    shelf.put(key, partial)
    assert shelf.get(key) == partial


@relaxed
@given(rows=some_rows, seed=st.integers())
def test_the_order_of_rows_changes_nothing(closing_of: Closed, rows: list[Cells], seed: int) -> None:
    shuffled = list(rows)
    random.Random(seed).shuffle(shuffled)
    assert closing_of(rows).id == closing_of(shuffled).id


def test_sums_beyond_64_bits_are_exact(closing_of: Closed) -> None:
    most = 2**63 - 1
    rows: list[Cells] = [
        (f"matter/{number}", "1", None, None, None, None, most - number, None, None) for number in range(1000)
    ]
    cut = Cut("sum", name("cost"), "danger", family=MONEY)
    total = duck.partials([cut], closing_of(rows))[cut].total
    assert total == Fraction(1000 * most - 499_500, 100)
    assert total > 9 * 10**18


def test_a_total_beyond_128_bits_goes_to_the_row_reader(closing_of: Closed) -> None:
    most = 2**63 - 1
    rows: list[Cells] = [("matter/1", "1", None, None, None, None, most, None, None)]
    huge = Binary("*", name("cost"), Literal(Amount(Fraction(10**30))))
    cut = Cut("sum", huge, "danger", family=MONEY)
    other = Cut("count", None, "danger")
    found = duck.partials([cut, other], closing_of(rows))
    assert found[cut].total == Fraction(most * 10**30, 100)
    assert found[other].rows == 1


def test_the_answer_does_not_depend_on_threads(closing_of: Closed) -> None:
    rows: list[Cells] = [
        (f"matter/{number:05d}", "11", None, None, str(number % 7), None, number, number * 3, None)
        for number in range(5000)
    ]
    closing = closing_of(rows)
    wanted = [
        Cut("sum", name("cost"), "danger", per="level", family=MONEY),
        Cut("distinct", name("level"), "danger"),
        Cut("max", name("paid"), "danger", unit="11", family=MONEY),
    ]
    answers: list[dict[Cut, Partial]] = []
    for threads in (1, 4):
        duck.connection().execute(f"SET threads = {threads}")
        answers.append(duck.partials(wanted, closing))
    duck.connection().execute("RESET threads")
    assert answers[0] == answers[1]


@pytest.mark.parametrize("how", ["min", "max"])
def test_extremes_of_a_negated_column_are_not_turned_round(closing_of: Closed, how: str) -> None:
    rows: list[Cells] = [
        (f"matter/{number}", "1", None, None, None, None, number, None, None) for number in range(3)
    ]
    closing = closing_of(rows)
    cut = Cut(how, Unary("-", name("cost")), "danger", family=MONEY)
    best = duck.partials([cut], closing)[cut].best
    assert best == Amount(Fraction(-2, 100) if how == "min" else Fraction(0), MONEY)


@pytest.mark.parametrize(("start", "found"), [(date(2025, 1, 1), 2), (date(2025, 1, 2), 1)])
def test_what_has_only_a_year_stands_on_its_first_of_january(
    tmp_path: Path, catalogue: Catalogue, start: date, found: int
) -> None:
    columns = (Column("ref", "text"), Column("unit", "text"), Column("year", "whole"))
    rows = [("fund/1", "1", 2025), ("fund/2", "1", 2026), ("fund/3", "1", 2027), ("fund/4", "1", None)]
    closing = write_closing(
        tmp_path,
        unit_code="1",
        unit_name="县",
        as_of=date(2026, 12, 31),
        catalogue=catalogue,
        relations=[Relation("relief.budget", columns, rows)],
    )
    cut = Cut("count", None, "relief.budget", span=Span(start, date(2026, 12, 31)), placed="year")
    assert duck.partials([cut], closing)[cut] == duck.by_rows(cut, closing)
    assert duck.partials([cut], closing)[cut].rows == found


def test_a_path_that_looks_like_a_pattern_is_read(tmp_path: Path, catalogue: Catalogue) -> None:
    folder = tmp_path / "a[b]*?'c"
    relation = Relation("danger", COLUMNS, [("matter/1", "1", *[None] * 7)])
    closing = write_closing(
        folder,
        unit_code="1",
        unit_name="县",
        as_of=date(2025, 1, 1),
        catalogue=catalogue,
        relations=[relation],
    )
    cut, other = Cut("count", None, "danger"), tmp_path / "*" / "b"
    assert duck.partials([cut], closing)[cut].rows == 1
    shutil.copytree(closing.path, other / closing.path.name)
    more = write_closing(
        other,
        unit_code="2",
        unit_name="另一县",
        as_of=date(2025, 1, 1),
        catalogue=catalogue,
        relations=[Relation("danger", COLUMNS, [(f"matter/{number}", "2", *[None] * 7) for number in "12"])],
    )
    found = duck.partials_of_many([cut], [closing, more])
    assert [found[each.id][cut].rows for each in (closing, more)] == [1, 2]


def test_a_damaged_kept_partial_counts_as_absent(tmp_path: Path) -> None:
    shelf, key = Shelf(tmp_path), (Cut("count", None, "danger"), "sha256:1", "")
    shelf.put(key, Partial(rows=7))
    assert shelf.get(key) == Partial(rows=7)
    with sqlite3.connect(tmp_path / "partials.sqlite") as file:
        file.execute("update answer set body = substr(body, 1, length(body) - 1) || x'00'")
    assert shelf.get(key) is None


def shelve(folder: Path, start: int) -> None:
    """Put some hundred partials on a shelf, a few at a time."""
    shelf = Shelf(folder)
    for number in range(start, start + 300):
        shelf.put_all([(numbered(number), Partial(rows=number))])
        if number % 10 == 0:
            shelf.flush()
    shelf.flush()


def numbered(number: int) -> Key:
    return (Cut("count", None, "danger"), f"sha256:{number}", "")


def test_processes_that_write_one_shelf_at_once_lose_nothing(tmp_path: Path) -> None:
    with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as pool:
        for done in [pool.submit(shelve, tmp_path, 1000 * each) for each in range(3)]:
            done.result()
    wanted = [1000 * each + number for each in range(3) for number in range(300)]
    found = Shelf(tmp_path).get_all([numbered(number) for number in wanted])
    assert [found[numbered(number)].rows for number in wanted] == wanted


def test_a_shelf_that_is_no_database_any_more_is_begun_anew(tmp_path: Path) -> None:
    key = (Cut("count", None, "danger"), "sha256:1", "")
    (tmp_path / "partials.sqlite").write_bytes(b"rotten" * 1000)
    assert Shelf(tmp_path).get(key) is None
    Shelf(tmp_path).put(key, Partial(rows=7))
    assert Shelf(tmp_path).get(key) == Partial(rows=7)


@pytest.mark.parametrize(
    "text", ["cost > 5万元 and closed in [2025-01-01]", "seen or not seen", "days(opened, closed) >= 30天"]
)
def test_conditions_read_the_same_written_out(closing_of: Closed, text: str) -> None:
    where = parse(text.replace("closed in [2025-01-01]", "closed = 2025-01-01"))
    rows: list[Cells] = [
        ("matter/1", "1", date(2025, 1, 1), date(2025, 1, 31), None, True, 5_000_001, None, None),
        ("matter/2", "1", date(2024, 12, 2), date(2025, 1, 1), None, None, 5_000_001, None, None),
        ("matter/3", "1", date(2025, 1, 1), None, None, False, 5_000_000, None, None),
    ]
    closing = closing_of(rows)
    cut = Cut("count", None, "danger", where)
    assert duck.partials([cut], closing)[cut] == duck.by_rows(cut, closing)
