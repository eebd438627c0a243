"""conversations.*: where the app is and what was said there."""

from sandbox.core.errors import SlackError
from sandbox.core.model import Channel, Json, Message
from sandbox.core.serialize import channel_json, message_json
from sandbox.slack.methods.call import SCOPE_PREFIX, Call

KINDS = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
MAX_DM_PEOPLE = 8


def list_(call: Call) -> Json:
    """List the conversations the app may know of; public channels unless `types` says otherwise."""
    return _listed(call, mine_only=False)


def of_user(call: Call) -> Json:
    """List the conversations the app is in."""
    return _listed(call, mine_only=True)


def _listed(call: Call, *, mine_only: bool) -> Json:
    types = [name.strip() for name in (call.text("types") or "public_channel").split(",")]
    if unknown := [name for name in types if name not in KINDS]:
        raise SlackError("invalid_types", response_metadata={"messages": unknown})
    kinds = {KINDS[name] for name in types}
    for kind in sorted(kinds):
        call.require_scope(f"{SCOPE_PREFIX[kind]}:read")
    found = [c for c in call.workspace.channels.values() if c.kind in kinds]
    if call.flag("exclude_archived"):
        found = [channel for channel in found if not channel.is_archived]
    bot = call.workspace.app.bot_user
    found = [c for c in found if bot in c.members or (not mine_only and not c.is_private)]
    page, more = call.page(found, default=100)
    return {"channels": [channel_json(channel, bot_user=bot) for channel in page], **more}


def info(call: Call) -> Json:
    """Show one conversation."""
    channel = call.channel()
    call.require_scope(f"{SCOPE_PREFIX[channel.kind]}:read")
    return {"channel": channel_json(channel, bot_user=call.workspace.app.bot_user)}


def open_(call: Call) -> Json:
    """Open (or find) the DM with one person, or the group DM with several."""
    workspace = call.workspace
    if call.text("channel"):
        channel = call.channel()
        if channel.kind not in {"im", "mpim"}:
            raise SlackError("method_not_supported_for_channel_type")
        return _opened(call, channel, already=True)
    names = [name.strip() for name in (call.text("users") or "").split(",") if name.strip()]
    if not names:
        raise SlackError("users_list_not_supplied")
    if len(names) > MAX_DM_PEOPLE:
        raise SlackError("too_many_users")
    call.require_scope("im:write" if len(names) == 1 else "mpim:write")
    for name in names:
        _refuse_unreachable(call, name)
    known = len(workspace.channels)
    channel = workspace.direct(*names)
    return _opened(call, channel, already=len(workspace.channels) == known)


def _refuse_unreachable(call: Call, name: str) -> None:
    """Refuse people nobody can write to: unknown, deactivated, bots, strangers without a common channel."""
    workspace = call.workspace
    user = workspace.users.get(name)
    if user is None:
        raise SlackError("user_not_found")
    if user.deleted:
        raise SlackError("user_disabled")
    if user.is_bot:
        raise SlackError("cannot_dm_bot")
    shared = [c for c in workspace.channels.values() if c.is_ext_shared and workspace.app.bot_user in c.members]
    if user.is_stranger and not any(user.id in channel.members for channel in shared):
        raise SlackError("user_not_visible")


def _opened(call: Call, channel: Channel, *, already: bool) -> Json:
    shown = channel_json(channel, bot_user=call.workspace.app.bot_user)
    answer: Json = {"no_op": True, "already_open": True} if already else {}
    return answer | {"channel": shown if call.flag("return_im") else {"id": channel.id}}


def join(call: Call) -> Json:
    """Join a public channel."""
    channel = call.channel()
    bot = call.workspace.app.bot_user
    if channel.is_private:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    if bot not in channel.members:
        with call.workspace.changing():
            channel.members.append(bot)
            call.workspace.membership_changed(channel, bot, joined=True)
    return {"channel": channel_json(channel, bot_user=bot)}


def members(call: Call) -> Json:
    """List the ids of a conversation's members."""
    channel = call.channel()
    call.require_scope(f"{SCOPE_PREFIX[channel.kind]}:read")
    page, more = call.page(channel.members, default=100)
    return {"members": page, **more}


def history(call: Call) -> Json:
    """List a conversation's messages, newest first, without the replies in threads."""
    channel = _readable(call)
    top = [m for m in channel.messages.values() if not m.is_reply or m.broadcast]
    page, more = call.page(list(reversed(_between(call, top))), default=100, highest=999)
    return _messages(call, channel, page, more)


def replies(call: Call) -> Json:
    """List a thread: its parent, then the replies, oldest first."""
    channel = _readable(call)
    asked = channel.messages.get(call.need("ts", "thread_not_found"))
    if asked is None:
        raise SlackError("thread_not_found")
    parent = channel.messages.get(asked.thread_ts or asked.ts, asked)
    page, more = call.page([parent, *_between(call, channel.replies(parent.ts))], default=1000)
    return _messages(call, channel, page, more)


def _readable(call: Call) -> Channel:
    channel = call.channel()
    call.require_scope(f"{SCOPE_PREFIX[channel.kind]}:history")
    return call.own_channel()


def _between(call: Call, messages: list[Message]) -> list[Message]:
    oldest, latest = call.text("oldest"), call.text("latest")
    inclusive = call.flag("inclusive")
    try:
        low, high = float(oldest or 0), float(latest) if latest else float("inf")
    except ValueError as error:
        raise SlackError("invalid_ts_oldest" if oldest else "invalid_ts_latest") from error
    times = [(float(message.ts), message) for message in messages]
    return [m for ts, m in times if low < ts < high or (inclusive and ts in {low, high})]


def _messages(call: Call, channel: Channel, page: list[Message], more: Json) -> Json:
    metadata = call.flag("include_all_metadata")
    shown = [message_json(message, channel, with_metadata=metadata) for message in page]
    has_more = bool(more["response_metadata"]["next_cursor"])
    return {"messages": shown, "has_more": has_more, "pin_count": 0, **(more if has_more else {})}
