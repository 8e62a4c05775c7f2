"""Modules import in one direction, types included: no two of them need each other, however many stand between."""

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from tests.house.reading import modules


def drawn_in(node: ast.AST) -> Iterator[str]:
    """Yield the dotted names a module draws in when it is read; what functions draw in late is their own affair."""
    for part in ast.iter_child_nodes(node):
        if isinstance(part, ast.ImportFrom) and part.module:
            yield from (f"{part.module}.{name.name}" for name in part.names)
        elif isinstance(part, ast.Import):
            yield from (name.name for name in part.names)
        elif not isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from drawn_in(part)


def ring(trees: Mapping[str, ast.Module]) -> list[str]:
    """Return the first ring of modules that need each other, the first and the last alike; empty when there is none."""
    needs = {
        name: {
            known for said in drawn_in(tree) for known in (said, said.rpartition(".")[0]) if known in trees
        }
        - {name}
        for name, tree in trees.items()
    }
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_modules_need_each_other() -> None:
    named = {
        path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): tree for path, tree in modules()
    }
    assert ring(named) == []


def test_a_ring_is_found_though_only_types_close_it() -> None:
    said = {
        "a": "from b import B",
        "b": "import c",
        "c": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from a import A",
        "d": "def late():\n    from d import d",
    }
    assert set(ring({name: ast.parse(text) for name, text in said.items()})) == {"a", "b", "c"}
    assert ring({name: ast.parse(said[name]) for name in ("a", "b", "d")}) == []
