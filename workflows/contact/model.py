"""A request that a manager contacts a customer: what is known of it, and what can happen to it.

Source: the handbook's page "Satisfaction (SSAT) review and responding", sections "Who is responsible" and "If the
customer should be contacted".
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from workflows.contract.events import DutySource
from workflows.contract.facts import issue_subject, thread_subject
from workflows.contract.process import Case
from workflows.contract.values import Frozen, IssueLink, Stamp, VendorTask, WebAddress
from workflows.policy.contact import Way
from workflows.policy.review import Tone

KIND = "contact"
PREFIX = "MC"


class ContactState(StrEnum):
    """Where a request stands."""

    NEW = "new"
    """Before its first event."""
    QUESTION = "question"
    """It cannot be told yet whether it is a request, or about which ticket: who knows is asked."""
    DISMISSED = "dismissed"
    """It was none."""
    OPEN = "open"
    """It has an owner (or nobody is on duty), and nobody has claimed it."""
    CLAIMED = "claimed"
    CONTACTED = "contacted"
    CANCELLED = "cancelled"


REMIND = "remind"
UNCLAIMED = "unclaimed"
DUE = "due"
OVERDUE = "overdue"
SNOOZED = "snoozed"
REMINDERS = frozenset({REMIND, SNOOZED, OVERDUE})
"""The timers, by name; `remind:80` is the reminder at 80 percent of the time. Of these, some remind who has it."""

UNANSWERED = "unanswered"
"""The timer after which a request nobody has named the ticket of is opened without it."""

CARD = "card"
ORIGIN = "origin"
QUESTION = "question"
"""The slots of the card, of the messages in the channel that a request came from, and of what is asked there."""

WAITING = (ContactState.OPEN, ContactState.CLAIMED)
"""The states in which the clock runs."""


class Source(StrEnum):
    """How a request arrived."""

    TICKETS = "tickets"
    """The ticket system's webhook."""
    TRACKER = "tracker"
    """The issue tracker's webhook."""
    INTEGRATION = "integration"
    """A message of an integration in the channel."""
    MESSAGE = "message"
    """A message of a person in the channel."""
    COMMAND = "command"
    """`/manager-contact`."""
    REVIEW = "review"
    """A satisfaction review that found the customer should be contacted."""


class Doubt(StrEnum):
    """What has to be answered before it is a request."""

    WISH = "wish"
    """Whether contact is asked for at all."""
    TICKET = "ticket"
    """About which ticket it is."""


class TicketCheck(StrEnum):
    """What the ticket system said of the ticket."""

    ASKED = "asked"
    FOUND = "found"
    SOLVED = "solved"
    CLOSED = "closed"
    MISSING = "missing"
    NO_ANSWER = "no_answer"


class Origin(Frozen):
    """One way in which the request arrived. `by` is a Slack user id, or the name of a system."""

    source: Source
    by: str
    at: datetime
    link: WebAddress | None = None
    words: str = ""
    """What the customer said, or why a manager should write: shown privately only."""
    remark: str = ""


class NoticeKind(StrEnum):
    """What a private message about the request is."""

    ASSIGNED = "assigned"
    STAND_IN = "stand_in"
    """The owner cannot be written to: somebody else is told."""
    REMINDER = "reminder"
    OVERDUE = "overdue"
    SNOOZED = "snoozed"
    LEAD = "lead"


URGING = (NoticeKind.REMINDER, NoticeKind.OVERDUE, NoticeKind.SNOOZED)
"""What is only for who has it now."""


class Notice(Frozen):
    """A private message about the request; its buttons agree with the card. `percent` of the time had passed."""

    kind: NoticeKind
    to: str
    percent: int = 0
    late_minutes: int = 0
    snoozed_by: str | None = None


class VendorUpdate(Frozen):
    """What happened last to the ticket or the issue, and when, as their system says."""

    what: str
    at: datetime


class Contact(Frozen):
    """The customer was contacted."""

    by: str
    at: datetime
    how: Way
    text: str
    briefed: str | None = None
    """The engineer who goes on with the ticket (Slack id)."""
    briefing: str = ""
    """What they are asked to do next."""


class Cancellation(Frozen):
    """The request is not wanted any more."""

    by: str
    at: datetime
    reason: str


class ContactCase(Case):
    """What is known of a request. Of the customer it holds only what was typed, and shows that privately."""

    origins: tuple[Origin, ...] = ()
    review: str | None = None
    """The satisfaction review of the same ticket, by its number."""
    label_says: bool | None = None
    field_says: bool | None = None
    is_unclear: bool = False
    """The form's field was answered, and the answer is neither a yes nor a no."""
    doubt: Doubt | None = None
    """What was asked in the thread of the message it was read from."""
    settled: Stamp | None = None
    """Who answered that; a system's name where nobody did."""
    merged_into: str | None = None
    """The request that was open for its ticket already, and has it now."""
    tone: Tone | None = None
    """How the customer's feedback was meant; None where that is not known."""
    asked_at: datetime | None = None
    due_at: datetime | None = None
    due_why: str = ""
    """How the due time was worked out, in words."""
    check: TicketCheck = TicketCheck.ASKED

    owner_zone: str | None = None
    """The IANA zone of the owner, as Slack knows it."""
    owner_email: str | None = None
    duty: DutySource | None = None
    """Where the owner came from; None while nobody has answered who is on duty, or after a reassignment."""
    owner_trouble: str | None = None
    owner_lookup_pending: bool = False
    """Somebody is being asked who is on duty."""
    fallback_group: str | None = None
    fallback_members: tuple[str, ...] = ()

    claimed: Stamp | None = None
    assignee_zone: str | None = None
    """The zone of who claimed it, when that is not the owner."""
    snoozed_until: datetime | None = None
    """When the next reminder comes, after somebody has snoozed it."""
    snoozed_by: str | None = None
    reminded: tuple[int, ...] = ()
    """The reminders, in percent, that were sent or left out: they do not come any more."""
    unclaimed_notified: bool = False
    overdue_since: datetime | None = None
    """When the desk found it overdue; set once."""
    card_at: datetime | None = None
    """When its card could be read for the first time."""
    timers: dict[str, datetime] = Field(default_factory=dict)
    """What is going to happen by itself, by the names in `outputs`: what a card promises is read from here."""
    overdue_late_minutes: int = 0

    notices: dict[str, Notice] = Field(default_factory=dict)
    """The private messages about it, by their slots."""
    booking_links: dict[str, WebAddress] = Field(default_factory=dict)
    """With which the customer books one call, by whose call it is (a Slack id)."""
    unreachable: tuple[str, ...] = ()
    channel_trouble: str | None = None

    updates: dict[str, VendorUpdate] = Field(default_factory=dict)
    """What was heard last of the ticket and the issue, by `workflows.contact.vendor_updates`."""

    contacted: Contact | None = None
    cancelled: Cancellation | None = None

    brief_job: VendorTask = VendorTask()
    """The engineer who goes on is told."""
    assign_job: VendorTask = VendorTask()
    """The ticket is assigned to them."""
    issue: IssueLink | None = None
    issue_job: VendorTask = VendorTask()
    comments: tuple[str, ...] = ()
    """What has to be written into the feedback issue, in this order."""
    comments_written: int = 0
    labelled: bool = False
    issue_closed: bool = False
    titles_looked_for: tuple[str, ...] = ()

    @property
    def open_key(self) -> str | None:
        """One open request for a ticket."""
        return f"{KIND}:{self.ticket.key}" if self.ticket is not None and self.state in WAITING else None

    @property
    def follows(self) -> tuple[str, ...]:
        """Its feedback issue; its card, for the case that somebody deletes it; and the messages it was read from."""
        issue = (issue_subject(self.issue.project, self.issue.number),) if self.issue else ()
        if self.state == ContactState.CANCELLED:
            return issue
        slots = (slot for slot in self.messages if slot == CARD or (slot.startswith(ORIGIN) and not self.is_over))
        return (*issue, *(thread_subject(self.messages[slot].channel, self.messages[slot].ts) for slot in slots))

    @property
    def is_over(self) -> bool:
        """Whether nothing has to be done any more."""
        return self.state in {ContactState.CONTACTED, ContactState.CANCELLED, ContactState.DISMISSED}

    @property
    def is_waiting(self) -> bool:
        """Whether its clock runs."""
        return self.state in WAITING

    @property
    def needs_ticket(self) -> bool:
        """Whether nobody knows which ticket it is about."""
        return not self.is_over and (self.ticket is None or self.check is TicketCheck.MISSING)

    @property
    def assignee(self) -> str | None:
        """Who has it: who claimed it, or else its owner."""
        return self.claimed.by if self.claimed else self.owner

    @property
    def zone_of_assignee(self) -> str | None:
        """The zone in which who has it reads."""
        if self.claimed is not None and self.claimed.by != self.owner:
            return self.assignee_zone
        return self.owner_zone

    @property
    def next_reminder(self) -> datetime | None:
        """When who has it is reminded next."""
        reminders = (at for name, at in self.timers.items() if name.partition(":")[0] in REMINDERS)
        return None if self.is_over else min(reminders, default=None)

    @property
    def asks_again_at(self) -> datetime | None:
        """When its owner is mentioned, if nobody has claimed it by then."""
        return self.timers.get(UNCLAIMED) if self.state == ContactState.OPEN else None

    @property
    def contradicts(self) -> bool:
        """Whether label and form disagree about whether contact is wanted."""
        return self.label_says is not None and self.field_says is not None and self.label_says != self.field_says

    @property
    def is_unusual(self) -> bool:
        """Whether the customer asks for contact though their feedback is not negative."""
        by_customer = bool(self.origins) and not is_person(self.origins[0])
        return by_customer and self.tone in {Tone.GOOD, Tone.NEUTRAL}

    @property
    def requester(self) -> str | None:
        """The person who asked for it first (Slack id); None when it was a system."""
        return next((origin.by for origin in self.origins if is_person(origin)), None)

    @property
    def requesters(self) -> frozenset[str]:
        """The people who asked for it."""
        return frozenset(origin.by for origin in self.origins if is_person(origin))

    def with_notice(self, slot: str, notice: Notice) -> "ContactCase":
        """This case, with one more private message about it."""
        return self.with_(notices={**self.notices, slot: notice})


def is_person(origin: Origin) -> bool:
    """Whether a person in Slack asked, not a system."""
    return origin.source in {Source.MESSAGE, Source.COMMAND, Source.REVIEW}


def words(case: ContactCase) -> Iterable[str]:
    """What the customer said, or why a manager should write: everything that was typed."""
    return (origin.words for origin in case.origins if origin.words)


def blank(case_id: str, now: datetime) -> ContactCase:
    """A case before its first event."""
    return ContactCase(id=case_id, state=ContactState.NEW, opened_at=now)
