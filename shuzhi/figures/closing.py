"""A closing: the books of one unit at one day, frozen, content-addressed, and checkable by a stranger.

Its id is the digest of its manifest; the manifest holds the digest of every file. No wall-clock time and no database
key goes in, so the same books give the same id on any database and any machine.
"""

import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Final

from shuzhi.figures.bulk_layout import Ready
from shuzhi.figures.layout import (
    CATALOGUE,
    FORMAT,
    MANIFEST,
    Cell,
    Column,
    Relation,
    columns_in,
    encode,
    file_of,
)
from shuzhi.figures.manifest import (
    Table,
    bad_manifest,
    changed_file,
    folder_name,
    missing_file,
    read_manifest,
    relation_at,
    table_at,
    text_at,
)
from shuzhi.figures.store import assemble, keep, keep_file
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.catalogue.load import load_texts
from shuzhi.kernel.chain import ALGORITHMS, canonical, digest, digest_file
from shuzhi.kernel.finding import Finding, Refused

__all__ = [
    "Cell",
    "Closing",
    "Column",
    "Ready",
    "Relation",
    "Table",
    "open_closing",
    "verify_closing",
    "write_closing",
]

STORE: Final = "store"
_KEYS: Final = (
    {"format", "unit", "as_of", "algorithm", "catalogue", "relations"},
    {"code", "name"},
    {"file", "digest"},
)


@dataclass(frozen=True)
class Closing:
    """An opened closing; ``id`` is the digest of its manifest. Its files are read, and checked, when they are needed.

    ``cache`` is a folder where whoever opened it lets be kept what was read of it.
    """

    id: str
    path: Path
    unit_code: str
    unit_name: str
    as_of: date
    algorithm: str
    catalogue_digest: str
    tables: Mapping[str, Table]
    cache: Path | None = field(default=None, compare=False)

    @property
    def texts(self) -> Mapping[str, str]:
        """The definitions it was closed under. Raises Refused when their file is gone or damaged."""
        return _texts(self.catalogue_file(), self.catalogue_digest)

    @property
    def manifest(self) -> dict[str, object]:
        """The manifest as a value; its canonical form is the file's bytes."""
        return {
            "format": FORMAT,
            "unit": {"code": self.unit_code, "name": self.unit_name},
            "as_of": self.as_of.isoformat(),
            "algorithm": self.algorithm,
            "catalogue": {"file": CATALOGUE, "digest": self.catalogue_digest},
            "relations": {name: self.tables[name].as_json() for name in sorted(self.tables)},
        }

    @property
    def catalogue(self) -> Catalogue:
        """The definitions this closing was made under. They were checked then; what today's checks would say of them
        does not make the closing unreadable: only a definition that can no longer be built is absent.
        """
        with (
            _DEFINING
        ):  # closings of one catalogue have it read once, however many ask for it at the same time
            found = _CATALOGUES.pop(self.catalogue_digest, None) or load_texts(dict(self.texts)).catalogue
            _CATALOGUES[self.catalogue_digest] = found
            while len(_CATALOGUES) > _KEPT_CATALOGUES:
                del _CATALOGUES[next(iter(_CATALOGUES))]
        return found

    @property
    def place(self) -> str:
        """Where it lies, as another process may open it."""
        return str(self.path.absolute())

    def catalogue_file(self) -> Path:
        """The file of the definitions, as it lies there."""
        return self.path / CATALOGUE

    def file(self, relation: str) -> Path:
        """The relation's file, checked against its digest again whenever it has changed on disk.

        Raises KeyError when the closing has no such relation, Refused when the file is gone or damaged.
        """
        path = self.path / file_of(relation)
        finding = checked(path, self.tables[relation].digest)
        if finding is not None:
            raise Refused(finding)
        return path


_WRITERS, _LARGE = 8, 1 << 20


_CATALOGUES: Final[dict[str, Catalogue]] = {}
_KEPT_CATALOGUES, _DEFINING = 16, Lock()


def known(catalogue: Catalogue, identity: str) -> None:
    """Closings whose definitions have this digest were made under this catalogue, and need not read it again."""
    with _DEFINING:
        _CATALOGUES[identity] = catalogue


def checked(path: Path, wanted: str) -> Finding | None:
    """What is wrong with a file that should have a digest; looked at again whenever it has changed on disk."""
    try:
        stat = path.stat()
    except OSError:
        return missing_file(path)
    return _checked(path, wanted, (stat.st_ino, stat.st_size, stat.st_mtime_ns))


@lru_cache(maxsize=65536)
def _checked(path: Path, wanted: str, _stat: tuple[int, int, int]) -> Finding | None:
    found = digest_file(path, wanted.partition(":")[0])
    return None if found == wanted else changed_file(path, wanted, found)


def write_closing(
    folder: Path,
    *,
    unit_code: str,
    unit_name: str,
    as_of: date,
    catalogue: Catalogue,
    relations: Iterable[Relation | Ready],
    algorithm: str = "sha256",
    previous: Path | None = None,
) -> Closing:
    """Freeze the relations under ``folder``; returns the closing, which may have been there before.

    A relation comes as rows, or as a file that lies ready (:class:`~shuzhi.figures.bulk_layout.Ready`).
    Files are kept once in ``folder/store`` by digest and linked into the closing's folder, which appears whole or not
    at all. ``previous`` is the folder of an earlier closing, perhaps kept elsewhere, whose unchanged files are linked
    rather than written. Raises Refused when a closing of the same id lies there damaged: evidence is not mended in
    silence; ValueError or TypeError when a relation's rows do not fit its columns.
    """
    if algorithm not in ALGORITHMS:
        raise ValueError(f"unknown digest algorithm {algorithm!r}")
    store = folder / STORE
    store.mkdir(parents=True, exist_ok=True)

    def kept(name: str, data: bytes) -> str:
        return keep(store, data, algorithm, previous / name if previous is not None else None)

    texts = dict(sorted(catalogue.texts.items()))
    tables: dict[str, Table] = {}
    ready: dict[str, str] = {}
    with ThreadPoolExecutor(_WRITERS) as pool:  # a disk sees many small files safe in the time of a few
        writing = {CATALOGUE: pool.submit(kept, CATALOGUE, canonical(texts))}
        for relation in relations:
            if relation.name in tables:
                raise ValueError(f"relation {relation.name} given twice")
            name = file_of(relation.name)
            if isinstance(relation, Ready):
                identity = keep_file(store, relation, algorithm)
                ready[name] = identity
                tables[relation.name] = Table(relation.name, identity, relation.rows, relation.columns)
                continue
            data, rows = encode(relation)
            identity = digest(data, algorithm)
            alike = next(
                (o for o, table in tables.items() if table.digest == identity and file_of(o) in writing), None
            )
            # The same bytes (two empty ledgers of the same columns) are written once, by one thread.
            writing[name] = writing[file_of(alike)] if alike else pool.submit(kept, name, data)
            if len(data) > _LARGE:
                writing[name].result()
            tables[relation.name] = Table(relation.name, identity, rows, relation.columns)
    files = ready | {name: written.result() for name, written in writing.items()}
    draft = Closing("", folder, unit_code, unit_name, as_of, algorithm, files[CATALOGUE], tables)
    manifest = canonical(draft.manifest)
    final = folder / folder_name(digest(manifest, algorithm))
    if not final.exists():
        assemble(final, store, files, {MANIFEST: manifest})
    elif findings := verify_closing(final):
        raise Refused(findings)
    return open_closing(final)


def open_closing(path: Path) -> Closing:
    """Open a closing's folder, checking its manifest; raises Refused with findings when damaged.

    Definitions and relations are checked when they are first read (:meth:`Closing.texts`, :meth:`Closing.file`), or all
    at once by :func:`verify_closing`.
    """
    identity, manifest = read_manifest(path)
    return described(identity, path, manifest)


def described(identity: str, path: Path, manifest: dict[str, object]) -> Closing:
    """The closing a checked manifest describes, its files lying in ``path``; raises Refused when it is malformed."""
    try:
        return Closing(identity, path, *_told(manifest))
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(bad_manifest(str(path), f"内容不合格式（{error}）")) from None


def _told(manifest: dict[str, object]) -> tuple[str, str, date, str, str, Mapping[str, Table]]:
    unit, catalogue = table_at(manifest["unit"]), table_at(manifest["catalogue"])
    if (set(manifest), set(unit), set(catalogue)) != _KEYS or catalogue["file"] != CATALOGUE:
        raise ValueError("多出或缺少项目")
    day = date.fromisoformat(text_at(manifest["as_of"]))
    if day.isoformat() != manifest["as_of"]:
        raise ValueError("截止日期")
    tables = {name: relation_at(name, said) for name, said in table_at(manifest["relations"]).items()}
    algorithm, wanted = text_at(manifest["algorithm"]), text_at(catalogue["digest"])
    return text_at(unit["code"]), text_at(unit["name"]), day, algorithm, wanted, tables


def _texts(path: Path, wanted: str) -> dict[str, str]:
    try:
        data = path.read_bytes()
    except OSError:
        raise Refused(missing_file(path)) from None
    found = digest(data, wanted.partition(":")[0])
    if found != wanted:
        raise Refused(changed_file(path, wanted, found))
    return {key: text_at(text) for key, text in table_at(json.loads(data)).items()}


def verify_closing(path: Path) -> list[Finding]:
    """Recompute every digest of a closing; the first finding names the first file that is wrong, in a fixed order:
    manifest, definitions, relations by name, files that do not belong. Nothing found: the closing is whole.
    """
    try:
        closing = open_closing(path)
    except Refused as refused:
        return list(refused.findings)
    findings: list[Finding] = []
    try:
        _texts(closing.catalogue_file(), closing.catalogue_digest)
    except Refused as refused:
        findings.extend(refused.findings)
    for name in sorted(closing.tables):
        findings.extend(_verify_relation(path / file_of(name), closing.tables[name]))
    known = {MANIFEST, CATALOGUE, *(file_of(name) for name in closing.tables)}
    for stray in sorted(item.name for item in path.iterdir() if item.name not in known):
        hint = "请移走该文件；结账文件夹里只应有清单所列的文件"
        findings.append(Finding("closing.stray", f"结账文件夹里多出 {stray}", hint, str(path / stray)))
    return findings


def _verify_relation(path: Path, table: Table) -> list[Finding]:
    if not path.is_file():
        return [missing_file(path)]
    found = digest_file(path, table.digest.partition(":")[0])
    if found != table.digest:
        return [changed_file(path, table.digest, found)]
    if columns_in(str(path)) != tuple((column.name, column.type) for column in table.columns):
        hint = "请从备份恢复该结账文件夹"
        return [Finding("closing.columns", f"结账文件 {path.name} 的列与清单不符", hint, str(path))]
    return []
