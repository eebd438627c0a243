"""What README and docs say is so."""

import re
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from bot.__main__ import app
from bot.policyfile.loader import load
from tests import reference
from workflows.contract.errors import PolicyError

ROOT = reference.ROOT
README = reference.README.read_text(encoding="utf-8")
WRITTEN = (reference.README, ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md")))
ALL = "\n".join(page.read_text(encoding="utf-8") for page in WRITTEN)
LONGEST_README = 250
"""Lines: what it is, two commands, and where to read on."""


@pytest.mark.parametrize("page", reference.PAGES, ids=lambda page: page.name)
def test_the_tables_are_those_of_the_code(page: Path) -> None:
    """`make reference` writes them anew."""
    text = page.read_text(encoding="utf-8")
    assert text == reference.with_tables(text)


def test_every_make_target_named_exists() -> None:
    """And `make help` lists it."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"`make ([a-z-]+)", ALL)) | set(re.findall(r"^make ([a-z-]+)", README, re.MULTILINE))
    listed = set(re.findall(r"^([a-z-]+):.*##", makefile, re.MULTILINE))
    assert {"demo", "test"} <= named
    assert named <= listed


def test_every_command_named_exists() -> None:
    """`python -m bot ...`."""
    known = set(get_command(app).commands)  # type: ignore[attr-defined]  # the command is a group of them
    named = set(re.findall(r"python -m bot ([a-z]+)", ALL))
    assert "run" in named
    assert named <= known


def test_every_command_is_named() -> None:
    """None is kept secret."""
    hidden = {name for name in get_command(app).commands if f"`{name}`" not in ALL and f"bot {name}" not in ALL}  # type: ignore[attr-defined]  # as above
    assert hidden <= {"demo", "tour"}  # those have their make targets
    assert all(f"make {name}" in README for name in hidden)


def test_what_slack_offers_is_named() -> None:
    """Every slash command and shortcut of the manifest."""
    features = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))["features"]
    for command in features["slash_commands"]:
        assert f"`{command['command']}" in README
    for shortcut in features["shortcuts"]:
        assert shortcut["name"] in README


def test_the_policy_shown_is_a_policy(tmp_path: Path) -> None:
    """The example loads, and says what it seems to say."""
    own = tmp_path / "my-policy.yml"
    own.write_text(_block("yaml", "my-policy.yml"), encoding="utf-8")
    assert load(own).feedback.areas["everything"].channel == "#product-feedback"


def test_the_mistake_shown_is_said_so(tmp_path: Path) -> None:
    """With its line, and the nearest right key."""
    own = tmp_path / "my-policy.yml"
    example = _block("yaml", "my-policy.yml").replace("acknowledge_within", "acknowlege_within")
    own.write_text(example, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load(own)
    assert caught.value.sentence.removeprefix(f"{own.parent}/") == _block("text", "my-policy.yml:").strip()


def test_a_newcomer_reads_the_readme_in_one_go() -> None:
    """What only some need stands on a page of its own."""
    assert README.count("\n") <= LONGEST_README


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_every_place_linked_exists(page: Path) -> None:
    """Files, folders, and headings of pages."""
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", page.read_text(encoding="utf-8")):
        name, _, heading = target.partition("#")
        linked = page.parent / name if name else page
        assert linked.exists(), target
        assert not heading or heading in _headings(linked), target


def _headings(page: Path) -> set[str]:
    """How a page's headings are linked to."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-") for title in titles}


def _block(language: str, containing: str) -> str:
    blocks = re.findall(rf"```{language}\n(.*?)```", ALL, re.DOTALL)
    return str(next(block for block in blocks if containing in block))
