"""The guard at the accounts' door: knows whether an entry of the journal is open in this context."""

from contextvars import ContextVar

# What is open is the journal's affair; the guard stands below it and only asks whether anything is.
current: ContextVar[object | None] = ContextVar("shuzhi_entry", default=None)


def refuse_unless_entering(what: str) -> None:
    """Raise RuntimeError when no entry is open: such a write could not be proven afterwards."""
    if current.get() is None:
        raise RuntimeError(f"{what} outside enter(): every change of the accounts is a link of the journal")
