"""The state of the workspace: who is there, what was said, and what the app hears of it.

Many threads read it at once: what iterates without the lock iterates over a copy.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from sandbox.core.errors import Impossible
from sandbox.core.event_payloads import member_changed, message_changed, message_deleted, message_posted
from sandbox.core.forms import with_ids
from sandbox.core.model import AppSettings, Channel, Installation, Json, Message, UploadedFile, User, UserGroup
from sandbox.core.serialize import message_json
from sandbox.core.tokens import ResponseUrls, Triggers
from sandbox.core.views import Views


@dataclass(frozen=True)
class Event:
    """Something that happened: Slack's `event` object, and where (None: nowhere in particular)."""

    body: Json
    channel: Channel | None = None


class Workspace:
    """A team, its people and its conversations. Hold `lock` (or use `changing`) to read or write several things."""

    team_id = "T0SANDBOX"
    team_name = "Example Support"
    team_domain = "example-support"

    def __init__(
        self, app: AppSettings, now: Callable[[], datetime], real: Callable[[], float], first_id: int = 1
    ) -> None:
        self.app = app
        self.now = now
        self.real = real
        self.lock = threading.RLock()
        self.changes = threading.Condition(self.lock)
        self.version = 0
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.usergroups: dict[str, UserGroup] = {}
        self.canvases: dict[str, str] = {"F0WEEKLY": "# Support week in review\n"}
        self.files: dict[str, UploadedFile] = {}
        self.listeners: list[Callable[[Event], None]] = []
        self._ids = count(first_id)
        self._last_ts = 0
        self.views = Views(self.next_id, now)
        self.triggers = Triggers(self.next_id, real)
        self.response_urls = ResponseUrls(self.team_id, real)

    @property
    def installation(self) -> Installation:
        """The app as it is installed here."""
        return Installation(self.team_id, self.app)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the lock, and tell those who wait for a change afterwards."""
        with self.changes:
            yield
            self.version += 1
            self.changes.notify_all()

    def next_ts(self) -> str:
        """Return a message time: unique and rising, even while the clock stands still or goes back."""
        with self.lock:
            self._last_ts = max(int(self.now().timestamp() * 1_000_000), self._last_ts + 1)
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def next_id(self, prefix: str) -> str:
        """Return an id nobody has yet."""
        with self.lock:
            return f"{prefix}{next(self._ids):06d}"

    def name_blocks(self, blocks: list[Json]) -> list[Json]:
        """Give blocks and elements without ids the ids Slack would give them."""
        return with_ids(blocks, self.next_id)

    def happens(self, body: Json, channel: Channel | None = None) -> None:
        """Tell the listeners (the app, if it subscribed) that something happened."""
        for listener in self.listeners:
            listener(Event(body, channel))

    # ------------------------------------------------------------------------------------ people, places

    def person(self, name: str) -> User:
        """Find a user by name or id."""
        for user in list(self.users.values()):
            if name in {user.id, user.name}:
                return user
        raise Impossible(f"There is nobody called {name!r} here.")

    def place(self, name: str) -> Channel:
        """Find a channel by id, `name` or `#name`."""
        channel = self.channels.get(name) or self.channel_named(name)
        if channel is None:
            raise Impossible(f"There is no channel {name!r} here.")
        return channel

    def channel_named(self, name: str) -> Channel | None:
        """Find a channel by `name` or `#name`."""
        named = [c for c in list(self.channels.values()) if c.name == name.removeprefix("#") and c.kind != "im"]
        return named[0] if named else None

    def direct(self, *users: str) -> Channel:
        """Find or open the DM (or group DM) of the app's bot with these people."""
        members = [self.app.bot_user, *users]
        with self.lock:
            if known := self._direct(members):
                return known
            kind, prefix = ("im", "D") if len(users) == 1 else ("mpim", "C")
            name = "directmessage" if kind == "im" else "mpdm-" + "--".join(users).lower() + "-1"
            channel = Channel(self.next_id(prefix), name, members=members)
            channel.kind = "im" if kind == "im" else "mpim"
            self.channels[channel.id] = channel
            return channel

    def has_direct(self, user: str) -> bool:
        """Return whether the bot and this person have a DM."""
        return self._direct([self.app.bot_user, user]) is not None

    def _direct(self, members: list[str]) -> Channel | None:
        directs = [c for c in self.channels.values() if c.kind in {"im", "mpim"}]
        return next((channel for channel in directs if set(channel.members) == set(members)), None)

    def membership_changed(self, channel: Channel, user: str, *, joined: bool) -> None:
        """Tell that somebody joined or left a channel."""
        self.happens(member_changed(self.team_id, channel, user, self.next_ts(), joined=joined), channel)

    def deactivate(self, user: User) -> None:
        """Deactivate a person: out of every channel and user group, without an event; DMs stay."""
        user.deleted = True
        for channel in self.channels.values():
            if channel.kind in {"channel", "group"} and user.id in channel.members:
                channel.members.remove(user.id)
        for group in self.usergroups.values():
            group.users = [member for member in group.users if member != user.id]

    # ---------------------------------------------------------------------------------------- messages

    def add(self, message: Message) -> Message:
        """Post a message into its channel, or show an ephemeral one to its reader."""
        channel = self.channels[message.channel]
        with self.changing():
            if message.visible_to is None:
                channel.messages[message.ts] = message
                for body in message_posted(self.installation, channel, message):
                    self.happens(body, channel)
            else:
                channel.ephemerals.append(message)
        return message

    def edit(self, message: Message, editor: str, **changes: object) -> None:
        """Change a message; `changes` are fields of Message."""
        channel = self.channels[message.channel]
        with self.changing():
            if message.visible_to is not None:
                self._set(message, changes)
                return
            with self._change(channel, message):
                self._set(message, changes)
                message.edited = {"user": editor, "ts": self.next_ts()}

    @contextmanager
    def _change(self, channel: Channel, message: Message) -> Iterator[None]:
        """Tell of what changes inside the `with`: the message before and after."""
        before = message_json(message, channel)
        yield
        self.happens(message_changed(channel, message, before, self.next_ts()), channel)

    @staticmethod
    def _set(message: Message, changes: dict[str, object]) -> None:
        for name, value in changes.items():
            setattr(message, name, value)

    def delete(self, message: Message) -> None:
        """Delete a message; a thread's parent leaves a tombstone, as in Slack."""
        channel = self.channels[message.channel]
        with self.changing():
            if message.visible_to is not None:
                channel.ephemerals.remove(message)
            elif channel.replies(message.ts):
                with self._change(channel, message):
                    message.subtype, message.user, message.bot_id = "tombstone", "USLACKBOT", None
                    message.text, message.blocks, message.metadata = "This message was deleted.", [], None
            else:
                del channel.messages[message.ts]
                self.happens(message_deleted(channel, message, self.next_ts()), channel)

    def find_message(self, channel: Channel, ts: str, reader: str | None = None) -> Message | None:
        """Find a message; an ephemeral one only for the person who sees it."""
        if ts in channel.messages:
            return channel.messages[ts]
        own = [m for m in channel.ephemerals if m.ts == ts and m.visible_to == reader]
        return own[0] if own else None
