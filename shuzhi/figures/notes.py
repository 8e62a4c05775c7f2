"""What was used while one figure was worked out: leaves, status words, definitions, warnings, and reasons for what is missing."""

from dataclasses import dataclass, field
from fractions import Fraction

from shuzhi.figures.ask import Leaf
from shuzhi.figures.leaves import Cut
from shuzhi.figures.observed import Seen
from shuzhi.kernel.finding import Finding


def exactly(value: Fraction) -> str:
    """The value in digits without rounding; as a fraction when its digits have no end."""
    for places in range(41):
        scaled = value * 10**places
        if scaled.denominator == 1:
            digits = str(abs(scaled.numerator)).rjust(places + 1, "0")
            text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
            return f"-{text}" if value < 0 else text
    return str(value)


@dataclass
class Notes:
    """Kept while a figure is worked out; each thing stands once, in the order it was met."""

    leaves: dict[Leaf, None] = field(default_factory=dict)
    cuts: dict[Cut, None] = field(default_factory=dict)
    seen: dict[Seen, None] = field(default_factory=dict)
    statuses: dict[str, None] = field(default_factory=dict)
    reasons: dict[str, None] = field(default_factory=dict)
    definitions: dict[str, str] = field(default_factory=dict)
    warnings: dict[Finding, None] = field(default_factory=dict)
    pending: int = 0

    def reason(self, text: str) -> None:
        """Why something is missing."""
        self.reasons[text] = None
