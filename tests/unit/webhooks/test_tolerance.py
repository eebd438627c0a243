"""Webhooks that are not as they should be: the rest is read, and what was left out is counted."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from bot.webhooks.gitlab import GitLab
from bot.webhooks.pagerduty import PagerDuty
from bot.webhooks.receiver import Vendor
from bot.webhooks.zendesk import Zendesk
from tests.unit.webhooks.delivering import delivery, gitlab_issue, labels_changed, pagerduty_event, zendesk_event

HEADERS = {"x-zendesk-webhook-signature-timestamp": "2026-11-20T10:00:00Z"}
TICKET = {"type": "desk.ticket", "ticket": "7", "change": "solved", "at": "2026-11-20T09:59:58Z"}
ISSUE = gitlab_issue("update", changes=labels_changed([], ["a"]))
VENDORS: dict[str, Callable[[], Vendor]] = {
    "zendesk": lambda: Zendesk("s", "main", trusts_bodies=True),
    "gitlab": lambda: GitLab("t"),
    "pagerduty": lambda: PagerDuty("s"),
}


def issue(**change: Any) -> dict[str, Any]:
    """An issue whose own fields are changed like this."""
    return {**ISSUE, "object_attributes": {**ISSUE["object_attributes"], **change}}


@pytest.mark.parametrize(
    ("vendor", "body", "sentence", "left_out"),
    [
        ("zendesk", TICKET, "ticket 7 was solved", []),
        ("zendesk", TICKET | {"change": "Solved"}, "ticket 7 was solved", []),
        ("zendesk", TICKET | {"ticket": "#7"}, "ticket 7 was solved", []),
        ("zendesk", TICKET | {"at": None, "into": None}, "ticket 7 was solved", []),
        ("zendesk", TICKET | {"at": ["now"]}, "ticket 7 was solved", ["Ticket.at"]),
        ("zendesk", TICKET | {"into": "another"}, "ticket 7 was solved", ["Ticket.into"]),
        (
            "zendesk",
            zendesk_event("status_changed", {"previous": "Open", "current": "Solved"}) | {"time": {}},
            "ticket 35436 was solved",
            ["Event.time"],
        ),
        ("gitlab", ISSUE, "labelled gitlab-com/support/feedback#23: +a", []),
        ("gitlab", ISSUE | {"labels": None, "user": None}, "labelled gitlab-com/support/feedback#23: +a", 2),
        ("gitlab", issue(title=None, updated_at=None), "labelled gitlab-com/support/feedback#23: +a", 1),
        ("gitlab", issue(description=5, moved_to_id="x"), "labelled gitlab-com/support/feedback#23: +a", 1),
        ("pagerduty", pagerduty_event("incident.resolved", "resolved", assignees=None), "resolved the page", 1),
        ("pagerduty", pagerduty_event("incident.resolved", "resolved", html_url=[]), "resolved the page", 1),
    ],
)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["", "with a byte order mark"])
def test_what_can_be_done_without_is(
    vendor: str, body: dict[str, Any], sentence: str, left_out: list[str] | int, mark: bytes
) -> None:
    """Capitals, `#7`, nulls, and a field of another kind: the fact is the same."""
    came = delivery(mark + json.dumps(body).encode(), HEADERS)
    (incoming,) = VENDORS[vendor]().read(came)
    assert incoming.fact.sentence == sentence
    assert len(came.odd) == left_out if isinstance(left_out, int) else sorted(came.odd) == left_out
