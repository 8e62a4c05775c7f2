"""Corrections of a cube over many closings: a correction moves its closing's block, the block's root moves the crown.

Blocks lie in files that are never written to; the first correction of a closing takes its block into memory.
"""

from collections.abc import Iterable

from shuzhi.cube.block import Block
from shuzhi.cube.correct import USUAL, Correction, Live, Pace, Unplaced
from shuzhi.cube.crown import Crown, Upper, replaced, root_of
from shuzhi.cube.cube import Cube
from shuzhi.cube.kernels import kernel
from shuzhi.cube.nesting import tellers_of


class LiveCube:
    """A cube of one closing or of many that can be corrected; ``cube`` is read as ever.

    ``version`` rises when cells have moved elsewhere (a block was taken into memory, the crown was made anew): what was
    compiled before then (:class:`~shuzhi.cube.reads.Answers`, :class:`~shuzhi.cube.dashboard.Dashboard`) must be made again.
    """

    def __init__(self, cube: Cube, *, pace: Pace = USUAL) -> None:
        self.cube = cube
        self.version = 0
        self._pace = pace
        self._kernel = cube.recipe.kernel
        self._lives: dict[str, Live] = {}
        if not isinstance(cube.block, Crown):
            self._take(cube.block.source.unit_code, cube.block)

    def apply(self, correction: Correction) -> bool:
        """Correct one cell with all that hangs on it; whether anything moved. Raises Unplaced, Refused."""
        return bool(self.apply_all([correction]))

    def apply_all(self, corrections: Iterable[Correction]) -> int:
        """Correct many cells; how many moved. Raises Unplaced or Refused before anything is changed."""
        by_code: dict[str, list[Correction]] = {}
        for correction in corrections:
            by_code.setdefault(self._holder(correction), []).append(correction)
        lives = {code: self._live(code) for code in by_code}
        ready = {code: lives[code].ready(own) for code, own in by_code.items()}
        moved = {code: lives[code].tell(own) for code, own in ready.items()}
        if isinstance(self.cube.block, Crown):
            self._lift([code for code, many in moved.items() if many])
        return sum(moved.values())

    def _holder(self, correction: Correction) -> str:
        """The unit whose closing a correction belongs to."""
        cube, unit, level = self.cube, correction.unit, correction.level
        if not isinstance(cube.block, Crown):
            return cube.block.source.unit_code
        if unit in cube.roots:
            return unit
        row = cube.block.axis.find(unit, level)
        tellers = tellers_of(cube.uppers.values(), unit, cube.block.axis.level_of(row)) if row >= 0 else []
        if tellers:
            return tellers[0][0].code
        holders = (
            code for code in cube.blocks.holding(unit) if self._block(code).axis.find(unit, level) >= 0
        )
        found = next(holders, None)
        if found is None:
            raise Unplaced(f"{correction.indicator} {unit} {correction.year}-{correction.month}")
        return found

    def _block(self, code: str) -> Block:
        upper = self.cube.uppers.get(code)
        return self.cube.blocks.get(code) if upper is None else upper.block

    def _live(self, code: str) -> Live:
        if code not in self._lives:
            self._take(code, self._block(code))
        return self._lives[code]

    def _take(self, code: str, block: Block) -> None:
        """Take a closing's block into memory."""
        live = self._lives[code] = Live.of(block, kernel_name=self._kernel, pace=self._pace)
        self.version += 1
        if not isinstance(self.cube.block, Crown):
            self.cube.block = live.block
        elif code in self.cube.uppers:
            self.cube.uppers[code] = Upper(live.block, self.cube.uppers[code].units)
        else:
            self.cube.blocks.held[code] = live.block

    def _lift(self, codes: Iterable[str]) -> None:
        """Bring the crown up to date with the blocks that moved."""
        cube, chosen = self.cube, kernel(self._kernel)
        uppers = list(cube.uppers.values())
        for code in codes:
            crown = None
            if code in cube.roots and isinstance(cube.block, Crown):
                before, root = cube.roots[code], root_of(self._lives[code].block)
                cube.roots[code] = root
                crown = replaced(cube.block, before, root, chosen, uppers)
            if crown is None:
                cube.crown()
                self.version += 1
            else:
                cube.block = crown
