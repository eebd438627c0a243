"""An incident has its issue in Support Operations' tracker, from the start of its timer until it is resolved."""

from typing import Any

import pytest

from sandbox.vendors.base import VendorFault
from tests.scenarios import incident
from tests.scenarios.conftest import Worlds
from tests.world import World
from workflows.contract.events import EffectSucceeded
from workflows.contract.issue_effects import CloseIssue, CommentOnIssue, OpenIssue
from workflows.contract.process import Case
from workflows.engine.claims import EffectAttempt

PROJECT = "gitlab-com/gl-security/corp/cust-support-ops/issue-tracker"


def issues(w: World) -> list[dict[str, Any]]:
    """The issues in Support Operations' tracker."""
    return w.gitlab.issues[PROJECT]


def notes(w: World) -> list[str]:
    """The comments on the newest of them."""
    return [note["body"] for note in w.gitlab.notes.get(issues(w)[-1]["id"], [])]


def test_an_incident_has_its_issue_with_the_four_answers_from_the_start(w: World) -> None:
    """Linked on the card; commented with the timeline and closed when it is resolved."""
    incident.reports(w, w.alice)
    (issue,) = issues(w)
    assert issue["title"] == "Incident INC-1: Zendesk triggers (Mission Critical): Triggers do not fire"
    for part in (
        "### What is happening\n\nTriggers do not fire",
        "### Impact on users and customers\n\nNo auto-replies",
    ):
        assert part in issue["description"]
    for part in (
        "### Error messages and screenshots",
        "### Steps already taken",
        "**Reported by:** Alice",
        "/archives/C",
    ):
        assert part in issue["description"]
    assert issue["web_url"] in str(incident.card(w).blocks)
    incident.answers(w, w.omar, incident.card(w))
    incident.resolves(w, w.omar, incident.card(w))
    (issue,) = issues(w)
    assert issue["state"] == "closed"
    (timeline,) = notes(w)
    assert "**Resolved.** A trigger was switched off" in timeline
    assert "Omar Osman (Support Operations) answered: the clock stopped" in timeline


def test_what_changes_is_told_and_reopening_opens_it_again(w: World) -> None:
    """A better description, another criticality; and no second issue."""
    incident.reports(w, w.alice)
    incident.changes(w, w.alice, incident.card(w), "Business Critical")
    assert "Mission Critical → Business Critical" in notes(w)[-1]
    incident.resolves(w, w.omar, incident.card(w))
    incident.does(w, w.alice, "Open it again", incident.card(w))
    (issue,) = issues(w)
    assert issue["state"] == "opened"
    assert "opened again" in notes(w)[-1]
    incident.picks(w, w.alice, "Not an incident", incident.card(w))
    assert issues(w)[0]["state"] == "closed"
    assert notes(w)[-1].startswith("Alice Archer (Support Engineer) said that this is no incident")


@pytest.mark.parametrize(("opened_at", "counts"), [("never", [0, 0, 0]), ("page", [0, 1, 1]), ("resolve", [0, 0, 1])])
def test_the_policy_says_when_it_is_opened(worlds: Worlds, opened_at: str, counts: list[int]) -> None:
    """Never, when somebody is paged, or on Resolve; opened late, it has the timeline at once."""
    w = worlds(policy={"incident": {"issue": {"opened_at": opened_at}}})
    incident.reports(w, w.alice)
    seen = [len(issues(w))]
    w.advance(minutes=10)
    seen.append(len(issues(w)))
    incident.resolves(w, w.omar, incident.card(w))
    seen.append(len(issues(w)))
    assert seen == counts
    if counts[-1]:
        assert issues(w)[0]["state"] == "closed"
        assert sum("**Timeline**" in note for note in notes(w)) == 1


class Killed(BaseException):
    """The process is gone, in the middle of things."""


@pytest.mark.parametrize("kind", [OpenIssue, CommentOnIssue, CloseIssue])
def test_killed_after_each_step_nothing_is_done_twice(worlds: Worlds, kind: type) -> None:
    """The tracker did it, and the desk died before it knew: one issue, one timeline, closed."""
    w = worlds(policy={"delivery": {"channel_pace": "0s", "lease": "1s"}})
    run = w.desk.dispatcher.execute

    def run_and_die(case: Case, job: EffectAttempt) -> EffectSucceeded:
        done = run(case, job)
        if isinstance(job.effect, kind):
            raise Killed
        return done

    w.desk.dispatcher.execute = run_and_die
    with pytest.raises(Killed):  # noqa: PT012 - it dies in whichever of these its step comes
        incident.reports(w, w.alice)
        incident.resolves(w, w.omar, incident.card(w))
    w.restart()
    w.clock.skip_real(seconds=2)  # the lease of the one that was killed runs out
    w.advance(minutes=1)
    if w.desk.engine.cases.read("INC-1").state != "resolved":
        incident.resolves(w, w.omar, incident.card(w))
    (issue,) = issues(w)
    assert issue["state"] == "closed"
    assert sum("**Timeline**" in note for note in notes(w)) == 1


def test_a_tracker_that_refuses_is_said_on_the_card_and_tried_again_on_resolve(w: World) -> None:
    """The clock runs on; nothing waits for it."""
    w.gitlab.faults.append(VendorFault(times=1, status=404, body={"message": "404 Project Not Found"}))
    incident.reports(w, w.alice)
    assert "I couldn't open its issue" in incident.card(w).rendered
    incident.resolves(w, w.omar, incident.card(w))
    (issue,) = issues(w)
    assert issue["state"] == "closed"
    assert "I couldn't open its issue" not in incident.card(w).rendered


def test_without_a_tracker_nothing_is_said(worlds: Worlds) -> None:
    """It is not set up here: the incident goes on without."""
    w = worlds(GITLAB_TOKEN="", GITLAB_URL="")
    incident.reports(w, w.alice)
    assert "issue" not in incident.card(w).rendered.lower()
    w.advance(minutes=10)
    assert len(incident.pages(w)) == 1
