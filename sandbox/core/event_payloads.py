"""The `event` objects Slack sends when something happens to messages and channels."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sandbox.core.model import Channel, Json, Message
from sandbox.core.serialize import message_json

if TYPE_CHECKING:
    from sandbox.core.workspace import Workspace


def message_posted(workspace: "Workspace", channel: Channel, message: Message) -> None:
    """A message was posted: `message`, and `app_mention` where it names the bot."""
    body = message_json(message, channel) | {
        "team": workspace.team_id,
        "channel": channel.id,
        "event_ts": message.ts,
        "channel_type": channel.kind,
    }
    workspace.happens(body, channel)
    mentions = f"<@{workspace.app.bot_user}>" in message.text
    if mentions and channel.kind != "im" and message.user != workspace.app.bot_user:
        mention = {key: value for key, value in body.items() if key not in {"channel_type", "subtype"}}
        workspace.happens(mention | {"type": "app_mention"}, channel)


@contextmanager
def message_changed(workspace: "Workspace", channel: Channel, message: Message) -> Iterator[None]:
    """Tell of what changes inside the `with`: the message before and after."""
    before = message_json(message, channel)
    yield
    ts = workspace.next_ts()
    body: Json = {
        "type": "message",
        "subtype": "message_changed",
        "message": message_json(message, channel),
        "previous_message": before,
        "channel": channel.id,
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
        "channel_type": channel.kind,
    }
    workspace.happens(body, channel)


def message_deleted(workspace: "Workspace", channel: Channel, message: Message) -> None:
    """A message was deleted."""
    ts = workspace.next_ts()
    body: Json = {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": message_json(message, channel),
        "channel": channel.id,
        "hidden": True,
        "deleted_ts": message.ts,
        "ts": ts,
        "event_ts": ts,
        "channel_type": channel.kind,
    }
    workspace.happens(body, channel)


def member_changed(workspace: "Workspace", channel: Channel, user: str, *, joined: bool) -> None:
    """Somebody joined or left a channel."""
    body: Json = {
        "type": "member_joined_channel" if joined else "member_left_channel",
        "user": user,
        "channel": channel.id,
        "channel_type": "C" if channel.kind == "channel" else "G",
        "team": workspace.team_id,
        "event_ts": workspace.next_ts(),
    }
    workspace.happens(body, channel)


def reaction_added(workspace: "Workspace", channel: Channel, message: Message, user: str, name: str) -> None:
    """Somebody reacted with an emoji."""
    body: Json = {
        "type": "reaction_added",
        "user": user,
        "reaction": name,
        "item_user": message.user,
        "item": {"type": "message", "channel": channel.id, "ts": message.ts},
        "event_ts": workspace.next_ts(),
    }
    workspace.happens(body, channel)


def home_opened(workspace: "Workspace", user: str, channel: str, tab: str, view: Json | None) -> None:
    """Somebody opened the app's home (`tab` "home") or its messages (`tab` "messages")."""
    body: Json = {
        "type": "app_home_opened",
        "user": user,
        "channel": channel,
        "event_ts": workspace.next_ts(),
        "tab": tab,
    }
    workspace.happens(body | ({"view": view} if view and tab == "home" else {}))
