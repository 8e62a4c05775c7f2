"""The places of a draft: what each mask asks for, what became of it, and how the value is printed truthfully."""

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from shuzhi.kernel.chain import canonical, digest
from shuzhi.kernel.measure import half_up, say
from shuzhi.prose.model import Meaning, Slot


class State(StrEnum):
    """What became of a place; the value is the word on the screen."""

    FILLED = "已填"
    WRITTEN = "自填"
    LEFT = "略去"
    NAME = "名称"
    UNKNOWN = "无此指标"
    UNREPORTED = "未报"
    AMBIGUOUS = "待选"
    CONFLICT = "与账不符"
    OTHER = "非数值"
    UNANSWERABLE = "不能代答"


SETTLED = (State.FILLED, State.WRITTEN, State.LEFT)
"""A place in one of these is no gap."""


class Manner(StrEnum):
    """How the author settled a place by hand; the value is the word on the screen."""

    ACCEPTED = "采用"
    WRITTEN = "填写"
    LEFT = "略去"
    WITHDRAWN = "撤回"


@dataclass(frozen=True, slots=True)
class Given:
    """What the author put in a place: the words, where they come from, who put them there.

    ``text`` of a place left out is what is printed instead ("" nothing, or a dash), ``source`` then the reason; ``refs`` are
    the items an accepted name was taken from, ``paper`` the ref and title of the paper that bears a written one.
    """

    manner: Manner
    text: str
    source: str
    by: str = ""
    day: str = ""
    refs: tuple[str, ...] = ()
    paper: str = ""

    def as_card(self) -> dict[str, object]:
        """What is kept of it beside the printed words."""
        return {
            "manner": str(self.manner),
            "text": self.text,
            "source": self.source,
            "by": self.by,
            "day": self.day,
            "refs": list(self.refs),
            "paper": self.paper,
        }


@dataclass(frozen=True, slots=True)
class Proposal:
    """A name the books know for a place, where it comes from, and the items it names; never printed until accepted."""

    text: str
    source: str
    refs: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The proposal for ``--json``."""
        return {"text": self.text, "source": self.source, "refs": list(self.refs)}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A concept that could stand here: how sure the reader is (per mille) and why; ``value`` as it would be printed."""

    code: str
    label: str
    confidence: int
    reason: str
    value: str = ""

    def as_json(self) -> dict[str, object]:
        """The candidate for ``--json`` and the page."""
        return {
            "concept": self.code,
            "label": self.label,
            "confidence": self.confidence,
            "reason": self.reason,
            "value": self.value,
        }


@dataclass(frozen=True, slots=True)
class Place:
    """One masked place and what became of it.

    ``text`` is what is printed, ``card`` everything behind it, ``notice`` what the author should look at though it is
    filled; ``proposals`` are names the books know for it, ``given`` what the author put there; ``owner`` is who can give
    what lacks.
    """

    slot: Slot
    state: State
    reason: str
    text: str = ""
    unit: str = ""
    concept: str = ""
    label: str = ""
    code: str = ""
    status: str = ""
    candidates: tuple[Candidate, ...] = ()
    card: dict[str, object] | None = None
    notice: str = ""
    proposals: tuple[Proposal, ...] = ()
    given: Given | None = None
    owner: str = ""

    @property
    def settled(self) -> bool:
        """Whether the place is no gap: filled, written in with its source, or left out with a reason."""
        return self.state in SETTLED

    @property
    def waiting(self) -> bool:
        """Whether the author need only choose: a gap with candidates or proposed names."""
        return not self.settled and (self.state is State.AMBIGUOUS or bool(self.proposals))

    def as_json(self) -> dict[str, object]:
        """The place as data: offsets in the draft, state, value, and the card."""
        return {
            "id": self.slot.id,
            "start": self.slot.span.start,
            "end": self.slot.span.end,
            "mask": self.slot.text,
            "state": str(self.state),
            "reason": self.reason,
            "text": self.text,
            "unit": self.unit,
            "concept": self.concept,
            "label": self.label,
            "status": self.status,
            "code": self.code,
            "notice": self.notice,
            "candidates": [candidate.as_json() for candidate in self.candidates],
            "proposals": [proposal.as_json() for proposal in self.proposals],
            "owner": self.owner,
            "card": self.card,
        }


_POINT = re.compile(r"[.．·点]")
_COMMA = re.compile(r"[,，]")
_ABOVE, _BELOW = ("gt", "ge"), ("lt", "le")
MOST_DECIMALS = 6


def decimals_of(mask: str) -> int | None:
    """How many decimals a mask asks for: ``X.X`` one, ``XX.XX`` two; a bare mask leaves it to the definition (None)."""
    parts = _POINT.split(mask.strip())
    return len(parts[1]) if len(parts) == 2 and parts[1] else None


def printed(value: Fraction, decimals: int, mask: str, bound: str | None) -> str:
    """The value in digits, so that the sentence around it stays true; "" when no number of that form is true.

    Beside a bound it is rounded to its side: “超过81%” and “220多户” need a number below the exact one (a whole one when
    the mask asks for no decimals), “近30个” one above it, “以上” and “以内” may also be equal. A bare mask gets more
    decimals rather than print something as 0.
    """
    grouped = bool(_COMMA.search(mask))
    if bound in _ABOVE or bound in _BELOW:
        milestone = bound == "gt" and value > 1 and decimals_of(mask) is None
        return _bounded(value, 0 if milestone else decimals, bound, grouped)
    if value and not half_up(value, decimals):
        if decimals_of(mask) is not None:
            return ""
        decimals = next((n for n in range(decimals, MOST_DECIMALS) if half_up(value, n)), MOST_DECIMALS)
    return say(half_up(value, decimals), decimals, grouped=grouped)


def _bounded(value: Fraction, decimals: int, bound: str, grouped: bool) -> str:
    """A number on the right side of the bound; whole things beside 多, 近 are said in tens, or hundreds from a thousand."""
    strict, side = bound in ("gt", "lt"), -1 if bound in _ABOVE else 1
    step = Fraction(1, 10**decimals)
    if strict and not decimals and value.denominator == 1 and value > 10:
        step = Fraction(100 if value > 1000 else 10)
    steps = side * ((side * value / step).__ceil__())
    shown = steps * step
    if strict and shown == value:
        shown += side * step
    return "" if shown <= 0 < value else say(shown, decimals, grouped=grouped)


def against(meaning: Meaning, value: Fraction) -> str:
    """Why the value contradicts the words around the mask (下降 beside a rise), in Chinese; empty when it does not."""
    if meaning.kind != "growth" or value == 0 or meaning.direction is None:
        return ""
    amount = f"{say(abs(value), 2)}{meaning.unit or ''}"
    if meaning.direction == "down" and value > 0:
        return f"账上是增长 {amount}，与文中的下降相反，请改写这一句"
    if meaning.direction == "up" and value < 0:
        return f"账上是下降 {amount}，与文中的增长相反，请改写这一句"
    return ""


_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def short_code(facts: dict[str, object]) -> str:
    """The short code of a figure: eight signs (Crockford's base 32, no I L O U) of the digest of what it states."""
    number = int(digest(canonical(facts)).partition(":")[2][:10], 16)
    signs = "".join(_ALPHABET[(number >> shift) & 31] for shift in range(35, -1, -5))
    return f"{signs[:4]}-{signs[4:]}"
