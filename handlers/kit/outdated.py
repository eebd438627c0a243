"""Buttons and modals that the desk no longer knows: cards live for weeks, and outlive the version that made them."""

import re
from collections.abc import Collection

import structlog
from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from handlers.kit.context import Desk
from handlers.kit.responses import Body, note, push_modal, say_privately

log = structlog.get_logger(__name__)

BUTTON = "I no longer know this button, so nothing has changed. The message now shows the buttons that work."
WINDOW = (
    "I no longer know this form, so nothing was saved. Please copy what you typed, close the form, and open it again."
)

_NAME = re.compile(r"(\w+)\.\w+")
"""`contact.claim`, of which `contact.claim.next` is a variant."""


def register(app: App, desk: Desk, known: Collection[str]) -> None:
    """Hear what bears the prefix of one of ours and is none of the `known` ids; to be registered before all others."""
    ours = {name.partition(".")[0] for name in known if _NAME.match(name)}

    def is_outdated(name: str) -> bool:
        found = _NAME.match(name)
        return found is not None and found[1] in ours and found[0] not in known

    def is_old_button(body: Body) -> bool:
        return is_outdated(str(body["actions"][0].get("action_id")))

    def is_old_modal(body: Body) -> bool:
        return is_outdated(str(body["view"].get("callback_id")))

    def pressed(body: Body, ack: Ack, client: WebClient, respond: Respond) -> None:
        log.warning("button_outdated", action=body["actions"][0]["action_id"])
        at = body.get("container") or {}
        where = (body.get("channel") or {}).get("id"), at.get("message_ts")
        desk.engine.show_again(str(body["actions"][0].get("value") or ""), where, desk.clock.now())
        say_privately(BUTTON, body, client, respond)
        ack()

    def submitted(body: Body, ack: Ack) -> None:
        log.warning("modal_outdated", callback=body["view"]["callback_id"])
        ack(**push_modal(note(WINDOW)))

    every = re.compile("")
    app.action(every, matchers=[is_old_button])(pressed)
    app.view(every, matchers=[is_old_modal])(submitted)
