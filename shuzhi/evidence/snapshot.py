"""``snapshot()``: reads that all see the accounts as they were at one moment, while others go on writing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite


@contextmanager
def snapshot() -> Iterator[None]:
    """Read the accounts of one moment; nothing may be written inside.

    No writer waits for it and it waits for no writer. Inside ``enter()`` nothing is opened: whoever has entered holds
    the journal's lock, so nobody else can change what is read.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if database.in_atomic_block:
        yield
    elif isinstance(database, SQLite):
        # Ordinary transactions are IMMEDIATE, which would keep every writer out; a deferred one sees its own moment.
        # (Django's stubs do not know the attribute.)
        database.ensure_connection()  # which reads the settings' mode
        usual, database.transaction_mode = database.transaction_mode, "DEFERRED"  # type: ignore[attr-defined]
        try:
            with transaction.atomic():
                yield
        finally:
            database.transaction_mode = usual  # type: ignore[attr-defined]
    else:
        with transaction.atomic():
            with database.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
