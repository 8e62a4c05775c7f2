"""The page for those who write catalogues knows every word of the language, and nothing else."""

import re
from pathlib import Path

from shuzhi.kernel.expr.functions import FUNCTIONS, SPANS
from shuzhi.kernel.expr.lexer import KEYWORDS, LONGEST, MOST_WORDS
from shuzhi.kernel.expr.parse import parse

PAGE = (Path(__file__).parents[2] / "docs" / "language.md").read_text("utf-8")
READERS = {"both": "都可", "row": "一条", "figure": "全账"}


def test_every_function_stands_on_the_page_as_it_is_and_no_other() -> None:
    section = PAGE.partition("## 八、函数")[2].partition("## 九")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    assert rows == [
        f"| `{item.form}` | {READERS[item.reader]} | {item.says} | `{item.example}` |"
        for item in FUNCTIONS.values()
    ]


def test_every_example_of_a_function_can_be_read() -> None:
    for item in FUNCTIONS.values():
        assert f"{item.name}(" in item.example
        parse(item.example)


def test_every_word_and_period_stands_on_the_page() -> None:
    names = PAGE.partition("## 九")[2]
    listed = set(re.findall(r"`([a-z]+)`", names))
    assert listed == KEYWORDS | set(SPANS) | {"today"}
    for word, says in SPANS.items():
        assert f"| `{word}` | {says.replace('year(2024)', '`year(2024)`')} |" in PAGE


def test_every_example_of_an_operation_can_be_read() -> None:
    section = PAGE.partition("## 四、运算")[2].partition("## 五")[0]
    for line in section.splitlines():
        if line.startswith("| `"):
            for example in re.findall(r"`([^`]+)`", line.rsplit("|", 2)[1]):
                parse(example)


def test_the_limits_on_the_page_are_the_limits() -> None:
    assert f"最多 {LONGEST} 字、{MOST_WORDS} 个词，括号最多套 30 层" in PAGE
