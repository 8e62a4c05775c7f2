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
    """Bring the database to this version's tables."""
    wake(founding=True)
    call_command("migrate", verbosity=0, interactive=False)


def user(username: str, name: str, password: str) -> "User":
    """The log-in of that name, opened when it is new."""
    from shuzhi.units.models import User
    from shuzhi.units.verbs import register_user

    found = User.objects.filter(username=username).first()
    return found or register_user(username=username, name=name, password=password)
