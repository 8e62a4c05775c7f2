"""The ways on from where a matter stands, each fit for one button: what must be handed in or filled in on the way."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from shuzhi.desk import forms
from shuzhi.desk.folding import REGISTERED, asked_by, blamed
from shuzhi.desk.words import demanded, papers_named, words
from shuzhi.evidence import instance
from shuzhi.kernel.catalogue.definitions import Field, Kind, Stage
from shuzhi.kernel.finding import Finding
from shuzhi.matters.models import Matter
from shuzhi.matters.queries import MatterPage, Step

#: What can be put right in the same press of the button.
ON_THE_WAY = ("matter.paper", "matter.gate", "matter.closing")


#: The day a matter is to be done by, where a gate asks for it: a column, typed as a field is.
DUE = Field("due", "完成时限", "date", note="办结的期限；以后可以登记变更")


@dataclass(frozen=True, slots=True)
class Way:
    """A stage that could be next: the papers still to hand in, the fields its gate asks for that are still empty.

    ``given`` is what was typed and refused for the reasons in ``wrong``; it stands in the form again. ``locked``
    are the fields that whoever takes the step may not set.
    """

    step: Step
    papers: tuple[tuple[str, str], ...]
    fields: tuple[Field, ...]
    day: date | None = None
    given: Mapping[str, str] = field(default_factory=dict)
    wrong: Sequence[Finding] = ()
    locked: frozenset[str] = frozenset()

    @property
    def inputs(self) -> list[forms.Input]:
        """The inputs of those without which the stage cannot be entered: dates stand at today until another is typed."""
        must, today = self._must, self.day.isoformat() if self.day else ""
        theirs = [item for item in self.fields if item is not DUE and item.code not in self.locked]
        dated = {item.code: today for item in theirs if item.type == "date"}
        shown = self._all({**dated, **self.given})
        return [replace(item, required=not item.whose) for item in shown if item.name in must]

    @property
    def others(self) -> list[forms.Input]:
        """The inputs of fields its gate speaks of that do not apply to every item."""
        asked = frozenset(words(self.step.stage.gate)) - self._must
        return [item for item in self._all(self.given) if item.name in asked]

    @property
    def beside(self) -> list[forms.Input]:
        """The inputs of fields no gate asks for, written in the definition beside those it does."""
        asked = frozenset(words(self.step.stage.gate)) | self._must
        return [item for item in self._all(self.given) if item.name not in asked]

    @property
    def beside_open(self) -> bool:
        """Whether those stand open: something stands in them or is wrong in them."""
        return any(item.value or item.error for item in self.beside)

    @property
    def _must(self) -> frozenset[str]:
        return frozenset(demanded(self.step.stage.gate))

    def _all(self, given: Mapping[str, str]) -> list[forms.Input]:
        units = forms.all_units() if any(item.type == "unit" for item in self.fields) else []
        return blamed(forms.inputs(self.fields, given, units, self.locked), self.wrong)

    @property
    def ready(self) -> bool:
        """Whether the button may be pressed: a right to it, and nothing lacking but what the form itself takes."""
        found = {finding.id for finding in self.step.findings}
        theirs = [item.code for item in self.fields if item.code not in self.locked]
        lacking = [code for code in self.locked & self._must if not self.given.get(code)]
        rest = found - {"matter.paper"} if lacking or not theirs else found - set(ON_THE_WAY)
        return self.step.post is not None and not rest


def ways(page: MatterPage, day: date | None = None) -> list[Way]:
    """The ways on from where a matter stands; ``day`` is what dates are proposed to be."""
    had = {paper.kind for paper in page.papers}
    labels, order = instance.catalogue().papers, [DUE, *page.kind.fields]
    found = []
    for step in page.steps:
        stage = step.stage
        papers = [kind for kind in (*stage.papers, *papers_named(stage.gate)) if kind not in had]
        wanted = tuple(
            (kind, labels[kind].label if kind in labels else kind) for kind in dict.fromkeys(papers)
        )
        empty = tuple(lacking(page.kind, page.matter, stage))
        again = tuple(_again(page, step, empty))
        beside = _beside(page, stage)
        fields = sorted({*empty, *again, *beside}, key=order.index)
        found.append(Way(step, wanted, tuple(fields), day, forms.typed(again, page.matter.fields)))
    return found


def _beside(page: MatterPage, stage: Stage) -> list[Field]:
    """The empty fields written in the definition with those a stage asks for: they are known by then, if at all."""
    first = asked_by(page.kind)
    told = page.matter.fields
    return [field for field in page.kind.fields if first[field.code] == stage.name and field.code not in told]


def _again(page: MatterPage, step: Step, empty: Sequence[Field]) -> Iterator[Field]:
    """The filled fields that want another look: the gate is shut by them alone, or they were filled for an earlier entry.

    Who verifies is never offered what was for another to fill in; a second entry offers what this stage itself asks.
    """
    stage, first = step.stage, asked_by(page.kind)
    acts = {item.name: item.by for item in page.kind.stages} | {REGISTERED: page.kind.stages[0].by}
    must = frozenset(demanded(stage.gate))
    alone = not any(item.code in must for item in empty)
    shut = alone and any(finding.id == "matter.gate" for finding in step.findings)
    entered = any(move.to_stage == stage.name for move in page.movements)
    for word in dict.fromkeys(words(stage.gate)):
        held = page.kind.field(word)
        own = acts.get(first.get(word, ""), "fill") == stage.by
        wanted = (shut and own) or (entered and first.get(word) == stage.name)
        if held is not None and wanted and page.matter.fields.get(word) is not None:
            yield held


def lacking(kind: Kind, matter: Matter, stage: Stage) -> Iterator[Field]:
    """The empty fields that the gate of a stage, or the closing rule when it closes, speaks of."""
    rules = [stage.gate, kind.closing if stage.closes and not stage.aside else None]
    seen = set()
    for rule in rules:
        for word in words(rule):
            asked = DUE if word == DUE.code and matter.due is None else kind.field(word)
            if asked is not None and word not in seen and matter.fields.get(word) is None:
                seen.add(word)
                yield asked
