"""The JSON in which Slack shows users, channels, messages and user groups."""

from datetime import datetime

from sandbox.core.model import Channel, Json, Message, UploadedFile, User, UserGroup


def user_json(user: User, now: datetime, *, with_email: bool = True) -> Json:
    """Show a user; the e-mail address only for apps that may read it, and never a stranger's."""
    profile: Json = {"real_name": user.real_name, "display_name": user.name}
    if with_email and user.email and not user.is_stranger:
        profile["email"] = user.email
    if user.bot_id:
        profile["bot_id"] = user.bot_id
    shown: Json = {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "real_name": user.real_name,
        "profile": profile,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": int(now.timestamp()),
    }
    if not user.deleted:  # Slack leaves these out for deactivated people
        shown |= {
            "tz": user.tz,
            "tz_label": user.tz,
            "tz_offset": user.tz_offset(now),
            "is_admin": False,
            "is_owner": False,
            "is_restricted": user.is_restricted,
            "is_ultra_restricted": user.is_ultra_restricted,
        }
    if user.is_stranger:
        shown["is_stranger"] = True
    return shown


def channel_json(channel: Channel, *, bot_user: str) -> Json:
    """Show a conversation as the app sees it."""
    if channel.kind == "im":
        other = [member for member in channel.members if member != bot_user]
        return {"id": channel.id, "created": channel.created, "is_im": True, "user": (other or [bot_user])[0]}
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_im": False,
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.is_private,
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_general": False,
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_member": bot_user in channel.members,
        "creator": channel.creator,
        "name_normalized": channel.name,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "num_members": len(channel.members),
    }


def message_json(message: Message, channel: Channel, *, with_metadata: bool = True) -> Json:
    """Show a message, with what its thread adds when it is a parent."""
    shown: Json = {"type": "message", "ts": message.ts, "text": message.text}
    plain = ("user", "bot_id", "app_id", "username", "subtype", "thread_ts", "edited")
    shown |= {key: value for key in plain if (value := getattr(message, key)) is not None}
    if message.blocks:
        shown["blocks"] = message.blocks
    if message.attachments:
        shown["attachments"] = message.attachments
    if with_metadata and message.metadata:
        shown["metadata"] = message.metadata
    if message.files:
        shown["files"] = [file_json(file) for file in message.files]
    if message.reactions:
        shown["reactions"] = [
            {"name": name, "users": users, "count": len(users)} for name, users in message.reactions.items()
        ]
    return shown | _thread_json(message, channel)


def file_json(file: UploadedFile) -> Json:
    """Show a file; never its bytes."""
    return {"id": file.id, "name": file.name, "title": file.title, "size": file.length, "alt_txt": file.alternative}


def _thread_json(message: Message, channel: Channel) -> Json:
    if message.is_reply and message.thread_ts:
        parent = channel.messages.get(message.thread_ts)
        return {"parent_user_id": parent.user} if parent and parent.user else {}
    replies = channel.replies(message.ts)
    if not replies:
        return {}
    users = list(dict.fromkeys(reply.user or reply.bot_id for reply in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "latest_reply": replies[-1].ts,
        "reply_users": users,
        "is_locked": False,
        "subscribed": False,
    }


def usergroup_json(group: UserGroup, *, team: str, with_users: bool) -> Json:
    """Show a user group."""
    shown: Json = {
        "id": group.id,
        "team_id": team,
        "is_usergroup": True,
        "name": group.name,
        "handle": group.handle,
        "description": "",
        "date_delete": 1 if group.is_disabled else 0,
        "user_count": len(group.users),
    }
    return shown | ({"users": group.users} if with_users else {})
