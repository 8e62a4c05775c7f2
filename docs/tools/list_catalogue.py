"""Write docs/catalogue-list.md: every kind and indicator of the packaged catalogue; `--check` only compares."""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = ROOT / "shuzhi" / "catalogues"
LIST = ROOT / "docs" / "catalogue-list.md"
SHAPES = {"subject": "对象", "matter": "事项", "record": "记录", "fund": "资金"}
FREQUENCIES = {"month": "月", "quarter": "季", "half": "半年", "year": "年"}

Table = dict[str, object]


def definitions(pattern: str) -> Iterator[tuple[Path, Table]]:
    """Yield (path, table) of every definition file; the cases beside them are no definitions."""
    for path in sorted(CATALOGUES.glob(pattern)):
        if not path.name.endswith(".cases.toml"):
            yield path, tomllib.loads(path.read_text("utf-8"))


def basis(table: Table) -> str:
    """Return the legal basis in one cell: 《law》article; local practice says so."""
    found = table.get("basis", [])
    assert isinstance(found, list)
    return "；".join(
        f"《{entry['law']}》{entry.get('article', '')}" + ("（本地）" if entry.get("local") else "")
        for entry in found
    )


def row(*cells: object) -> str:
    """Return one line of a table."""
    return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def kind_rows() -> Iterator[str]:
    """Yield the table of kinds with the figures each offers."""
    yield row("代码", "名称", "形态", "依据", "可取的数")
    yield row(*["---"] * 5)
    for _, kind in definitions("**/kinds/*.toml"):
        figures = kind.get("figures", [])
        assert isinstance(figures, list)
        offered = "、".join(f"{figure['label']} `{kind['code']}.{figure['code']}`" for figure in figures)
        shape = SHAPES.get(str(kind["shape"]), kind["shape"])
        yield row(f"`{kind['code']}`", kind["label"], shape, basis(kind), offered)


def indicator_rows() -> Iterator[str]:
    """Yield a heading and a table for each file of indicators."""
    for path, table in definitions("**/indicators/*.toml"):
        yield f"\n### {path.stem}\n"
        yield row("代码", "名称", "单位", "频率", "报送单位", "说明")
        yield row(*["---"] * 6)
        entries = table.get("indicator", [])
        assert isinstance(entries, list)
        for entry in entries:
            often = FREQUENCIES.get(entry["frequency"], entry["frequency"])
            formula = f"由公式算出：`{entry['expression']}`" if entry.get("expression") else ""
            note = "。".join(part for part in (entry.get("note", ""), formula) if part)
            yield row(f"`{entry['code']}`", entry["label"], entry["unit"], often, entry["owner"], note)


def listing() -> str:
    """Return the whole document."""
    lines = [
        "# 目录一览",
        "",
        "由 `python docs/tools/list_catalogue.py` 从目录文件生成，不要手改。写法见 [catalogue.md](catalogue.md)。",
        "",
        "## 种类",
        "",
        *kind_rows(),
        "",
        "## 指标",
        *indicator_rows(),
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    """Write the document, or with `--check` return 1 when it is not what the catalogue says."""
    if "--check" in sys.argv[1:]:
        return int(not LIST.exists() or LIST.read_text("utf-8") != listing())
    LIST.write_text(listing(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
