"""Who is shown what others wrote, and who begins something, when Slack says who they are, or cannot."""

import pytest

from tests.scenarios import incident
from tests.scenarios.incident import BROKEN
from tests.world import World


@pytest.mark.parametrize("code", ["user_not_found", "user_not_visible"])
def test_whom_slack_does_not_know_is_an_outsider(w: World, code: str) -> None:
    """A definite answer closes: neither the list nor a report."""
    incident.reports(w, w.alice)
    w.slack.faults.error("users.info", code, times=10)
    for typed in ("/incident list", f"/incident {BROKEN}"):
        reply = w.gus.runs(typed, in_="#support")
        assert "Only full members" in reply.text
        assert "INC-1" not in reply.text


@pytest.mark.parametrize("shows", ["/incident list", "/incident export", "/manager-contact why MC-1"])
def test_nobody_unknown_is_shown_details_while_slack_is_slow(w: World, shows: str) -> None:
    """It may be a guest: they are asked to try again."""
    incident.reports(w, w.alice)
    w.slack.faults.status("users.info", 503, times=100)
    reply = w.gus.runs(shows, in_="#support")
    assert "can't say right now who you are" in reply.text
    assert "INC-1" not in reply.text


def test_a_report_is_let_in_while_slack_is_slow(w: World) -> None:
    """The desk is not shut when Slack is."""
    w.slack.faults.status("users.info", 503, times=100)
    w.adam.runs(f"/incident {BROKEN}", in_="#support")
    assert w.adam.modal is not None
