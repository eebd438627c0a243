"""reactions.*: the app's emoji under messages."""

from sandbox.core.errors import SlackError
from sandbox.core.model import Json, Message
from sandbox.slack.methods.call import Call


def add(call: Call) -> Json:
    """React to a message."""
    users = _message(call).reactions.setdefault(call.need("name", "invalid_name"), [])
    if call.workspace.app.bot_user in users:
        raise SlackError("already_reacted")
    with call.workspace.changing():
        users.append(call.workspace.app.bot_user)
    return {}


def remove(call: Call) -> Json:
    """Take a reaction back."""
    message, name = _message(call), call.need("name", "invalid_name")
    users = message.reactions.get(name, [])
    if call.workspace.app.bot_user not in users:
        raise SlackError("no_reaction")
    with call.workspace.changing():
        users.remove(call.workspace.app.bot_user)
        if not users:
            del message.reactions[name]
    return {}


def _message(call: Call) -> Message:
    message = call.own_channel().messages.get(call.need("timestamp", "no_item_specified"))
    if message is None:
        raise SlackError("message_not_found")
    return message
