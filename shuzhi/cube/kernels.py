"""Which kernel adds up: numba where it is installed, else NumPy, else plain Python. All give the same bits."""

import os
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Final, Protocol

from shuzhi.cube.axis import Axis
from shuzhi.cube.frame import Frame
from shuzhi.cube.planes import Planes
from shuzhi.kernel.finding import Finding, Refused

KERNEL: Final = "SHUZHI_KERNEL"
_MODULES: Final = {"numba": "fast", "numpy": "vector", "plain": "plain"}


class Kernel(Protocol):
    """A module that adds up."""

    name: str

    def roll(self, axis: Axis, frame: Frame, planes: Planes, only: Sequence[int] | None = None) -> None:
        """Work out sums, counts, cumulative sums and weights of all interior rows, from the deepest up; or, the rest being
        right, of ``only`` some.
        """
        ...

    def borrow(self, actual: memoryview, forecast: memoryview, lent: memoryview) -> None:
        """Let the year's forecast stand for a December's actual that nobody has said, and mark where."""
        ...


def kernel(name: str = "") -> Kernel:
    """The kernel of that name; without one, the one ``SHUZHI_KERNEL`` names, else the fastest there is.

    Raises Refused when there is no such kernel on this machine.
    """
    return _kernel(name or os.environ.get(KERNEL, ""))


@lru_cache(maxsize=8)
def _kernel(name: str) -> Kernel:
    chosen = name or next(each for each in _MODULES if _there(each))
    if chosen not in _MODULES:
        said = f"没有“{chosen}”这种算法，可用：{'、'.join(_MODULES)}"
        raise Refused(Finding("cube.kernel", said, f"改正环境变量 {KERNEL}，或不设", KERNEL))
    if not _there(chosen):
        hint = f"安装 shuzhi[scale]，或不设环境变量 {KERNEL}"
        raise Refused(Finding("cube.kernel", f"本机没有安装 {chosen}", hint, KERNEL))
    found: Kernel = import_module(f"shuzhi.cube.{_MODULES[chosen]}")
    return found


def _there(name: str) -> bool:
    return name == "plain" or find_spec(name) is not None
