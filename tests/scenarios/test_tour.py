"""The tour, as `make tour` plays it: both processes, real threads, a clock that is moved."""

import subprocess
import sys

import pytest

from tests.reference import ROOT


@pytest.mark.timeout(180)
def test_the_tour_plays_every_chapter_and_says_so() -> None:
    """It exits 0 only when every step happened; what people saw stands in it."""
    run = subprocess.run(
        [sys.executable, "-m", "bot", "tour"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=170
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.rstrip().endswith("Every step happened.")
    for seen in (
        "Acknowledged by @pia",
        "Contacted by @maria",
        "was paged for INC-1",
        "Support week in review",
        "New ticket from ACME",
        "Status: Shipped",
    ):
        assert seen in run.stdout
