"""The page about reviews says what holds, and names the test that shows it: each of them is there."""

import re

from tests.reference import ROOT

SHOWN = re.compile(r"\| `(\w+)::(\w+)` \|$", re.MULTILINE)


def test_every_test_the_page_names_is_there() -> None:
    """By its file and its name."""
    named = SHOWN.findall((ROOT / "docs" / "reviews.md").read_text(encoding="utf-8"))
    files = {file.stem: file.read_text(encoding="utf-8") for file in (ROOT / "tests").rglob("test_*.py")}
    assert len(named) > 30
    assert [test for file, test in named if f"def {test}(" not in files.get(file, "")] == []
