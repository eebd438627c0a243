"""Messages in channels: one listener, which hands each to the processes until one takes it."""

from collections.abc import Sequence
from typing import Any

from slack_bolt import App, BoltContext

from handlers.kit.context import Desk
from handlers.kit.process import MessageHandler


def register(app: App, desk: Desk, handlers: Sequence[MessageHandler]) -> None:
    """Hear every message where the desk is a member: posted, edited, deleted, by people and by integrations.

    Of its own messages the desk hears only that somebody deleted them.
    """

    def on_message(body: dict[str, Any], context: BoltContext) -> None:
        if _is_own(body["event"], context.bot_user_id):
            return
        for handler in handlers:
            if handler(desk, body):
                return

    app.event("message")(on_message)


def _is_own(event: dict[str, Any], own: str | None) -> bool:
    if event.get("subtype") == "message_deleted":
        return False
    message = event["message"] if event.get("subtype") == "message_changed" else event
    return own is not None and message.get("user") == own
