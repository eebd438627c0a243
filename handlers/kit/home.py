"""The App Home: what is whose, what is due. Each process adds its own section."""

from typing import Any

import structlog
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from handlers.kit import texts
from handlers.kit.blocks import context, section
from handlers.kit.context import Desk

log = structlog.get_logger(__name__)

MOST_BLOCKS = 100


def register(app: App, desk: Desk) -> None:
    """Show the App Home when somebody opens it."""

    def opened(event: dict[str, Any], client: WebClient) -> None:
        if event.get("tab") == "home":
            publish(desk, event["user"], client)

    app.event("app_home_opened")(opened)


def publish(desk: Desk, user: str, client: WebClient) -> None:
    """Show a person their App Home as it is now.

    It only shows what is saved: when Slack does not take it (too many calls, say), what the person did is done all the
    same, and they are not told that it failed. It is shown when they open it again.
    """
    now = desk.clock.now()
    is_ours = desk.is_ours({"user": {"id": user}})
    if is_ours is not True:
        blocks = [section(texts.not_known() if is_ours is None else texts.not_for_guests())]
    else:
        blocks = [block for one in desk.sections for block in one(desk, user, now)]
    shown = blocks or [section("Nothing waits for you here."), context("`/feedback help` says what the desk does.")]
    try:
        client.views_publish(user_id=user, view={"type": "home", "blocks": shown[:MOST_BLOCKS]})
    except (SlackApiError, OSError) as error:
        log.warning("home_not_shown", reason=type(error).__name__)
