"""A ref names one thing of the accounts for ever: ``matter/2025-0143``, ``unit/990123``, ``blob/sha256:…``."""

import re
from dataclasses import dataclass
from typing import Self

_PATTERN = re.compile(r"([a-z]+)/([^\s/]+)")


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """A shape and a key; its text form is stable, readable and safe in a URL path."""

    shape: str
    key: str

    def __str__(self) -> str:
        return f"{self.shape}/{self.key}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``shape/key``; raises ValueError with a Chinese sentence when the text is no ref."""
        match = _PATTERN.fullmatch(text)
        if match is None:
            raise ValueError(f"“{text}”不是编号：应形如 matter/2025-0143")
        return cls(match[1], match[2])

    @classmethod
    def numbered(cls, shape: str, year: int, number: int) -> Self:
        """The ``number``-th thing of a shape in a year: ``matter/2025-0143``."""
        return cls(shape, f"{year:04d}-{number:04d}")
