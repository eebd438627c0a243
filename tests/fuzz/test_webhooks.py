"""Authentic deliveries with anything in them: never refused for what they hold, never saved so that a rule breaks."""

import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.webhooks.gitlab import GitLab
from bot.webhooks.pagerduty import PagerDuty
from bot.webhooks.receiver import Vendor
from bot.webhooks.routes import WebhookReceiver
from bot.webhooks.zendesk import Zendesk
from handlers.kit.process import fact_handlers_of, rules_of
from handlers.registry import PROCESSES
from storage.database import Database
from tests.databases import SQLiteFiles
from tests.fuzz.nasty import mutated, times
from tests.policies import company_policy
from tests.unit.webhooks.delivering import (
    gitlab_issue,
    labels_changed,
    pagerduty_event,
    zendesk_event,
    zendesk_headers,
)
from tests.unit.webhooks.test_gitlab import gitlab_merge_request, gitlab_note
from tests.world import MovedClock
from workflows.engine.engine import Engine
from workflows.engine.inbox import Inbox
from workflows.lib.tickets import MAIN

SECRET = "the secret of this test"
VENDORS: dict[str, Vendor] = {
    "zendesk": Zendesk(SECRET, MAIN, trusts_bodies=True),
    "gitlab": GitLab(SECRET),
    "pagerduty": PagerDuty(SECRET),
}
FEEDBACK = {"type": "desk.feedback", "ticket": "123456", "rating": "Bad", "contact_requested": "yes", "comment": "No"}
BODIES: dict[str, list[Any]] = {
    "zendesk": [
        zendesk_event("status_changed", {"previous": "OPEN", "current": "SOLVED"}),
        zendesk_event("comment_added", {"comment": {"is_public": True, "author": {"id": "7", "is_staff": True}}}),
        zendesk_event("csat_received", {"satisfaction_score": {"score": "bad", "comment": "No"}}),
        zendesk_event("merged", {"target_ticket_id": "77"}),
        zendesk_event("created", {}),
        {"type": "desk.ticket", "ticket": "1", "change": "merged", "into": "2", "at": "2026-11-20T09:59:58Z"},
        FEEDBACK,
    ],
    "gitlab": [
        gitlab_issue("open"),
        gitlab_issue("close"),
        gitlab_note(),
        gitlab_merge_request("merge", "merged"),
        gitlab_issue("update", changes=labels_changed(["a"], ["b", "manager-contact::requested"])),
    ],
    "pagerduty": [
        pagerduty_event("incident.acknowledged", "acknowledged"),
        pagerduty_event("incident.reassigned", "triggered"),
    ],
}


class Door:
    """The webhooks over a real database, and what is made of them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = MovedClock()
        engine = Engine(database, rules_of(PROCESSES), company_policy())
        self.inbox = Inbox(engine, fact_handlers_of(PROCESSES))
        self.receiver = WebhookReceiver(self.inbox, self.clock)

    def take(self, name: str, body: bytes) -> int:
        """Deliver it, authentic."""
        stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        signature = f"v1={hmac.new(SECRET.encode(), body, sha256).hexdigest()}"
        headers = {
            "zendesk": zendesk_headers(SECRET, body, stamp),
            "gitlab": {"x-gitlab-token": SECRET, "x-gitlab-event-uuid": stamp},
            "pagerduty": {"x-pagerduty-signature": signature},
        }[name]
        status, _ = self.receiver.take(name, VENDORS[name], headers, body)
        return status


@pytest.fixture(scope="module")
def door(sqlite_files: SQLiteFiles) -> Iterator[Door]:
    """One for all examples."""
    database = Database(sqlite_files.migrated())
    yield Door(database)
    database.close()


@pytest.mark.parametrize("name", VENDORS)
@settings(max_examples=times(60, 20_000))
@given(data=st.data())
def test_an_authentic_delivery_is_taken_whatever_it_holds(door: Door, name: str, data: st.DataObject) -> None:
    """Vendors switch off a webhook that is refused; and every rule gets along with what was saved."""
    body = json.dumps(data.draw(mutated(BODIES[name]))).encode()
    with capture_logs() as logs:
        assert door.take(name, body) == 200
        door.inbox.handle_due(door.clock.now())
    assert [line for line in logs if line["event"] in {"webhook_broke", "webhook_not_handled"}] == []


@pytest.mark.parametrize("name", VENDORS)
@pytest.mark.parametrize(
    "body",
    [
        b'{"type": "desk.feedback", "ticket": ' + b"9" * 5000 + b"}",
        b'{"object_kind": "issue", "project": {"id": ' + b"9" * 5000 + b"}}",
        b'{"event": {"id": ' + b"9" * 5000 + b', "event_type": "incident.resolved"}}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"\xff\xfe\x00",
        b"",
        b"null",
        b'"\\ud800"',
        b"NaN",
    ],
    ids=lambda body: str(body[:12]),
)
def test_what_is_no_delivery_is_taken_and_left(door: Door, name: str, body: bytes) -> None:
    """Numbers of five thousand digits, nesting without end, bytes that are no text."""
    with capture_logs() as logs:
        assert door.take(name, body) == 200
    assert "webhook_broke" not in {line["event"] for line in logs}
