"""PagerDuty's webhooks: whose they are, and what they say."""

import contextlib
import hmac
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.webhooks.pagerduty import PagerDuty
from bot.webhooks.receiver import MalformedError
from tests.unit.webhooks.delivering import delivery, pagerduty_event
from workflows.contract.facts import IncomingFact, PageChange, PageChanged, PageStatus

BODY = b'{"event":{"id":"1"}}'
SIGNATURE = "v1=48d81370ec6ccdc9063618a09b47622f60e66c78134001af266c81b82b43acc7"


def signed(*secrets: str) -> str:
    """The header with a signature for each of the secrets."""
    return ",".join(f"v1={hmac.new(secret.encode(), BODY, sha256).hexdigest()}" for secret in secrets)


@pytest.mark.parametrize(
    ("secrets", "signature", "is_authentic"),
    [
        ("pd-secret", SIGNATURE, True),
        ("pd-secret", f"v1={'0' * 64},{SIGNATURE}", True),
        ("pd-secret", f"{SIGNATURE}, v2=something", True),
        ("old, pd-secret", SIGNATURE, True),
        ("new,old", signed("old"), True),
        ("new,old", signed("new", "old"), True),
        ("new", signed("old"), False),
        ("pd-secret", SIGNATURE.replace("v1=", "v0="), False),
        ("pd-secret", SIGNATURE.removeprefix("v1="), False),
        ("pd-secret", SIGNATURE[:-1], False),
        ("pd-secret", "", False),
        ("pd-secret", "v1=", False),
        ("pd-secret", "v1=\xe4", False),
        ("another", SIGNATURE, False),
        (" , ", signed(""), False),
    ],
)
def test_one_good_signature_of_one_good_secret_will_do(secrets: str, signature: str, *, is_authentic: bool) -> None:
    """While a secret is replaced there are two signatures, two secrets, or both."""
    came = delivery(BODY, {"x-pagerduty-signature": signature})
    assert PagerDuty(secrets).is_authentic(came) is is_authentic


def test_another_body_or_no_signature_is_refused() -> None:
    """A signature is one of this body."""
    assert not PagerDuty("pd-secret").is_authentic(delivery(BODY + b"\n", {"x-pagerduty-signature": SIGNATURE}))
    assert not PagerDuty("pd-secret").is_authentic(delivery(BODY))


def read(body: Any, **headers: str) -> list[IncomingFact]:
    """What a delivery says."""
    return list(PagerDuty("pd-secret").read(delivery(body, headers)))


@pytest.mark.parametrize(
    ("kind", "status", "change"),
    [
        ("incident.triggered", "triggered", PageChange.TRIGGERED),
        ("incident.acknowledged", "acknowledged", PageChange.ACKNOWLEDGED),
        ("incident.unacknowledged", "triggered", PageChange.UNACKNOWLEDGED),
        ("incident.resolved", "resolved", PageChange.RESOLVED),
        ("incident.reopened", "triggered", PageChange.REOPENED),
        ("incident.reassigned", "acknowledged", PageChange.REASSIGNED),
        ("incident.escalated", "triggered", PageChange.REASSIGNED),
        ("incident.delegated", "triggered", PageChange.REASSIGNED),
    ],
)
def test_what_happens_to_a_page_is_understood(kind: str, status: str, change: PageChange) -> None:
    """With how it stands now, who did it, who has it, and the key it was opened under."""
    (incoming,) = read(pagerduty_event(kind, status))
    assert incoming.key == "pagerduty:01BWUN3UFRRRUMVR"
    assert incoming.fact == PageChanged(
        at=datetime(2026, 11, 20, 9, 59, 58, tzinfo=UTC),
        by="María García",
        page="Q0000000000001",
        key="INC-1",
        url="https://example.pagerduty.com/incidents/Q0000000000001",
        change=change,
        status=PageStatus(status),
        assignees=("Omar Haddad",),
    )
    assert incoming.fact.subjects == ("page:INC-1",)


def test_the_timeline_names_who_has_it_now() -> None:
    """A reassigned page says to whom; somebody who did it is named with the system."""
    (incoming,) = read(pagerduty_event("incident.reassigned", "triggered"))
    assert incoming.fact.sentence == "reassigned the page to Omar Haddad"
    assert incoming.fact.actor == "María García (pager)"


@pytest.mark.parametrize(
    "body",
    [
        BODY,
        pagerduty_event("pagey.ping", "x"),
        pagerduty_event("incident.annotated", "triggered"),
        pagerduty_event("service.updated", "active"),
        pagerduty_event("incident.resolved", "resolved", incident_key=None),
    ],
)
def test_what_is_none_of_ours_is_ignored(body: Any) -> None:
    """The ping of a new subscription, notes, services, incidents opened without a key."""
    assert read(body) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        {"event": {}},
        pagerduty_event("incident.resolved", "eaten"),
        {"event": {"id": "1", "event_type": "incident.resolved"}},
    ],
)
def test_what_cannot_be_read_is_called_malformed(body: Any) -> None:
    """It is said so, and nothing of it is quoted."""
    with pytest.raises(MalformedError):
        read(body)


@given(st.binary(max_size=200))
def test_nothing_that_is_sent_breaks_the_reading(body: bytes) -> None:
    """Any body is read, ignored or malformed."""
    with contextlib.suppress(MalformedError):
        read(body)


def test_an_event_without_an_agent_is_read() -> None:
    """A page that nobody acknowledged again in time was done by nobody."""
    body = pagerduty_event("incident.unacknowledged", "triggered")
    body["event"] |= {"agent": None, "occurred_at": None}
    body["event"]["data"].pop("assignees")
    (incoming,) = read(body)
    assert incoming.fact.actor == "pager"
