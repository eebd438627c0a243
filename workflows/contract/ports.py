"""What the processes need of the outside, as protocols; `bot/clients/` fulfils them.

Every call may raise the errors of `workflows.contract.errors.EffectError`. `again` is True when an earlier attempt may
have gone out without its answer coming back: then the call looks for what it did before it does it again.
Times are aware and UTC.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

Block = dict[str, Any]


class Clock(Protocol):
    """The one clock."""

    def now(self) -> datetime:
        """The desk's time, aware, in UTC: rules, timers, retries. Moved in tests and in the sandbox."""
        ...

    def real_now(self) -> datetime:
        """Real time, aware, in UTC, which nobody moves: only for leases."""
        ...


# ---------------------------------------------------------------------------------------------- Slack


@dataclass(frozen=True)
class Message:
    """What Slack shows: `text` says everything (screen readers, notifications), `blocks` show it well."""

    text: str
    blocks: Sequence[Block] = ()


@dataclass(frozen=True)
class File:
    """A file as Slack shows it. `alternative` says what a picture shows; `comment` stands above it."""

    name: str
    title: str
    content: bytes
    alternative: str = ""
    comment: str = ""


@dataclass(frozen=True)
class Person:
    """Somebody in Slack, as Slack knows them. `time_zone` is an IANA name."""

    id: str
    name: str
    email: str | None = None
    time_zone: str = "UTC"
    is_guest: bool = False
    is_foreign: bool = False
    is_active: bool = True
    is_bot: bool = False


@dataclass(frozen=True)
class UserGroup:
    """A user group: its id, by which it is mentioned, and the ids of its members."""

    id: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Posted:
    """Where a message stands: the channel's id and the message's ts."""

    channel: str
    ts: str


class Slack(Protocol):
    """The workspace."""

    def post(
        self, channel: str, message: Message, *, mark: str, thread: str | None = None, again: bool = False
    ) -> Posted:
        """Post into a channel (by id or `#name`), or into a thread of it.

        `mark` is an id that travels in the message's metadata: with `again`, the channel's (or thread's) recent
        messages are searched for it first, and the found one is returned instead of posting a second.
        """
        ...

    def upload(self, channel: str, file: File, *, mark: str, again: bool = False) -> None:
        """Send a file into a conversation (by id), never twice under one `mark` with `again`."""
        ...

    def add_to_canvas(self, canvas: str, heading: str, markdown: str) -> None:
        """Add a section to a canvas (by id) under this heading, unless one of it is there."""
        ...

    def update(self, channel: str, ts: str, message: Message) -> None:
        """Replace a message. `NotFound` when somebody deleted it."""
        ...

    def find(self, channel: str, mark: str, *, since: datetime, thread: str | None = None) -> list[Posted]:
        """All messages of this mark in a channel (or thread) since then, the oldest first.

        Empty where the desk may not look.
        """
        ...

    def remove(self, channel: str, ts: str) -> None:
        """Delete one of the desk's own messages, or take its buttons away where it cannot be deleted."""
        ...

    def open_dm(self, user: str) -> str:
        """The channel id of the DM with this person. `Unreachable` for deactivated people."""
        ...

    def update_view(self, view_id: str, view: dict[str, Any]) -> None:
        """Replace an open modal. `NotFound` when the person closed it."""

    def is_own_team(self, team: str) -> bool:
        """Whether this id is that of the desk's own workspace, or of the organisation it belongs to."""

    def person(self, user: str) -> Person:
        """Who this is."""

    def person_by_email(self, email: str) -> Person | None:
        """Who has this e-mail address, or None."""

    def permalink(self, channel: str, ts: str) -> str:
        """A link to a message."""
        ...

    def group_members(self, group: str) -> tuple[str, ...]:
        """The user ids of a user group, named by its handle or id; up to five minutes old. `NotFound` for none."""
        ...

    def group(self, group: str) -> UserGroup:
        """The same with the group's id, by which it is mentioned."""
        ...

    def channel_name(self, channel: str) -> str:
        """The `#name` of a channel, by its id; up to ten minutes old, and the last known while Slack is away."""
        ...


# -------------------------------------------------------------------------------------------- vendors


@dataclass(frozen=True)
class Ticket:
    """A ticket as the ticket system has it now. `status` is the vendor's word: new, open, ..., closed."""

    id: int
    subject: str
    status: str
    tags: frozenset[str] = frozenset()
    requester_name: str | None = None
    requester_email: str | None = None
    organization: str | None = None
    assignee_name: str | None = None
    assignee_email: str | None = None
    is_suspended: bool = False
    """Whether who asked is suspended, as senders of spam are."""


@dataclass(frozen=True)
class Participants:
    """The staff who answered a ticket, by their e-mail addresses, each once."""

    emails: tuple[str, ...]


class Tickets(Protocol):
    """One account of the ticket system (Zendesk): tickets are known by their numbers in it."""

    def read(self, ticket: int) -> Ticket:
        """One ticket. `NotFound` when there is none of this number."""
        ...

    def participants(self, ticket: int) -> Participants:
        """The staff who wrote to the customer in a ticket, the first to answer first."""
        ...

    def add_tag(self, ticket: int, tag: str) -> None:
        """Add one tag and lose none that is there or is set meanwhile. `Refused` for a closed ticket."""
        ...

    def add_cc(self, ticket: int, email: str) -> None:
        """Make somebody a CC of a ticket. `Refused` for a closed ticket."""
        ...

    def add_internal_note(self, ticket: int, body: str, *, mark: str, again: bool = False) -> None:
        """A note only staff can see; never public, never twice."""
        ...


class Forms(Protocol):
    """The forms of an account of the ticket system (Zendesk)."""

    def set_form(self, ticket: int, form: str) -> None:
        """Set a ticket's form, by the form's name, and say nothing to the customer."""
        ...


@dataclass(frozen=True)
class Rating:
    """A satisfaction rating. `score` is the vendor's word: `good`, `bad`, `offered`..."""

    id: int
    ticket: int
    score: str
    comment: str
    created_at: datetime
    updated_at: datetime | None = None

    @property
    def at(self) -> datetime:
        """When the customer gave it, or changed it last."""
        return self.updated_at or self.created_at


@dataclass(frozen=True)
class RatingList:
    """Some ratings."""

    ratings: tuple[Rating, ...]


class Ratings(Protocol):
    """The satisfaction ratings of an account of the ticket system (Zendesk)."""

    def ratings(self, since: datetime, until: datetime) -> list[Rating]:
        """The ratings given from `since` up to `until`, both aware."""
        ...


@dataclass(frozen=True)
class Issue:
    """An issue of the tracker. `number` is per project; `state` is `opened` or `closed`."""

    project: str
    number: int
    title: str
    url: str
    state: str = "opened"
    labels: tuple[str, ...] = field(default=())


class Issues(Protocol):
    """The issue tracker (GitLab). `project` is a numeric id or a path such as `group/project`."""

    def search(self, project: str, words: str, *, limit: int) -> list[Issue]:
        """The best matching open issues, best first."""
        ...

    def read(self, project: str, number: int) -> Issue:
        """One issue. `NotFound` when there is none."""
        ...

    def find_titled(self, project: str, title: str) -> Issue | None:
        """The issue of exactly this title, an open one before a closed one, or None."""
        ...

    def create(
        self,
        project: str,
        title: str,
        description: str,
        *,
        mark: str,
        labels: Sequence[str] = (),
        assignee: str | None = None,
        again: bool = False,
    ) -> Issue:
        """Open an issue; its description carries `mark`, hidden. What people typed cannot become a quick action.

        `assignee` is a user name, or the e-mail address of a user.
        """
        ...

    def comment(self, project: str, number: int, body: str, *, mark: str, again: bool = False) -> None:
        """Comment on an issue, never twice."""
        ...

    def set_labels(self, project: str, number: int, *, add: Sequence[str], remove: Sequence[str] = ()) -> Issue:
        """Add and remove single labels; a scoped label (`key::value`) replaces the others of its key."""
        ...

    def close(self, project: str, number: int) -> Issue:
        """Close an issue (closing a closed one is fine)."""
        ...

    def reopen(self, project: str, number: int) -> Issue:
        """Reopen an issue."""
        ...

    def rename(self, project: str, number: int, title: str) -> Issue:
        """Give an issue another title."""
        ...

    def relate(self, project: str, number: int, other_project: str, other_number: int) -> None:
        """Make two issues related (doing it again is fine)."""
        ...

    def assign(self, project: str, number: int, assignee: str) -> Issue:
        """Make somebody (user name or e-mail address) the assignee. `NotFound` when the tracker knows no such user."""
        ...


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a document. `mark` tells it from others, for good."""

    mark: str
    text: str


class Documents(Protocol):
    """Documents people write in together (Google Docs)."""

    def add(self, document: str, heading: Paragraph, paragraphs: Sequence[Paragraph]) -> None:
        """Put paragraphs below their heading, which is made at the top where it does not stand; none stands twice."""
        ...


@dataclass(frozen=True)
class OnDuty:
    """Somebody a schedule names as on duty; `until` is when their turn ends, where that is known."""

    name: str
    email: str | None = None
    until: datetime | None = None


class OnCall(Protocol):
    """Who is on duty (PagerDuty schedules)."""

    def on_duty(self, schedule: str, at: datetime | None = None) -> list[OnDuty]:
        """The people on duty now, or at an aware time, each once, in escalation order; empty when nobody is."""
        ...


@dataclass(frozen=True)
class Page:
    """An incident of the paging service. `status` is triggered, acknowledged or resolved."""

    id: str
    key: str
    url: str
    status: str


@dataclass(frozen=True)
class PageNow(Page):
    """An incident as the paging service has it now. `changed_at` is when the status last changed, by whom if told."""

    created_at: datetime
    changed_at: datetime
    changed_by: str = ""
    assignees: tuple[str, ...] = ()
    assigned_at: datetime | None = None


@dataclass(frozen=True)
class PageText:
    """What somebody who is paged reads, in plain text."""

    title: str
    details: str


class Pager(Protocol):
    """The paging service (PagerDuty incidents)."""

    def page(self, title: str, details: str, *, service: str, key: str) -> Page:
        """Open a high-urgency incident under `key`; the one that is open under this key already is returned."""
        ...

    def find(self, key: str) -> Page | None:
        """The open incident under this key, or None."""
        ...

    def open_pages(self, service: str) -> list[PageNow]:
        """All incidents of a service (id or name) that are not resolved, in one call (for each hundred of them)."""
        ...

    def last_under(self, key: str) -> PageNow | None:
        """The newest incident under this key, resolved or not, or None."""
        ...

    def acknowledge(self, page_id: str) -> Page:
        """Acknowledge an incident."""
        ...

    def resolve(self, page_id: str) -> Page:
        """Resolve an incident."""
        ...
