"""The rules of the house that syntax can show; each is also shown to bite."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.reading import ACCOUNTS, PACKAGE, bites, broken, kind_codes, modules, strings

#: Packages over the Django line: what they keep goes through enter(), which lives in `evidence` below them all.
ABOVE_ENTER = {"portal", *ACCOUNTS, "books", "intake", "reports", "desk", "cli"}
#: Packages where figures and money are made: exact numbers only.
EXACT = {"kernel", "figures", "indicators", "matters", "records", "funds", "rhythm", "books"}
#: Functions that may save around enter(), each with its reason.
LOG_IN = "a log-in is no account of the county, and a password's hash has no place in the journal"
SAVES_ALLOWED = {
    "shuzhi/units/verbs.py register_user": LOG_IN,
    "shuzhi/units/verbs.py spell": "derived from the names, made anew at any time",
    "shuzhi/cli/instance.py _password": LOG_IN,
    "shuzhi/cli/demo.py _passwords": LOG_IN,
}

#: Functions that may be long, each with its reason.
LONG_ALLOWED = {
    "shuzhi/bulk/kernels.py _parsed": "compiled: cut apart, numba counts references and it takes 2.5 times as long",
}


def kind_named(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """A kind's code, or a name below it (`hazard.listed`), as a string."""
    codes = kind_codes() | {"a_kind"}
    for node in strings(tree):
        text = str(node.value)
        head, dot, rest = text.partition(".")
        if head in codes and (not dot or rest.replace(".", "").isidentifier()):
            yield node.lineno, f"names the kind {head!r}"


def enter_names(tree: ast.Module) -> set[str]:
    """Return the names that `with enter(…) as NAME` binds; `entry` is the house's word for an argument."""
    names = {"entry"}
    for node in ast.walk(tree):
        if isinstance(node, ast.withitem) and isinstance(node.context_expr, ast.Call):
            called = node.context_expr.func
            if (
                isinstance(called, ast.Name)
                and called.id == "enter"
                and isinstance(node.optional_vars, ast.Name)
            ):
                names.add(node.optional_vars.id)
    return names


def saved_around_enter(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Django's ways to write, told from those of dictionaries and documents by how they are called."""
    lawful = enter_names(tree)
    inside = {
        id(node): scope.name
        for scope in ast.walk(tree)
        if isinstance(scope, ast.FunctionDef)
        for node in ast.walk(scope)
    }
    always = {"bulk_create", "bulk_update", "get_or_create", "update_or_create", "_raw_delete", "_do_insert"}
    always |= {"asave", "acreate", "aupdate", "adelete", "abulk_create", "abulk_update"}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name, receiver = node.func.attr, node.func.value
        if isinstance(receiver, ast.Name) and receiver.id in lawful:
            continue
        bare = not node.args
        if name in always or (
            bare and (name in {"save", "delete"} or (name in {"create", "update"} and node.keywords))
        ):
            yield node.lineno, f"{inside.get(id(node), 'module')}: .{name}() around enter()"


def inexact(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """A float literal or a call of float(); how like two words are (difflib's cutoff) is no figure."""
    likeness = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "cutoff"
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float) and id(node) not in likeness:
            yield node.lineno, f"the float {node.value!r}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float":
            yield node.lineno, "float()"


def pasted(node: ast.expr, names: dict[str, ast.expr]) -> bool:
    """Return whether a string was put together: f-string with values, `+`, `%`, `.format()`, `.join()`."""
    if isinstance(node, ast.Name) and node.id in names:
        return pasted(names[node.id], {})
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in {"format", "join", "replace"} and isinstance(node.func.value, ast.Constant)
    return isinstance(node, ast.BinOp)


def sql_pasted(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """SQL put together as text; it is built as a sqlglot tree or by the ORM."""
    for scope in ast.walk(tree):
        if not isinstance(scope, ast.Module | ast.FunctionDef):
            continue
        names = {
            target.id: node.value
            for node in ast.walk(scope)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(scope):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in {"execute", "executemany", "raw", "sql", "RawSQL"} and pasted(node.args[0], names):
                yield node.lineno, f"SQL pasted into {called}()"
            elif called in {"RawSQL", "extra"}:
                yield node.lineno, f"{called}() takes SQL as text"


def long_function(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """A function of more than 60 lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > 60:
                yield node.lineno, f"{node.name} has {lines} lines"


def test_no_kind_is_named_in_code() -> None:
    assert broken(kind_named) == []


def saving_functions() -> dict[str, str]:
    """Return every function that saves around enter() as `path function`, with the place."""
    places = broken(saved_around_enter, ABOVE_ENTER)
    return {f"{place.split(':')[0]} {place.split()[1].rstrip(':')}": place for place in places}


def test_nothing_is_saved_around_enter() -> None:
    assert {place for name, place in saving_functions().items() if name not in SAVES_ALLOWED} == set()


def test_every_allowed_save_is_still_there() -> None:
    assert set(SAVES_ALLOWED) - set(saving_functions()) == set()


def test_no_float_where_figures_are_made() -> None:
    assert broken(inexact, EXACT) == []


def test_no_sql_is_pasted() -> None:
    assert broken(sql_pasted) == []


def test_rooms_are_small() -> None:
    long = [
        f"{path.relative_to(PACKAGE)}: {lines} lines"
        for path in PACKAGE.rglob("*.py")
        if "migrations" not in path.parts and (lines := len(path.read_text("utf-8").splitlines())) > 400
    ]
    assert long == []


def test_functions_are_small() -> None:
    found = [f"{told.partition(':')[0]} {told.split()[1]}" for told in broken(long_function)]
    assert found == list(LONG_ALLOWED)


def test_every_module_opens_with_a_sentence() -> None:
    assert [path for path, tree in modules() if not (ast.get_docstring(tree) or "").strip()] == []


def test_no_room_is_called_common() -> None:
    banned = {"common", "utils", "util", "helpers", "misc"}
    assert [path for path, _ in modules() if set(path.removesuffix(".py").split("/")) & banned] == []


@pytest.mark.parametrize("app", ACCOUNTS)
def test_every_account_app_has_the_same_five_files(app: str) -> None:
    files = {"models.py", "verbs.py", "queries.py", "relation.py", "apps.py"}
    assert files - {path.name for path in (PACKAGE / app).iterdir()} == set()


@pytest.mark.parametrize(
    ("rule", "source", "expected"),
    [
        (kind_named, "x = 'a_kind'", True),
        (kind_named, "x = 'a_kind.listed'", True),
        (kind_named, "def f():\n    'a_kind'", False),
        (kind_named, "x = 'a_kind is kept here.'", False),
        (saved_around_enter, "matter.save()", True),
        (saved_around_enter, "form.save(commit=True)", True),
        (saved_around_enter, "Matter.objects.filter(pk=1).update(stage='x')", True),
        (saved_around_enter, "Matter.objects.create(title='x')", True),
        (saved_around_enter, "Matter.objects.bulk_create(rows)", True),
        (saved_around_enter, "matter.delete()", True),
        (saved_around_enter, "with enter(verb='x') as link:\n    link.save(matter)", False),
        (saved_around_enter, "book.save(path)", False),
        (saved_around_enter, "seen.update(more)", False),
        (inexact, "x = 0.1", True),
        (inexact, "x = float('1')", True),
        (inexact, "x = isinstance(y, float)", False),
        (sql_pasted, "db.execute(f'select {x}')", True),
        (sql_pasted, "db.execute('select ' + x)", True),
        (sql_pasted, "def f():\n    q = f'select {x}'\n    db.execute(q)", True),
        (sql_pasted, "db.execute('select %s' % x)", True),
        (sql_pasted, "db.execute(tree.sql('duckdb'))", False),
        (long_function, "def f():\n" + "    x = 1\n" * 60, True),
    ],
)
def test_the_rules_bite(rule: object, source: str, expected: bool) -> None:
    assert callable(rule)
    assert bites(rule, source) is expected
