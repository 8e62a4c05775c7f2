"""The ways on from where a matter stands, each fit for one button: what must be handed in or filled in on the way."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

from shuzhi.desk import forms
from shuzhi.evidence import instance
from shuzhi.kernel.catalogue.definitions import Expression, Field, Kind, Stage
from shuzhi.kernel.expr.nodes import Name, Node
from shuzhi.matters.models import Matter
from shuzhi.matters.queries import MatterPage, Step

#: What can be put right in the same press of the button.
ON_THE_WAY = ("matter.paper", "matter.gate", "matter.closing")


@dataclass(frozen=True, slots=True)
class Way:
    """A stage that could be next: the papers still to hand in, the fields its gate asks for that are still empty."""

    step: Step
    papers: tuple[tuple[str, str], ...]
    fields: tuple[Field, ...]

    @property
    def inputs(self) -> list[forms.Input]:
        """The inputs of those fields."""
        units = forms.all_units() if any(field.type == "unit" for field in self.fields) else []
        return forms.inputs(self.fields, {}, units)

    @property
    def ready(self) -> bool:
        """Whether the button may be pressed: a right to it, and nothing lacking but what the form itself takes."""
        found = {finding.id for finding in self.step.findings}
        rest = found - {"matter.paper"} if not self.fields else found - set(ON_THE_WAY)
        return self.step.post is not None and not rest


def ways(page: MatterPage) -> list[Way]:
    """The ways on from where a matter stands."""
    had = {paper.kind for paper in page.papers}
    labels = instance.catalogue().papers
    return [
        Way(
            step,
            tuple(
                (kind, labels[kind].label if kind in labels else kind)
                for kind in step.stage.papers
                if kind not in had
            ),
            tuple(lacking(page.kind, page.matter, step.stage)),
        )
        for step in page.steps
    ]


def lacking(kind: Kind, matter: Matter, stage: Stage) -> Iterator[Field]:
    """The empty fields that the gate of a stage, or the closing rule when it closes, speaks of."""
    rules = [stage.gate, kind.closing if stage.closes and not stage.aside else None]
    seen = set()
    for rule in rules:
        for word in words(rule):
            field = kind.field(word)
            if field is not None and word not in seen and matter.fields.get(word) is None:
                seen.add(word)
                yield field


def words(rule: Expression | None) -> Iterator[str]:
    """Every plain name in an expression, in the order it is written."""
    if rule is not None:
        yield from _names(rule.node)


def _names(node: Node | object) -> Iterator[str]:
    if isinstance(node, Name):
        yield node.text
    elif isinstance(node, tuple):
        for part in node:
            yield from _names(part)
    elif is_dataclass(node):
        for part in fields(node):
            yield from _names(getattr(node, part.name))
