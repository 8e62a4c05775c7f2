"""A matter's state told from its movements: what it was on any day, and what it is now, by one fold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from shuzhi.subjects.fields import Plain

# Columns a movement may set; the rest of ``changes`` lies under ``fields``. Dates are kept as ISO texts.
TEXT_COLUMNS = ("number", "title", "unit", "lead", "subject", "parent")
DATE_COLUMNS = ("opened", "due", "closed")


class Step(Protocol):
    """What the fold needs of a movement."""

    date: date
    to_stage: str
    changes: dict[str, object]


@dataclass(frozen=True, slots=True)
class State:
    """A matter as it stood after some movement; references are codes and refs. ``since`` is the day of the last move,
    ``passed`` the stages entered so far, in order, each with its day.
    """

    number: str = ""
    title: str = ""
    unit: str = ""
    lead: str | None = None
    subject: str | None = None
    parent: str | None = None
    opened: date | None = None
    due: date | None = None
    closed: date | None = None
    stage: str = ""
    fields: Mapping[str, object] = field(default_factory=dict)
    passed: tuple[tuple[str, date], ...] = ()

    def after(self, *, day: date, stage: str, changes: Mapping[str, object]) -> "State":
        """The state after a movement. A field set to None is cleared."""
        columns: dict[str, object] = {name: changes[name] for name in TEXT_COLUMNS if name in changes}
        columns |= {name: _day(changes[name]) for name in DATE_COLUMNS if name in changes}
        passed = self.passed if stage == self.stage else (*self.passed, (stage, day))
        return replace(
            self,
            stage=stage,
            passed=passed,
            fields=_laid_over(self.fields, changes.get("fields")),
            **columns,  # type: ignore[arg-type]
        )

    def changes_to(self, columns: Mapping[str, object], fields: Mapping[str, object]) -> Plain:
        """The ``changes`` of a movement that sets these columns and leaves exactly these fields; what is equal is left out."""
        changed: Plain = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in columns.items()
            if getattr(self, name) != value
        }
        named = {**dict.fromkeys(self.fields), **fields}
        differing = {code: value for code, value in named.items() if self.fields.get(code) != value}
        return {**changed, "fields": differing} if differing else changed


def fold(movements: Iterable[Step]) -> State:
    """The state after the movements, given in their order."""
    state = State()
    for movement in movements:
        state = state.after(day=movement.date, stage=movement.to_stage, changes=movement.changes)
    return state


def _day(value: object) -> date | None:
    return None if value is None else date.fromisoformat(str(value))


def _laid_over(before: Mapping[str, object], changes: object) -> Plain:
    if not isinstance(changes, Mapping):
        return dict(before)
    merged = {**before, **changes}
    return {code: value for code, value in merged.items() if value is not None}
