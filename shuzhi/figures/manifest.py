"""What a closing's manifest says, how it is read back, and the findings when it and the files disagree."""

import json
from dataclasses import dataclass
from pathlib import Path

from shuzhi.figures.layout import COLUMN_TYPES, FORMAT, MANIFEST, RELATION_NAME, Column, file_of
from shuzhi.kernel.chain import ALGORITHMS, canonical, digest
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


def bad_manifest(path: Path, said: str) -> Finding:
    """The manifest itself is not to be trusted; ``path`` is the closing's folder."""
    return Finding("closing.manifest", f"结账清单 {MANIFEST} 有误：{said}", _RESTORE, str(path / MANIFEST))


def read_manifest(path: Path) -> tuple[str, dict[str, object]]:
    """The id of the closing in that folder and its manifest; raises Refused when it is missing or was changed."""
    try:
        data = (path / MANIFEST).read_bytes()
    except OSError:
        hint = f"请确认给出的是结账文件夹（其中应有 {MANIFEST}）"
        raise Refused(
            Finding("closing.missing-file", f"找不到结账清单 {MANIFEST}", hint, str(path))
        ) from None
    try:
        manifest = json.loads(data)
    except ValueError:
        raise Refused(bad_manifest(path, "不是 JSON 文件")) from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise Refused(bad_manifest(path, f"格式不是 {FORMAT}"))
    algorithm = manifest.get("algorithm")
    if algorithm not in ALGORITHMS or not _is_canonical(manifest, data):
        raise Refused(bad_manifest(path, "不是规范形式，被改动过"))
    try:
        identity = digest(data, str(algorithm))
    except ValueError as error:
        raise Refused(Finding("closing.algorithm", str(error), "换一台机器核对", str(path))) from None
    found = path.resolve().name
    if found != folder_name(identity):
        said = f"被改动过或文件夹改了名（按内容文件夹应名为 {folder_name(identity)}，现名 {found}）"
        raise Refused(bad_manifest(path, said))
    return identity, manifest


def _is_canonical(manifest: dict[str, object], data: bytes) -> bool:
    try:
        return canonical(manifest) == data
    except TypeError:
        return False


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


def relation_at(name: str, said: dict[str, object]) -> Table:
    """One relation of the manifest; raises ValueError, KeyError or TypeError when it is malformed."""
    columns, rows = said["columns"], said["rows"]
    if not RELATION_NAME.fullmatch(name) or not isinstance(columns, list) or type(rows) is not int:
        raise ValueError(f"关系 {name}")
    parsed = []
    for item in columns:
        column = table_at(item)
        parsed.append(Column(text_at(column["name"]), text_at(column["type"]), text_at(column["unit"])))
    if any(column.type not in COLUMN_TYPES for column in parsed):
        raise ValueError(f"关系 {name} 的列类型")
    return Table(name, text_at(said["digest"]), rows, tuple(parsed))
