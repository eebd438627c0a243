"""A request from the form to the sign-off: asked the right way, and watched until it has arrived."""

import pytest

from tests.scenarios.conftest import Worlds
from tests.scenarios.request import (
    PROJECT,
    card,
    clicks,
    comments,
    dms,
    files_bug,
    issue,
    policy,
    request,
    stage,
    submits,
)
from tests.world import World


@pytest.fixture
def w(worlds: Worlds) -> World:
    """A world where the tracker tells what happens in it."""
    return worlds(policy=policy(), webhooks=True)


def test_a_bug_goes_from_the_form_to_the_sign_off(w: World) -> None:
    """Its issue has the template's form; each stage is told, the test is asked for, and the ship day is named."""
    files_bug(w, w.alice)
    found = issue(w)
    assert found["title"] == "Triggers don't fire"
    assert found["labels"] == ["SupportOps::Bug", "severity::3"]
    assert "### Steps to reproduce\n\n1. Solve a ticket\n2. Wait" in found["description"]
    assert "Requested by Alice Archer" in found["description"]
    assert "scheduled in the current iteration" in card(w.alice).rendered
    assert "heading" not in card(w.alice).rendered
    assert "Wed 1 April at the earliest" in card(w.alice).rendered
    stage(w, "Stage::Planning")
    assert dms(w.alice, "Planned")
    stage(w, "Stage::Validation")
    (test,) = dms(w.alice, "is on staging. Please test it.")
    clicks(w, w.alice, "Not yet", test)
    submits(w, w.alice, **{"What isn't right yet?": "It fires twice"})
    assert "> It fires twice" in comments(w)[-1]
    stage(w, "Stage::Development")
    stage(w, "Stage::Validation")
    (again,) = [one for one in dms(w.alice, "is on staging. Please test it.") if "Sign off" in one.buttons]
    clicks(w, w.alice, "Sign off", again)
    assert "signs it off" in comments(w)[-1]
    assert "Ships: Wed 1 April" in card(w.alice).rendered
    w.gitlab.set_state(PROJECT, found["iid"], "closed", by="omar")
    w.settle()
    assert dms(w.alice, "has shipped")
    assert request(w).state == "closed"
