"""The worlds of the scenarios."""

from tests.scenarios.conftest import both, w, worlds

__all__ = ["both", "w", "worlds"]
