"""files.*: how a file comes into a conversation: an address for its bytes, the bytes, and then the message."""

from sandbox.core.errors import SlackError
from sandbox.core.model import Json, Message, UploadedFile
from sandbox.core.serialize import file_json
from sandbox.slack.methods.call import Call

ALT_LIMIT = 1000


def get_upload_url(call: Call) -> Json:
    """Say where the bytes of a file go. `length` has to be that of the bytes."""
    name, length = call.need("filename"), call.need("length")
    if not length.isdecimal() or not int(length):
        raise SlackError("invalid_arguments")
    alt = call.text("alt_txt") or ""
    if len(alt) > ALT_LIMIT:
        raise SlackError("alt_txt_too_large")
    file = UploadedFile(call.workspace.next_id("F"), name, int(length), alt)
    call.workspace.files[file.id] = file
    return {"file_id": file.id, "upload_url": f"{call.workspace.response_urls.base}/upload/v1/{file.id}"}


def complete_upload(call: Call) -> Json:
    """Show uploaded files in a conversation."""
    named = call.json("files", "invalid_arguments")
    if not isinstance(named, list) or not named:
        raise SlackError("invalid_arguments")
    files = [_uploaded(call, one) for one in named]
    channel = call.workspace.channels.get(call.text("channel_id") or "")
    if channel is None or call.workspace.app.bot_user not in channel.members:
        raise SlackError("channel_not_found")
    if channel.is_archived:
        raise SlackError("is_archived")
    message = Message(call.workspace.next_ts(), channel.id, call.text("initial_comment") or "")
    message.user, message.bot_id = call.workspace.app.bot_user, call.workspace.app.bot_id
    message.app_id, message.thread_ts, message.files = call.workspace.app.app_id, call.text("thread_ts"), files
    call.workspace.add(message)
    return {"files": [file_json(file) for file in files]}


def _uploaded(call: Call, named: Json) -> UploadedFile:
    file = call.workspace.files.get(str(named.get("id")))
    if file is None or file.content is None or file.is_shared:
        raise SlackError("file_not_found")
    file.title, file.is_shared = str(named.get("title") or file.name), True
    return file
