"""The texts of a catalogue: read from folders in layers, parsed, and laid over each other key by key.

A text's path names its layer: ``kinds/hazard.toml`` is of the first folder, ``@1/kinds/hazard.toml`` of the first
overlay. A definition of a later layer replaces the keys it writes (``[[lights]]`` alone changes only the lights) and
leaves the others as they were.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shuzhi.kernel.expr.types import like
from shuzhi.kernel.finding import Finding

Table = Mapping[str, object]

# file -> the one array of tables it holds; other files hold one definition each
_LISTS = {
    "duties.toml": "duty",
    "papers.toml": "paper",
    "parameters.toml": "parameter",
    "mechanisms.toml": "mechanism",
    "profiles.toml": "profile",
    "scoring.toml": "scheme",
    "checks.toml": "check",
}
_LAYER = re.compile(r"@(\d+)/(.+)")
SORTS = ("kind", "indicator", "mechanism", "duty", "paper", "parameter", "profile", "scheme", "check")


@dataclass(frozen=True, slots=True)
class Raw:
    """One definition before it is understood: its merged keys and the file each came from (the last that wrote it)."""

    sort: str
    code: str
    table: Table
    files: Mapping[str, str]

    @property
    def file(self) -> str:
        """The file that first wrote the definition."""
        return next(iter(self.files.values()), "")

    @property
    def local(self) -> bool:
        """Whether an overlay wrote or changed any of it."""
        return any(layered(path)[0] for path in self.files.values())

    def place(self, key: str = "") -> str:
        """File, code and key, for findings."""
        top = key.partition(".")[0].partition("[")[0]
        words = self.code if self.sort == "kind" and not key else f"{self.code} {key}".strip()
        return f"{self.files.get(top, self.file)} {words}".strip()


@dataclass(slots=True)
class Sources:
    """All definitions of a catalogue by sort and code, the cases of each kind, and what was wrong with the texts."""

    raws: dict[str, dict[str, Raw]] = field(default_factory=lambda: {sort: {} for sort in SORTS})
    cases: dict[str, list[tuple[str, Table]]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def read_texts(folders: Iterable[Path]) -> dict[str, str]:
    """Every TOML text of the folders by its layered path, in order; raises OSError or UnicodeDecodeError."""
    texts: dict[str, str] = {}
    for layer, folder in enumerate(folders):
        prefix = f"@{layer}/" if layer else ""
        for path in sorted(folder.rglob("*.toml")):
            texts[prefix + path.relative_to(folder).as_posix()] = path.read_text("utf-8")
    return texts


def layered(path: str) -> tuple[int, str]:
    """A text's layer and its path within the layer."""
    match = _LAYER.fullmatch(path)
    return (int(match[1]), match[2]) if match else (0, path)


def is_calendar(path: str) -> bool:
    """Whether a text is a year of the working-day calendar."""
    return layered(path)[1].startswith("calendar/")


def parse_sources(texts: Mapping[str, str]) -> Sources:
    """Parse and merge the texts, earlier layers first."""
    sources = Sources()
    for path in sorted((path for path in texts if not is_calendar(path)), key=layered):
        try:
            table = tomllib.loads(texts[path])
        except tomllib.TOMLDecodeError as error:
            message = f"不是合格的 TOML：{error}"
            hint = "检查引号、括号、等号；文字要用英文引号括起来"
            sources.findings.append(Finding("catalogue.not-toml", message, hint, path))
            continue
        _sort_in(sources, path, table)
    return sources


def _sort_in(sources: Sources, path: str, table: Table) -> None:
    within = layered(path)[1]
    folder, _, name = within.rpartition("/")
    if folder == "kinds" and name.endswith(".cases.toml"):
        sources.cases.setdefault(name.removesuffix(".cases.toml"), []).append((path, table))
    elif folder == "kinds":
        _add_kind(sources, path, name.removesuffix(".toml"), table)
    elif folder == "indicators":
        _add_list(sources, path, "indicator", table)
    elif within in _LISTS:
        _add_list(sources, path, _LISTS[within], table)
    else:
        hint = f"可用：kinds/代码.toml、kinds/代码.cases.toml、indicators/*.toml、calendar/年.toml、{'、'.join(_LISTS)}"
        sources.findings.append(Finding("catalogue.unknown-file", "目录里不该有这个文件", hint, path))


def _add_kind(sources: Sources, path: str, name: str, table: Table) -> None:
    code = table.get("code", name)
    if code != name:
        message = f"代码“{code}”与文件名“{name}”不一致"
        sources.findings.append(Finding("catalogue.file-name", message, "文件名就是代码", f"{path} code"))
    _lay(sources, "kind", name, path, {"code": name, **table})


def _add_list(sources: Sources, path: str, sort: str, table: Table) -> None:
    for key in table:
        if key != sort:
            message, hint = f"不认识的键“{key}”", f"这个文件只写 [[{sort}]]" + like(key, [sort])
            sources.findings.append(Finding("catalogue.unknown-key", message, hint, f"{path} {key}"))
    rows = table.get(sort, [])
    if not isinstance(rows, list):
        message = f"“{sort}”应为一组表"
        sources.findings.append(
            Finding("catalogue.wrong-type", message, f"写成 [[{sort}]]", f"{path} {sort}")
        )
        return
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        code = row.get("code") if isinstance(row, dict) else None
        if not isinstance(row, dict) or not isinstance(code, str):
            message = f"第{number}个 {sort} 没有代码"
            sources.findings.append(
                Finding("catalogue.missing-key", message, 'code = "…"', f"{path} {sort}[{number}]")
            )
            continue
        if code in seen or _same_layer(sources, sort, code, path):
            message = f"代码“{code}”定义了两次"
            sources.findings.append(Finding("catalogue.duplicate", message, "代码不能重复", f"{path} {code}"))
        seen.add(code)
        _lay(sources, sort, code, path, row)


def _same_layer(sources: Sources, sort: str, code: str, path: str) -> bool:
    known = sources.raws[sort].get(code)
    return known is not None and layered(path)[0] in {layered(file)[0] for file in known.files.values()}


def _lay(sources: Sources, sort: str, code: str, path: str, table: Table) -> None:
    before = sources.raws[sort].get(code)
    files = dict.fromkeys(table, path)
    if before is not None:
        table, files = {**before.table, **table}, {**before.files, **files}
    sources.raws[sort][code] = Raw(sort, code, table, files)
