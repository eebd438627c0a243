"""What can happen to a manager-contact request: what people, webhooks and messages bring."""

from dataclasses import dataclass
from datetime import datetime

from workflows.contact.model import Doubt, Source
from workflows.contract.process import MessageRef
from workflows.contract.slack_port import Person
from workflows.contract.values import IssueLink
from workflows.lib.tickets import TicketRef
from workflows.policy.contact import Way
from workflows.policy.review import Tone


@dataclass(frozen=True)
class ContactRequested:
    """A customer wants to hear from a manager. The same event on an open case is one more source of it.

    `by` is a Slack user id or the name of a system; `words` are kept private. `label_says` and `field_says` are what
    the issue's label and the form's field say, None where one is not known: one yes is a request. So is an answer in
    the field that is neither a yes nor a no (`is_unclear`). `ticket` is None when none could be read. `asked_at` is
    when the customer asked, if that was before now.
    """

    source: Source
    by: str
    ticket: TicketRef | None
    words: str = ""
    label_says: bool | None = None
    field_says: bool | None = None
    is_unclear: bool = False
    tone: Tone | None = None
    """How the customer's feedback was meant, where that is known."""
    issue: IssueLink | None = None
    link: str | None = None
    remark: str = ""
    asked_at: datetime | None = None
    origin: MessageRef | None = None
    """The message in the channel it was read from, which is answered in its thread."""

    @property
    def asks(self) -> bool:
        """Whether contact is asked for: by a yes, or where neither label nor field says anything, by itself."""
        said = {self.label_says, self.field_says}
        return self.is_unclear or True in said or said == {None}


@dataclass(frozen=True)
class SaysChanged:
    """What the issue's label, the form's field or the rating says now; None where it is not told of."""

    by: str
    label_says: bool | None = None
    field_says: bool | None = None
    tone: Tone | None = None


@dataclass(frozen=True)
class RequestDoubted:
    """A message may be a request: nobody can tell, or its ticket is missing. `request.origin` is where it is asked."""

    request: ContactRequested
    doubt: Doubt


@dataclass(frozen=True)
class DoubtSettled:
    """Somebody said whether it is a request. `other` is the open request for its ticket that has it now."""

    by: str
    is_request: bool
    other: str | None = None


@dataclass(frozen=True)
class OriginDeleted:
    """The message was deleted whose author is asked."""


@dataclass(frozen=True)
class Claimed:
    """A manager takes it. `zone` is where they are (IANA), as Slack knows it."""

    by: str
    zone: str = "UTC"


@dataclass(frozen=True)
class Contacted:
    """The customer was contacted. `briefed` is the engineer who goes on with the ticket (Slack id).

    They get the ticket, and what is to be done next (`briefing`), by direct message.
    """

    by: str
    how: Way
    text: str
    briefed: str | None = None
    briefing: str = ""


@dataclass(frozen=True)
class ActionNoted:
    """Something more came of it after the contact."""

    by: str
    text: str


@dataclass(frozen=True)
class Reassigned:
    """Somebody is made its owner."""

    by: str
    to: Person


@dataclass(frozen=True)
class ReassignedToDuty:
    """Whoever is on duty now is made its owner."""

    by: str


@dataclass(frozen=True)
class Snoozed:
    """Who has it wants the next reminder later."""

    by: str


@dataclass(frozen=True)
class Cancelled:
    """A person says that no contact is wanted any more."""

    by: str
    reason: str


@dataclass(frozen=True)
class TicketNamed:
    """Somebody named the ticket of a request that came without one, or corrected it."""

    by: str
    ticket: TicketRef


@dataclass(frozen=True)
class IssueRetryAsked:
    """Somebody wants the feedback issue written after all."""

    by: str


@dataclass(frozen=True)
class CardDeleted:
    """Somebody deleted the card by hand."""


@dataclass(frozen=True)
class ExportAsked:
    """Somebody wants the requests of a period as a table: `rows` are its lines, this request's the last."""

    by: str
    rows: tuple[tuple[str, ...], ...]
    since: datetime
    until: datetime
