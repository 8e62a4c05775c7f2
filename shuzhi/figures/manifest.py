"""What a closing's manifest says, how it is read back, and the findings when it and the files disagree."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from shuzhi.figures.layout import COLUMN_TYPES, FORMAT, MANIFEST, RELATION_NAME, Column, file_of
from shuzhi.kernel.chain import ALGORITHMS, digest
from shuzhi.kernel.finding import Finding, Refused

NAME_LENGTH = 16
_RESTORE = "请从备份恢复该结账文件夹，不要使用其中的数字"


@dataclass(frozen=True, slots=True)
class Table:
    """What the manifest says of one relation."""

    name: str
    digest: str
    rows: int
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column | None:
        """The column of that name, or None."""
        return next((column for column in self.columns if column.name == name), None)

    def as_json(self) -> dict[str, object]:
        """The relation as the manifest writes it."""
        return {
            "file": file_of(self.name),
            "digest": self.digest,
            "rows": self.rows,
            "columns": [column.as_json() for column in self.columns],
        }


def hexadecimal(identity: str) -> str:
    """The digits of a digest, without the name of its algorithm."""
    return identity.partition(":")[2]


def folder_name(identity: str) -> str:
    """The name of the folder a closing of that id lies in."""
    return hexadecimal(identity)[:NAME_LENGTH]


def missing_file(path: Path) -> Finding:
    """A file of the closing is gone."""
    return Finding("closing.missing-file", f"结账文件 {path.name} 不见了", _RESTORE, str(path))


def changed_file(path: Path, wanted: str, found: str) -> Finding:
    """A file of the closing is not what was frozen."""
    said = f"结账文件 {path.name} 被改动过：清单记载 {wanted[:23]}…，实际 {found[:23]}…"
    return Finding("closing.changed", said, _RESTORE, str(path))


def bad_manifest(place: str, said: str) -> Finding:
    """The manifest itself is not to be trusted; ``place`` is where the closing lies."""
    return Finding("closing.manifest", f"结账清单 {MANIFEST} 有误：{said}", _RESTORE, f"{place}/{MANIFEST}")


def read_manifest(path: Path) -> tuple[str, dict[str, object]]:
    """The id of the closing in that folder and its manifest; raises Refused when it is missing or was changed."""
    try:
        data = (path / MANIFEST).read_bytes()
    except OSError:
        raise Refused(no_manifest(str(path))) from None
    return checked_manifest(data, path.resolve().name, str(path))


def no_manifest(place: str) -> Finding:
    """There is no closing at that place."""
    hint = f"请确认给出的是结账文件夹（其中应有 {MANIFEST}）"
    return Finding("closing.missing-file", f"找不到结账清单 {MANIFEST}", hint, place)


def checked_manifest(data: bytes, folder: str, place: str) -> tuple[str, dict[str, object]]:
    """The id of the closing with these bytes for a manifest, which lies in a folder of that name, and what they say.

    Relations may come as tables already (see :func:`relation_at`). Raises Refused when they are not to be trusted.
    """
    manifest = _quickly(data)
    quick = manifest is not None
    try:
        manifest = manifest or json.loads(data, parse_float=_no_number, parse_constant=_no_number)
    except ValueError:
        raise Refused(bad_manifest(place, "不是 JSON 文件")) from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise Refused(bad_manifest(place, f"格式不是 {FORMAT}"))
    algorithm = manifest.get("algorithm")
    if algorithm not in ALGORITHMS or not (quick or _is_canonical(manifest, data)):
        raise Refused(bad_manifest(place, "不是规范形式，被改动过"))
    try:
        identity = digest(data, str(algorithm))
    except ValueError as error:
        raise Refused(Finding("closing.algorithm", str(error), "换一台机器核对", place)) from None
    if folder != folder_name(identity):
        said = f"被改动过或文件夹改了名（按内容文件夹应名为 {folder_name(identity)}，现名 {folder}）"
        raise Refused(bad_manifest(place, said))
    return identity, manifest


def _no_number(text: str) -> object:
    raise ValueError(f"figures are whole numbers: {text}")


def _is_canonical(manifest: dict[str, object], data: bytes) -> bool:
    """Whether the bytes are the canonical form of what was read from them, in which there are no numbers but whole ones."""
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass") == data


_ENTRY: Final = re.compile(
    r'"([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)":\{"columns":(\[[^\[\]]*\]),"digest":"((?:sha256|sm3):[0-9a-f]{64})",'
    r'"file":"([a-z0-9_.]+)","rows":(0|[1-9][0-9]{0,17})\}'
)
_OPENS, _ENDS = '"relations":{', '},"unit":{'


def _quickly(data: bytes) -> dict[str, object] | None:
    """What a manifest in canonical form says, its relations as tables; None when it is not plainly one.

    Thousands of closings have the same few hundred relations, so the columns of each are read once and the rest is taken
    from between them: a fraction of a millisecond instead of several.
    """
    try:
        text = data.decode()
    except ValueError:
        return None
    start, end = text.find(_OPENS) + len(_OPENS), text.rfind(_ENDS)
    if start < len(_OPENS) or end < start:
        return None
    body, frame = text[start:end], text[:start] + text[end:]
    entries = list(_ENTRY.finditer(body))
    names = [entry[1] for entry in entries]
    if ",".join(entry[0] for entry in entries) != body or any(one >= two for one, two in pairwise(names)):
        return None
    try:
        manifest = json.loads(frame, parse_float=_no_number, parse_constant=_no_number)
        if not isinstance(manifest, dict) or not _is_canonical(manifest, frame.encode()):
            return None
        tables = {
            entry[1]: Table(entry[1], entry[3], int(entry[5]), _columns_in(entry[2])) for entry in entries
        }
    except (ValueError, TypeError, KeyError):
        return None
    return (
        None if any(entry[4] != file_of(entry[1]) for entry in entries) else {**manifest, "relations": tables}
    )


@lru_cache(maxsize=4096)
def _columns_in(text: str) -> tuple[Column, ...]:
    """The columns a canonical list of them describes; raises ValueError or TypeError when it is none."""
    said = json.loads(text, parse_float=_no_number, parse_constant=_no_number)
    if json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")) != text:
        raise ValueError("列不是规范形式")
    return _columns(said)


def table_at(value: object) -> dict[str, object]:
    """The value as a JSON object; raises TypeError otherwise."""
    if not isinstance(value, dict):
        raise TypeError(f"应为表：{value!r}")
    return value


def text_at(value: object) -> str:
    """The value as text; raises TypeError otherwise."""
    if not isinstance(value, str):
        raise TypeError(f"应为文字：{value!r}")
    return value


def relation_at(name: str, said: object) -> Table:
    """One relation of the manifest; raises ValueError, KeyError or TypeError when it is malformed."""
    if isinstance(said, Table):
        return said
    told = table_at(said)
    columns, rows = told["columns"], told["rows"]
    if not RELATION_NAME.fullmatch(name) or not isinstance(columns, list) or type(rows) is not int:
        raise ValueError(f"关系 {name}")
    if told.keys() != _RELATION or told["file"] != file_of(name):
        raise ValueError(f"关系 {name} 多出或缺少项目")
    return Table(name, text_at(told["digest"]), rows, _columns(columns))


_RELATION: Final = frozenset(("file", "digest", "rows", "columns"))
_COLUMN: Final = frozenset(("name", "type", "unit"))


def _columns(said: Sequence[object]) -> tuple[Column, ...]:
    found = []
    for item in said:
        told = table_at(item)
        if told.keys() != _COLUMN or told["type"] not in COLUMN_TYPES:
            raise ValueError("列多出或缺少项目")
        found.append(Column(text_at(told["name"]), text_at(told["type"]), text_at(told["unit"])))
    return tuple(found)
