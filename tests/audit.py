"""`make audit`: how old the lock is, and whether anything in it has a known weakness.

Two sources are asked: the advisories of the Python package index, through pip-audit, and safety-db, which brings its
own. Both are fetched when they are needed. Without a network the first is left out, and it is said so.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from packaging.specifiers import InvalidSpecifier, SpecifierSet

ROOT: Final = Path(__file__).parents[1]
LOCK: Final = ROOT / "requirements.lock"
TOOLS: Final = ROOT / ".venv" / "audit"
OLD: Final = 60
"""Days. A lock that is older is worked out anew with `make lock`."""

PATIENCE_SECONDS: Final = 180
NO_NEWS: Final = "The package index could not be asked: advisories since then are not known here."


def locked(text: str) -> dict[str, str]:
    """The packages of a lock and their versions."""
    return dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", text, re.MULTILINE))


def age(lock: Path, now: datetime) -> int:
    """How many days ago the lock was worked out: when it was last committed, else when the file was written."""
    order = ["git", "-C", str(lock.parent), "log", "-1", "--format=%ct", "--", lock.name]
    try:
        committed = subprocess.run(order, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:  # no git here
        committed = ""
    at = float(committed) if committed else lock.stat().st_mtime
    return max((now - datetime.fromtimestamp(at, UTC)).days, 0)


def weaknesses(packages: dict[str, str], advisories: dict[str, list[dict[str, object]]]) -> Iterator[str]:
    """What a database of the form of safety-db says of these packages, a line each."""
    for name, version in packages.items():
        for advisory in advisories.get(name.lower().replace("_", "-"), []):
            specs = advisory.get("specs")
            if any(_holds(version, str(spec)) for spec in (specs if isinstance(specs, list) else [])):
                yield f"{name} {version}: {advisory.get('cve') or advisory.get('id')}"


def _holds(version: str, spec: str) -> bool:
    try:
        return SpecifierSet(spec).contains(version, prereleases=True)
    except InvalidSpecifier:
        return False


def main() -> int:
    """Say it all; 1 when there is a known weakness."""
    packages, days = locked(LOCK.read_text("utf-8")), age(LOCK, datetime.now(UTC))
    stale = f" That is old: `make lock` works it out anew (up to {OLD} days are fine)." if days > OLD else ""
    print(f"requirements.lock: {len(packages)} packages, {days} days old.{stale}")  # noqa: T201
    found = [*_shipped(packages), *_asked()]
    print("\n".join(found) or "No known weakness.")  # noqa: T201
    return 1 if found else 0


def _shipped(packages: dict[str, str]) -> list[str]:
    data = TOOLS / "safety_db" / "insecure_full.json"
    if not data.exists() and not _installed("safety-db"):
        print("The database that ships could not be fetched: it was not asked.")  # noqa: T201
        return []
    return list(weaknesses(packages, json.loads(data.read_text("utf-8"))))


def _asked() -> list[str]:
    if not (TOOLS / "pip_audit").exists() and not _installed("pip-audit"):
        print(NO_NEWS)  # noqa: T201
        return []
    order = ["-m", "pip_audit", "-r", str(LOCK), "--require-hashes", "--disable-pip", "--progress-spinner", "off"]
    try:
        done = _python(*order, "--format", "json")
    except subprocess.TimeoutExpired:
        print(NO_NEWS)  # noqa: T201
        return []
    try:
        told = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        print(NO_NEWS)  # noqa: T201
        return []
    return [f"{one['name']} {one['version']}: {bad['id']}" for one in told for bad in one.get("vulns", [])]


def _installed(package: str) -> bool:
    order = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", str(TOOLS), package]
    try:
        return _python(*order).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def _python(*order: str) -> subprocess.CompletedProcess[str]:
    environ = {"PYTHONPATH": str(TOOLS), "PATH": "/usr/bin:/bin", "HOME": str(Path.home())}
    return subprocess.run(
        [sys.executable, *order], capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS, env=environ
    )


if __name__ == "__main__":
    sys.exit(main())
