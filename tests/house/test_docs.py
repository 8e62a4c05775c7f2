"""The documents are complete: what the product has is named in them, and what they name exists."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.reading import ROOT, indicator_codes, kind_codes, modules, packages, strings

DOCS = ROOT / "docs"
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")


def document(name: str) -> str:
    """Return a document's text; one that is missing names nothing."""
    path = DOCS / name
    return path.read_text("utf-8") if path.exists() else ""


def named(text: str) -> set[str]:
    """Return what a document sets as code: `like this`."""
    return set(re.findall(r"`([^`\n]+)`", text))


def settings_read() -> set[str]:
    """Return every SHUZHI_… variable the product names."""
    return {
        str(node.value)
        for _, tree in modules()
        for node in strings(tree)
        if re.fullmatch(r"SHUZHI_[A-Z][A-Z_]*[A-Z]", str(node.value))
    }


def command_words() -> set[str]:
    """Return every command of the product and every option: what is given to add_parser() and add_argument()."""
    words = {
        node.args[0].value
        for path, tree in modules()
        if path.startswith("shuzhi/cli")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"add_parser", "add_argument"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    return {word for word in words if isinstance(word, str)}


def fences(text: str) -> list[str]:
    """Return the commands of a document's fenced blocks, without their comments."""
    lines = [
        line for block in re.findall(r"```\w*\n(.*?)```", text, re.DOTALL) for line in block.splitlines()
    ]
    return [stripped for line in lines if (stripped := line.split("#")[0].strip())]


def headings(text: str) -> list[int]:
    """Return the level of every heading, fenced blocks left out."""
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    return [len(marks) for marks in re.findall(r"^(#+) ", prose, re.MULTILINE)]


def test_every_kind_and_indicator_is_listed() -> None:
    """The list is made from the catalogue: run docs/tools/list_catalogue.py after changing it."""
    assert (kind_codes() | indicator_codes()) - named(document("catalogue-list.md")) == set()
    assert (
        subprocess.run(
            [sys.executable, DOCS / "tools" / "list_catalogue.py", "--check"], check=False
        ).returncode
        == 0
    )


def test_every_mechanism_has_its_row() -> None:
    """The list is made from the catalogue and the demo: run docs/tools/list_mechanisms.py after changing them."""
    command = [sys.executable, str(DOCS / "tools" / "list_mechanisms.py"), "--check"]
    assert subprocess.run(command, check=False).returncode == 0


def test_every_setting_is_in_the_settings_document_and_no_other() -> None:
    written = {
        word for word in re.findall(r"SHUZHI_[A-Z_]+", document("settings.md")) if "_TEST_" not in word
    }
    assert written == settings_read()


def test_every_command_and_option_is_in_the_commands_document() -> None:
    text = document("commands.md")
    positional = {
        "workbooks",
        "kind",
        "username",
        "expression",
        "draft",
        "file",
        "folders",
        "codes",
        "files",
        "text",
        "closings",
    }  # named there in Chinese
    words = command_words() - positional
    assert {word for word in words if not re.search(rf"(?<![\w-]){re.escape(word)}\b", text)} == set()


def test_every_package_is_drawn_in_the_house() -> None:
    text = document("house.md")
    assert [name for name in packages() if not re.search(rf"\b{name}\b", text)] == []


def test_the_two_readmes_say_the_same() -> None:
    english, chinese = (path.read_text("utf-8") for path in READMES)
    assert headings(english) == headings(chinese)
    assert fences(english) == fences(chinese)


def test_every_command_of_the_readme_exists() -> None:
    usage = (ROOT / "dev").read_text("utf-8")
    words = {line.split()[1] for line in fences(READMES[0].read_text("utf-8")) if line.startswith("./dev ")}
    assert {word for word in words if f"./dev {word}" not in usage} == set()


@pytest.mark.parametrize("path", sorted([*READMES, *DOCS.rglob("*.md")]), ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text("utf-8"))
    local = [target for target in targets if "://" not in target and not target.startswith("mailto:")]
    assert [target for target in local if not (path.parent / target).exists()] == []
