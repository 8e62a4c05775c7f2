"""Corrections of a cube over many closings: a correction moves its closing's block, the block's root moves the crown.

Blocks lie in files that are never written to: the first correction of a closing maps its block once more, privately, and
only the pages that are corrected take memory.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from shuzhi.cube import kept
from shuzhi.cube.block import Block
from shuzhi.cube.correcting.correct import USUAL, Live, Pace
from shuzhi.cube.correcting.news import Batch, Correction, News, unplaced
from shuzhi.cube.crown import Crown, Upper, replaced, root_of
from shuzhi.cube.cube import Cube
from shuzhi.cube.kernels import kernel
from shuzhi.cube.nest.nesting import tellers_of

_MANY: Final = 32
"""Units from which on they are sought together."""
_THIRD: Final = 3
"""Where more than one root in so many moved, the crown is made anew."""


class LiveCube:
    """A cube of one closing or of many that can be corrected; ``cube`` is read as ever.

    ``version`` rises when cells have moved elsewhere (a block was taken into memory, the crown was made anew): what was
    compiled before then (:class:`~shuzhi.cube.asking.reads.Answers`, :class:`~shuzhi.cube.asking.dashboard.Dashboard`) must be made again.
    """

    def __init__(self, cube: Cube, *, pace: Pace = USUAL) -> None:
        self.cube = cube
        self.version = 0
        self._pace = pace
        self._kernel = cube.recipe.kernel
        self._lives: dict[str, Live] = {}
        self._holders: dict[tuple[str, str], str] = {}
        if not isinstance(cube.block, Crown):
            self._take(cube.block.source.unit_code, cube.block)

    def apply(self, correction: Correction) -> bool:
        """Correct one cell with all that hangs on it; whether anything moved. Raises Unplaced, Refused."""
        return bool(self.apply_all([correction]))

    def apply_all(self, news: News) -> int:
        """Correct many cells; how many moved. Raises Unplaced or Refused before anything is changed."""
        ready = {code: self._live(code).ready(own) for code, own in self._parts(news).items()}
        moved = {code: self._lives[code].tell(own) for code, own in ready.items()}
        if isinstance(self.cube.block, Crown):
            self._lift([code for code, many in moved.items() if many])
        return sum(moved.values())

    def _parts(self, news: News) -> Mapping[str, News]:
        """Corrections by the units whose closings they belong to."""
        if not isinstance(self.cube.block, Crown):
            return {self.cube.block.source.unit_code: news}
        if isinstance(news, Batch):
            levels = news.levels or [""] * len(news.units)
            units = list(zip(news.units, levels, strict=True))
            self._find(units)
            missing = {at for at, unit in enumerate(units) if unit not in self._holders}
            stray = (
                next((at for at, unit in enumerate(news.unit) if unit in missing), None) if missing else None
            )
            if stray is not None:
                raise unplaced(news[stray])
            return news.split([self._holders.get(unit, "") for unit in units])
        given = list(news)
        self._find([(each.unit, each.level) for each in given])
        parts: dict[str, list[Correction]] = {}
        for each in given:
            holder = self._holders.get((each.unit, each.level))
            if holder is None:
                raise unplaced(each)
            parts.setdefault(holder, []).append(each)
        return parts

    def _find(self, units: Iterable[tuple[str, str]]) -> None:
        """Learn whose closings hold some units, by code and level."""
        cube, deeper = self.cube, []
        for unit, level in set(units) - self._holders.keys():
            row = cube.block.axis.find(unit, level)
            tellers = (
                tellers_of(cube.uppers.values(), unit, cube.block.axis.level_of(row)) if row >= 0 else []
            )
            if unit in cube.roots:
                self._holders[unit, level] = unit
            elif tellers:
                self._holders[unit, level] = tellers[0][0].code
            else:
                deeper.append((unit, level))
        if deeper:
            holding = self._holding({unit for unit, _ in deeper})
            for unit, level in deeper:
                for code in holding.get(unit, ()):
                    if self._block(code).axis.find(unit, level) >= 0:
                        self._holders[unit, level] = code
                        break

    def _holding(self, units: set[str]) -> dict[str, list[str]]:
        """The codes of the blocks that hold some units: sought one by one, or, when there are many, block by block."""
        blocks = self.cube.blocks
        if len(units) < _MANY:
            return {unit: list(blocks.holding(unit)) for unit in units}
        blocks.look()
        found: dict[str, list[str]] = {}
        for code, names in blocks.names.items():
            for unit in units.intersection(names.decode().split("\n")):
                found.setdefault(unit, []).append(code)
        return found

    def _block(self, code: str) -> Block:
        upper = self.cube.uppers.get(code)
        return self.cube.blocks.get(code) if upper is None else upper.block

    def _live(self, code: str) -> Live:
        if code not in self._lives:
            self._take(code, self._block(code))
        return self._lives[code]

    def _take(self, code: str, block: Block) -> None:
        """Take a closing's block into memory; of one in a file, only what is corrected."""
        blocks, pace = self.cube.blocks, self._pace
        if code in blocks.files and code not in blocks.held and code not in self.cube.uppers:
            live = Live(kept.private(blocks.files[code]), kernel_name=self._kernel, pace=pace)
        else:
            live = Live.of(block, kernel_name=self._kernel, pace=pace)
        self._lives[code] = live
        self.version += 1
        if not isinstance(self.cube.block, Crown):
            self.cube.block = live.block
        elif code in self.cube.uppers:
            self.cube.uppers[code] = Upper(live.block, self.cube.uppers[code].units)
        else:
            blocks.held[code] = live.block

    def _lift(self, codes: Collection[str]) -> None:
        """Bring the crown up to date with the blocks that moved; when they are many, make it anew."""
        cube, chosen = self.cube, kernel(self._kernel)
        uppers, rooted = list(cube.uppers.values()), [code for code in codes if code in cube.roots]
        before = {code: cube.roots[code] for code in rooted}
        cube.roots |= {code: root_of(self._lives[code].block) for code in rooted}
        anew = len(rooted) < len(codes) or len(rooted) * _THIRD > len(cube.roots) + _MANY
        for code in () if anew else rooted:
            crown = cube.block
            made = (
                replaced(crown, before[code], cube.roots[code], chosen, uppers)
                if isinstance(crown, Crown)
                else None
            )
            if made is None:
                anew = True
                break
            cube.block = made
        if anew:
            cube.crown()
            self.version += 1
