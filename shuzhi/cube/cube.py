"""The cube: blocks of many closings and the crown above them behind one face."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from os import cpu_count
from pathlib import Path
from threading import Lock
from typing import Final

from shuzhi.cube import kept
from shuzhi.cube.axis import Units, lay
from shuzhi.cube.block import Block, Source
from shuzhi.cube.boundaries import units_of
from shuzhi.cube.build import block_of, source_of
from shuzhi.cube.crown import Crown, Root, Upper, crown_again, crown_of, replaced, root_of
from shuzhi.cube.disk.recalled import recalled
from shuzhi.cube.exact import NOBODY, Cell
from shuzhi.cube.frame import MONTHS, Frame
from shuzhi.cube.kernels import kernel
from shuzhi.cube.memory import Again, Memory, Stretches
from shuzhi.cube.nest.opening import inside, lying_open
from shuzhi.figures.closing import Closing
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.finding import Finding, Refused

__all__ = ["Cell", "Cube", "Recipe", "kept_block"]

_EACH: Final = Memory()
_OPEN: Final = 256
"""Blocks mapped at a time, those longest unused let go first."""


@dataclass(frozen=True)
class Recipe:
    """How blocks are made: under which definitions (each closing's own without), over which years (all without), with
    the boundaries of which day (today's without), by which kernel (the fastest without), kept in which folder.
    """

    catalogue: Catalogue | None = None
    years: tuple[int, ...] = ()
    then: date | None = None
    kernel: str = ""
    folder: Path | None = None


def kept_block(closing: Closing, recipe: Recipe) -> tuple[Block, Path | None, bool]:
    """The block of a closing, the file it lies in (None without a folder), and whether it was made now.

    What lies there damaged is made again. Raises Refused when the closing is damaged.
    """
    if recipe.folder is None:
        return _made(closing, recipe), None, True
    definitions = recipe.catalogue or closing.catalogue
    key = kept.key_of(source_of(closing, recipe.then), definitions, recipe.years)
    path = kept.file_of(recipe.folder, key)
    try:
        return kept.get(path, key), path, False
    except (FileNotFoundError, Refused):
        recipe.folder.mkdir(parents=True, exist_ok=True)
        kept.put(_made(closing, recipe), path, key)
        return kept.get(path, key), path, True


def _made(closing: Closing, recipe: Recipe, memory: Memory = _EACH) -> Block:
    years, then, name = recipe.years, recipe.then, recipe.kernel
    definitions = recipe.catalogue or closing.catalogue
    return block_of(closing, catalogue=definitions, years=years, then=then, kernel_name=name, memory=memory)


def _gatherer(recipe: Recipe) -> Callable[[Closing], tuple[Block, Path | None, Root]]:
    """What makes or finds the blocks of many closings, and their roots; in memory it leaves what villages said in the
    closings, where reading that again is a matter of milliseconds.
    """

    def kept_there(closing: Closing) -> tuple[Block, Path | None, Root]:
        block, path, _ = kept_block(closing, recipe)
        return block, path, root_of(block)

    def left_there(closing: Closing) -> tuple[Block, Path | None, Root]:
        own.begin()
        block = _made(closing, recipe, memory)
        return recalled(block, lambda: _made(closing, recipe)), None, root_of(block)

    own = Again()
    memory = Memory(own, Stretches())
    plain = kernel(recipe.kernel).name == "plain"
    return kept_there if plain or recipe.folder is not None else left_there


@dataclass
class _Blocks:
    """The blocks of a cube by their units' codes: those in files opened when wanted, those without a file held."""

    held: dict[str, Block] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    names: dict[str, bytes] = field(default_factory=dict)
    levels: dict[str, frozenset[str]] = field(default_factory=dict)
    _open: OrderedDict[str, Block] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def put(self, block: Block, path: Path | None) -> None:
        """Take a block in, in place of an earlier one of the same unit."""
        code = block.source.unit_code
        with self._lock:
            self._open.pop(code, None)
            self._note(code, block)
            if path is None:
                self.held[code] = block
            else:
                self.files[code] = path

    def _note(self, code: str, block: Block) -> None:
        self.names[code] = b"\n" + block.axis.names + b"\n"
        self.levels[code] = frozenset(block.axis.levels)

    def get(self, code: str) -> Block:
        """The block of a unit; raises Refused when its file is damaged by now."""
        if code in self.held:
            return self.held[code]
        with self._lock:
            block = self._open.get(code)
            if block is None:
                block = self._open[code] = kept.get(self.files[code])
            self._open.move_to_end(code)
            while len(self._open) > _OPEN:
                self._open.popitem(last=False)
        return block

    def drop(self, code: str) -> None:
        """Let a block go."""
        for known in (self.names, self.levels, self.files, self.held):
            known.pop(code, None)

    def look(self) -> None:
        """Learn which units the blocks in files hold."""
        for code in self.files.keys() - self.names.keys():
            self._note(code, self.get(code))

    def holding(self, unit: str) -> Iterator[str]:
        """The codes of the blocks that hold a unit; the first time, every block is looked into."""
        self.look()
        wanted = b"\n" + unit.encode() + b"\n"
        return (code for code, names in self.names.items() if wanted in names)


class Cube:
    """Every indicator of every unit in every month, of one closing or of many."""

    def __init__(self, block: Block, blocks: _Blocks | None = None, recipe: Recipe | None = None) -> None:
        self.block = block
        """The block of the only closing, or the crown over all."""
        self.blocks = blocks or _Blocks()
        self.recipe = recipe or Recipe()
        self.roots: dict[str, Root] = {}
        """What the crown rests on, by the code of each closing's unit."""
        self.uppers: dict[str, Upper] = {}
        """The closings that hold units of others, by the codes of their own: they lie open in the crown, unit by unit."""
        self.closings: dict[str, Closing] = {}
        """The closings themselves, as far as they were given, by the codes of their units."""
        self._places: dict[tuple[str, str], tuple[str, int]] = {}

    @classmethod
    def of(
        cls,
        closings: Sequence[Closing],
        recipe: Recipe | None = None,
        *,
        progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> "Cube":
        """The cube of some closings, each of another unit, in any order.

        A closing that holds units of others lies above or among them, however deep they are nested; the nearest tells of
        a unit. Raises Refused when a closing is damaged, two are of one unit, or closings hold each other; ValueError when
        there is none.
        """
        recipe = recipe or Recipe()
        if not closings:
            raise ValueError("a cube needs a closing")
        once = {closing.id: closing for closing in closings}
        if len(once) == 1:
            return cls(kept_block(closings[0], recipe)[0], recipe=recipe)
        cube = cls._gathered(list(once.values()), recipe, progress)
        cube.crown()
        return cube

    @classmethod
    def mapped(
        cls,
        crown: Path,
        files: Mapping[str, Path],
        recipe: Recipe | None = None,
        *,
        uppers: Sequence[Closing] = (),
    ) -> "Cube":
        """The cube whose crown and blocks (by the codes of their units) lie in files: the crown is mapped now, a block when
        something in it is asked for. ``uppers`` are the closings that hold units of others (their blocks are not needed
        among the files), wanted only by :meth:`replace`.

        Raises Refused when a file is damaged, FileNotFoundError when there is none.
        """
        blocks = _Blocks()
        again = crown_again(kept.get(crown), blocks.get)
        blocks.files |= {code: path for code, path in files.items() if code in again.roots}
        cube = cls(again, blocks, recipe)
        for closing in uppers:
            cube.closings[closing.unit_code] = closing
            cube._open(closing.unit_code, kept_block(closing, cube.recipe)[0])
        return cube

    @classmethod
    def _gathered(
        cls, closings: Sequence[Closing], recipe: Recipe, progress: Callable[[int, int], None]
    ) -> "Cube":
        """The cube without its crown: every block made or found."""
        cube = cls(_NONE, _Blocks(), recipe)
        threads = 1 if kernel(recipe.kernel).name == "plain" else cpu_count() or 1
        with ThreadPoolExecutor(threads) as pool:
            made = pool.map(_gatherer(recipe), closings)
            for done, (closing, (block, path, root)) in enumerate(zip(closings, made, strict=True), 1):
                if block.source.unit_code in cube.roots:
                    raise Refused(_overlap(block.source.unit_name, block.source.unit_code))
                cube.roots[block.source.unit_code] = root
                cube.blocks.put(block, path)
                cube.closings[closing.unit_code] = closing
                progress(done, len(closings))
        cube._sort_out()
        return cube

    def _sort_out(self) -> None:
        """Tell the closings that stand by themselves, as blocks, from those that lie open in the crown."""
        self.blocks.look()
        self._places = {}
        held = self._held() | {code: each.units.codes for code, each in self.uppers.items()}
        found = lying_open(held, self._block)
        for code in sorted(self.uppers.keys() - found):
            self.blocks.put(self.uppers[code].block, None)
            self.roots[code] = root_of(self.uppers.pop(code).block)
        for code in sorted(found - self.uppers.keys()):
            self._open(code, self.blocks.get(code))
            self.blocks.drop(code)
            self.roots.pop(code, None)

    def _held(self) -> dict[str, Sequence[str]]:
        """The codes of all units of each block, by its own unit's."""
        return {code: names.decode().strip("\n").split("\n") for code, names in self.blocks.names.items()}

    def _block(self, code: str) -> Block:
        return self.uppers[code].block if code in self.uppers else self.blocks.get(code)

    def _open(self, code: str, block: Block) -> None:
        """Lay a closing open; raises Refused when it was not given, only its block."""
        if code not in self.closings:
            said = f"{block.source.unit_name}的单位现在也列在别的结账里"
            raise Refused(Finding("cube.again", said, "请重新汇总", code))
        self.uppers[code] = Upper(block, units_of(self.closings[code], self.recipe.then))

    def crown(self) -> None:
        """Work out everything above the blocks anew."""
        for code in self.blocks.files.keys() - self.roots.keys():
            self.roots[code] = root_of(self.blocks.get(code))
        chosen = kernel(self.recipe.kernel)
        uppers, known = list(self.uppers.values()), frozenset[str]()
        if uppers:
            self.blocks.look()
            roots = self.roots.keys() | self.uppers.keys()
            known = inside((each.units.codes for each in uppers), self._held().values(), roots)
        get = self.blocks.get
        self.block = crown_of(self.roots.values(), chosen, uppers=uppers, inside=known, opener=get)

    def cell(self, indicator: str, unit: str, year: int, month: int, role: str = "actual") -> Cell:
        """What is known of an indicator of a unit ("" the whole) in a period; raises KeyError for an unknown unit."""
        block, row = self.place(unit)
        line = block.frame.places.get(indicator, -1)
        return NOBODY if line < 0 else block.cell(row, line, year, month, role)

    def place(self, unit: str, level: str = "") -> tuple[Block, int]:
        """The block and the row of a unit ("" the whole); raises KeyError when there is no such unit.

        The units of closings and all above them stand in the crown; what lies below, in the closing's own block.
        """
        row = self.block.axis.find(unit, level) if unit else self.block.root
        if row >= 0:
            return self.block, row
        known = self._places.get((unit, level))
        if known is not None:
            return self.blocks.get(known[0]), known[1]
        for code in self.blocks.holding(unit):
            block = self.blocks.get(code)
            row = block.axis.find(unit, level)
            if row >= 0:
                self._places[unit, level] = (code, row)
                return block, row
        raise KeyError(unit)

    def siblings(self, unit: str, year: int, month: int) -> list[str]:
        """The codes of the units of a unit's level below the same unit that stood at the end of a month, itself among
        them; raises KeyError for an unknown unit.
        """
        block, row = self.place(unit)
        if not block.frame.years or not block.frame.years[0] <= year <= block.frame.years[-1]:
            return [block.axis.codes[row]]
        at = (year - block.frame.years[0]) * MONTHS + month - 1
        return [block.axis.codes[other] for other in block.axis.siblings(row, at)]

    def level(self, level: str) -> Iterator[tuple[Block, int]]:
        """Every unit of a level with its block and row: those that stand in the crown, then those of all blocks."""
        axis = self.block.axis
        rows = (row for row in range(axis.rows) if axis.level_of(row) == level)
        yield from ((self.block, row) for row in rows if axis.find(axis.codes[row], level) == row)
        if not isinstance(self.block, Crown):
            return
        self.blocks.look()
        for code in sorted(self.blocks.names):
            if level in self.blocks.levels[code]:
                block = self.blocks.get(code)
                yield from (
                    (block, row)
                    for row in range(block.axis.rows)
                    if block.axis.level_of(row) == level and axis.find(block.axis.codes[row], level) < 0
                )

    def replace(self, closing: Closing) -> None:
        """Take a newer closing of one of the units in: its block is made, its row of the crown and those above are worked
        out again; everything then is as if the cube were made anew. Raises Refused when the closing is damaged.
        """
        block, path, _ = kept_block(closing, self.recipe)
        if not isinstance(self.block, Crown):
            self.block = block
            return
        code = closing.unit_code
        if code not in self.block.roots and code not in self.uppers:
            said = f"{closing.unit_name}不在这次汇总的单位之中"
            raise Refused(Finding("cube.unknown-unit", said, "请重新汇总", code))
        if not self.uppers and self.block.axis.rows > len(self.block.roots) + 1:
            raise TypeError("a mapped cube takes a closing in only with those that hold units of others")
        self.closings[code] = closing
        self._places = {key: place for key, place in self._places.items() if place[0] != code}
        if code in self.uppers:
            self._open(code, block)
            self._sort_out()
            self.crown()
            return
        known = self.blocks.get(code)
        before = self.roots.get(code) or root_of(known)
        self.blocks.put(block, path)
        root = self.roots[code] = root_of(block)
        alike = root.level == before.level
        if block.source.units != known.source.units:
            opened = frozenset(self.uppers)
            self._sort_out()
            changed = frozenset(block.axis.codes) ^ frozenset(known.axis.codes)
            listed = any(changed & upper.places.keys() for upper in self.uppers.values())
            alike = alike and opened == self.uppers.keys() and not listed
        uppers, chosen = list(self.uppers.values()), kernel(self.recipe.kernel)
        crown = replaced(self.block, before, root, chosen, uppers) if alike else None
        if crown is None:
            self.crown()
        else:
            self.block = crown


def _overlap(name: str, code: str) -> Finding:
    return Finding(
        "figures.closings-overlap", f"{name}有两份结账，合并会重复计数", "每个单位只用一份结账", code
    )


_NONE: Final = Block(Source("", "", date.min, "", ""), Frame((), ()), lay(Units([], [], [], [], []), []), {})
