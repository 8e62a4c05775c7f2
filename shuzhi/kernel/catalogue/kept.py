"""A checked catalogue kept in a folder, so that not every process reads and checks two thousand formulas again.

Derived and disposable: it is known by the digest of its texts and of the code that built it, and a damaged file counts
as absent. Only frozen definitions and values of the language are taken from it, whatever else the file may name.
"""

import io
import pickle
import types
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import is_dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from shuzhi.kernel import chain
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.catalogue.load import load
from shuzhi.kernel.catalogue.sources import read_texts
from shuzhi.kernel.expr.nodes import MISSING
from shuzhi.kernel.finding import Refused
from shuzhi.kernel.whole import put_derived, take_derived

_DEFINING: Final = ("definitions", "grounds", "schemes", "rulebook")
_MODULES: Final = frozenset(
    {"shuzhi.kernel.expr.nodes", *(f"shuzhi.kernel.catalogue.{name}" for name in _DEFINING)}
)
_KNOWN: Final[dict[str, Catalogue]] = {}
"""The catalogues this process has read, by the digest of their texts."""
_MOST: Final = 16


def checked(folders: Sequence[Path], kept: Path) -> Catalogue:
    """The catalogue of the folders, later ones laid over earlier ones, from ``kept`` where it lies there.

    Raises Refused with every error found. That nothing can be written into ``kept`` is no fault: it is read anew then.
    """
    try:
        texts = read_texts(folders)
    except UnicodeDecodeError:
        raise Refused(load(*folders).errors) from None
    identity = chain.digest(chain.canonical(texts))
    found = _KNOWN.get(identity)
    if found is None:
        path = kept / f"catalogue-{chain.digest(f'{identity} {_code()}'.encode()).partition(':')[2][:32]}"
        found = _taken(path, texts) or _read(folders, path)
        _KNOWN[identity] = found
        while len(_KNOWN) > _MOST:
            del _KNOWN[next(iter(_KNOWN))]
    return found


def _read(folders: Sequence[Path], path: Path) -> Catalogue:
    loaded = load(*folders)
    if loaded.errors:
        raise Refused(loaded.errors)
    with suppress(OSError):
        _put(path, loaded.catalogue)
    return loaded.catalogue


@cache
def _code() -> str:
    """The digest of the code that builds definitions: what another version kept is not taken."""
    here = Path(__file__).resolve().parent
    files = [here.parent / "measure.py", *here.glob("*.py"), *(here.parent / "expr").glob("*.py")]
    return chain.digest(b"\0".join(path.read_bytes() for path in sorted(files)))


def _put(path: Path, catalogue: Catalogue) -> None:
    """Keep a catalogue; those of earlier texts give way."""
    held = io.BytesIO()
    _Writer(held, protocol=5).dump(replace(catalogue, texts=types.MappingProxyType({})))
    put_derived(path, held.getvalue(), among="catalogue-*", most=1)


def _taken(path: Path, texts: Mapping[str, str]) -> Catalogue | None:
    """The catalogue kept there, if it lies there whole."""
    body = take_derived(path)
    if body is None:
        return None
    try:
        found = _Reader(io.BytesIO(body)).load()
    except pickle.UnpicklingError:
        return None
    return replace(found, texts=types.MappingProxyType(dict(texts))) if isinstance(found, Catalogue) else None


def proxied(held: dict[str, object]) -> Mapping[str, object]:
    """A mapping nobody changes, as definitions hold it."""
    return types.MappingProxyType(held)


class _Writer(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        """Mappings nobody changes have no form of their own."""
        return (proxied, (dict(value),)) if type(value) is types.MappingProxyType else NotImplemented


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """A definition or a value of the language; anything else is refused."""
        plain: dict[tuple[str, str], object] = {
            (__name__, "proxied"): proxied,
            ("fractions", "Fraction"): Fraction,
            ("datetime", "date"): date,
            ("shuzhi.kernel.expr.nodes", "MISSING"): MISSING,
        }
        if (module, name) in plain:
            return plain[module, name]
        found = getattr(import_module(module), name, None) if module in _MODULES else None
        if isinstance(found, type) and is_dataclass(found) and found.__module__ == module:
            return found
        raise pickle.UnpicklingError(f"{module}.{name} is no definition")
