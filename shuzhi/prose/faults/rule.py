"""What a rule is: an id, the type of defect it finds, and a small function over a draft that was read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from shuzhi.prose.model import Draft, Severity, Span


@dataclass(frozen=True, slots=True)
class Found:
    """One place a rule objects to, how sure it is, and why, in Chinese."""

    span: Span
    explanation: str
    severity: Severity = "certain"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the office secretary; `id` is stable and names its page in the docs."""

    id: str
    type: str
    check: Callable[[Draft], Iterator[Found]]
