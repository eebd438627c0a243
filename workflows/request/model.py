"""A request to Support Operations: what is known of it, and what can happen to it.

Source: the handbook's page "Working with Customer Support Operations".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from workflows.contract.facts import issue_subject, merge_request_subject, thread_subject
from workflows.contract.process import Case
from workflows.contract.values import Frozen, IssueLink, Stamp, VendorTask
from workflows.lib.tickets import TicketRef
from workflows.policy.request import RequestKind

KIND = "request"
PREFIX = "REQ"

POSTED = "posted"
"""The slot of a question in the channel."""


class RequestState(StrEnum):
    """Where a request stands."""

    DRAFT = "draft"
    """Typed, not sent: the form was closed half-way, or came back because it cannot be done like this."""
    DISCARDED = "discarded"
    SENDING = "sending"
    """Sent by its requester; the tracker, the ticket system or the channel does not have it yet."""
    OPEN = "open"
    STAGING = "staging"
    """It is on staging, for the requester to test."""
    SIGNED_OFF = "signed_off"
    """The requester signed it off; it has to ship yet."""
    CLOSED = "closed"


UNDERWAY = (RequestState.SENDING, RequestState.OPEN, RequestState.STAGING, RequestState.SIGNED_OFF)
"""The states in which something is left to happen."""


class Result(StrEnum):
    """How a request ended."""

    SHIPPED = "shipped"
    SELF_SERVICE = "self_service"
    """Closed with instructions: the requester can do it."""
    ANSWERED = "answered"
    PASSED_ON = "passed_on"
    """Support Operations handles the ticket from here."""
    WITHDRAWN = "withdrawn"
    MOVED = "moved"
    """Its issue goes on in another project."""
    CLOSED = "closed"
    """Closed in the tracker without having shipped."""


class Closing(Frozen):
    """How it ended, when, and by whom: a Slack id, or a name in the tracker."""

    by: str
    at: datetime
    result: Result


class Asked(Frozen):
    """A question put to the requester. `number` counts them; `words` may be empty where only the stage says so."""

    number: int
    at: datetime
    by: str
    words: str = ""
    comment: int | None = None
    answered: Stamp | None = None


class Test(Frozen):
    """A change on staging: what the requester said of it. `number` counts how often it was."""

    number: int
    at: datetime
    not_yet: Stamp | None = None
    why: str = ""


class RequestCase(Case):
    """What is known of a request. `words` are the answers of its form, by the form's own names for them."""

    kind: RequestKind = RequestKind.BUG
    item: str = ""
    """What of the policy's self-service it is about."""
    words: dict[str, str] = Field(default_factory=dict)
    requester: str = ""
    """Who asked for it first; `owner` is who answers for it now."""
    returned: str | None = None
    """Why it came back to its requester as a draft."""
    filed_key: str | None = None
    """The key under which another case filed it."""
    confirmed: Stamp | None = None
    tracker_user: str | None = None
    """Who the owner is in the tracker."""

    title: str = ""
    text: str = ""
    """What is written into the tracker, once it is put together."""
    labels: tuple[str, ...] = ()
    template_trouble: str | None = None
    """In what the project's issue template has changed."""
    job: VendorTask = VendorTask()
    """The filing itself."""
    attempts: int = 0
    """How often it was given up."""
    public_reply: bool = False
    """Whether somebody of the staff had replied to the customer before the form was set."""
    is_form_set: bool = False

    issue: IssueLink | None = None
    merge_request: IssueLink | None = None
    stage: str = ""
    """The stage's label in the tracker; empty before the first."""
    asked: Asked | None = None
    test: Test | None = None
    signed_off: Stamp | None = None
    ships_on: date | None = None
    """When it ships at the earliest, by the policy's calendar."""
    closing: Closing | None = None
    heard_at: datetime | None = None
    """The time of the last thing that is known of the tracker."""
    moved_at: datetime | None = None
    """When its owner closed it or had it opened again: what was seen in the tracker before says nothing."""
    is_moving: bool = False
    """Whether the tracker has to close it, or to open it again, yet."""
    comments_heard: tuple[int, ...] = ()
    """The newest comments that were taken in."""
    unwritten: tuple[str, ...] = ()
    """What the tracker did not take: to be written by hand."""

    replied: Stamp | None = None
    """Who answered a question in its thread first."""
    group: str | None = None
    """The user group that is reminded of a question, by its id."""
    gone: str | None = None
    """An owner who cannot be reached any more."""
    former_places: int = 0
    reminders_late: dict[str, int] = Field(default_factory=dict)
    """How many minutes late a reminder was, by its slot, when the desk had been down."""

    @property
    def open_key(self) -> str | None:
        """What another case filed is open once."""
        return self.filed_key if self.is_underway else None

    @property
    def is_underway(self) -> bool:
        """Whether it was sent, and has not ended."""
        return self.state in UNDERWAY

    @property
    def is_over(self) -> bool:
        """Whether nothing has to be done any more."""
        return self.state in {RequestState.DISCARDED, RequestState.CLOSED}

    @property
    def follows(self) -> tuple[str, ...]:
        """Its issue, its merge request, the thread of a question."""
        issue = (issue_subject(self.issue.project, self.issue.number),) if self.issue else ()
        change = self.merge_request
        merge = (merge_request_subject(change.project, change.number),) if change else ()
        posted = self.messages.get(POSTED)
        thread = (thread_subject(posted.channel, posted.ts),) if posted and self.is_underway else ()
        return (*issue, *merge, *thread)

    @property
    def link(self) -> IssueLink | None:
        """Where it is worked on."""
        return self.issue or self.merge_request

    @property
    def is_asked(self) -> bool:
        """Whether a question waits for the owner's answer."""
        return self.is_underway and self.asked is not None and self.asked.answered is None

    @property
    def is_to_test(self) -> bool:
        """Whether it waits for the owner to test it."""
        return self.state == RequestState.STAGING and self.test is not None and self.test.not_yet is None

    def word(self, name: str) -> str:
        """What was answered to a question; empty for nothing."""
        return self.words.get(name, "").strip()


def blank(case_id: str, now: datetime) -> RequestCase:
    """A case before its first event."""
    return RequestCase(id=case_id, state=RequestState.DRAFT, opened_at=now)


# --------------------------------------------------------------------------------- what people do


@dataclass(frozen=True)
class FormClosed:
    """The form was closed before it was sent: what was typed is kept for a while, and comes back."""

    by: str
    kind: RequestKind
    words: Mapping[str, str]
    item: str = ""


@dataclass(frozen=True)
class Sent:
    """The form was sent. `confirmed`: its requester ticked everything that has to be confirmed."""

    by: str
    kind: RequestKind
    words: Mapping[str, str]
    item: str = ""
    ticket: TicketRef | None = None
    confirmed: bool = False


@dataclass(frozen=True)
class Discarded:
    """The draft is not wanted any more."""

    by: str


@dataclass(frozen=True)
class RetryAsked:
    """Somebody wants it tried again now."""

    by: str


@dataclass(frozen=True)
class Answered:
    """The owner answers what was asked in the tracker."""

    by: str
    words: str


@dataclass(frozen=True)
class SignedOff:
    """The owner tested it on staging, and it may ship."""

    by: str


@dataclass(frozen=True)
class NotYet:
    """The owner tested it, and something is not right."""

    by: str
    why: str


@dataclass(frozen=True)
class TakenOver:
    """Somebody answers for it from now on: they took it, or its owner handed it to them (`by`)."""

    who: str
    by: str


@dataclass(frozen=True)
class Withdrawn:
    """The owner does not want it any more; a question: it is answered."""

    by: str


@dataclass(frozen=True)
class ReopenAsked:
    """The owner wants a closed one opened again."""

    by: str


@dataclass(frozen=True)
class Replied:
    """Somebody answered a question in its thread."""

    by: str
