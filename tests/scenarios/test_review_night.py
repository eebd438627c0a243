"""A night full of ratings, and a tracker that asks for patience: nothing is lost, nobody is flooded."""

import os

import pytest

from sandbox.vendors.base import VendorFault
from tests.scenarios.conftest import Worlds
from tests.scenarios.review import PROJECT, home, modal, policy, presses, queue
from workflows.review.model import WAITING

RATINGS = 400 if os.environ.get("SOAK") else 30
"""`make soak` plays a night of four hundred."""
A_PAGE = 12


@pytest.mark.timeout(1800 if os.environ.get("SOAK") else 120)
def test_a_night_full_of_ratings_is_one_digest(worlds: Worlds) -> None:
    """One issue each, written as fast as the tracker takes them; one message to one manager; the queue in pages."""
    w = worlds(policy={**policy(), "polling": {"ratings": "30m"}}, webhooks=True)
    w.gitlab.faults.append(VendorFault(times=10_000, status=429, headers={"Retry-After": "60"}))
    for number in range(1, RATINGS + 1):
        w.zendesk._open(number, "A ticket", "solved", 101, 201, [])
        w.zendesk.rate(number, "bad" if number % 4 == 0 else "good", f"Words {number}")
    w.settle()
    w.gitlab.calls.clear()
    w.advance(minutes=10)
    assert 0 < len(w.gitlab.calls) <= 10  # all of them wait together
    w.gitlab.faults.clear()
    w.advance(minutes=20)
    titles = [one["title"] for one in w.gitlab.issues[PROJECT] if "feedback for ticket" in one["title"]]
    rated = [title for title in titles if int(title.rsplit(" ", 1)[1]) <= RATINGS]
    assert len(rated) == len(set(rated)) == RATINGS
    assert len(w.desk.engine.cases.in_states("review", WAITING, 10_000)) == RATINGS
    bad = RATINGS // 4
    assert f"{RATINGS} waiting for you ({bad} bad, {RATINGS - bad} good)" in queue(w, w.maria).text
    presses(w, w.maria, "Next page")
    assert f"Page 2 of {-(-RATINGS // A_PAGE)}" in modal(w.maria).text
    assert f"… and {RATINGS - 6} more" in home(w, w.maria).text
    w.clock.at = w.clock.at.replace(day=5, hour=9, minute=1)
    w.settle()
    (digest,) = w.maria.dm()
    assert f"{RATINGS} reviews waiting for you" in digest.rendered
    assert f"… and {RATINGS - 20} more" in digest.rendered
    shown = [line for line in digest.rendered.splitlines() if " · ticket " in line]
    assert len(shown) == 20
    assert all(line.startswith(":red_circle:") for line in shown[: min(bad, 20)])
    assert all(line.endswith(("your triage", "after 7 days")) for line in shown)
    assert [call["method"] for call in w.slack.calls()].count("chat.postMessage") == 1
