"""The payloads Slack sends when a person does something with the app."""

from dataclasses import dataclass

from sandbox.core.model import Channel, Json, Message, User
from sandbox.core.serialize import message_json
from sandbox.core.views import View
from sandbox.core.workspace import Workspace

PRIVATE_NAMES = {"im": "directmessage", "group": "privategroup"}


@dataclass(frozen=True)
class Interactions:
    """Builds payloads for one workspace; each hands out a fresh trigger id."""

    workspace: Workspace

    def command(self, user: User, channel: Channel, command: str, text: str) -> Json:
        """A slash command, as form fields (so every value is text)."""
        workspace = self.workspace
        return {
            "token": workspace.app.verification_token,
            "team_id": workspace.team_id,
            "team_domain": workspace.team_domain,
            "channel_id": channel.id,
            "channel_name": _channel_name(channel),
            "user_id": user.id,
            "user_name": user.name,
            "command": command,
            "text": text,
            "api_app_id": workspace.app.app_id,
            "is_enterprise_install": "false",
            "response_url": workspace.response_urls.issue(user.id, channel.id),
            "trigger_id": workspace.triggers.issue(user.id),
        }

    def _common(self, kind: str, user: User, *, view_id: str | None = None) -> Json:
        workspace = self.workspace
        return {
            "type": kind,
            "team": {"id": workspace.team_id, "domain": workspace.team_domain},
            "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id},
            "api_app_id": workspace.app.app_id,
            "token": workspace.app.verification_token,
            "enterprise": None,
            "is_enterprise_install": False,
            "trigger_id": workspace.triggers.issue(user.id, view_id),
        }

    def _place(self, channel: Channel) -> Json:
        return {"channel": {"id": channel.id, "name": _channel_name(channel)}}

    def action_on_message(self, user: User, channel: Channel, message: Message, action: Json) -> Json:
        """A click on a message. Of an ephemeral one Slack does not send the message itself."""
        url = self.workspace.response_urls.issue(user.id, channel.id, message.ts)
        container = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": message.visible_to is not None,
        }
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        payload = self._common("block_actions", user) | self._place(channel)
        payload |= {"container": container, "response_url": url, "state": {"values": message.values}}
        if message.visible_to is None:
            payload["message"] = message_json(message, channel)
        return payload | {"actions": [self._dated(action)]}

    def action_in_view(self, user: User, view: View, action: Json) -> Json:
        """A click in a modal or home."""
        payload = self._common("block_actions", user, view_id=view.id)
        payload |= {
            "container": {"type": "view", "view_id": view.id},
            "view": view.as_slack(self.workspace.installation),
        }
        return payload | {"actions": [self._dated(action)]}

    def suggestion(self, user: User, element: Json, block_id: str, typed: str, container: Json) -> Json:
        """A person types into an external select. `container` is the message's or view's part of the payload."""
        payload = self._common("block_suggestion", user) | container
        del payload["trigger_id"]
        return payload | {"action_id": element["action_id"], "block_id": block_id, "value": typed}

    def submission(self, user: User, view: View) -> Json:
        """A modal is submitted."""
        shown = view.as_slack(self.workspace.installation)
        return self._common("view_submission", user) | {"view": shown, "response_urls": []}

    def closing(self, user: User, view: View, *, cleared: bool) -> Json:
        """A modal is closed."""
        payload = self._common("view_closed", user) | {"view": view.as_slack(self.workspace.installation)}
        del payload["trigger_id"]
        return payload | {"is_cleared": cleared}

    def message_shortcut(self, user: User, channel: Channel, message: Message, callback_id: str) -> Json:
        """A message shortcut."""
        url = self.workspace.response_urls.issue(user.id, channel.id, message.ts)
        return (
            self._common("message_action", user)
            | self._place(channel)
            | {
                "callback_id": callback_id,
                "action_ts": self.workspace.next_ts(),
                "response_url": url,
                "message_ts": message.ts,
                "message": message_json(message, channel),
            }
        )

    def global_shortcut(self, user: User, callback_id: str) -> Json:
        """A global shortcut: no channel, no response URL."""
        return self._common("shortcut", user) | {
            "callback_id": callback_id,
            "action_ts": self.workspace.next_ts(),
        }

    def _dated(self, action: Json) -> Json:
        return action | {"action_ts": self.workspace.next_ts()}


def _channel_name(channel: Channel) -> str:
    return PRIVATE_NAMES.get(channel.kind, channel.name)


def action_of(block_id: str, element: Json, state: Json) -> Json:
    """Describe the use of an element: what it is and, for one that holds a value, the new value."""
    action: Json = {"type": element["type"], "block_id": block_id, "action_id": element["action_id"]}
    for key in ("text", "value", "style", "placeholder"):
        if key in element and element["type"] in {"button", "overflow"}:
            action[key] = element[key]
    return action | state
