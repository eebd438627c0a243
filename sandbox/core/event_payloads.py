"""The `event` objects Slack sends when something happens to messages and channels."""

from sandbox.core.model import Channel, Installation, Json, Message
from sandbox.core.serialize import message_json


def message_posted(installed: Installation, channel: Channel, message: Message) -> list[Json]:
    """A message was posted: `message`, and `app_mention` where it names the bot."""
    body = message_json(message, channel) | {
        "team": installed.team_id,
        "channel": channel.id,
        "event_ts": message.ts,
        "channel_type": channel.kind,
    }
    bot = installed.app.bot_user
    if f"<@{bot}>" not in message.text or channel.kind == "im" or message.user == bot:
        return [body]
    mention = {key: value for key, value in body.items() if key not in {"channel_type", "subtype"}}
    return [body, mention | {"type": "app_mention"}]


def message_changed(channel: Channel, message: Message, before: Json, ts: str) -> Json:
    """A message was changed; `before` is its JSON as it was."""
    return {
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


def message_deleted(channel: Channel, message: Message, ts: str) -> Json:
    """A message was deleted."""
    return {
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


def member_changed(team_id: str, channel: Channel, user: str, ts: str, *, joined: bool) -> Json:
    """Somebody joined or left a channel."""
    return {
        "type": "member_joined_channel" if joined else "member_left_channel",
        "user": user,
        "channel": channel.id,
        "channel_type": "C" if channel.kind == "channel" else "G",
        "team": team_id,
        "event_ts": ts,
    }


def reaction_added(channel: Channel, message: Message, user: str, name: str, ts: str) -> Json:
    """Somebody reacted with an emoji."""
    return {
        "type": "reaction_added",
        "user": user,
        "reaction": name,
        "item_user": message.user,
        "item": {"type": "message", "channel": channel.id, "ts": message.ts},
        "event_ts": ts,
    }


def home_opened(user: str, channel: str, tab: str, view: Json | None, ts: str) -> Json:
    """Somebody opened the app's home (`tab` "home") or its messages (`tab` "messages")."""
    body: Json = {"type": "app_home_opened", "user": user, "channel": channel, "event_ts": ts, "tab": tab}
    return body | ({"view": view} if view and tab == "home" else {})
