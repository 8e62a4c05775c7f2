"""The instance and the cast, as in every account test."""

from tests.accounts import cast, home

__all__ = ["cast", "home"]
