"""Named sets of parameters from public practice, which a county may lay into its own overlay and then change."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from shuzhi.kernel.catalogue.build import Wrong, build
from shuzhi.kernel.catalogue.definitions import Parameter
from shuzhi.kernel.finding import Finding, Refused

PARAMETERS = "parameters.toml"
_HEAD = re.compile(r"^\[\[parameter\]\][^\n]*\n", re.MULTILINE)
_CODE = re.compile(r"^code\s*=\s*[\"']([a-z0-9_]+)[\"']", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Preset:
    """A set of parameters: its name, label, where it comes from, what it cannot say, and its values."""

    name: str
    label: str
    source: str
    note: str
    parameters: tuple[Parameter, ...]
    text: str


def folder() -> Path:
    """Where the packaged presets lie."""
    return Path(__file__).resolve().parents[2] / "catalogues" / "presets"


def presets() -> Mapping[str, Preset]:
    """Every packaged preset by name."""
    return MappingProxyType({path.stem: _read(path) for path in sorted(folder().glob("*.toml"))})


def _read(path: Path) -> Preset:
    text = path.read_text("utf-8")
    table = tomllib.loads(text)
    findings: list[Finding] = []

    def report(identity: str, message: str, hint: str, key: str) -> None:
        findings.append(Finding(identity, message, hint, f"{path.name} {key}"))

    made = []
    for row in table.get("parameter", []):
        try:
            made.append(build(Parameter, row, report))
        except Wrong:
            continue
    if findings:
        raise Refused(findings)
    return Preset(path.stem, table["label"], table["source"], table["note"], tuple(made), text)


def preset(name: str) -> Preset:
    """The preset of that name; raises Refused, naming what there is."""
    found = presets().get(name)
    if found is None:
        hint = f"可用：{'、'.join(presets())}"
        raise Refused(Finding("preset.unknown", f"没有叫“{name}”的参数组", hint))
    return found


def lay(chosen: Preset, overlay: Path) -> Path:
    """The overlay's ``parameters.toml`` with the preset's parameters in place of its own of the same codes.

    Whatever else the file says, comments too, is left as it was. Side effect: the file is written; its path is returned.
    """
    path = overlay / PARAMETERS
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(laid(chosen, path.read_text("utf-8") if path.exists() else ""), "utf-8")
    return path


def laid(chosen: Preset, text: str) -> str:
    """The text of an overlay's parameters after the preset was laid into it."""
    codes = {item.code for item in chosen.parameters}
    starts = [match.start() for match in _HEAD.finditer(text)]
    head = text[: starts[0]] if starts else text
    blocks = [text[start:end] for start, end in pairwise([*starts, len(text)])]
    kept = [block for block in blocks if not ((found := _CODE.search(block)) and found[1] in codes)]
    first = _HEAD.search(chosen.text)
    ours = chosen.text[first.start() :] if first else ""
    parts = [(head + "".join(kept)).rstrip(), f"# 参数组 {chosen.name}：{chosen.label}\n{ours.strip()}"]
    return "\n\n".join(part for part in parts if part) + "\n"
