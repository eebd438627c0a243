"""A case of customer feedback: what is known of it, and what can happen to it.

Source: the handbook's page "Feedback and Complaints".
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from workflows.contract.facts import issue_subject, thread_subject
from workflows.contract.process import Case
from workflows.contract.values import Frozen, IssueLink, Stamp, VendorTask, WebAddress
from workflows.lib.tickets import TicketRef
from workflows.policy.feedback import Kind

KIND = "feedback"
PREFIX = "FB"

WAITING_CALL = "call:waiting"
"""What a case follows as long as nobody has taken the call for a manager: by it they are found."""


class FeedbackState(StrEnum):
    """Where a case of feedback stands."""

    DRAFT = "draft"
    """Typed, not yet sent: the modal is open, or was closed half-way."""
    DISCARDED = "discarded"
    OPEN = "open"
    CLOSED = "closed"
    """The product team has seen it (where it has to) and the customer has been told."""


class Check(StrEnum):
    """What the ticket system said of the ticket."""

    ASKED = "asked"
    FOUND = "found"
    CLOSED = "closed"
    MISSING = "missing"
    NO_ANSWER = "no_answer"


class ManagerCall(Frozen):
    """A manager was called: with `threat`, because the engineer feels threatened or harassed."""

    by: str
    at: datetime
    threat: bool
    notified: tuple[str, ...] = ()
    unreachable: tuple[str, ...] = ()
    taken: Stamp | None = None
    trouble: str | None = None
    round: int = 0
    """How often it was followed up."""
    next_at: datetime | None = None
    """When it is followed up, unless somebody takes it before."""
    again: bool = False
    """A manager had been called before, without a threat."""


class FeedbackCase(Case):
    """What is known of a case of feedback. It carries no customer's name: those stay in the ticket system."""

    submitter: str = ""
    kind: Kind = Kind.PRODUCT
    text: str = ""
    more: tuple[str, ...] = ()
    """What was added later, while the case was open."""
    area: str = ""
    feature: str = ""
    """The one feature it is about, in words to search issues for; empty when it is about none."""
    source: WebAddress | None = None
    """A link to the message it was made from."""

    round: int = 0
    """How often the form was sent; a modal of an earlier round is out of date."""
    view_id: str | None = None
    """The modal that shows the draft."""
    check: Check = Check.ASKED
    found: tuple[IssueLink, ...] | None = None
    """The issues that may fit; None while nobody knows."""

    search_failed: bool = False
    """The tracker did not answer: that none was found says nothing."""

    tag: VendorTask = VendorTask()
    issue: IssueLink | None = None
    issue_job: VendorTask = VendorTask()
    channel_trouble: str | None = None
    """Why the card is not where it belongs."""
    meant_for: str | None = None
    """The channel it belongs to, when it had to go elsewhere; None with `channel_trouble`: no channel takes it."""
    former_places: int = 0
    card_channel: str | None = None
    """The channel where the card stands, as the submitter was told."""

    acknowledge_by: datetime | None = None
    """When the product team is reminded, unless they acknowledge it before."""
    tell_customer_by: datetime | None = None
    """When the submitter is reminded, unless they tell the customer before."""
    reminded_at: dict[str, datetime] = Field(default_factory=dict)
    """When a reminder was sent, by the name of its timer."""
    reminders_late: dict[str, int] = Field(default_factory=dict)
    """How many minutes late a reminder was, by its slot, when the desk had been down."""
    acknowledged: Stamp | None = None
    customer_told: Stamp | None = None
    closed_at: datetime | None = None
    copied: VendorTask = VendorTask()
    """A manager is a CC of the ticket."""
    call: ManagerCall | None = None

    @property
    def open_key(self) -> str | None:
        """One open case for a ticket, kind and submitter."""
        if self.state != FeedbackState.OPEN:
            return None
        return open_key(self.ticket, self.kind, self.submitter)

    @property
    def is_over(self) -> bool:
        """Whether nothing has to be done any more."""
        return self.state in {FeedbackState.DISCARDED, FeedbackState.CLOSED}

    @property
    def follows(self) -> tuple[str, ...]:
        """The issue it belongs to; its card, for the case that somebody deletes it; a call that nobody has taken."""
        issue = (issue_subject(self.issue.project, self.issue.number),) if self.issue else ()
        card = self.messages.get("card")
        posted = (thread_subject(card.channel, card.ts),) if card and self.state == FeedbackState.OPEN else ()
        return (*issue, *posted, *((WAITING_CALL,) if self.call and self.call.taken is None else ()))

    @property
    def has_card(self) -> bool:
        """Only product feedback is shown in a channel."""
        return self.kind is Kind.PRODUCT


def open_key(ticket: TicketRef | None, kind: Kind, submitter: str) -> str:
    """What may be open only once at a time."""
    return f"{KIND}:{ticket.key if ticket else None}:{kind}:{submitter}"


def blank(case_id: str, now: datetime) -> FeedbackCase:
    """A case before its first event."""
    return FeedbackCase(id=case_id, state=FeedbackState.DRAFT, opened_at=now)


# --------------------------------------------------------------------------------- what people do


@dataclass(frozen=True)
class Typed:
    """What was typed into the form."""

    ticket: TicketRef
    kind: Kind
    text: str
    area: str
    feature: str = ""


@dataclass(frozen=True)
class Drafted:
    """The form was sent for preview, for the first time or again."""

    by: str
    typed: Typed
    view_id: str
    source: str | None = None


@dataclass(frozen=True)
class FormClosed:
    """The form was closed before it was sent: what was typed so far is kept for a while, and comes back.

    `ticket` is None as long as no ticket could be read from what was typed.
    """

    by: str
    ticket: TicketRef | None
    kind: Kind
    text: str
    area: str
    feature: str = ""
    source: str | None = None


class IssueWish(StrEnum):
    """What shall happen in the tracker."""

    NONE = "none"
    NEW = "new"
    EXISTING = "existing"


@dataclass(frozen=True)
class Confirmed:
    """The preview was sent. `issue` is the one to add to, with `IssueWish.EXISTING`."""

    by: str
    wish: IssueWish = IssueWish.NONE
    issue: IssueLink | None = None


@dataclass(frozen=True)
class ModalClosed:
    """The modal was closed without sending: what was typed is kept for a while, and comes back."""

    by: str
    view_id: str


@dataclass(frozen=True)
class Discarded:
    """The draft is not wanted any more."""

    by: str


@dataclass(frozen=True)
class TextAdded:
    """More of the same was typed while the case is open."""

    by: str
    text: str


@dataclass(frozen=True)
class Acknowledged:
    """The product team has seen it."""

    by: str


@dataclass(frozen=True)
class IssueLinked:
    """Somebody named the issue it belongs to."""

    by: str
    issue: IssueLink


@dataclass(frozen=True)
class WordsAsked:
    """Somebody reads its card where the words are left out, and wants them privately."""

    by: str


@dataclass(frozen=True)
class Moved:
    """A person moves the feedback to another area."""

    by: str
    area: str


@dataclass(frozen=True)
class CustomerTold:
    """The submitter has told the customer."""

    by: str


class Retry(StrEnum):
    """What can be tried again."""

    TAG = "tag"
    ISSUE = "issue"
    CARD = "card"


@dataclass(frozen=True)
class RetryAsked:
    """Somebody wants something tried again that was given up."""

    by: str
    what: Retry


@dataclass(frozen=True)
class TicketCorrected:
    """The ticket number was wrong; this is the right one."""

    by: str
    ticket: TicketRef


@dataclass(frozen=True)
class ManagerCalled:
    """The submitter wants a manager; with `threat`, because they feel threatened or harassed."""

    by: str
    threat: bool = False


@dataclass(frozen=True)
class CardDeleted:
    """Somebody deleted the product card by hand."""


@dataclass(frozen=True)
class ManagerTook:
    """The manager who was called takes it."""

    by: str
