"""A matter as an open entry of the journal knows it: read once, locked, and kept in step with what the entry does."""

from dataclasses import dataclass

from shuzhi.evidence.journal import Writing
from shuzhi.matters.models import Matter, Movement
from shuzhi.matters.state import State, fold


@dataclass(slots=True)
class Course:
    """A matter, its movements in order, and the state they fold to."""

    matter: Matter
    steps: list[Movement]
    state: State

    @property
    def last(self) -> Movement:
        """The movement that made the state."""
        return self.steps[-1]


def begin(entry: Writing, matter: Matter) -> Course:
    """The course of a matter that is being opened: nothing lies behind it."""
    return entry.recall(_key(matter.ref), lambda: Course(matter, [], State()))


def course_of(entry: Writing, ref: str) -> Course:
    """The course of a matter; read and locked when the entry meets it for the first time."""

    def read() -> Course:
        matter = Matter.objects.select_for_update().get(ref=ref)
        steps = list(matter.movements.select_related("post").order_by("no"))
        return Course(matter, steps, fold(steps))

    return entry.recall(_key(ref), read)


def _key(ref: str) -> tuple[str, str]:
    return "course", ref
