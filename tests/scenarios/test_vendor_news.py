"""What happens in the vendors reaches the cases by webhook or by asking, alike; what is only said is checked first."""

import hmac
import json
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandbox.vendors.base import VendorFault
from sandbox.vendors.hooks import SECRETS
from tests.world import World, world
from workflows.contact.model import KIND as CONTACT
from workflows.contact.model import ContactState

FEEDBACK = "gitlab-com/support/feedback"
ASKING = {"polling": {"ratings": "5m", "tickets": "5m", "issues": "5m"}}


def notes(w: World, case: str) -> list[str]:
    """What the systems outside told a case."""
    return [line.what for line in w.desk.engine.cases.timeline(case) if line.actor.split("(")[-1].strip(")") in OUTSIDE]


OUTSIDE = {"tickets", "tracker"}


@pytest.mark.parametrize("way", [{"webhooks": True}, {"policy": ASKING}], ids=["hearing", "asking"])
def test_the_same_follows_whether_the_desk_hears_or_asks(tmp_path: Path, way: dict[str, Any]) -> None:
    """A rating that asks for contact, changes of its ticket and of its issue: each once, also after a restart."""
    with world(tmp_path, **way) as w:
        w.advance(minutes=1)
        w.zendesk.rate(123456, "bad", "Nobody called me", contact=True)
        w.advance(minutes=12)
        (case,) = w.desk.engine.cases.in_states(CONTACT, list(ContactState))
        issue = w.desk.engine.cases.read("RV-1").issue.number
        deeds: tuple[Callable[[], object], ...] = (
            lambda: w.zendesk.reply(123456, "We are on it."),
            lambda: w.zendesk.reply(123456, "Thank you!", by=101),
            lambda: w.zendesk.set_status(123456, "solved"),
            lambda: w.gitlab.label(FEEDBACK, issue, "seen"),
            lambda: w.gitlab.set_state(FEEDBACK, issue, "closed"),
        )
        for deed in deeds:
            deed()
            w.advance(minutes=6)
        w.restart()
        w.advance(minutes=12)
        assert case.field_says is True
        ticket = ["a public reply was written on ticket 123456", "ticket 123456 was solved"]
        assert [one for one in notes(w, case.id) if "ticket" in one and "feedback" not in one][-2:] == ticket
        review = [one for one in notes(w, "RV-1") if FEEDBACK in one and "opened" not in one]
        assert [one for one in review if "seen" in one or "closed" in one] == [
            f"labelled {FEEDBACK}#{issue}: +seen",
            f"closed {FEEDBACK}#{issue}",
        ]
        assert w.desk.engine.cases.read("RV-1").state == "closed"
        assert w.desk.engine.cases.read("RV-2") is None


def says(w: World, body: dict[str, Any]) -> str:
    """A trigger's webhook, signed as Zendesk signs it; what it is answered."""
    assert w.webhook_server is not None
    raw, stamp = json.dumps(body).encode(), datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    mac = hmac.new(SECRETS["zendesk"].encode(), stamp.encode() + raw, sha256).digest()
    headers = {
        "X-Zendesk-Webhook-Signature": b64encode(mac).decode(),
        "X-Zendesk-Webhook-Signature-Timestamp": stamp,
    }
    answer = httpx.post(f"http://127.0.0.1:{w.webhook_server.port}/webhooks/zendesk", content=raw, headers=headers)
    return answer.text


def test_what_a_body_says_is_checked_before_anything_is_done(tmp_path: Path) -> None:
    """No rating stands on the ticket, it was not merged, there is no such ticket: nothing is done, and it is noted."""
    with world(tmp_path, webhooks=True) as w:
        w.alice.runs("/feedback 123456 Owners of schedules", in_="#support")
        w.alice.submits()
        w.settle()
        w.alice.submits()
        w.settle()
        before = notes(w, "FB-1")
        at = w.clock.now().isoformat()
        for body in (
            {"type": "desk.feedback", "ticket": "123459", "rating": "Bad", "comment": "Call me"},
            {"type": "desk.ticket", "ticket": "123456", "change": "merged", "into": "123457", "at": at},
            {"type": "desk.ticket", "ticket": "123456", "change": "solved", "at": at},
            {"type": "desk.feedback", "ticket": "999999", "contact_requested": "yes", "at": at},
        ):
            assert says(w, body) == "Saved.\n"
        w.advance(minutes=5)
        assert notes(w, "FB-1") == before
        assert w.desk.engine.cases.in_states(CONTACT, list(ContactState)) == []
        assert w.desk.engine.cases.read("RV-1") is None
        found = [line.what for line in w.desk.engine.cases.timeline("TC-1")]
        assert "was told of feedback on ticket 123459, which shows none" in found
        assert found.count("was told of a change of ticket 123456, which shows none") == 2
        assert any(line.startswith("could not check ticket 999999") for line in found)


def test_a_check_waits_for_the_ticket_system(tmp_path: Path) -> None:
    """It is down: the webhook is answered all the same, nothing is lost, and nothing is asked twice once it is back."""
    with world(tmp_path, webhooks=True) as w:
        w.zendesk.faults.append(VendorFault(times=8, status=503))
        w.zendesk.rate(123456, "bad", "Nobody called me", contact=True)
        w.settle()
        w.restart()
        w.advance(hours=1)
        (case,) = w.desk.engine.cases.in_states(CONTACT, list(ContactState))
        assert (case.field_says, len(case.origins)) == (True, 1)
