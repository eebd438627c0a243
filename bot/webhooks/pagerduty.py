"""PagerDuty's webhooks (v3): what happens to an incident there."""

import hmac
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from pydantic import Field, ValidationError

from bot.webhooks.receiver import Delivery, MalformedError, Name, Sent, moment
from workflows.contract.facts import IncomingFact, PageChange, PageChanged, PageStatus

_CHANGES: Final = {
    "incident.triggered": PageChange.TRIGGERED,
    "incident.acknowledged": PageChange.ACKNOWLEDGED,
    "incident.unacknowledged": PageChange.UNACKNOWLEDGED,
    "incident.resolved": PageChange.RESOLVED,
    "incident.reopened": PageChange.REOPENED,
    "incident.reassigned": PageChange.REASSIGNED,
    "incident.delegated": PageChange.REASSIGNED,
    "incident.escalated": PageChange.REASSIGNED,
}


class _Named(Sent):
    summary: str | None = None


class _Incident(Sent):
    id: Name
    status: PageStatus
    incident_key: Name | None = None
    html_url: str | None = None
    assignees: list[_Named] = Field(default_factory=list)


class _Event(Sent):
    id: Name
    event_type: str = ""
    occurred_at: str | None = None
    agent: _Named | None = None


class _IncidentEvent(_Event):
    data: _Incident


class _Whole(Sent):
    event: _Event


class _WholeIncident(Sent):
    event: _IncidentEvent


class PagerDuty:
    """Signed by HMAC over the body, with each of the secrets that are valid at the time."""

    def __init__(self, secrets: str) -> None:
        """`secrets` are one or several, separated by commas: while one is replaced, both hold."""
        self._secrets = [secret.strip() for secret in secrets.split(",") if secret.strip()]

    def is_authentic(self, delivery: Delivery) -> bool:
        """Whether one of the signatures is made with one of our secrets. All are compared: time tells nothing."""
        given = [part.strip() for part in delivery.headers.get("x-pagerduty-signature", "").split(",")]
        own = [f"v1={hmac.new(secret.encode(), delivery.body, sha256).hexdigest()}" for secret in self._secrets]
        return sum(hmac.compare_digest(one.encode(), other.encode()) for one in own for other in given) > 0

    def read(self, delivery: Delivery) -> Sequence[IncomingFact]:
        """What it tells of an incident; nothing of other things, and of incidents that nobody opened under a key."""
        try:
            event = _Whole.of_json(delivery.text).event
            if event.event_type not in _CHANGES:
                return []
            fact = _fact(_WholeIncident.of_json(delivery.text, delivery.odd).event, delivery)
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            raise MalformedError(".".join(str(part) for part in first["loc"]) or "no JSON") from None
        # The event's id is signed along; the delivery's (X-Webhook-Id) is not, and differs between subscriptions.
        return [IncomingFact(f"pagerduty:{event.id}", fact)] if fact.key else []


def _fact(event: _IncidentEvent, delivery: Delivery) -> PageChanged:
    incident = event.data
    return PageChanged(
        at=moment(event.occurred_at, delivery.now),
        by=(event.agent and event.agent.summary) or "",
        page=incident.id,
        key=incident.incident_key or "",
        url=incident.html_url or "",
        change=_CHANGES[event.event_type],
        status=incident.status,
        assignees=tuple(one.summary for one in incident.assignees if one.summary),
    )
