"""What a customer success manager is told of a new ticket, and how it is passed to their own case."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from workflows.contract.case_effects import NotifyCase
from workflows.contract.values import Frozen
from workflows.lib.tickets import TicketRef

CSM: Final = "csm"
"""The kind of a person's own case."""
NEW_TICKET: Final = "new_ticket"
"""To a person: a new ticket of an account of theirs. Details: those of a `Notice`."""


class Notice(Frozen):
    """A new ticket. With `late` the desk heard of it, or of whose it is, later than it should have."""

    ticket: TicketRef
    subject: str
    opened_at: datetime
    contact_name: str = ""
    contact_email: str = ""
    account_id: str
    account: str
    account_url: str = ""
    case_url: str = ""
    organization_id: int | None = None
    """The customer's organisation in the ticket system."""
    late: bool = False


def person_key(address: str) -> str:
    """The open key of somebody's own case, by their address."""
    return f"{CSM}:{address.lower()}"


def tell(address: str, notice: Notice) -> NotifyCase:
    """Let somebody's own case know of a new ticket."""
    details = notice.model_dump(mode="json")
    return NotifyCase(kind=CSM, key=person_key(address), purpose=NEW_TICKET, details=details)


def ticket_in(details: Mapping[str, Any]) -> TicketRef:
    """The ticket of a notice that was written down."""
    return TicketRef(**details["ticket"])
