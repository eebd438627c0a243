"""The Web API methods, by Slack's names."""

from collections.abc import Callable

from sandbox.core.model import Json
from sandbox.slack.methods import apps, canvases, chat, conversations, files, reactions, users, views
from sandbox.slack.methods.call import Call

METHODS: dict[str, Callable[[Call], Json]] = {
    "api.test": apps.api_test,
    "auth.test": apps.auth_test,
    "apps.connections.open": apps.connections_open,
    "bots.info": apps.bots_info,
    "canvases.edit": canvases.edit,
    "canvases.sections.lookup": canvases.sections_lookup,
    "chat.postMessage": chat.post_message,
    "chat.postEphemeral": chat.post_ephemeral,
    "chat.update": chat.update,
    "chat.delete": chat.delete,
    "chat.getPermalink": chat.get_permalink,
    "conversations.list": conversations.list_,
    "conversations.info": conversations.info,
    "conversations.open": conversations.open_,
    "conversations.join": conversations.join,
    "conversations.history": conversations.history,
    "conversations.replies": conversations.replies,
    "conversations.members": conversations.members,
    "files.getUploadURLExternal": files.get_upload_url,
    "files.completeUploadExternal": files.complete_upload,
    "users.info": users.info,
    "users.list": users.list_,
    "users.lookupByEmail": users.lookup_by_email,
    "users.conversations": conversations.of_user,
    "usergroups.list": users.groups,
    "usergroups.users.list": users.group_users,
    "reactions.add": reactions.add,
    "reactions.remove": reactions.remove,
    "views.open": views.open_,
    "views.push": views.push,
    "views.update": views.update,
    "views.publish": views.publish,
}

__all__ = ["METHODS", "Call"]
