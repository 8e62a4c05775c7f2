"""Codes that people hold: the one on a slip, which lets its bearer vote once, and the receipt a voter takes home.

Both are drawn at random from letters nobody takes for one another; of a slip's code only a digest is kept.
"""

import secrets
from collections.abc import Callable

from shuzhi.kernel.chain import digest

#: Crockford's letters: no I, L, O, U.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: 80 bits: nobody finds one by trying, neither at the page nor from its digest.
SLIP = 16
#: 50 bits: enough that no two voters of a county get the same.
RECEIPT = 10
Choose = Callable[[str], str]
_ALIKE = str.maketrans("OIL", "011")


def draw_slip(choose: Choose = secrets.choice) -> str:
    """A fresh code for a slip."""
    return "".join(choose(LETTERS) for _ in range(SLIP))


def draw_receipt(choose: Choose = secrets.choice) -> str:
    """A fresh receipt, as it is shown: ``K7Q2M-3XA9P``."""
    code = "".join(choose(LETTERS) for _ in range(RECEIPT))
    return f"{code[:5]}-{code[5:]}"


def plain(typed: str) -> str:
    """A code however it was typed: small letters, blanks, hyphens, O for 0, I and L for 1."""
    return "".join(char for char in typed.upper() if char.isalnum()).translate(_ALIKE)[:64]


def spaced(code: str) -> str:
    """A slip's code as it is printed, in fours."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def slip_digest(evaluation: str, code: str, algorithm: str) -> str:
    """What is kept of a slip's code: bound to its evaluation, so that it is worth nothing in another."""
    return digest(f"slip\n{evaluation}\n{plain(code)}".encode(), algorithm)
