"""Hand-written stand-ins for what lies behind the ports. They remember everything, and forgive nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from workflows.contract.errors import NotFound
from workflows.contract.issue_port import Issue
from workflows.contract.paging_ports import OnDuty
from workflows.contract.slack_port import File, Message, Person, Posted, UserGroup
from workflows.contract.ticket_ports import Participants, Ticket


@dataclass
class Standing:
    """A message in a channel."""

    mark: str
    thread: str | None
    message: Message
    changes: int = 0


@dataclass
class FakeSlack:
    """A workspace: what was posted stays, and posting again what stands already posts it twice."""

    channels: dict[str, dict[str, Standing]] = field(default_factory=dict)
    views: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)
    """The channels that another organisation reads."""
    _ts: Any = field(default_factory=lambda: count(1))

    def post(
        self, channel: str, message: Message, *, mark: str, thread: str | None = None, again: bool = False
    ) -> Posted:
        """Post; with `again`, look for the mark first."""
        place = self.channels.setdefault(channel, {})
        for ts, standing in place.items() if again else ():
            if standing.mark == mark:
                return Posted(channel, ts)
        ts = f"{next(self._ts)}.000"
        place[ts] = Standing(mark, thread, message)
        return Posted(channel, ts)

    def upload(self, channel: str, file: File, *, mark: str, again: bool = False) -> None:
        """A file is sent."""
        raise NotImplementedError(channel, file, mark, again)

    def add_to_canvas(self, canvas: str, heading: str, markdown: str) -> None:
        """A section is added."""
        raise NotImplementedError(canvas, heading, markdown)

    def whisper(self, channel: str, user: str, message: Message, *, thread: str | None = None) -> None:
        """Show it to one person: nothing is kept."""

    def update(self, channel: str, ts: str, message: Message) -> None:
        """Replace a message."""
        standing = self.channels.get(channel, {}).get(ts)
        if standing is None:
            raise NotFound("There is no such message.")
        standing.message = message
        standing.changes += 1

    def find(self, channel: str, mark: str, *, since: datetime, thread: str | None = None) -> list[Posted]:
        """All messages of this mark, the oldest first."""
        assert since.tzinfo is not None
        place = self.channels.get(channel, {})
        return [Posted(channel, ts) for ts, one in place.items() if one.mark == mark and one.thread == thread]

    def remove(self, channel: str, ts: str) -> None:
        """Delete a message."""
        self.channels[channel].pop(ts, None)

    def open_dm(self, user: str) -> str:
        """The DM with this person."""
        return f"D-{user}"

    def update_view(self, view_id: str, view: dict[str, Any]) -> None:
        """Replace an open modal."""
        self.views.setdefault(view_id, []).append(view)

    def is_own_team(self, team: str) -> bool:
        """There is one workspace here, and its organisation."""
        return team in {"T0OWN", "E0OWN"}

    def person(self, user: str) -> Person:
        """Everybody there is."""
        return Person(user, user.lower(), f"{user.lower()}@example.com")

    def person_by_email(self, email: str) -> Person | None:
        """The person of this address."""
        return self.person(email.partition("@")[0].upper())

    def permalink(self, channel: str, ts: str) -> str:
        """A link to a message."""
        return f"https://slack.example.com/{channel}/{ts}"

    def group_members(self, group: str) -> tuple[str, ...]:
        """Nobody."""
        return self.group(group).members

    def group(self, group: str) -> UserGroup:
        """An empty group."""
        return UserGroup(f"S-{group}", ())

    def channel_name(self, channel: str) -> str:
        """Its id."""
        return channel

    def is_shared(self, channel: str) -> bool:
        """Whether somebody of another organisation reads there."""
        return channel in self.shared

    def texts(self) -> dict[str, list[tuple[str, bool, Sequence[Any]]]]:
        """What people see, channel by channel, oldest first: text, whether in a thread, and blocks."""
        return {
            channel: [(one.message.text, one.thread is not None, one.message.blocks) for one in place.values()]
            for channel, place in self.channels.items()
        }


@dataclass
class FakeTickets:
    """A ticket system with any ticket."""

    tags: dict[int, set[str]] = field(default_factory=dict)
    notes: dict[str, tuple[int, str]] = field(default_factory=dict)
    assignees: dict[int, str] = field(default_factory=dict)
    copies: dict[int, set[str]] = field(default_factory=dict)

    def read(self, ticket: int) -> Ticket:
        """A ticket."""
        return Ticket(ticket, "Slow pipelines", "open", frozenset(self.tags.get(ticket, ())))

    def participants(self, ticket: int) -> Participants:
        """Nobody."""
        assert ticket
        return Participants(())

    def add_tag(self, ticket: int, tag: str) -> None:
        """Add a tag."""
        self.tags.setdefault(ticket, set()).add(tag)

    def add_cc(self, ticket: int, email: str) -> None:
        """Add a CC."""
        self.copies.setdefault(ticket, set()).add(email)

    def assign(self, ticket: int, email: str) -> None:
        """Assign it."""
        self.assignees[ticket] = email

    def add_internal_note(self, ticket: int, body: str, *, mark: str, again: bool = False) -> None:
        """Add a note, never twice under one mark when it is said that it may be there."""
        assert again or mark not in self.notes
        self.notes[mark] = (ticket, body)


@dataclass
class FakeIssues:
    """A tracker: what is opened twice is there twice."""

    opened: list[tuple[str, Issue, str]] = field(default_factory=list)
    comments: list[tuple[str, int, str]] = field(default_factory=list)

    def search(self, project: str, words: str, *, limit: int) -> list[Issue]:
        """One old issue."""
        return [Issue(project, 4, f"About {words}", "https://gitlab.example.com/4")][:limit]

    def read(self, project: str, number: int) -> Issue:
        """An issue."""
        for _, issue, _ in self.opened:
            if (issue.project, issue.number) == (project, number):
                return issue
        raise NotFound("There is no such issue.")

    def find_titled(self, project: str, title: str) -> Issue | None:
        """The issue of this title."""
        return next((issue for _, issue, _ in self.opened if (issue.project, issue.title) == (project, title)), None)

    def create(
        self,
        project: str,
        title: str,
        description: str,
        *,
        mark: str,
        labels: Sequence[str] = (),
        assignee: str | None = None,  # noqa: ARG002 - the port has it
        confidential: bool = False,  # noqa: ARG002 - the port has it
        again: bool = False,
    ) -> Issue:
        """Open an issue; with `again`, look for the mark first."""
        for its_mark, issue, _ in self.opened if again else ():
            if its_mark == mark:
                return issue
        number = 100 + len(self.opened)
        issue = Issue(project, number, title, f"https://gitlab.example.com/{number}", labels=tuple(labels))
        self.opened.append((mark, issue, description))
        return issue

    def comment(
        self,
        project: str,
        number: int,
        body: str,
        *,
        mark: str,
        internal: bool = False,
        again: bool = False,
    ) -> None:
        """Comment; with `again`, look for the mark first."""
        if not (again and any(its_mark == mark for its_mark, _, _ in self.comments)):
            self.comments.append((mark, number, f"{project}: {body}{' (internal)' if internal else ''}"))

    def set_labels(self, project: str, number: int, *, add: Sequence[str], remove: Sequence[str] = ()) -> Issue:
        """Not needed here."""
        raise NotImplementedError(project, number, add, remove)

    def close(self, project: str, number: int) -> Issue:
        """Not needed here."""
        raise NotImplementedError(project, number)

    def reopen(self, project: str, number: int) -> Issue:
        """Not needed here."""
        raise NotImplementedError(project, number)

    def rename(self, project: str, number: int, title: str) -> Issue:
        """Not needed here."""
        raise NotImplementedError(project, number, title)

    def relate(self, project: str, number: int, other_project: str, other_number: int) -> None:
        """Not needed here."""
        raise NotImplementedError(project, number, other_project, other_number)

    def assign(self, project: str, number: int, assignee: str) -> Issue:
        """Not needed here."""
        raise NotImplementedError(project, number, assignee)


@dataclass
class FakeOnCall:
    """A schedule with one person on duty."""

    def on_duty(self, schedule: str, _at: datetime | None = None) -> list[OnDuty]:
        """The manager."""
        return [OnDuty(f"Manager of {schedule}", "umax@example.com")]
