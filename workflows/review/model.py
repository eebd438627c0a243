"""A satisfaction review: what is known of it, and what can happen to it.

Source: the handbook's page "Satisfaction (SSAT) review and responding (for Managers)". A ticket has one review: a
rating that changes, or comes once more by another way, belongs to the one that exists.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workflows.contract.events import DutySource
from workflows.contract.facts import issue_subject
from workflows.contract.process import Case
from workflows.contract.values import Frozen, IssueLink, VendorTask, WebAddress
from workflows.lib.tickets import TicketRef
from workflows.policy.review import Tone

KIND = "review"
PREFIX = "RV"


class ReviewState(StrEnum):
    """Where a review stands."""

    NEW = "new"
    """Before its first event."""
    OPEN = "open"
    """It waits for its manager."""
    DISCUSSING = "discussing"
    """Its manager left it open for more discussion."""
    CLOSED = "closed"
    RECORDED = "recorded"
    """Its ticket gets no survey: it is not acted on."""


WAITING = (ReviewState.OPEN, ReviewState.DISCUSSING)
"""The states in which something is left to do."""


ORDER = (Tone.BAD, Tone.NEUTRAL, Tone.GOOD)
"""Bad ones come first in a queue."""


class Source(StrEnum):
    """How feedback arrived."""

    TICKETS = "tickets"
    """The ticket system told of it, or was asked."""
    TRACKER = "tracker"
    """Somebody, or another program, opened a feedback issue."""
    COMMAND = "command"
    """`/feedback review`."""
    INDIRECT = "indirect"
    """A customer success manager passed on what came by another way, such as an e-mail."""


class TicketCheck(StrEnum):
    """What the ticket system said of the ticket."""

    ASKED = "asked"
    FOUND = "found"
    MISSING = "missing"
    NO_ANSWER = "no_answer"


class Said(Frozen):
    """What the customer said at one time. `by` is a Slack user id or the name of a system."""

    at: datetime
    tone: Tone
    source: Source
    by: str
    words: str = ""


class Assessment(Frozen):
    """What a manager found out about a bad review: the page's three lines."""

    by: str
    at: datetime
    summary: str
    action: str
    contact: bool


class Discussion(Frozen):
    """Why a review stays open."""

    by: str
    at: datetime
    why: str


class ContactLink(Frozen):
    """The manager-contact request about the same ticket. `case` is None while it is being opened."""

    case: str | None = None
    is_over: bool = False
    was_contacted: bool = False


class Closing(Frozen):
    """Who closed it: a manager, the tracker (by hand), or the desk (no activity)."""

    by: str
    at: datetime


class ReviewCase(Case):
    """What is known of a review. Of the customer it holds only what they wrote, and shows that to managers."""

    tone: Tone = Tone.NEUTRAL
    said: tuple[Said, ...] = ()
    """Everything the customer said, the oldest first; the last is what holds."""
    contact_requested: bool = False
    form_says_contact: bool | None = None
    """What the customer answered in the form, last."""
    check: TicketCheck = TicketCheck.ASKED
    engineer: str | None = None
    """The e-mail address of the ticket's engineer."""
    next_action: str = ""
    """What is to be done next, as whoever passed the feedback on said."""
    merged_into: TicketRef | None = None
    no_survey: str | None = None
    """Why its ticket gets no survey, in words."""

    asked_who: bool = False
    """Whether it is known who is on duty, or that nobody is."""
    owner_zone: str | None = None
    owner_email: str | None = None
    duty: DutySource | None = None
    owner_trouble: str | None = None
    owned_at: datetime | None = None
    """Since when it waits for its owner: when it became theirs, or came back to them."""

    rated_at: datetime | None = None
    """When the first response began to be waited for."""
    responded_at: datetime | None = None
    """When its manager first did something about it."""
    active_at: datetime | None = None
    """When something last happened to it."""
    moved_at: datetime | None = None
    """When it was last closed or opened again."""

    assessment: Assessment | None = None
    discussion: Discussion | None = None
    contact: ContactLink | None = None
    closing: Closing | None = None

    labels: tuple[str, ...] = ()
    """The labels it has that say why the feedback was given: one, once its manager has chosen."""

    issue: IssueLink | None = None
    titles_looked_for: tuple[Tone, ...] = ()
    issue_task: VendorTask = VendorTask()
    issue_is_closed: bool = False
    """Whether the tracker has it closed, as far as is known."""
    tone_written: Tone | None = None
    """The tone whose labels the issue was given."""
    assignee_written: str | None = None
    """Whom the issue was assigned to, as the tracker was told."""
    label_written: str | None = None
    """The label that says why, as the issue has it."""
    issue_is_moved: bool = False
    """Whether somebody moved it to another project, and nobody has told where it is now."""
    other_issue: WebAddress | None = None
    """The address of a second feedback issue about the ticket, which somebody else opened."""
    discussion_issue: IssueLink | None = None
    """The issue the team discusses it in."""
    managers_informed_by: str | None = None
    """Who had the managers told of who took part in the ticket (a Slack id), and why."""
    managers_informed_why: str = ""
    without_manager: tuple[str, ...] = ()
    """Who took part and has no manager in the roster, by e-mail address."""
    action_trouble: str | None = None
    kudos: tuple[str, ...] = ()
    """Who was praised with which words, so that none is passed on twice."""
    comments: tuple[str, ...] = ()
    """What has to be written into the issue, in this order."""
    comments_written: int = 0
    vendor_changed_at: datetime | None = None
    """The time of the last thing that was heard of the issue."""

    @property
    def open_key(self) -> str | None:
        """One review for a ticket, for good."""
        return review_key(self.ticket) if self.ticket and self.state != ReviewState.NEW else None

    @property
    def follows(self) -> tuple[str, ...]:
        """Its feedback issue."""
        return (issue_subject(self.issue.project, self.issue.number),) if self.issue else ()

    @property
    def is_waiting(self) -> bool:
        """Whether something is left to do."""
        return self.state in WAITING

    @property
    def queue(self) -> tuple[int, datetime] | None:
        """Bad before good, then by age; once it is known whose it is, or that it is nobody's."""
        waits = self.is_waiting and self.asked_who
        return (ORDER.index(self.tone), self.rated_at or self.opened_at) if waits else None

    @property
    def is_over(self) -> bool:
        """Whether nothing has to be done any more."""
        return self.state in {ReviewState.CLOSED, ReviewState.RECORDED}

    @property
    def is_bad(self) -> bool:
        """Whether the page's rules for bad reviews hold."""
        return self.tone is Tone.BAD

    @property
    def label(self) -> str | None:
        """The one label that says why; None while there is none, or more than one."""
        return self.labels[0] if len(self.labels) == 1 else None

    @property
    def words(self) -> str:
        """What the customer said last that is not empty."""
        return next((one.words for one in reversed(self.said) if one.words), "")

    @property
    def lacks_only_a_label(self) -> bool:
        """Whether its customer was contacted, which closes the issue, and nobody has said yet why it was given."""
        return self.contact is not None and self.contact.was_contacted and self.is_bad and self.label is None

    @property
    def waits_for_contact(self) -> bool:
        """Whether a manager has to contact the customer yet."""
        return self.contact is not None and not self.contact.is_over


def blank(case_id: str, now: datetime) -> ReviewCase:
    """A case before its first event."""
    return ReviewCase(id=case_id, state=ReviewState.NEW, opened_at=now)


def review_key(ticket: TicketRef) -> str:
    """The open key of a ticket's review."""
    return f"{KIND}:{ticket.key}"


# --------------------------------------------------------------------------------- what happens


@dataclass(frozen=True)
class Rated:
    """A customer gave feedback. The same event on a case that exists is news only where it says something new.

    `by` is a Slack user id or the name of a system; `at` is when the customer did it.
    """

    source: Source
    by: str
    ticket: TicketRef
    tone: Tone
    at: datetime
    words: str = ""
    contact_requested: bool = False
    form_says_contact: bool | None = None
    """What the customer answered in the form; None where it did not ask, or nobody answered."""
    next_action: str = ""
    """What is to be done next, where who passes it on knows that already."""
    issue: IssueLink | None = None


@dataclass(frozen=True)
class Assessed:
    """A manager found out why a bad review was given, and decided what to do.

    `why_open` is why it stays open for discussion; None: it is closed, unless somebody has to be contacted first.
    """

    by: str
    summary: str
    action: str
    contact: bool
    label: str
    why_open: str | None = None


@dataclass(frozen=True)
class ReviewClosed:
    """A manager closes it: no further action is needed."""

    by: str


@dataclass(frozen=True)
class TakenOver:
    """A manager makes it their own. `zone` is where they are (IANA)."""

    by: str
    zone: str
    email: str | None = None


@dataclass(frozen=True)
class KudosGiven:
    """A manager passes praise on. `who` is a Slack id; None: who has this `name`, or without one the whole team."""

    by: str
    words: str
    who: str | None = None
    name: str = ""
    email: str | None = None


@dataclass(frozen=True)
class Acted:
    """A manager chose what else comes of it. `group` is a product group's name in the policy; `why` goes along."""

    by: str
    discuss: bool = False
    tell_managers: bool = False
    group: str | None = None
    why: str = ""


@dataclass(frozen=True)
class IssueRetryAsked:
    """Somebody wants the feedback issue written after all."""

    by: str
