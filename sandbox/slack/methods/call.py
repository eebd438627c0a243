"""One call of a Web API method: its arguments, and the places they name."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.core.errors import SlackError
from sandbox.core.model import Channel, Json, User
from sandbox.core.workspace import Workspace

SCOPE_PREFIX = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


@dataclass(frozen=True)
class Call:
    """What a method is called with. `open_socket` returns the address of a new Socket Mode connection."""

    workspace: Workspace
    args: Json
    open_socket: Callable[[], str]

    def text(self, name: str) -> str | None:
        """Return an argument as text, None when it is missing or empty."""
        value = self.args.get(name)
        return None if value is None or value == "" else str(value)

    def need(self, name: str, code: str = "invalid_arguments") -> str:
        """Return an argument that has to be there."""
        value = self.text(name)
        if value is None:
            messages = [f"[ERROR] missing required field: {name}"]
            raise SlackError(code, response_metadata={"messages": messages})
        return value

    def flag(self, name: str) -> bool:
        """Return a yes-or-no argument; forms say it as 1 or true."""
        return str(self.args.get(name, "")).lower() in {"1", "true"}

    def json(self, name: str, code: str) -> Any:
        """Return a JSON argument, which a form carries as a string; None when it is missing."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError as error:
            raise SlackError(code) from error

    def require_scope(self, scope: str) -> None:
        """Refuse a token that lacks this scope."""
        if scope not in self.workspace.app.scopes:
            raise missing_scope(self.workspace, scope)

    def user(self, name: str = "user", code: str = "user_not_found") -> User:
        """Return the user an argument names by id."""
        user = self.workspace.users.get(self.text(name) or "")
        if user is None:
            raise SlackError(code)
        return user

    def channel(self, *, by_name: bool = False) -> Channel:
        """Return the conversation `channel` names, if the app may know of it."""
        name = self.need("channel", "channel_not_found")
        channel = self.workspace.channels.get(name)
        if channel is None and by_name:
            channel = self.workspace.channel_named(name)
        if channel is None or (channel.is_private and not self._is_member(channel)):
            raise SlackError("channel_not_found")
        return channel

    def own_channel(self, *, by_name: bool = False) -> Channel:
        """Return the conversation, if the app is a member of it."""
        channel = self.channel(by_name=by_name)
        if not self._is_member(channel):
            raise SlackError("not_in_channel")
        return channel

    def _is_member(self, channel: Channel) -> bool:
        return self.workspace.app.bot_user in channel.members

    def page(self, items: Sequence[Any], default: int, highest: int = 1000) -> tuple[list[Any], Json]:
        """Return the page that `cursor` and `limit` ask for, and what the answer says of the next one."""
        start = _cursor_place(self.text("cursor"))
        try:
            limit = min(int(self.text("limit") or default) or default, highest)
        except ValueError as error:
            raise SlackError("invalid_limit") from error
        if limit < 0:
            raise SlackError("invalid_limit")
        end = start + limit
        cursor = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
        return list(items[start:end]), {"response_metadata": {"next_cursor": cursor}}


def _cursor_place(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except (ValueError, binascii.Error) as error:
        raise SlackError("invalid_cursor") from error


def missing_scope(workspace: Workspace, *needed: str) -> SlackError:
    """Return the refusal for a token that lacks scopes; any of `needed` would do."""
    provided = ",".join(sorted(workspace.app.scopes))
    return SlackError("missing_scope", needed=",".join(needed), provided=provided)
