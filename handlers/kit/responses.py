"""What goes straight back to the person: a modal, an error below a field, a sentence only they see."""

from collections.abc import Sequence
from typing import Any

import structlog
from slack_bolt import Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from handlers.kit.blocks import Element, actions, modal, section

log = structlog.get_logger(__name__)

Body = dict[str, Any]
"""What Slack sends, and what it is answered."""

NOTE = "note"
"""The callback id of a modal that only says something."""


def open_modal(client: WebClient, body: Body, view: Body) -> bool:
    """Open a modal; False when Slack does not let us any more (the trigger lives three seconds)."""
    return opened_modal(client, body, view) is not None


def opened_modal(client: WebClient, body: Body, view: Body) -> str | None:
    """Open a modal, and give its id: for one that is filled later. None when Slack does not let us any more."""
    try:
        is_on_top = (body.get("view") or {}).get("type") == "modal"
        opens = client.views_push if is_on_top else client.views_open
        return str(opens(trigger_id=body["trigger_id"], view=view)["view"]["id"])
    except (SlackApiError, OSError) as error:
        log.warning("modal_not_opened", callback=view["callback_id"], reason=type(error).__name__)
        return None


def update_modal(client: WebClient, view: Body, shown: Body) -> None:
    """Show another view in an open one, as it was when the person acted (its `id` and, where it has one, `hash`).

    It is only the view of something that is saved: when it cannot be shown, nothing is lost.
    """
    try:
        client.views_update(view_id=view["id"], view=shown, hash=view.get("hash"))
    except (SlackApiError, OSError) as error:
        log.warning("view_not_updated", callback=shown["callback_id"], reason=type(error).__name__)


def say_privately(
    sentence: str, body: Body, client: WebClient, respond: Respond, buttons: Sequence[Element] = ()
) -> None:
    """Tell who pressed a button: below the message it stands on, or on top of the modal or App Home.

    `buttons` stand below the sentence, where there is a message.
    """
    if body.get("response_url"):
        blocks = [section(sentence), *actions(buttons)] if buttons else None
        respond(text=sentence, blocks=blocks, response_type="ephemeral", replace_original=False)
    elif body.get("view"):
        open_modal(client, body, note(sentence))


def note(sentence: str) -> Body:
    """A sentence in a modal of its own."""
    return modal("One moment", [section(sentence)], callback=NOTE, close="Back")


def action_key(action: Body, body: Body) -> str:
    """What tells this press of a button from another one."""
    place = (body.get("message") or {}).get("ts") or (body.get("view") or {}).get("id")
    return f"action:{place}:{action['action_id']}:{action.get('action_ts')}:{body['user']['id']}"


def errors_at(errors: dict[str, str]) -> Body:
    """Answer a submission: this is wrong with these fields (block ids); the modal stays open."""
    return {"response_action": "errors", "errors": errors}


def replace_modal(view: Body) -> Body:
    """Answer a submission: show this instead."""
    return {"response_action": "update", "view": view}


def push_modal(view: Body) -> Body:
    """Answer a submission: show this on top, and what was typed below it."""
    return {"response_action": "push", "view": view}
