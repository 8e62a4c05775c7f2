"""The cube: blocks of many closings and the crown above them behind one face."""

from shuzhi.cube.block import Block
from shuzhi.cube.exact import NOBODY, Cell

__all__ = ["Cell", "Cube"]


class Cube:
    """Every indicator of every unit in every month, of one closing."""

    def __init__(self, block: Block) -> None:
        self.block = block

    def cell(self, indicator: str, unit: str, year: int, month: int, role: str = "actual") -> Cell:
        """What is known of an indicator of a unit ("" the whole) in a period; raises KeyError for an unknown unit."""
        block, row = self.place(unit)
        line = block.frame.places.get(indicator, -1)
        return NOBODY if line < 0 else block.cell(row, line, year, month, role)

    def place(self, unit: str, level: str = "") -> tuple[Block, int]:
        """The block and the row of a unit ("" the whole); raises KeyError when there is no such unit."""
        row = self.block.axis.find(unit, level) if unit else self.block.root
        if row < 0:
            raise KeyError(unit)
        return self.block, row
