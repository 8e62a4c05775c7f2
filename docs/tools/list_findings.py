"""Write docs/findings: a page for every rule of the office secretary, and their index; `--check` only compares."""

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from shuzhi.prose.faults import ELSEWHERE, RULES  # noqa: E402  - the path comes first
from shuzhi.prose.faults.rule import Rule  # noqa: E402
from shuzhi.prose.tables import at, table  # noqa: E402

PAGES = ROOT / "docs" / "findings"
MADE = "由 `python docs/tools/list_findings.py` 从 `shuzhi/prose/data/rules.toml` 生成，不要手改。"
FORCES = {
    "规定": "国家标准、规定明文要求的，应当改。",
    "一般": "按通行写法是错的，应当改。",
    "推荐": "改了更好。",
    "提示": "只供参考；在 `advice` 里，不算疑误。",
}


def said(rule: Rule, key: str) -> str:
    """Return what the table of rules says of a rule."""
    return str(at("rules", rule.id, key))


def quoted(text: str) -> str:
    """Return an example as a block that keeps its lines."""
    return f"```text\n{text}\n```"


def head(rule: Rule) -> str:
    """Return the id a waiver would name: that of the whole family."""
    return rule.id.rpartition("-")[0]


def page(rule: Rule) -> str:
    """Return the page of a rule."""
    told = table("rules")[rule.id]
    other = isinstance(told, dict) and "earlier" in told
    earlier = ["以前的材料：", "", quoted(said(rule, "earlier")), ""] if other else []
    return "\n".join(
        [
            f"# {rule.id} {rule.title}",
            "",
            f"力度：{rule.force}。{FORCES[rule.force]}",
            "",
            "## 查什么",
            "",
            said(rule, "looks"),
            "",
            "## 依据",
            "",
            said(rule, "why"),
            "",
            "## 例子",
            "",
            *earlier,
            "错：",
            "",
            quoted(said(rule, "wrong")),
            "",
            "对：",
            "",
            quoted(said(rule, "right")),
            "",
            *kept(rule),
        ]
    )


def kept(rule: Rule) -> Iterator[str]:
    """Yield how to set the finding aside; what is said of waivers themselves cannot be."""
    if rule.force != "提示" or rule.type != "waiver":
        yield from (
            "## 不查",
            "",
            f"确实要这样写的，在那一段里注明 `【不查 {rule.id}：理由】`；写 `{head(rule)}` 则这一类都不查。",
            "单独占一行、放在第一个标题之前的，管全文。注明的话不会印出来，记在 `waived` 里。",
            "",
        )
    yield "[全部检查](README.md)"
    yield ""


def index(rules: list[Rule]) -> str:
    """Return the index: the rules by force, each force in the order of the table."""
    lines = ["# 读草稿查些什么", "", MADE, ""]
    for force, meaning in FORCES.items():
        members = [rule for rule in rules if rule.force == force]
        lines += [f"## {force}", "", meaning, "", "| 编号 | 名称 | 查什么 |", "|---|---|---|"]
        lines += [f"| [{rule.id}]({rule.id}.md) | {rule.title} | {said(rule, 'looks')} |" for rule in members]
        lines += [""]
    return "\n".join(lines)


def pages() -> dict[str, str]:
    """Return every file of the folder by its name."""
    order = list(table("rules"))
    rules = sorted((*RULES, *ELSEWHERE), key=lambda rule: order.index(rule.id))
    return {"README.md": index(rules)} | {f"{rule.id}.md": page(rule) for rule in rules}


def main() -> int:
    """Write the folder, or with `--check` return 1 when it is not what the table says."""
    made = pages()
    there = {path.name: path.read_text("utf-8") for path in PAGES.glob("*.md")} if PAGES.exists() else {}
    if "--check" in sys.argv[1:]:
        return int(made != there)
    PAGES.mkdir(exist_ok=True)
    for name in set(there) - set(made):
        (PAGES / name).unlink()
    for name, text in made.items():
        (PAGES / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
