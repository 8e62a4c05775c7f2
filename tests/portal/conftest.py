"""The same office as at the desk."""

from tests.desk.conftest import cast, home, office

__all__ = ["cast", "home", "office"]
