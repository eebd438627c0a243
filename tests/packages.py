"""A package as if it were not installed."""

import sys

import pytest


def uninstall(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    """Let Python find no module of this package until the test ends, whatever was imported before."""
    known = [name for name in sys.modules if name.partition(".")[0] == package]
    for name in {package, *known}:
        monkeypatch.setitem(sys.modules, name, None)
