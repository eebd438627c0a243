"""What a workspace is made of: people, channels, messages, user groups, and the app itself."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

Json = dict[str, Any]
ChannelKind = Literal["channel", "group", "im", "mpim"]

LEAST_SCOPES = frozenset(
    {
        "commands",
        "chat:write",
        "app_mentions:read",
        "channels:history",
        "groups:history",
        "im:history",
        "channels:read",
        "groups:read",
        "im:write",
        "users:read",
        "users:read.email",
        "usergroups:read",
    }
)
DEFAULT_EVENTS = frozenset({"app_mention", "message.channels", "message.groups", "message.im", "app_home_opened"})


@dataclass(frozen=True)
class AppSettings:
    """The app as it is installed: who it is, what it may do, what it hears of.

    `commands` and `shortcuts` (name to callback id) are what the manifest registers; None accepts any. `hints` say
    what may follow a command and what it is for; `message_shortcuts` are the shortcuts that start from a message.
    """

    scopes: frozenset[str] = LEAST_SCOPES
    events: frozenset[str] = DEFAULT_EVENTS
    commands: frozenset[str] | None = None
    shortcuts: dict[str, str] | None = None
    hints: dict[str, tuple[str, str]] = field(default_factory=dict)
    message_shortcuts: frozenset[str] = frozenset()
    app_id: str = "A0DESK"
    bot_id: str = "B0DESK"
    bot_user: str = "U0DESK"
    name: str = "desk"
    bot_token: str = field(default="xoxb-sandbox", repr=False)
    app_token: str = field(default="xapp-sandbox", repr=False)
    signing_secret: str = field(default="sandbox-signing-secret", repr=False)
    verification_token: str = field(default="sandbox-verification-token", repr=False)


@dataclass
class User:
    """Somebody (or some bot) in the workspace. `tz` is an IANA name."""

    id: str
    name: str
    real_name: str
    email: str | None = None
    tz: str = "Europe/London"
    team_id: str = "T0SANDBOX"
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    deleted: bool = False
    bot_id: str | None = None

    def tz_offset(self, now: datetime) -> int:
        """Return how many seconds this person's clock is ahead of UTC at `now`."""
        offset = now.astimezone(ZoneInfo(self.tz)).utcoffset()
        return int(offset.total_seconds()) if offset else 0


@dataclass
class Message:
    """A message as Slack keeps it. `visible_to` is set for an ephemeral one: the only person who sees it."""

    ts: str
    channel: str
    text: str
    user: str | None = None
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    bot_id: str | None = None
    app_id: str | None = None
    username: str | None = None
    subtype: str | None = None
    thread_ts: str | None = None
    metadata: Json | None = None
    edited: Json | None = None
    visible_to: str | None = None
    broadcast: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)
    files: "list[UploadedFile]" = field(default_factory=list)
    values: dict[str, dict[str, Json]] = field(default_factory=dict)

    @property
    def is_reply(self) -> bool:
        """Whether this stands in another message's thread."""
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass
class UploadedFile:
    """A file; `content` is None until its bytes have come, and it `is_shared` once a message shows it."""

    id: str
    name: str
    length: int
    alternative: str = ""
    title: str = ""
    content: bytes | None = None
    is_shared: bool = False


@dataclass
class Channel:
    """A conversation: public channel, private one ("group"), DM ("im") or group DM ("mpim")."""

    id: str
    name: str
    kind: ChannelKind = "channel"
    members: list[str] = field(default_factory=list)
    is_archived: bool = False
    is_ext_shared: bool = False
    creator: str = "U0PIA"
    created: int = 1_700_000_000
    messages: dict[str, Message] = field(default_factory=dict)
    ephemerals: list[Message] = field(default_factory=list)

    @property
    def is_private(self) -> bool:
        """Whether only members know of it."""
        return self.kind != "channel"

    def replies(self, parent_ts: str) -> list[Message]:
        """Return the replies in a message's thread, oldest first."""
        return [m for m in list(self.messages.values()) if m.is_reply and m.thread_ts == parent_ts]


@dataclass
class UserGroup:
    """A user group: `handle` is what people mention."""

    id: str
    handle: str
    name: str
    users: list[str] = field(default_factory=list)
    is_disabled: bool = False


@dataclass(frozen=True)
class Installation:
    """The app as it is installed in a team: what payloads carry of both."""

    team_id: str
    app: AppSettings
