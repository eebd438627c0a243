"""The workspace, as a protocol: see `workflows.contract`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

Block = dict[str, Any]


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

    @property
    def is_member(self) -> bool:
        """Whether this is one of ours: a full member with an active account, and no bot."""
        return self.is_active and not (self.is_guest or self.is_foreign or self.is_bot)


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
    """The workspace in which the desk writes and asks."""

    def post(
        self, channel: str, message: Message, *, mark: str, thread: str | None = None, again: bool = False
    ) -> Posted:
        """Post into a channel (by id or `#name`), or into a thread of it.

        `mark` is an id that travels in the message's metadata: with `again`, the channel's (or thread's) recent
        messages are searched for it first, and the found one is returned instead of posting a second.
        """
        ...

    def whisper(self, channel: str, user: str, message: Message, *, thread: str | None = None) -> None:
        """Show a message in a channel (by id), or in a thread of it, to one person alone who is there."""
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
        """The user group of this handle or id, with its members and the id by which it is mentioned."""
        ...

    def channel_name(self, channel: str) -> str:
        """The `#name` of a channel, by its id; up to ten minutes old, and the last known while Slack is away."""
        ...

    def is_shared(self, channel: str) -> bool:
        """Whether people of another organisation read a channel (by id or `#name`), or are invited to it.

        Up to ten minutes old, and the last known while Slack is away; a `EffectError` when it was never known.
        """
        ...
