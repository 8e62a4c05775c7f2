"""Whether a clause speaks of another area than the report's: the county's figure said of a township would be false."""

import re
from functools import lru_cache
from pathlib import Path

from shuzhi.figures.closing import Closing
from shuzhi.prose.model import Draft, Figure, Slot
from shuzhi.reports.cards import UNIT
from shuzhi.reports.held import table

_WIDER = re.compile(r"(?<![于居列在到])(?:全国|全省|全市|我省|我市)(?!.{0,2}(?:前列|第|平均|率先))")


def elsewhere(draft: Draft, slot: Slot | Figure, closing: Closing, unit: str, unit_name: str) -> str:
    """Why the figures of ``unit`` cannot stand in a place, in Chinese; "" when its clause names no other area."""
    said = draft.text[slot.clause.start : slot.span.start]
    wider = _WIDER.search(said)
    if wider and not (wider.group().endswith("市") and unit_name.endswith("市")):
        return f"句中说的是{wider.group()}的数，账上只有{unit_name}的数"
    for code, name in _areas(closing.id, closing.file("unit")):
        if name in said and code != (unit or closing.unit_code):
            return f"句中说的是{name}，这里能填的是{unit_name}的数；请改写，或另填该单位的报告"
    return ""


@lru_cache(maxsize=8)
def _areas(closing_id: str, file: Path) -> tuple[tuple[str, str], ...]:
    """Code and name of every township and village: areas, which departments are not."""
    held = table(closing_id, file, UNIT)
    rows = zip(*(held[name].to_pylist() for name in UNIT), strict=True)
    return tuple((code, name) for code, name, level in rows if level in ("township", "village"))
