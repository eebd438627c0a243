"""Messages in channels: one listener, which hands each to the processes until one takes it."""

from collections.abc import Callable, Sequence
from typing import Any

from slack_bolt import App

from handlers.desk import Desk

Hear = Callable[[Desk, dict[str, Any]], bool]
"""Takes the body of a message event (`event`, `event_id`, `team_id`); True when it was for this process."""


def register(app: App, desk: Desk, hearers: Sequence[Hear]) -> None:
    """Hear every message where the desk is a member: posted, edited, deleted, by people and by integrations."""

    def hear(body: dict[str, Any]) -> None:
        for hearer in hearers:
            if hearer(desk, body):
                return

    app.event("message")(hear)
