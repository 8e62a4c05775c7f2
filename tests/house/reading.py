"""How the house tests read the tree: every module as syntax, every tracked file, every code of the catalogue."""

import ast
import functools
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "shuzhi"
#: The shapes: apps that keep accounts.
ACCOUNTS = ("units", "subjects", "indicators", "matters", "records", "funds", "rhythm")

Rule = Callable[[ast.Module], Iterator[tuple[int, str]]]


@functools.cache
def modules() -> tuple[tuple[str, ast.Module], ...]:
    """Return (path from the root, syntax tree) of every module of the product but the migrations."""
    paths = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
    return tuple(
        (path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"), str(path))) for path in paths
    )


def package_of(path: str) -> str:
    """Return the package a module lies in: `shuzhi/funds/verbs.py` → `funds`, `shuzhi/urls.py` → `urls`."""
    return path.split("/")[1].removesuffix(".py")


def broken(rule: Rule, packages: set[str] | None = None) -> list[str]:
    """Return every place of the product (or of these packages) that breaks a rule, as `path:line what`."""
    return [
        f"{path}:{line} {what}"
        for path, tree in modules()
        if packages is None or package_of(path) in packages
        for line, what in rule(tree)
    ]


def bites(rule: Rule, source: str) -> bool:
    """Return whether a rule finds anything in a piece of source: a rule that never bites guards nothing."""
    return any(True for _ in rule(ast.parse(source)))


def packages() -> list[str]:
    """Return the packages of the product that hold code."""
    return sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py") if path.parent.name != "fonts")


@functools.cache
def tracked() -> tuple[str, ...]:
    """Return the files of the repository, as git names them; without git, all but hidden folders."""
    if shutil.which("git") and (ROOT / ".git").exists():
        command = ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT), "ls-files", "-z"]
        listed = subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\0")
        names = [name for name in listed if name]
    else:
        found = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
        names = [
            path.as_posix()
            for path in found
            if not path.parts[0].startswith(".") and "__pycache__" not in path.parts
        ]
    return tuple(name for name in names if (ROOT / name).is_file())


def texts() -> Iterator[tuple[str, str]]:
    """Yield (name, text) of every tracked file that is text."""
    for name in tracked():
        data = (ROOT / name).read_bytes()
        if b"\0" not in data[:8000]:
            yield name, data.decode("utf-8", "replace")


@functools.cache
def kind_codes() -> frozenset[str]:
    """Return the code of every kind of the packaged catalogue."""
    files = (PACKAGE / "catalogues").glob("**/kinds/*.toml")
    tables = (
        tomllib.loads(path.read_text("utf-8")) for path in files if not path.name.endswith(".cases.toml")
    )
    return frozenset(table["code"] for table in tables)


@functools.cache
def indicator_codes() -> frozenset[str]:
    """Return the code of every indicator of the packaged catalogue."""
    files = (PACKAGE / "catalogues").glob("**/indicators/*.toml")
    tables = [
        entry
        for path in files
        if not path.name.endswith(".cases.toml")
        for entry in tomllib.loads(path.read_text("utf-8")).get("indicator", [])
    ]
    return frozenset(entry["code"] for entry in tables)


def strings(tree: ast.AST) -> Iterator[ast.Constant]:
    """Yield every string constant that is not a docstring or another string standing alone."""
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node
