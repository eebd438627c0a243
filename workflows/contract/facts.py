"""What happened in the vendors' systems, told by their webhooks: the same few facts, whoever told them.

A fact is an event for the cases that follow what it is about. It may come twice, late and out of order, so it says
how things are and not only what changed, and a rule that hears it compares.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from workflows.contract import actors
from workflows.contract.values import Frozen, WebAddress
from workflows.lib.tickets import TicketRef


def ticket_subject(ticket: TicketRef) -> str:
    """How a ticket is named among the things a case follows."""
    return f"ticket:{ticket.key}"


def issue_subject(project: str, number: int) -> str:
    """How an issue is named: by its project (path or number, as the policy has it) and its number in it."""
    return f"issue:{project.casefold()}#{number}"


def merge_request_subject(project: str, number: int) -> str:
    """How a merge request is named: by its project (path or number, as the policy has it) and its number in it."""
    return f"merge_request:{project.casefold()}!{number}"


def thread_subject(channel: str, ts: str) -> str:
    """How a thread in Slack is named: by its channel's id and the ts of the message it hangs on."""
    return f"thread:{channel}:{ts}"


def page_subject(key: str) -> str:
    """How a page is named: by the key it was opened under."""
    return f"page:{key}"


class FactBase(Frozen):
    """What all facts have. `by` is the vendor's name for who did it; empty when it did not say."""

    at: datetime
    by: str = ""

    @property
    def actor(self) -> str:
        """Who stands in the timeline: the system, or the person in it."""
        return actors.in_system(self.source, self.by)

    @property
    def source(self) -> str:
        """The system it happened in."""
        raise NotImplementedError

    @property
    def subjects(self) -> tuple[str, ...]:
        """What it is about, by all its names."""
        raise NotImplementedError

    @property
    def sentence(self) -> str:
        """What happened, as a line of a timeline."""
        raise NotImplementedError


# ----------------------------------------------------------------------------------------- tickets


class Score(StrEnum):
    """What a customer thinks of how a ticket was handled."""

    GOOD = "good"
    BAD = "bad"
    NEUTRAL = "neutral"
    """Only the feedback form has it; a survey does not."""


class TicketRated(FactBase):
    """A customer rated a ticket, or filled in the feedback form.

    `contact_answer` is what stands in the form's field about contact, in the form's own words; empty where the form
    does not ask, or nobody answered. What is a yes, the policy says.
    """

    type: Literal["ticket_rated"] = "ticket_rated"
    ticket: TicketRef
    score: Score | None = None
    comment: str = ""
    contact_answer: str = ""

    @property
    def source(self) -> str:
        """The ticket system."""
        return actors.TICKETS

    @property
    def subjects(self) -> tuple[str, ...]:
        """The ticket that was rated."""
        return (ticket_subject(self.ticket),)

    @property
    def sentence(self) -> str:
        """The rating, without the customer's words."""
        answered = ", and answered whether to be contacted" if self.contact_answer else ""
        return f"the customer gave {self.score or 'some'} feedback on ticket {self.ticket}{answered}"


class TicketOpened(FactBase):
    """A customer, or somebody for them, opened a ticket."""

    type: Literal["ticket_opened"] = "ticket_opened"
    ticket: TicketRef

    @property
    def source(self) -> str:
        """The ticket system."""
        return actors.TICKETS

    @property
    def subjects(self) -> tuple[str, ...]:
        """The ticket that was opened."""
        return (ticket_subject(self.ticket),)

    @property
    def sentence(self) -> str:
        """What is noted of a new ticket."""
        return f"ticket {self.ticket} was opened"


class TicketChange(StrEnum):
    """What can happen to a ticket."""

    REPLIED = "replied"
    """Somebody wrote where the customer reads it."""
    SOLVED = "solved"
    CLOSED = "closed"
    """Closed without having been solved before; a solved one that is closed later is no news."""
    REOPENED = "reopened"
    MERGED = "merged"


class TicketChanged(FactBase):
    """A ticket was replied to publicly, solved, closed, reopened, or merged into another (`into`, where known)."""

    type: Literal["ticket_changed"] = "ticket_changed"
    ticket: TicketRef
    change: TicketChange
    into: TicketRef | None = None

    @property
    def source(self) -> str:
        """The ticket system."""
        return actors.TICKETS

    @property
    def subjects(self) -> tuple[str, ...]:
        """The ticket that was changed."""
        return (ticket_subject(self.ticket),)

    @property
    def sentence(self) -> str:
        """What happened to it."""
        match self.change:
            case TicketChange.REPLIED:
                return f"a public reply was written on ticket {self.ticket}"
            case TicketChange.MERGED:
                other = f"ticket {self.into}" if self.into else "another ticket"
                return f"ticket {self.ticket} was merged into {other}"
            case change:
                return f"ticket {self.ticket} was {change}"


class TicketClaimed(FactBase):
    """Somebody says that a ticket changed, or (where `change` is None) that feedback was given on it.

    It is filled in with what customers wrote: nothing follows from it but that the ticket system is asked. `answer` is
    said to stand in the form's field about contact.
    """

    type: Literal["ticket_claimed"] = "ticket_claimed"
    ticket: TicketRef
    change: TicketChange | None = None
    answer: str = ""

    @property
    def source(self) -> str:
        """The ticket system."""
        return actors.TICKETS

    @property
    def subjects(self) -> tuple[str, ...]:
        """Nothing: no case hears of it before it is checked."""
        return ()

    @property
    def sentence(self) -> str:
        """What is said."""
        return f"ticket {self.ticket} is said to have been {self.change or 'rated'}"


# ------------------------------------------------------------------------------------------ issues


class IssueChange(StrEnum):
    """What can happen to an issue."""

    OPENED = "opened"
    CLOSED = "closed"
    REOPENED = "reopened"
    EDITED = "edited"
    """Its description was."""
    LABELLED = "labelled"
    """Labels were added or taken off."""


class IssueChanged(FactBase):
    """An issue was opened, closed, reopened or labelled. `labels` are all it has now."""

    type: Literal["issue_changed"] = "issue_changed"
    project: str
    """Its path, such as `group/project`."""
    project_id: int
    number: int
    title: str
    url: WebAddress
    change: IssueChange
    labels: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    description: str = ""
    """Its beginning; it may hold a customer's words."""
    is_own: bool = False
    """Whether the desk opened the issue."""
    is_moved: bool = False
    """Whether it was moved to another project, where it goes on; here it is closed then."""

    @property
    def source(self) -> str:
        """The issue tracker."""
        return actors.TRACKER

    @property
    def subjects(self) -> tuple[str, ...]:
        """The issue, by its project's path and by its project's number."""
        return (issue_subject(self.project, self.number), issue_subject(str(self.project_id), self.number))

    @property
    def sentence(self) -> str:
        """What happened to it."""
        name = f"{self.project}#{self.number}"
        if self.change is not IssueChange.LABELLED:
            return f"{self.change} {name}"
        changes = [*(f"+{label}" for label in self.added), *(f"-{label}" for label in self.removed)]
        return f"labelled {name}: {', '.join(changes)}"


class IssueCommented(FactBase):
    """Somebody commented on an issue. `author` is their user name in the tracker."""

    type: Literal["issue_commented"] = "issue_commented"
    project: str
    project_id: int
    number: int
    comment: int
    """The tracker's id of it."""
    author: str
    words: str
    is_own: bool = False
    """Whether the desk wrote it."""

    @property
    def source(self) -> str:
        """The issue tracker."""
        return actors.TRACKER

    @property
    def subjects(self) -> tuple[str, ...]:
        """The issue, by its project's path and by its project's number."""
        return (issue_subject(self.project, self.number), issue_subject(str(self.project_id), self.number))

    @property
    def sentence(self) -> str:
        """Note that something was written, not what."""
        return f"commented on {self.project}#{self.number}"


class MergeRequestChanged(FactBase):
    """A merge request was merged, closed or reopened; `state` is how it stands: opened, closed or merged."""

    type: Literal["merge_request_changed"] = "merge_request_changed"
    project: str
    project_id: int
    number: int
    state: str

    @property
    def source(self) -> str:
        """The issue tracker."""
        return actors.TRACKER

    @property
    def subjects(self) -> tuple[str, ...]:
        """The merge request, by its project's path and by its project's number."""
        names = (self.project, str(self.project_id))
        return tuple(merge_request_subject(name, self.number) for name in names)

    @property
    def sentence(self) -> str:
        """What happened to it."""
        return f"{self.project}!{self.number} is {self.state}"


# ------------------------------------------------------------------------------------------- pages


class PageStatus(StrEnum):
    """How far a page is."""

    TRIGGERED = "triggered"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class PageChange(StrEnum):
    """What can happen to a page."""

    TRIGGERED = "triggered"
    ACKNOWLEDGED = "acknowledged"
    UNACKNOWLEDGED = "unacknowledged"
    """Nobody went on with it in time: it rings again."""
    RESOLVED = "resolved"
    REOPENED = "reopened"
    REASSIGNED = "reassigned"


class PageChanged(FactBase):
    """Something happened to an incident of the paging service. `status` is how it stands after that."""

    type: Literal["page_changed"] = "page_changed"
    page: str
    """The paging service's id of it."""
    key: str
    url: WebAddress
    change: PageChange
    status: PageStatus
    assignees: tuple[str, ...] = ()
    """The names of who has it now."""
    seen_at: datetime | None = None
    """When the desk asked and was told that it stands like this; None where the paging service told it by itself."""

    @property
    def source(self) -> str:
        """The paging service."""
        return actors.PAGER

    @property
    def subjects(self) -> tuple[str, ...]:
        """The page, by its key."""
        return (page_subject(self.key),)

    @property
    def sentence(self) -> str:
        """What happened to it."""
        to = f" to {', '.join(self.assignees)}" if self.change is PageChange.REASSIGNED and self.assignees else ""
        return f"{self.change} the page{to}"


Fact = Annotated[
    TicketRated
    | TicketOpened
    | TicketChanged
    | TicketClaimed
    | IssueChanged
    | IssueCommented
    | MergeRequestChanged
    | PageChanged,
    Field(discriminator="type"),
]

FACT: TypeAdapter[Fact] = TypeAdapter(Fact)


@dataclass(frozen=True)
class IncomingFact:
    """A fact with the key that is the same however often the vendor delivers it."""

    key: str
    fact: Fact
