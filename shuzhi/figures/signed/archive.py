"""An archive of a signed edition: what it said, what it was computed from, and who answered for it, to be taken away.

One file (a zip without compression) or the folder it unpacks to. ``archive.json`` is canonical JSON with the digest of
every other file; its own digest is the archive's id. No clock, no machine and no database key goes in, so the same edition
gives the same bytes. ``versions.json`` says what made it and counts for nothing.
"""

import io
import json
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from shuzhi.figures.closing import Closing, Column, Relation, Table
from shuzhi.figures.kept import Kept
from shuzhi.figures.layout import CATALOGUE, encode, file_of
from shuzhi.figures.manifest import text_at
from shuzhi.figures.partial import Key, Partial, as_json, from_json
from shuzhi.figures.signed.taken import Audience, Taken, extract_of
from shuzhi.kernel.chain import ALGORITHMS, canonical, digest, link
from shuzhi.kernel.finding import Finding, Refused

FORMAT: Final = "shuzhi-archive/1"
HEAD: Final = "archive.json"
FIGURES, TOTALS, VERSIONS, NOTE = "figures.json", "totals.json", "versions.json", "说明.txt"
WHOLE, EXTRACT, BARE = "whole", "extract", "totals"
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)
_LARGEST: Final = 1 << 33
_HINT: Final = "档案被改动过或没有传完整，请向出具单位重新索取，不要使用其中的数字"

Said = Mapping[str, Any]
"""JSON that was written by us and checked by its digest, hence the type."""


class Bare(Kept):
    """Totals that went without their rows, found by the text of their cut; nothing more is ever kept here."""

    as_read = False

    def __init__(self, held: Mapping[str, Partial]) -> None:
        self._held = held

    def get(self, key: Key) -> Partial | None:
        """The total of a cut."""
        return self._held.get(key[0].text)

    def put(self, key: Key, partial: Partial) -> None:
        """What was read from rows is not remembered."""


@dataclass(frozen=True)
class Archive:
    """An opened archive: ``head`` is what ``archive.json`` says, ``figures`` what the edition said, ``closing`` and
    ``totals`` what they are recomputed from, ``held`` how each relation lies there (whole, extract or totals).
    """

    id: str
    place: str
    head: Said
    figures: tuple[Said, ...]
    closing: Closing
    totals: Bare
    held: Mapping[str, str]
    versions: Mapping[str, str]

    @property
    def audience(self) -> Audience:
        """Whom it was made for."""
        return Audience(self.head["audience"])

    @property
    def bare(self) -> frozenset[str]:
        """Relations some of whose totals came without rows: they can only be confirmed by digest."""
        return frozenset(str(item["relation"]) for item in self.head["closing"]["bare"])


# --- making -------------------------------------------------------------------------------------------------------------


def files_of(
    about: Mapping[str, object], figures: Sequence[Said], closing: Closing, taken: Taken, note: str
) -> dict[str, bytes]:
    """The files of an archive by name, ``archive.json`` among them; ``about`` is what is said of report and edition."""
    files = {CATALOGUE: closing.catalogue_file().read_bytes(), FIGURES: canonical(list(figures))}
    relations: dict[str, dict[str, object]] = {}
    for name in taken.whole:
        files[f"relations/{file_of(name)}"] = closing.file(name).read_bytes()
        relations[name] = _described(closing.tables[name], WHOLE, closing.tables[name].columns)
    for name, extract in taken.extracts.items():
        files[f"relations/{name}.jsonl"] = extract.data
        relations[name] = _described(closing.tables[name], EXTRACT, extract.columns)
    for source, _ in taken.totals.values():
        if source in closing.tables:  # how many rows a restricted ledger has is nobody's business
            relations.setdefault(source, _described(closing.tables[source], BARE, ()))
    totals = [
        {"cut": text, "relation": source, "partial": as_json(partial)}
        for text, (source, partial) in sorted(taken.totals.items())
    ]
    files[TOTALS] = canonical(totals)
    files[NOTE] = note.encode()
    algorithm = closing.algorithm
    head = {
        **about,
        "format": FORMAT,
        "algorithm": algorithm,
        "closing": {
            "id": closing.id,
            "as_of": closing.as_of.isoformat(),
            "unit": {"code": closing.unit_code, "name": closing.unit_name},
            "catalogue": closing.catalogue_digest,
            "relations": relations,
            "bare": [{"cut": item["cut"], "relation": item["relation"]} for item in totals],
        },
        "files": {
            name: {"digest": digest(data, algorithm), "size": len(data)} for name, data in files.items()
        },
    }
    return {HEAD: canonical(head), **files}


def _described(table: Table, held: str, columns: Sequence[Column]) -> dict[str, object]:
    return {"held": held, "digest": table.digest, "columns": [column.as_json() for column in columns]}


def packed(files: Mapping[str, bytes]) -> bytes:
    """The files as one zip without compression, always in the same order with the same dates."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as file:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            file.writestr(entry, files[name])
    return sink.getvalue()


# --- opening ------------------------------------------------------------------------------------------------------------


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open an archive, every file checked; what it is computed from lies in a temporary folder until the block ends.

    Raises Refused with findings ``archive.…`` when it is none, or damaged.
    """
    files = _read(path)
    head, identity = _head(files.get(HEAD), path)
    with tempfile.TemporaryDirectory(prefix="shuzhi-archive-") as folder:
        try:
            findings = list(_wrong(files, head, path))
            archive = None if findings else _opened(identity, head, files, path, Path(folder))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Refused(_bad(path, f"内容不合格式（{error}）")) from None
        if archive is None:
            raise Refused(findings)
        yield archive


def _bad(path: Path, said: str) -> Finding:
    return Finding("archive.changed", f"档案有误：{said}", _HINT, str(path))


def _read(path: Path) -> dict[str, bytes]:
    if path.is_dir():
        found = sorted(item for item in path.rglob("*") if item.is_file())
        return {item.relative_to(path).as_posix(): item.read_bytes() for item in found}
    try:
        with zipfile.ZipFile(path) as zipped:
            entries = zipped.infolist()
            if sum(entry.file_size for entry in entries) > _LARGEST:
                raise Refused(_bad(path, "展开后太大"))
            return {entry.filename: zipped.read(entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        with path.open("rb") as file:
            if file.read(2) == b"PK":
                raise Refused(_bad(path, "文件坏了，或没有传完整")) from None
        raise Refused(_none(path, "这不是档案文件")) from None


def _none(path: Path, said: str) -> Finding:
    return Finding("archive.none", said, "请给出“归档”生成的 .zip，或它展开的文件夹", str(path))


def _head(data: bytes | None, path: Path) -> tuple[Said, str]:
    if data is None:
        raise Refused(_none(path, f"这不是档案：里面没有 {HEAD}"))
    try:
        head = json.loads(data)
    except ValueError:
        raise Refused(_bad(path, f"{HEAD} 不是 JSON")) from None
    if not isinstance(head, dict) or head.get("format") != FORMAT or head.get("algorithm") not in ALGORITHMS:
        raise Refused(_bad(path, f"{HEAD} 的格式不是 {FORMAT}"))
    if canonical(head) != data:
        raise Refused(_bad(path, f"{HEAD} 不是规范形式，被改动过"))
    return head, digest(data, str(head["algorithm"]))


def _wrong(files: Mapping[str, bytes], head: Said, path: Path) -> Iterator[Finding]:
    """Every file that is missing, changed or does not belong; and what the journal's links do not bear out."""
    for name, said in sorted(head["files"].items()):
        if name not in files:
            yield _bad(path, f"{name} 不见了")
        elif digest(files[name], str(head["algorithm"])) != said["digest"]:
            yield _bad(path, f"{name} 被改动过")
    for name in sorted(set(files) - set(head["files"]) - {HEAD, VERSIONS}):
        yield _bad(path, f"多出 {name}")
    if head["closing"]["catalogue"] != head["files"][CATALOGUE]["digest"]:
        yield _bad(path, "目录与结账登记的摘要不符")
    for name, told in sorted(head["closing"]["relations"].items()):
        own = head["files"].get(f"relations/{file_of(name)}")
        if told["held"] == WHOLE and (own is None or own["digest"] != told["digest"]):
            yield _bad(path, f"台账 {name} 与结账登记的摘要不符")
    yield from _links(head, path)


def _links(head: Said, path: Path) -> Iterator[Finding]:
    """Each link must be the digest of its body, and the signature's entry must name the edition as it is told here."""
    for entry in head["journal"]:
        body = text_at(entry["body"]).encode("utf-8", "surrogatepass")
        if link(text_at(entry["previous"]), body, str(head["algorithm"])) != entry["link"]:
            yield _bad(path, f"日志第{entry['seq']}笔与它的链不符")
    edition = head["edition"]
    signed = digest(canonical(edition["content"]), str(head["algorithm"]))
    rows = dict(json.loads(head["journal"][-1]["body"])["rows"])
    if rows.get(edition["name"]) != signed:
        yield _bad(path, "版次的内容与签发那一笔登记的摘要不符")
    if edition["content"]["closing"] != head["closing"]["id"]:
        yield _bad(path, "版次所据的结账不是这一次")


def _opened(identity: str, head: Said, files: Mapping[str, bytes], path: Path, folder: Path) -> Archive:
    tables: dict[str, Table] = {}
    held: dict[str, str] = {}
    (folder / CATALOGUE).write_bytes(files[CATALOGUE])
    for name, told in head["closing"]["relations"].items():
        columns = tuple(Column(**column) for column in told["columns"])
        held[name] = text_at(told["held"])
        tables[name] = _laid(name, text_at(told["digest"]), columns, held[name], files, folder)
    said = head["closing"]
    closing = Closing(
        said["id"],
        folder,
        said["unit"]["code"],
        said["unit"]["name"],
        date.fromisoformat(said["as_of"]),
        head["algorithm"],
        said["catalogue"],
        tables,
    )
    totals = {item["cut"]: from_json(item["partial"]) for item in json.loads(files[TOTALS])}
    versions = json.loads(files.get(VERSIONS, b"{}"))
    return Archive(
        identity,
        str(path),
        head,
        tuple(json.loads(files[FIGURES])),
        closing,
        Bare(totals),
        held,
        versions,
    )


def _laid(
    name: str, identity: str, columns: tuple[Column, ...], held: str, files: Mapping[str, bytes], folder: Path
) -> Table:
    """One relation as figures read it: the file itself, an extract written as one, or nothing but its digest."""
    if held == WHOLE:
        (folder / file_of(name)).write_bytes(files[f"relations/{file_of(name)}"])
        return Table(name, identity, 0, columns)
    if held != EXTRACT:
        return Table(name, identity, 0, ())
    extract = extract_of(columns, files[f"relations/{name}.jsonl"])
    data, rows = encode(Relation(name, columns, extract.rows))
    (folder / file_of(name)).write_bytes(data)
    return Table(name, digest(data, identity.partition(":")[0]), rows, columns)
