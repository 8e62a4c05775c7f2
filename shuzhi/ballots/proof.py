"""The count proof (计票文件): one file from which anybody recounts an evaluation, on any machine, without the accounts.

It holds the paper, the digests of the slips printed and used, every receipt, and by cell the counts of every question; never
a paper, never a person. ``check`` recounts it; ``shuzhi ballot verify`` and ``shuzhi verify`` both call that.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from shuzhi.ballots.paper import BLANK, VALID, Paper
from shuzhi.ballots.tally import Cell, Count, Result, key_of, results
from shuzhi.kernel.chain import canonical, digest
from shuzhi.kernel.finding import Finding

FORMAT = "shuzhi-ballot/1"
AGAIN = "请从组织部门重新索取计票文件，并与会上宣读的摘要比对"


@dataclass(frozen=True, slots=True)
class Turnout:
    """A group's papers: who ought to come, who came, how many slips were printed, given out and used (应到 … 收回)."""

    group: str
    expected: int
    attended: int
    printed: int
    issued: int
    returned: int


@dataclass(frozen=True, slots=True)
class Proof:
    """A count proof as read."""

    title: str
    unit: str
    ref: str
    day: str
    algorithm: str
    paper: Paper
    turnout: tuple[Turnout, ...]
    printed: Mapping[str, tuple[str, ...]]
    used: Mapping[str, tuple[str, ...]]
    receipts: tuple[str, ...]
    count: Count
    told: Mapping[str, object]

    def results(self) -> list[Result]:
        """Rates and scores, counted anew."""
        return results(self.paper, self.count)

    def data(self) -> dict[str, object]:
        """The proof as plain data, with what it commits to and what was counted."""
        count = {
            "cells": [list(cell) for cell in self.count.cells],
            "covers": {key: dict(stack) for key, stack in self.count.covers.items()},
            "stacks": {
                question: {key: dict(stack) for key, stack in stacks.items()}
                for question, stacks in self.count.stacks.items()
            },
        }
        slips = {"printed": _lists(self.printed), "used": _lists(self.used)}
        return {
            "format": FORMAT,
            "evaluation": {"ref": self.ref, "title": self.title, "unit": self.unit, "day": self.day},
            "algorithm": self.algorithm,
            "paper": self.paper.as_json(),
            "turnout": [
                [row.group, row.expected, row.attended, row.printed, row.issued, row.returned]
                for row in self.turnout
            ],
            "slips": slips,
            "receipts": list(self.receipts),
            "count": count,
            "digests": {
                "paper": digest(canonical(self.paper.as_json()), self.algorithm),
                "slips": digest(canonical(slips), self.algorithm),
                "receipts": digest(canonical(list(self.receipts)), self.algorithm),
                "stacks": {
                    question: {
                        key: digest(canonical(dict(stack)), self.algorithm) for key, stack in stacks.items()
                    }
                    for question, stacks in self.count.stacks.items()
                },
            },
            "results": {
                result.question.code: {
                    "score": None if result.score is None else str(result.score),
                    "rates": {
                        line.cell: {"base": line.base, **{grade: str(rate) for grade, rate in line.rates}}
                        for line in result.lines
                    },
                }
                for result in self.results()
            },
        }

    def file(self) -> bytes:
        """The file: canonical, so that the same count is the same bytes."""
        return canonical(self.data())

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """A proof from its bytes; raises ValueError when they are none."""
        try:
            return cls._read(json.loads(raw))
        except (KeyError, TypeError, AttributeError, ValueError, ZeroDivisionError) as error:
            raise ValueError(f"这不是计票文件，或已经损坏：{error}") from error

    @classmethod
    def _read(cls, data: Mapping[str, Any]) -> Self:
        if data["format"] != FORMAT:
            raise ValueError(f"格式是“{data['format']}”，应为“{FORMAT}”")
        about, count, slips = data["evaluation"], data["count"], data["slips"]
        return cls(
            title=about["title"],
            unit=about["unit"],
            ref=about["ref"],
            day=about["day"],
            algorithm=data["algorithm"],
            paper=Paper.from_json(data["paper"]),
            turnout=tuple(Turnout(*row) for row in data["turnout"]),
            printed={group: tuple(rows) for group, rows in slips["printed"].items()},
            used={group: tuple(rows) for group, rows in slips["used"].items()},
            receipts=tuple(data["receipts"]),
            count=Count(
                tuple(tuple(cell) for cell in count["cells"]),
                {key: dict(stack) for key, stack in count["covers"].items()},
                {
                    question: {key: dict(stack) for key, stack in stacks.items()}
                    for question, stacks in count["stacks"].items()
                },
            ),
            told=data,
        )


def _lists(rows: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    return {group: list(digests) for group, digests in rows.items()}


def check(raw: bytes) -> list[Finding]:
    """Everything that does not agree in a count proof, first things first; empty when the count is right."""
    try:
        proof = Proof.read(raw)
        found = [*_slips(proof), *_cells(proof), *_stacks(proof)]
        fresh = proof.data()
    except (KeyError, TypeError, AttributeError, ValueError, ZeroDivisionError) as error:
        said = str(error) if isinstance(error, ValueError) else f"计票文件残缺：{error}"
        return [Finding("ballot.proof", said, AGAIN)]
    if canonical(fresh) != raw:
        parts = [name for name in fresh if proof.told.get(name) != fresh[name]]
        words = "、".join({"results": "结果", "digests": "摘要"}.get(part, part) for part in parts) or "字节"
        found.append(Finding("ballot.recount", f"重新计票与文件所写不符：{words}", AGAIN, proof.ref))
    return found


def _slips(proof: Proof) -> Iterator[Finding]:
    """发出 ≥ 收回, every used slip printed, as many receipts as papers."""
    if [row.group for row in proof.turnout] != [group.code for group in proof.paper.groups]:
        yield Finding("ballot.groups", "票数表的类别与票面不符", AGAIN, proof.ref)
    for row in proof.turnout:
        printed, used = proof.printed.get(row.group, ()), proof.used.get(row.group, ())
        place = f"{row.group}类"
        if not set(used) <= set(printed):
            yield Finding("ballot.forged", "用过的票里有不是印发的", AGAIN, place)
        if (len(set(printed)), len(set(used))) != (row.printed, row.returned):
            yield Finding("ballot.slips", "印制、收回的张数与票的摘要不符", AGAIN, place)
        if not row.printed >= row.issued >= row.returned:
            yield Finding("ballot.turnout", "印制、发出、收回应依次不增", AGAIN, place)
    returned = sum(row.returned for row in proof.turnout)
    if len(set(proof.receipts)) != returned or len(proof.receipts) != returned:
        yield Finding(
            "ballot.receipts", f"回执{len(proof.receipts)}个，收回{returned}张，应相等", AGAIN, proof.ref
        )


def _cells(proof: Proof) -> Iterator[Finding]:
    """The cells part the groups, and as many papers lie in each as came back."""
    paper, cells = proof.paper, proof.count.cells
    groups = sorted(group.code for group in paper.groups)
    if not cells:
        return
    if sorted(code for cell in cells for code in cell) != groups:
        yield Finding("ballot.cells", "合并后的类别没有恰好覆盖全部类别", AGAIN, proof.ref)
        return
    returned = {row.group: row.returned for row in proof.turnout}
    for cell in cells:
        cover = proof.count.covers[key_of(cell)]
        valid = cover[VALID] + (cover[BLANK] if paper.blanks == "base" else 0)
        if sum(cover.values()) != sum(returned[code] for code in cell):
            yield Finding("ballot.covers", "收回应等于有效加无效", AGAIN, key_of(cell))
        if valid < paper.smallest:
            yield Finding("ballot.small", f"有效票少于{paper.smallest}张的类别没有合并", AGAIN, key_of(cell))


def _stacks(proof: Proof) -> Iterator[Finding]:
    """Each question has as many strips as papers came back, in the cells or in all voters together."""
    everybody: Cell = tuple(group.code for group in proof.paper.groups)
    papers = {key: sum(stack.values()) for key, stack in proof.count.covers.items()}
    whole = {key_of(everybody): sum(papers.values())}
    for question, stacks in proof.count.stacks.items():
        strips = {key: sum(stack.values()) for key, stack in stacks.items()}
        if strips and strips not in (papers, whole):
            yield Finding("ballot.strips", "各档、弃权、无效之和应等于收回", AGAIN, question)
        if any(count < 0 for stack in stacks.values() for count in stack.values()):
            yield Finding("ballot.strips", "票数不能是负数", AGAIN, question)
