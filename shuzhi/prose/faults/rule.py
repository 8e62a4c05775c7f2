"""What a rule is: an id, the type of defect it finds, its force, and a small function over a draft that was read."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from shuzhi.prose.model import Draft, Force, Severity, Span
from shuzhi.prose.tables import at


@dataclass(frozen=True, slots=True)
class Found:
    """One place a rule objects to, how sure it is, and why, in Chinese."""

    span: Span
    explanation: str
    severity: Severity = "certain"


def matched(draft: Draft, pattern: re.Pattern[str]) -> Iterator[Span]:
    """Where `pattern` stands in the report, carrier text left out."""
    for found in pattern.finditer(draft.text):
        span = Span(*found.span())
        if not any(s.touches(span) for s in draft.boilerplate):
            yield span


def silent(draft: Draft) -> Iterator[Found]:
    """The check of a rule whose findings are made elsewhere (finished texts, earlier texts, waivers)."""
    yield from ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the office secretary; `id` is stable and names its page in the docs.

    `force`: 规定 a standard or regulation says so, 一般 wrong by common practice, 推荐 better so, 提示 mere advice.
    """

    id: str
    type: str
    check: Callable[[Draft], Iterator[Found]]
    force: Force = "一般"

    @property
    def title(self) -> str:
        """What the rule finds, in a few words, from the table of rules."""
        return str(at("rules", self.id, "title"))
