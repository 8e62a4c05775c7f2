"""One word told in one role of a live cube, and what it moves: the unit's own sum, those above it, and the months after."""

from array import array
from collections.abc import Mapping, Sequence

from shuzhi.cube.block import Block
from shuzhi.cube.frame import MONTHS, SILENT, UNSAID
from shuzhi.cube.law import Position, add_up, part_of_mean, weigh, whole
from shuzhi.cube.planes import WHOLES, fits, fresh


class Mover:
    """Tells words in one role of a block and keeps its sums as a kernel would have worked them out."""

    def __init__(self, block: Block, role: str) -> None:
        self.block, self.role = block, role
        self.axis, self.frame = block.axis, block.frame
        self.planes = block.planes[role]
        self.lines, self.slots = len(block.frame.lines), block.frame.slots(role)
        starts = self.axis.starts
        self.depths = b"".join(
            bytes([depth]) * (starts[depth + 1] - starts[depth]) for depth in range(self.axis.depths)
        )
        # The lines that move with a line: itself, and the means it is the weight of.
        self.moved = [
            (line, *(mean for mean in block.frame.means if block.frame.lines[mean].weight == line))
            for line in range(self.lines)
        ]
        self.nth = {line: nth for nth, line in enumerate(block.frame.means)}
        self.safe = fits(self.axis, self.planes)

    def simple(self, line: int) -> bool:
        """Whether a line just adds up: it is no weighted mean and weighs none."""
        return len(self.moved[line]) == 1 and line not in self.nth

    def widen(self, depth: int, largest: int) -> bool:
        """Note how large a value of a depth is; whether still no sum can leave 64 bits."""
        if largest > self.planes.reach[depth]:
            self.planes.reach[depth] = largest
            self.safe = fits(self.axis, self.planes)
        return self.safe

    # --- own planes -------------------------------------------------------------------------------------------------

    def at(self, row: int, line: int, slot: int) -> int:
        """Where a row's cell lies in the own plane of its depth."""
        return ((row - self.axis.starts[self.depths[row]]) * self.lines + line) * self.slots + slot

    def plane(self, depth: int) -> memoryview:
        """The own plane of a depth, laid out when somebody there speaks for the first time."""
        plane = self.planes.own[depth]
        if plane is None:
            cells = (self.axis.starts[depth + 1] - self.axis.starts[depth]) * self.lines * self.slots
            silent = self.planes.silent()
            plane = self.planes.own[depth] = memoryview(array(WHOLES, [UNSAID]) * cells)
            if silent:  # nobody spoke in this role so far, and it has no sums yet
                made = fresh(self.axis, self.frame, self.role, self.planes.own, self.planes.reach)
                self.planes.sums, self.planes.counts = made.sums, made.counts
                self.planes.cumulative, self.planes.weights = made.cumulative, made.weights
        return plane

    # --- one word ---------------------------------------------------------------------------------------------------

    def tell(self, row: int, line: int, slot: int, word: int) -> bool:
        """Write what a unit says of itself and bring all that hangs on it up to date; whether anything moved."""
        depth = self.depths[row]
        if self.planes.own[depth] is None and word == UNSAID:
            return False
        plane, at = self.plane(depth), self.at(row, line, slot)
        old = plane[at]
        if old == word:
            return False
        if not (self.widen(depth, abs(word) if word > SILENT else 0) and self.simple(line)):
            self._carefully(row, self.moved[line], slot, plane, at, word)
        else:
            plane[at] = word
            self._swiftly(row, line, slot, old, word)
        return True

    def tell_all(self, words: Mapping[int, int]) -> int:
        """Tell words one after the other, by (row × lines + line) × slots + slot; how many moved."""
        moved = 0
        for key, word in words.items():
            rest, slot = divmod(key, self.slots)
            row, line = divmod(rest, self.lines)
            moved += self.tell(row, line, slot, word)
        return moved

    def write_all(self, words: Mapping[int, int]) -> int:
        """Only write what units say of themselves, before everything is rolled up anew; how many cells moved."""
        moved = 0
        for key, word in words.items():
            rest, slot = divmod(key, self.slots)
            row, line = divmod(rest, self.lines)
            depth = self.depths[row]
            plane, at = self.plane(depth), self.at(row, line, slot)
            if plane[at] != word:
                self.widen(depth, abs(word) if word > SILENT else 0)
                plane[at] = word
                moved += 1
        return moved

    def _swiftly(self, row: int, line: int, slot: int, old: int, word: int) -> None:
        """Differences carried upward: for what just adds up, where no sum can leave 64 bits."""
        axis, planes, lines, slots = self.axis, self.planes, self.lines, self.slots
        sums, counts, cumulative = planes.sums, planes.counts, planes.cumulative
        parents, inner, depths = axis.parent, axis.inner, self.depths
        month = self.frame.month(self.role, slot)
        left = MONTHS - slot % MONTHS
        place = inner[row]
        if place < 0:
            said, meant = old > SILENT, word > SILENT
            more, heard = (word if meant else 0) - (old if said else 0), meant - said
        else:
            more, heard = self._retold(row, line, slot, place, word, month)
        if not self.frame.lines[line].adds:
            return
        shaky = len(axis.shaky)
        while more or heard:
            above = parents[row]
            if above < 0:
                return
            place = inner[above]
            if (
                place < 0
                or not axis.lo[place] <= row < axis.hi[place]
                or (shaky and not axis.stood(row, month))
            ):
                return
            depth = depths[above]
            own = planes.own[depth]
            if (
                own is not None
                and own[((above - axis.starts[depth]) * lines + line) * slots + slot] != UNSAID
            ):
                return
            at = (place * lines + line) * slots + slot
            sums[at] += more
            counts[at] += heard
            if more and cumulative is not None:
                for later in range(at, at + left):
                    cumulative[later] += more
            row = above

    def _retold(self, row: int, line: int, slot: int, place: int, word: int, month: int) -> tuple[int, int]:
        """The new sum and count of an interior row that spoke or fell silent itself; how much more they are."""
        planes, at = self.planes, (place * self.lines + line) * self.slots + slot
        before, heard = planes.sums[at], planes.counts[at]
        add_up(Position(self.axis, self.frame, planes, place, row, line, slot), self.axis.areas(row))
        self._accumulate(place, line, slot)
        return planes.sums[at] - before, planes.counts[at] - heard

    def _accumulate(self, place: int, line: int, slot: int) -> None:
        cumulative = self.planes.cumulative
        if cumulative is None or line in self.nth:
            return
        first = (place * self.lines + line) * self.slots + slot - slot % MONTHS
        running = 0
        for at in range(first, first + MONTHS):
            running = whole([running, self.planes.sums[at]])
            cumulative[at] = running

    # --- anything else ----------------------------------------------------------------------------------------------

    def _carefully(
        self, row: int, moved: Sequence[int], slot: int, plane: memoryview, at: int, word: int
    ) -> None:
        """Each cell above worked out anew from the areas below it, as long as anything moves: for weighted means, for
        what weighs them, and where sums leave 64 bits.
        """
        axis = self.axis
        month = self.frame.month(self.role, slot)
        before = self._parts(row, moved, slot)
        plane[at] = word
        self._anew(row, moved, slot)
        while self._parts(row, moved, slot) != before:
            above = axis.parent[row]
            if above < 0 or row not in axis.areas(above) or not axis.stood(row, month):
                return
            row = above
            before = self._parts(row, moved, slot)
            self._anew(row, moved, slot)

    def _parts(self, row: int, moved: Sequence[int], slot: int) -> list[tuple[int, ...]]:
        """What a row adds to the one above it, for each of some lines."""
        parts: list[tuple[int, ...]] = []
        for line in moved:
            cell = Position(self.axis, self.frame, self.planes, 0, row, line, slot)
            parts.append(
                part_of_mean(cell, row, self.nth[line]) if line in self.nth else cell.below(row, line)
            )
        return parts

    def _anew(self, row: int, moved: Sequence[int], slot: int) -> None:
        """Work out the cells of an interior row, sums before the means they weigh."""
        place = self.axis.inner[row]
        if place < 0:
            return
        for line in moved:
            cell = Position(self.axis, self.frame, self.planes, place, row, line, slot)
            if line in self.nth:
                weigh(cell, self.axis.areas(row), self.nth[line])
            else:
                add_up(cell, self.axis.areas(row))
            self._accumulate(place, line, slot)
