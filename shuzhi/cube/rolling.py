"""A roll-up: closings in, one folder of cube and figures out; whole or not at all, and what did not change is not redone.

First each closing is looked through where it lies: every file against its digest, its block made or found. Then the
figures are worked out together over those that are sound. All of it is done by an engine; here the answers are put in
order and written down.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from shuzhi.cube import kept, roots
from shuzhi.cube.block import Block
from shuzhi.cube.boundaries import units_of
from shuzhi.cube.build import source_of
from shuzhi.cube.crown import Crown, Upper, crown_of
from shuzhi.cube.kernels import kernel
from shuzhi.cube.nest.layers import layers
from shuzhi.cube.nest.opening import inside, lying_open
from shuzhi.cube.rolled import BLOCKS, FORMAT, KEPT, Rolled, alone, put, settle
from shuzhi.cube.surveying import Surveyed, Task, header_of, survey
from shuzhi.figures.ask import Ask, Figure
from shuzhi.figures.closing import Closing
from shuzhi.figures.compute import refusal
from shuzhi.figures.layout import MANIFEST
from shuzhi.figures.manifest import folder_name
from shuzhi.figures.many.engines import Engine
from shuzhi.figures.many.reading import Reader, by_engine
from shuzhi.figures.many.roll import Rolled as Figures
from shuzhi.figures.many.roll import roll
from shuzhi.figures.tree import codes_of, tree_of
from shuzhi.kernel.catalogue.definitions import Catalogue
from shuzhi.kernel.chain import canonical, digest
from shuzhi.kernel.finding import Finding, Refused, Severity
from shuzhi.kernel.whole import write_whole

_NOTES: Final = f"{KEPT}/sound"
Progress = Callable[[str, int, int], None]
"""Hears what is done, how many of it are, and how many there are in all."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The figures wanted for the whole: expressions in order (none: all of the catalogue), for a year (0: the closing's) up
    to a month.
    """

    expressions: tuple[str, ...] = ()
    year: int = 0
    month: int = 12


@dataclass(frozen=True)
class Done:
    """What became of a roll-up: closings whose blocks lay there already and those looked through anew, the places refused
    with what is wrong there, and what is worth a look.
    """

    rolled: Rolled
    kept: int
    made: int
    refused: tuple[tuple[str, tuple[Finding, ...]], ...]
    noticed: tuple[Finding, ...]

    def as_json(self) -> dict[str, object]:
        """The outcome for machines."""
        refused = [
            {"closing": place, "findings": [each.as_json() for each in found]}
            for place, found in self.refused
        ]
        return {
            "id": self.rolled.id,
            "folder": str(self.rolled.folder),
            "kept": self.kept,
            "made": self.made,
            "refused": refused,
            "noticed": [each.as_json() for each in self.noticed],
        }


def roll_up(
    closings: Sequence[Closing],
    folder: Path,
    wish: Wish,
    engine: Engine,
    *,
    damaged: Sequence[Finding] = (),
    parts: int = 0,
    progress: Progress = lambda _name, _done, _total: None,
) -> Done:
    """Roll closings up into a folder.

    The folder's bytes depend on the sound closings and the wish alone, not on the engine, the number of parts, the order
    of the closings or what was kept from before. Raises Refused when no closing is sound, an expression cannot be
    understood, or the engine cannot go on; then the folder tells of the roll-up before. ``damaged`` are the findings of
    closings that could not be opened.
    """
    with alone(folder):
        work = _Work(folder, wish, engine, parts, progress)
        for each in damaged:
            work.refused[_folder(each.place)] = (*work.refused.get(_folder(each.place), ()), each)
        return work.done(closings)


@dataclass
class _Work:
    """One roll-up while it is made; ``refused`` are the findings by place."""

    folder: Path
    wish: Wish
    engine: Engine
    parts: int
    progress: Progress
    refused: dict[str, tuple[Finding, ...]] = field(default_factory=dict)
    noticed: list[Finding] = field(default_factory=list)
    _names: dict[str, str] = field(default_factory=dict)

    def done(self, closings: Sequence[Closing]) -> Done:
        """The whole of it, in order."""
        self._names = {each.place: each.unit_name for each in closings}
        chosen = self._chosen(closings)
        known = {each.id: found for each in chosen if (found := self._remembered(each)) is not None}
        made = self._surveyed([each for each in chosen if each.id not in known])
        sound = [each for each in chosen if each.id in known or each.id in made]
        if not sound:
            raise Refused([each for found in self.refused.values() for each in found])
        answer = self._figures(sound)
        for each in sound:
            if each not in answer.closings:
                self.refused[each.place] = tuple(of for of in answer.findings if each.place in of.place)
        sound = list(answer.closings)
        rolled = self._written(sound, known | made, answer.figures)
        again = sum(each.id in known for each in sound)
        refused = tuple(sorted(self.refused.items()))
        return Done(rolled, again, len(sound) - again, refused, tuple(self.noticed))

    # --- closings ----------------------------------------------------------------------------------------------------

    def _chosen(self, closings: Sequence[Closing]) -> list[Closing]:
        """One closing of each unit, the newest; several of one day are all refused. In order of their units' codes."""
        units: dict[str, dict[str, Closing]] = {}
        for each in closings:
            units.setdefault(each.unit_code, {})[each.id] = each
        chosen: list[Closing] = []
        for _, known in sorted(units.items()):
            newest = max(each.as_of for each in known.values())
            last = [each for each in known.values() if each.as_of == newest]
            if len(last) == 1:
                chosen.append(last[0])
            else:
                self.refused |= {each.place: (_overlap(each, len(last)),) for each in last}
            if len(last) < len(known):
                self.noticed.append(_earlier(last[0], len(known) - len(last)))
        return chosen

    def _remembered(self, closing: Closing) -> Surveyed | None:
        """What an earlier run found of this very closing, when its block still lies there."""
        try:
            names, _, root = self._note(closing.id).read_bytes().partition(b"\n")
            block, header = names.decode().split()
            roots.heard(root)
            key = kept.key_of(source_of(closing), closing.catalogue, ())  # of today's format, too
            path = kept.file_of(self.folder / BLOCKS, key)
            there = path.name == block and header_of(path) == header
        except (OSError, ValueError, KeyError, TypeError, Refused):
            return None
        return Surveyed(closing.id, block, header, root) if there else None

    def _note(self, identity: str) -> Path:
        return self.folder / _NOTES / folder_name(identity)

    def _surveyed(self, closings: Sequence[Closing]) -> dict[str, Surveyed]:
        """Those of the closings that are sound, looked through by the engine."""
        blocks = (self.folder / BLOCKS).absolute()
        blocks.mkdir(parents=True, exist_ok=True)
        (self.folder / _NOTES).mkdir(parents=True, exist_ok=True)
        sign = f".{uuid.uuid4().hex}"
        tasks = [Task(each.place, each.id, str(blocks), sign) for each in closings]
        (blocks / sign).touch()
        try:
            return self._asked(tasks, blocks)
        finally:
            (blocks / sign).unlink(missing_ok=True)

    def _asked(self, tasks: Sequence[Task], blocks: Path) -> dict[str, Surveyed]:
        made: dict[str, Surveyed] = {}
        for number, (task, found) in enumerate(self.engine.each(tasks, survey, parts=self.parts), 1):
            self.progress("读结账", number, len(tasks))
            if isinstance(found, Refused):
                self.refused[task.place] = found.findings
                continue
            if found.data:
                write_whole(blocks / found.block, found.data)
            self._note(found.id).write_bytes(f"{found.block} {found.header}\n".encode() + found.root)
            made[found.id] = replace(found, data=b"")
        return made

    # --- figures -----------------------------------------------------------------------------------------------------

    def _figures(self, closings: Sequence[Closing]) -> Figures:
        newest = max(closings, key=lambda closing: (closing.as_of, closing.id))
        asks = [
            Ask(expression, year=self.wish.year, month=self.wish.month)
            for expression in self.wish.expressions or all_of(newest.catalogue)
        ]
        if self.wish.expressions:
            wrong = [finding for ask in asks if (finding := refusal(ask, closings)) is not None]
            if wrong:
                raise Refused(wrong)
        # By name, not by path: what a figure says must not depend on where closings lie.
        names = sorted(self._names.get(place, _leaf(place)) for place in self.refused)
        lacking = [Finding("rollup.lacking", "没有汇总", place=name) for name in names]
        return roll(asks, closings, lacking, cache=self.folder / KEPT, reader=self._reader())

    def _reader(self) -> Reader:
        return by_engine(self.engine, self.parts, lambda done, total: self.progress("算数字", done, total))

    # --- writing -----------------------------------------------------------------------------------------------------

    def _written(
        self, sound: Sequence[Closing], blocks: Mapping[str, Surveyed], figures: Sequence[Figure]
    ) -> Rolled:
        lines = b"".join(canonical(line_of(figure)) + b"\n" for figure in figures)
        name, identity = put(self.folder, "figures", "jsonl", lines)
        files = {name: identity}
        refused = [
            {"closing": _leaf(place), "findings": [[each.id, each.message] for each in found]}
            for place, found in self.refused.items()
        ]
        crown = self._crown(sound, blocks)
        manifest = {
            "format": FORMAT,
            "asked": {"year": self.wish.year, "month": self.wish.month, "all": not self.wish.expressions},
            "closings": [_listed(each, blocks[each.id]) for each in sound],
            "refused": sorted(refused, key=canonical),
            **crown,
            "files": files,
        }
        return settle(self.folder, manifest)

    def _crown(self, sound: Sequence[Closing], blocks: Mapping[str, Surveyed]) -> dict[str, object]:
        """The crown above the blocks as a file, named as the manifest does, and what stands where in it; None and nothing
        for a single closing.
        """
        if len(sound) == 1:
            return {"crown": None}
        known = {each.unit_code: each for each in sound}

        def opener(code: str) -> Block:
            return kept.get(self.folder / BLOCKS / blocks[known[code].id].block)

        held = {code: codes_of(each) for code, each in known.items()}
        lying = lying_open(held, opener)
        uppers = [Upper(opener(code), units_of(known[code])) for code in sorted(lying)]
        listed = inside(
            (held[code] for code in lying), (held[code] for code in held if code not in lying), held
        )
        below = [roots.heard(blocks[each.id].root) for code, each in known.items() if code not in lying]
        crown = crown_of(below, kernel(), uppers=uppers, inside=listed, opener=opener)
        return {"crown": self._put(crown, sound, blocks), "layers": _layers(crown, known)}

    def _put(self, crown: Crown, sound: Sequence[Closing], blocks: Mapping[str, Surveyed]) -> dict[str, str]:
        key = digest(canonical([[each.id, blocks[each.id].header] for each in sound]))
        path = kept.file_of(self.folder, key)
        path = path.with_name(f"crown.{path.name}")
        kept.put(crown, path, key)
        return {"file": path.name, "header": header_of(path)}


def all_of(catalogue: Catalogue) -> tuple[str, ...]:
    """Every indicator and every figure a ledger offers, in order."""
    figures = [f"{kind.code}.{each.code}" for kind in catalogue.kinds.values() for each in kind.figures]
    return tuple(sorted([*catalogue.indicators, *figures]))


def line_of(figure: Figure) -> dict[str, object]:
    """A figure as its line in the file: the value exact and in its unit, the trace as a digest."""
    said = {**figure.as_json(), "trace": digest(canonical(figure.trace.as_json()))}
    ask = figure.ask
    del said["ask"]
    return {"expression": ask.expression, "year": ask.year, "month": ask.month, **said}


def _folder(place: str) -> str:
    """The closing a finding is of: its place, without the file."""
    return place.partition("?")[0].removesuffix(f"/{MANIFEST}")


def _leaf(place: str) -> str:
    """The folder's own name, which does not depend on where it lies."""
    return place.partition("?")[0].rstrip("/").rpartition("/")[2]


def _listed(closing: Closing, found: Surveyed) -> dict[str, object]:
    """A closing as the manifest names it, with its block."""
    unit = {"code": closing.unit_code, "name": closing.unit_name}
    block = {"file": f"{BLOCKS}/{found.block}", "header": found.header}
    return {"id": closing.id, "unit": unit, "as_of": closing.as_of.isoformat(), "block": block}


def _overlap(each: Closing, many: int) -> Finding:
    said = f"{each.unit_name}在{each.as_of}有{many}份不同的结账，不知道该用哪一份"
    return Finding("rollup.overlap", said, "每个单位只留一份结账，或只写出要用的那一份", each.place)


def _layers(crown: Crown, closings: Mapping[str, Closing]) -> dict[str, object]:
    """What stands where in a crown over closings by the codes of their units."""

    def name(code: str, above: str) -> str:
        member = tree_of(closings[above]).members.get(code) if above else None
        return code if member is None else member.name

    return layers(crown, list(closings), name)


def _earlier(used: Closing, many: int) -> Finding:
    said = f"{used.unit_name}另有{many}份较早的结账没有用，用的是{used.as_of}的"
    return Finding("rollup.earlier", said, "要用较早的，请只给出那一份", used.place, Severity.ADVICE)
