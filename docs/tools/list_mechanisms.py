"""Write docs/mechanisms.md: one row a mechanism, with its ledgers, limits, figures, disclosure and place in the demo; `--check` only compares."""

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIST = ROOT / "docs" / "mechanisms.md"
sys.path.insert(0, str(ROOT))

from demo import make  # noqa: E402
from demo.pen import Parcel, Row  # noqa: E402
from shuzhi.kernel.catalogue.definitions import Catalogue, Clock, Kind  # noqa: E402
from shuzhi.kernel.catalogue.load import national  # noqa: E402
from shuzhi.kernel.expr.spell import spell  # noqa: E402

PER = {"calendar": "天", "working": "个工作日", "month": "个月", "year": "年", "hour": "小时"}
# What a mechanism has that is no ledger: the page where its work is done.
PAGES = {
    "M01": "“目标”页：指标的目标值、分解、调整、计分",
    "M09": "“节奏”页：周计划、日报告、碰头会",
    "M11": "“指标”“填报”页：指标数据和核对",
    "M58": "“报告”页：草稿、成稿、放数、签发、公开",
    "M59": "“测评”页：票、投票、计票、核验",
}

ABOUT = (
    "由 `python docs/tools/list_mechanisms.py` 从目录和演示县生成，不要手改。每项机制一行：登记在哪本台账、有哪些时限、给出哪些数、"
    "怎样公开、在演示县（`./dev demo`）哪份工作簿里看得到。台账的字段和依据见 [目录一览](catalogue-list.md)。"
)


def row(*cells: object) -> str:
    """Return one line of a table."""
    return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def limit(clock: Clock, catalogue: Catalogue) -> str:
    """Return a clock in a few words: 办结期限 60天."""
    if clock.on:
        month, day = clock.on.split("-")
        return f"{clock.label} {int(month)}月{int(day)}日{'后' if clock.at_least else '前'}"
    assert clock.limit is not None
    number = spell(clock.limit.node)
    local = re.fullmatch(r"param\('(\w+)'\)", number)
    if local:
        number = catalogue.parameters[local[1]].values[-1][1]
    told = f"{number}{PER[clock.per]}" if number.isdigit() else "按情形"
    word = "提前" if clock.before else "不少于" if clock.at_least else ""
    return f"{clock.label} {word}{told}{'（参数）' if local else ''}"


def joined(parts: Iterable[str]) -> str:
    """Return the parts in one cell, or a dash."""
    return "；".join(dict.fromkeys(part for part in parts if part)) or "—"


def disclosed(kind: Kind, catalogue: Catalogue) -> str:
    """Return how a kind is made public."""
    if kind.disclosure is None:
        words = {"public": "列表公开", "restricted": "限定查阅", "work-secret": "工作秘密"}
        return f"{kind.label}：{words[kind.visibility]}" if kind.visibility in words else ""
    clock = kind.clock(kind.disclosure.clock)
    return f"{kind.label}：应公开{f'（{limit(clock, catalogue)}）' if clock else ''}"


@dataclass(slots=True)
class Noted(Parcel):
    """A parcel that only notes which forms each workbook holds."""

    forms_of: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def write(self, name: str, sheets: Mapping[str, Iterable[Row]]) -> None:
        """Note the forms."""
        self.forms_of[name] = tuple(sheets)


def workbooks(catalogue: Catalogue) -> dict[str, list[str]]:
    """Return the demo's workbooks by the kind whose rows they hold."""
    parcel = Noted(make.SEED)
    make.fill(parcel)
    found: dict[str, list[str]] = {}
    for name, codes in parcel.forms_of.items():
        for code in codes:
            kind = code.partition(".")[0]
            if kind in catalogue.kinds and name not in found.setdefault(kind, []):
                found[kind].append(name)
    return found


def listing() -> str:
    """Return the whole document."""
    catalogue = national()
    held = workbooks(catalogue)
    kinds: dict[str, list[Kind]] = {}
    for kind in catalogue.kinds.values():
        kinds.setdefault(kind.mechanism, []).append(kind)
    clocks = sum(len(kind.clocks) for kind in catalogue.kinds.values())
    figures = sum(len(kind.figures) for kind in catalogue.kinds.values())
    counted = (
        f"共 {len(catalogue.mechanisms)} 项机制，{len(catalogue.kinds)} 本台账，{len(catalogue.indicators)} 个指标，"
        f"{clocks} 个时限，{figures} 个台账数字。"
    )
    lines = [
        "# 机制一览",
        "",
        ABOUT,
        "",
        counted,
    ]
    group = ""
    for code, mechanism in catalogue.mechanisms.items():
        if mechanism.group != group:
            group = mechanism.group
            lines += [
                "",
                f"## {group}",
                "",
                row("机制", "台账", "时限", "数", "公开", "演示"),
                row(*["---"] * 6),
            ]
        own = sorted(kinds.get(code, ()), key=lambda kind: kind.code)
        ledgers = [*(f"{kind.label} `{kind.code}`" for kind in own), PAGES.get(code, "")]
        lines.append(
            row(
                f"{code} {mechanism.label}",
                joined(ledgers),
                joined(limit(clock, catalogue) for kind in own for clock in kind.clocks),
                joined(f"{figure.label}" for kind in own for figure in kind.figures),
                joined(disclosed(kind, catalogue) for kind in own),
                joined(name.removesuffix(".xlsx") for kind in own for name in held.get(kind.code, ())),
            )
        )
    return "\n".join([*lines, ""])


def main() -> int:
    """Write or compare the document."""
    text = listing()
    if "--check" in sys.argv[1:]:
        return 0 if LIST.exists() and LIST.read_text("utf-8") == text else 1
    LIST.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
