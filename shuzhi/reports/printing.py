"""How a figure is printed in its place, and its short code: what was printed once is printed again from the same facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from shuzhi.figures.ask import Figure
from shuzhi.prose.model import Slot
from shuzhi.reports.places import printed, short_code


@dataclass(frozen=True, slots=True)
class Form:
    """What the place of a figure asks of its print: the mask, the word beside it (超过, 近 …), whether the sign is said in
    words.
    """

    mask: str
    bound: str = ""
    absolute: bool = False

    @classmethod
    def of(cls, slot: Slot) -> "Form":
        """The form a slot asks for."""
        meaning = slot.meaning
        return cls(slot.text, meaning.bound or "", meaning.kind == "growth" and meaning.direction is not None)

    @classmethod
    def from_json(cls, said: Mapping[str, object]) -> "Form":
        """The form as a card keeps it."""
        return cls(str(said["mask"]), str(said["bound"]), said["absolute"] is True)

    def as_json(self) -> dict[str, object]:
        """The form as data."""
        return {"mask": self.mask, "bound": self.bound, "absolute": self.absolute}

    def printed(self, value: Fraction, figure: Figure) -> str:
        """The value as it stands in the text; "" when no number of that form is true."""
        shown = abs(value) if self.absolute else value
        return printed(shown, decimals_in(figure), self.mask, self.bound or None)


def decimals_in(figure: Figure) -> int:
    """How many decimals a figure is said with."""
    return len(figure.text.partition(".")[2])


def code_of(figure: Figure, text: str, closing: str) -> str:
    """The short code of a figure printed as ``text`` from a closing: of the same facts always the same."""
    ask = figure.ask
    facts: dict[str, object] = {
        "closing": closing,
        "expression": ask.expression,
        "year": ask.year,
        "unit": ask.unit,
        "text": text,
        "in": figure.unit,
    }
    return short_code(facts)
