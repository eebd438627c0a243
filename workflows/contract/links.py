"""What cases of different processes let each other know, by `NotifyCase`.

Neither process knows the rules of the other: they agree on these names, and on what stands in the details.
"""

from collections.abc import Sequence
from typing import Final, Protocol

from workflows.contract.case_effects import NotifyCase
from workflows.contract.effect_base import Urgency
from workflows.contract.events import CaseNotified
from workflows.lib.tickets import TicketRef

CONTACT: Final = "contact"
REVIEW: Final = "review"
REQUEST: Final = "request"

ASK_FOR_CONTACT: Final = "ask_for_contact"
"""To the request: the customer should be contacted. Details: `words`, `asked_at` (ISO), `tone`, and `by`, a Slack id
where a manager found so; None where the customer asked."""
CONTACT_OPENED: Final = "contact_opened"
"""To the review: the request is open. Details: `case`."""
CONTACT_OVER: Final = "contact_over"
"""To the review: the request is over. Details: `case`, and `by`, who contacted the customer; None: cancelled."""

INDIRECT: Final = "indirect"
"""To the review: a customer's feedback that came by another way, such as an e-mail. Details: `by` (a Slack id), `at`
(ISO), `tone`, `words`, `next_action`."""

FILE_REQUEST: Final = "file_request"
"""To a request: file this with Support Operations. Details: `requester` (a Slack id), `title`, `text`, `labels`."""


def to_request(key: str, *, requester: str, title: str, text: str, labels: Sequence[str] = ()) -> NotifyCase:
    """File an issue with Support Operations for somebody, who is told how it goes; under one `key` one is open."""
    details = {"requester": requester, "title": title, "text": text, "labels": list(labels)}
    return NotifyCase(kind=REQUEST, key=f"{REQUEST}:{key}", purpose=FILE_REQUEST, details=details)


class FormAnswered(Protocol):
    """What a review says of contact, for the request that opens later by another way."""

    @property
    def form_says_contact(self) -> bool | None:
        """What the customer answered in the form; None where it did not ask, or nobody answered."""
        ...


def to_contact(ticket: TicketRef, purpose: str, **details: object) -> NotifyCase:
    """Let the open request about this ticket know; where there is none, one opens."""
    return NotifyCase(
        kind=CONTACT,
        key=f"{CONTACT}:{ticket.key}",
        purpose=purpose,
        details=details,
        urgency=Urgency.ESCALATION,
    )


def to_review(ticket: TicketRef, purpose: str, **details: object) -> NotifyCase:
    """Let the review of this ticket know."""
    return NotifyCase(
        kind=REVIEW, key=f"{REVIEW}:{ticket.key}", purpose=purpose, details=details, urgency=Urgency.ESCALATION
    )


def ticket_of(event: CaseNotified) -> TicketRef:
    """The ticket both are about: by it they are found."""
    account, _, number = event.key.partition(":")[2].rpartition("/")
    return TicketRef(account, int(number))
