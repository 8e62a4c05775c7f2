"""Long forms in parts: what the present stage asks for stands open, what later stages ask for waits folded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from shuzhi.desk.forms import Input
from shuzhi.desk.words import words
from shuzhi.kernel.catalogue.definitions import Kind, Stage
from shuzhi.kernel.finding import Finding

#: A form of so few fields is one part: folding it would only add presses.
SHORT = 8
REGISTERED = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a form: the fields one stage waits for, open or folded."""

    title: str
    open: bool
    inputs: tuple[Input, ...]

    @property
    def labels(self) -> str:
        """What is in it, for whoever sees it folded."""
        return "、".join(item.label for item in self.inputs)

    @property
    def filled(self) -> int:
        """How many of its inputs hold something."""
        return sum(1 for item in self.inputs if item.value)


def parts(kind: Kind, inputs: Sequence[Input], stage: str = REGISTERED) -> list[Part]:
    """The form of a kind in parts; ``stage`` is the one to be entered next, empty when the item is only being registered.

    A part with something wrong in it is open too: nobody need look for it.
    """
    if len(inputs) <= SHORT:
        return [Part("", True, tuple(inputs))]
    wanted = asked_by(kind)
    groups: dict[str, list[Input]] = {REGISTERED: []}
    groups |= {item.name: [] for item in kind.stages}
    for item in inputs:
        groups[wanted.get(item.name, REGISTERED)].append(item)
    return [
        Part(_title(name), name == stage or any(item.error for item in members), tuple(members))
        for name, members in groups.items()
        if members
    ]


def _title(stage: str) -> str:
    return f"“{stage}”环节填写" if stage else "登记时填写"


def asked_by(kind: Kind) -> dict[str, str]:
    """By each field's code the stage that first asks for it; empty where it is known when the item is registered.

    A field no gate speaks of belongs with the one written before it: definitions list fields in the order of the work.
    """
    named: dict[str, str] = {}
    for stage in kind.stages:
        for code in _spoken(kind, stage):
            named.setdefault(code, stage.name)
    found, here = {}, REGISTERED
    for field in kind.fields:
        if not field.required:
            here = named.get(field.code, here)
        found[field.code] = REGISTERED if field.required else here
    return found


def _spoken(kind: Kind, stage: Stage) -> Iterator[str]:
    """The names in the gate of a stage along the line, and in the closing rule where it closes."""
    if not stage.aside:
        yield from words(stage.gate)
        if stage.closes:
            yield from words(kind.closing)


def next_stage(kind: Kind, stage: str) -> str:
    """The stage along the line after a stage; its own name when there is none, or when it lies aside."""
    line = [item.name for item in kind.stages if not item.aside]
    place = line.index(stage) if stage in line else len(line)
    return line[place + 1] if place + 1 < len(line) else stage


def blamed(inputs: Sequence[Input], findings: Sequence[Finding]) -> list[Input]:
    """The inputs with what is wrong in each, told beside it: a finding's place ends in the field's own label."""
    said: dict[str, list[str]] = {}
    for finding in findings:
        said.setdefault(finding.place.rpartition("·")[2], []).append(_told(finding))
    return [
        replace(item, error="；".join(said[item.plain])) if item.plain in said else item for item in inputs
    ]


def elsewhere(inputs: Sequence[Input], findings: Sequence[Finding]) -> list[Finding]:
    """The findings that belong to none of the inputs."""
    labels = {item.plain for item in inputs}
    return [finding for finding in findings if finding.place.rpartition("·")[2] not in labels]


def _told(finding: Finding) -> str:
    """A finding as told beside its field: without the label, which stands there already."""
    message = finding.message.removeprefix(f"{finding.place.rpartition('·')[2]}：")
    return f"{message}（{finding.hint}）" if finding.hint else message


def waiting(kind: Kind, stage: str, absent: Sequence[str]) -> tuple[list[str], int]:
    """The labels of empty fields that are due by now or for the next stage, and how many wait for later ones."""
    wanted = asked_by(kind)
    line = [REGISTERED, *(item.name for item in kind.stages)]
    by_now = line.index(next_stage(kind, stage)) if stage in line else len(line)
    later = {field.label for field in kind.fields if line.index(wanted[field.code]) > by_now}
    return [label for label in absent if label not in later], sum(1 for label in absent if label in later)
