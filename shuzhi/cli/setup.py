"""Wake Django for the commands that touch the accounts; reading a draft or a closing needs none of it."""

import os
from typing import TYPE_CHECKING

import django
from django.apps import apps
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections

if TYPE_CHECKING:
    from shuzhi.units.models import User

_pool: dict[str, object] = {}


def wake(*, founding: bool = False) -> None:
    """Load settings and apps once; raises Refused where there is no instance, unless one is about to be founded."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuzhi.settings")
    if not apps.ready:
        django.setup()
    _unpool()
    if not founding:
        from shuzhi.evidence import instance

        instance.read()


def _unpool() -> None:
    """A command has one connection: a pool would only wait long for a database that is not there."""
    options = connections.settings[DEFAULT_DB_ALIAS].get("OPTIONS", {})
    if "pool" in options:
        _pool["pool"] = options.pop("pool")


def hand_over() -> None:
    """Close this process's connection before the site's workers are forked, and give them their pool back."""
    connections.close_all()
    connections.settings[DEFAULT_DB_ALIAS].setdefault("OPTIONS", {}).update(_pool)


def migrate() -> None:
    """Bring the database to this version's tables; one killed on the way goes on where it was killed."""
    wake(founding=True)
    _note_unrecorded()
    call_command("migrate", verbosity=0, interactive=False)


def _note_unrecorded() -> None:
    """Record the migration that was done and not yet recorded when a process was killed.

    A migration is one transaction, but Django records those with indexes of their own in a second one.
    """
    from django.db.migrations.executor import MigrationExecutor
    from django.db.migrations.operations import CreateModel

    connection = connections[DEFAULT_DB_ALIAS]
    executor = MigrationExecutor(connection)
    there = set(connection.introspection.table_names())
    for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes()):
        made = [step for step in migration.operations if isinstance(step, CreateModel)]
        tables = {
            str(step.options.get("db_table", f"{migration.app_label}_{step.name_lower}")) for step in made
        }
        if not tables or not tables <= there:
            return
        executor.recorder.record_applied(migration.app_label, migration.name)


def user(username: str, name: str, password: str) -> "User":
    """The log-in of that name, opened when it is new."""
    from shuzhi.units.models import User
    from shuzhi.units.verbs import register_user

    found = User.objects.filter(username=username).first()
    return found or register_user(username=username, name=name, password=password)
