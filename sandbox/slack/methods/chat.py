"""chat.*: what the app says."""

from typing import Any

from sandbox.blockkit import check_message
from sandbox.core.errors import SlackError
from sandbox.core.model import Channel, Json, Message
from sandbox.core.serialize import message_json
from sandbox.slack.methods.call import Call, missing_scope

TEXT_CUT = 40_000
METADATA_LIMIT = 8_000


def post_message(call: Call) -> Json:
    """Post into a channel (by id or name), a thread, or a person's DM (by user id)."""
    channel = _destination(call)
    message = _compose(call, channel)
    message.broadcast = call.flag("reply_broadcast") and message.is_reply
    if message.broadcast:
        message.subtype = "thread_broadcast"
    call.workspace.add(message)
    return {"channel": channel.id, "ts": message.ts, "message": message_json(message, channel)}


def post_ephemeral(call: Call) -> Json:
    """Show something to one active member of a channel; it is never in the history."""
    channel = call.own_channel(by_name=True)
    _refuse_archived(channel)
    user = call.workspace.users.get(call.need("user"))
    if user is None or user.deleted or user.id not in channel.members:
        raise SlackError("user_not_in_channel")
    message = _compose(call, channel)
    message.visible_to, message.metadata = user.id, None
    call.workspace.add(message)
    return {"message_ts": message.ts}


def update(call: Call) -> Json:
    """Replace one of the app's own messages; `text` without `blocks` removes the blocks."""
    channel, message = _own_message(call, "cant_update_message")
    if channel.is_archived:
        raise SlackError("is_inactive")
    text, blocks = _content(call, updating=True)
    metadata = call.json("metadata", "invalid_metadata_format")
    kept = message.metadata if metadata is None else _checked_metadata(metadata) or None
    attachments = call.json("attachments", "invalid_attachments") or []
    call.workspace.edit(
        message,
        call.workspace.app.bot_user,
        text=text,
        blocks=blocks,
        metadata=kept,
        attachments=attachments,
    )
    shown = message_json(message, channel)
    return {"channel": channel.id, "ts": message.ts, "text": text, "message": shown}


def delete(call: Call) -> Json:
    """Delete one of the app's own messages."""
    channel, message = _own_message(call, "cant_delete_message")
    call.workspace.delete(message)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(call: Call) -> Json:
    """Return the link to a message."""
    channel = call.channel()
    message = channel.messages.get(call.need("message_ts", "message_not_found"))
    if message is None:
        raise SlackError("message_not_found")
    domain = call.workspace.team_domain
    link = f"https://{domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _destination(call: Call) -> Channel:
    """Find where to post; a user id stands for the DM with that person.

    Into a DM that exists, Slack takes messages also when the person is deactivated and nobody will read them.
    """
    user = call.workspace.users.get(call.text("channel") or "")
    if user is not None:
        if user.is_bot or (user.deleted and not call.workspace.has_direct(user.id)):
            raise SlackError("channel_not_found")
        return call.workspace.direct(user.id)
    channel = call.own_channel(by_name=True)
    _refuse_archived(channel)
    return channel


def _refuse_archived(channel: Channel) -> None:
    if channel.is_archived:
        raise SlackError("is_archived")


def _compose(call: Call, channel: Channel) -> Message:
    customized = any(call.text(name) for name in ("username", "icon_emoji", "icon_url"))
    if customized and "chat:write.customize" not in call.workspace.app.scopes:
        raise missing_scope(call.workspace, "chat:write.customize")
    text, blocks = _content(call)
    metadata = _checked_metadata(call.json("metadata", "invalid_metadata_format"))
    return Message(
        call.workspace.next_ts(),
        channel.id,
        text[:TEXT_CUT],
        user=call.workspace.app.bot_user,
        blocks=blocks,
        attachments=call.json("attachments", "invalid_attachments") or [],
        bot_id=call.workspace.app.bot_id,
        app_id=call.workspace.app.app_id,
        username=call.text("username"),
        thread_ts=_thread(call, channel),
        metadata=metadata or None,
    )


def _thread(call: Call, channel: Channel) -> str | None:
    """Return the parent's ts, also when a reply's was given."""
    ts = call.text("thread_ts")
    if ts is None:
        return None
    parent = channel.messages.get(ts)
    if parent is None or parent.subtype in {"channel_join", "tombstone"}:
        raise SlackError("cannot_reply_to_message" if parent else "thread_not_found")
    return parent.thread_ts or parent.ts


def _content(call: Call, *, updating: bool = False) -> tuple[str, list[Json]]:
    blocks = call.json("blocks", "invalid_blocks_format")
    text = call.text("text") or ""
    if not text and not blocks and not call.text("attachments"):
        raise SlackError("no_text")
    problem = check_message(blocks, text or None, updating=updating)
    if problem is not None:
        raise SlackError(problem.error, response_metadata={"messages": list(problem.messages)})
    return text, call.workspace.name_blocks(blocks or [])


def _checked_metadata(metadata: Any) -> Json:
    """Return valid message metadata; an empty object is none."""
    if not metadata:
        return {}
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
        raise SlackError("invalid_metadata_format")
    payload = metadata.get("event_payload")
    if not isinstance(payload, dict) or not metadata["event_type"]:
        raise SlackError("invalid_metadata_format")
    if len(str(payload)) > METADATA_LIMIT:
        raise SlackError("metadata_too_large")
    return {"event_type": metadata["event_type"], "event_payload": payload}


def _own_message(call: Call, refusal: str) -> tuple[Channel, Message]:
    channel = call.own_channel()
    message = channel.messages.get(call.need("ts", "message_not_found"))
    if message is None or message.subtype == "tombstone":
        raise SlackError("message_not_found")
    if message.bot_id != call.workspace.app.bot_id:
        raise SlackError(refusal)
    return channel, message
