"""The satisfaction review of the same ticket: it may ask for contact, and hears how the request goes.

One request a ticket, whoever asks: a review that asks while one is open is linked with it, both ways.
"""

from datetime import datetime

from workflows.contact import outputs, requests
from workflows.contact.events import ContactRequested
from workflows.contact.model import ContactCase, ContactState, Source
from workflows.contract import actors
from workflows.contract.effects import Effect
from workflows.contract.events import CaseNotified
from workflows.contract.links import ASK_FOR_CONTACT, CONTACT_OPENED, CONTACT_OVER, ticket_of, to_review
from workflows.contract.process import Decision, Note
from workflows.policy.model import Policy
from workflows.policy.review import Tone


def notified(case: ContactCase, event: CaseNotified, policy: Policy, now: datetime) -> Decision[ContactCase]:
    """A review asks for contact, for the customer or for its manager."""
    if event.purpose != ASK_FOR_CONTACT:
        raise TypeError(f"Manager contact knows no {event.purpose}.")
    by, ticket = event.details.get("by"), ticket_of(event)
    linked = case.with_(review=event.source)
    opened = to_review(ticket, CONTACT_OPENED)
    if case.state != ContactState.NEW and by is None:  # the customer's wish is known already
        return Decision(
            linked, (Note("desk", f"linked it with {event.source}"),), (*outputs.refresh(linked, policy), opened)
        )
    request = ContactRequested(
        Source.REVIEW if by else Source.TICKETS,
        str(by or actors.TICKETS),
        ticket,
        words=str(event.details.get("words") or ""),
        field_says=None if by else True,
        tone=Tone(tone) if (tone := event.details.get("tone")) else None,
        asked_at=datetime.fromisoformat(event.details["asked_at"]),
    )
    return requests.decide(linked, request, policy, now).and_(effects=(opened,))


def let_know(case: ContactCase, by: str | None) -> tuple[Effect, ...]:
    """Let the review know that the request is over; `by` is who contacted the customer, None when it was cancelled."""
    if case.review is None or case.ticket is None:
        return ()
    return (to_review(case.ticket, CONTACT_OVER, by=by),)
