"""Papers named in a sheet: files beside the workbook, attached to what the row is about."""

import mimetypes
import re
from datetime import date

from shuzhi.intake.steps import Reading, nearest

_BETWEEN = re.compile(r"[;；\n]+")
_COLON = re.compile(r"[:：]")


def hand_in(reading: Reading, owner: str, day: date) -> int:
    """Attach the papers the row names to the thing of that ref; how many were not there before.

    The files themselves are written only at the end of the entry, so that a dry run or a refused workbook leaves no file
    behind. The same paper on the same thing twice is one.
    """
    fresh = 0
    for said in filter(None, (part.strip() for part in _BETWEEN.split(reading.text("papers")))):
        kind, name = _kind_and_name(reading, said)
        if kind is None:
            continue
        data = reading.context.material(name)
        if data is None:
            hint = (
                nearest(name, reading.context.materials)
                if reading.context.materials
                else "请把文件放进“材料”文件夹，与工作簿一起导入"
            )
            reading.wrong("papers", "intake.paper-absent", f"没有找到材料文件“{name}”", hint)
        elif not data:
            reading.wrong("papers", "intake.paper-empty", f"材料文件“{name}”是空的", "请换成完整的文件")
        else:
            fresh += _attach(reading, owner, kind, name, day, data)
    return fresh


def named_papers(reading: Reading) -> list[tuple[str, str, bytes]]:
    """Kind, title and bytes of every paper the row names; what cannot be found or is empty becomes a finding."""
    found = []
    for said in filter(None, (part.strip() for part in _BETWEEN.split(reading.text("papers")))):
        kind, name = _kind_and_name(reading, said)
        data = reading.context.material(name) if kind is not None else None
        if kind is not None and data:
            found.append((kind, name, data))
    return found


def _kind_and_name(reading: Reading, said: str) -> tuple[str | None, str]:
    """The kind of a paper and its file: 验收单:东坡.pdf. Without a kind the catalogue's last one (其他) is meant."""
    known = {item.label: item.code for item in reading.context.catalogue.papers.values()}
    known |= {item.code: item.code for item in reading.context.catalogue.papers.values()}
    parts = _COLON.split(said, maxsplit=1)
    if len(parts) == 1:
        if "其他" in known:
            return "其他", parts[0].strip()
        reading.wrong("papers", "intake.paper-kind", f"“{said}”没有写材料类别", "请写成“类别:文件名”")
        return None, ""
    kind, name = parts[0].strip(), parts[1].strip()
    if kind not in known:
        reading.wrong("papers", "intake.paper-kind", f"没有“{kind}”这一类材料", nearest(kind, known))
        return None, ""
    return kind, name


def _attach(reading: Reading, owner: str, kind: str, name: str, day: date, data: bytes) -> int:
    entry = reading.context.entry
    title = name.rpartition("/")[2].rpartition(".")[0] or name
    media = mimetypes.guess_type(name)[0] or "application/octet-stream"
    before = len(entry.papers_of(owner))
    entry.attach(owner, kind, title, day, data, media)
    return len(entry.papers_of(owner)) - before
