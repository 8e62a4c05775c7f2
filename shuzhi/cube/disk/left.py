"""Own planes that are left where they came from until somebody asks for them."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import SupportsIndex, overload

Plane = memoryview | None


class Left(list[Plane]):
    """The own planes of a role by depth; those of some depths are put in when they are first asked for.

    Raises Refused then when the closing is damaged by now.
    """

    def __init__(
        self, here: Sequence[Plane], left: Collection[int], again: Callable[[], Sequence[Plane]]
    ) -> None:
        super().__init__(here)
        self._left = set(left)
        self._again = again

    @property
    def here(self) -> list[memoryview]:
        """The planes that are in memory now."""
        return [plane for plane in super().__iter__() if plane is not None]

    @property
    def said(self) -> bool:
        """Whether anybody said anything."""
        return bool(self._left or self.here)

    def _recall(self) -> None:
        if self._left:
            found = self._again()
            for depth in sorted(self._left):
                super().__setitem__(depth, found[depth])
            self._left = set()

    @overload
    def __getitem__(self, depth: SupportsIndex) -> Plane: ...
    @overload
    def __getitem__(self, depth: slice) -> list[Plane]: ...
    def __getitem__(self, depth: SupportsIndex | slice) -> Plane | list[Plane]:
        if depth in self._left or not isinstance(depth, int) or depth < 0:
            self._recall()
        return super().__getitem__(depth)

    def __iter__(self) -> Iterator[Plane]:
        self._recall()
        return super().__iter__()
