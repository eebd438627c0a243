"""What the container file and the systemd unit promise."""

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.service.settings import Settings

ROOT = Path(__file__).parents[2]
CONTAINERFILE = (ROOT / "Containerfile").read_text(encoding="utf-8")
UNIT = ROOT / "deploy" / "escalation-desk.service"


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with exactly what the container file copies."""
    folder = tmp_path_factory.mktemp("app")
    for source, target in re.findall(r"^COPY (\S+) (\S+)$", CONTAINERFILE, re.MULTILINE):
        here = ROOT / source
        if here.is_dir():
            shutil.copytree(here, folder / target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(here, folder / target)
    return folder


def ran(image: Path, *order: str) -> subprocess.CompletedProcess[str]:
    """Run Python there, without the rest of the project and without settings."""
    environ = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}
    environ |= {"PYTHONPATH": str(image), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run([sys.executable, *order], cwd=image, env=environ, capture_output=True, text=True, check=False)


def test_what_is_copied_is_all_the_desk_needs(image: Path) -> None:
    """Everything a running desk imports is in the image, and the sandbox is not."""
    assert not (image / "sandbox").exists()
    done = ran(image, "-c", "import bot.service.run, bot.doctor.checks; print(bot.service.run.__file__)")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(image / "bot" / "service" / "run.py")


def test_the_doctor_works_there(image: Path) -> None:
    """It names what is missing, and exits 1."""
    done = ran(image, "-m", "bot", "doctor", "--json")
    assert done.returncode == 1, done.stderr
    (part,) = json.loads(done.stdout)["parts"]
    assert (part["part"], part["state"]) == ("settings", "failed")


def test_the_container_sets_only_what_the_desk_knows() -> None:
    """A misspelt setting would be ignored without a word."""
    names = set(re.findall(r"^(?:ENV| {4})\s*([A-Z_]+)=", CONTAINERFILE, re.MULTILINE))
    assert {"DATABASE_URL", "HOST", "PORT"} <= names
    assert {name.lower() for name in names if not name.startswith("PYTHON")} <= set(Settings.model_fields)


def test_the_unit_runs_the_desk_and_keeps_it_running() -> None:
    """And what it says twice is what systemd lets one say twice."""
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]  # as configparser's own manual does it
    unit.read(UNIT, encoding="utf-8")
    service = unit["Service"]
    assert service["ExecStart"].endswith("/python -m bot run")
    assert service["Restart"] == "always"
    name, _, url = service["Environment"].partition("=")
    assert name.lower() in Settings.model_fields
    assert f"/var/lib/{service['StateDirectory']}/" in url
