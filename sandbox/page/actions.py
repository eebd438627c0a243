"""What somebody does in the window, carried to the workspace."""

from collections.abc import Callable
from typing import Any

from sandbox.control.app import SandboxApp
from sandbox.core.errors import Impossible, SlackError
from sandbox.core.forms import fields
from sandbox.core.model import User
from sandbox.page.elements import entered
from sandbox.page.reading import Reading
from sandbox.page.surface import MODAL, Surface, name_of
from sandbox.page.viewer import HOME, Use, Viewer
from sandbox.users.actions import ActionOutcome, with_action

Payload = dict[str, Any]
Says = dict[str, str]

TROUBLE = {
    "operation_timeout": "{app} did not answer in time. Slack would show the error “operation_timeout”.",
    "dispatch_failed": "{app} cannot be reached. Slack would show the error “dispatch_failed”.",
    "missing_inputs": "",
}


class PageActions:
    """What can be done in one window. A method may wait for the app's answer: call it from a thread.

    What it returns is told to the browser: events for the page's own script.
    """

    def __init__(self, app: SandboxApp, viewer: Viewer) -> None:
        self.app = app
        self.viewer = viewer
        self.workspace = app.workspace

    @property
    def user(self) -> User:
        """The person one is."""
        return self.workspace.person(self.viewer.person)

    def do(self, what: Callable[[Payload], Says | None], payload: Payload) -> Says:
        """Do something; what cannot be done is shown, as the client would."""
        self.viewer.notice = None
        try:
            return what(payload) or {}
        except Impossible as impossible:
            self.viewer.notice = str(impossible)
        except SlackError as error:
            self.viewer.notice = f"Slack says: {error.code}"
        return {}

    def _show_outcome(self, outcome: ActionOutcome) -> None:
        if outcome.error:
            name = self.workspace.app.name
            self.viewer.notice = TROUBLE.get(outcome.error, f"Slack says: {outcome.error}").format(app=name) or None

    # ------------------------------------------------------------------------------------------- speech

    def send(self, payload: Payload) -> Says:
        """Send what was typed: a command, a message, a reply, or a message that is edited."""
        text, key = _first(payload, "text").strip(), _first(payload, "key")
        thread = _first(payload, "thread") or None
        if not text:
            return {}
        if editing := self.viewer.editing:
            self.app.user_actions.messages.edits(self.user, *editing, text)
            self.viewer.editing = None
        elif text.startswith("/") and not thread:
            self._show_outcome(self.app.user_actions.runs(self.user, text, self.viewer.place))
        else:
            self.app.user_actions.messages.says(self.user, text, self.viewer.place, thread)
        self.viewer.drafts.pop(key, None)
        return {"key": key, "text": ""}

    def draft(self, payload: Payload) -> None:
        """Remember what is being typed."""
        self.viewer.drafts[_first(payload, "key")] = _first(payload, "text")

    def complete(self, payload: Payload) -> Says:
        """Take a command that was offered into the field."""
        text = f"{payload['text']} "
        self.viewer.drafts[self.viewer.place] = text
        return {"key": self.viewer.place, "text": text}

    def edit(self, payload: Payload) -> Says:
        """Take one's own message back into the field, to change it."""
        self.viewer.menu = None
        channel, message = self.app.user_actions.messages.message(self.user, *_message(payload["on"]))
        self.viewer.editing = (channel.id, message.ts)
        return {"key": self.viewer.place, "text": self._reading().as_typed(message.text)}

    def delete(self, payload: Payload) -> None:
        """Delete one's own message."""
        self.viewer.menu = None
        self.app.user_actions.messages.deletes(self.user, *_message(payload["on"]))

    def dismiss_message(self, payload: Payload) -> None:
        """Dismiss a message that only this person sees."""
        self.app.user_actions.messages.deletes(self.user, *_message(payload["on"]))

    # ---------------------------------------------------------------------------------- the app's surfaces

    def shortcut(self, payload: Payload) -> None:
        """Use a message shortcut."""
        self.viewer.menu = None
        self._show_outcome(self.app.user_actions.uses_shortcut(self.user, payload["name"], _message(payload["on"])))

    def use(self, payload: Payload) -> None:
        """Click a button or pick from an overflow menu; where it asks first, ask."""
        self.viewer.menu = None
        use = Use(payload["on"], payload["block"], payload["action"], payload.get("option"))
        surface = self.app.user_actions.surface(self.user, _on(use.on))
        use.confirm = with_action(surface.blocks, (use.block, use.action)).element.get("confirm")
        if use.confirm:
            self.viewer.asking = use
        else:
            self._use(use)

    def _use(self, use: Use) -> None:
        self._show_outcome(self.app.user_actions.uses(self.user, _on(use.on), (use.block, use.action), use.value))

    def confirm_yes(self, _payload: Payload) -> None:
        """Yes: use it."""
        use, self.viewer.asking = self.viewer.asking, None
        if use is not None:
            self._use(use)

    def confirm_no(self, _payload: Payload) -> None:
        """No: leave it."""
        self.viewer.asking = None

    def choose(self, payload: Payload) -> None:
        """Choose in a menu that stands on a message or the home."""
        on, ids = _first(payload, "on"), (_first(payload, "block"), _first(payload, "action"))
        surface = self.app.user_actions.surface(self.user, _on(on))
        field = with_action(surface.blocks, ids)
        drawn = Surface(self._reading(), on, surface.values)
        value = entered(drawn, field.element, payload.get("value", []))
        self._show_outcome(self.app.user_actions.uses(self.user, _on(on), ids, value))

    def _reading(self) -> Reading:
        return Reading(self.workspace, self.user)

    # ------------------------------------------------------------------------------------------ modals

    def fill(self, payload: Payload) -> None:
        """Enter something into the open modal."""
        target = _first(payload, "_target")
        self._fill(payload, only=target)

    def _fill(self, payload: Payload, only: str | None = None) -> None:
        surface = self.app.user_actions.surface(self.user, None)
        drawn = Surface(self._reading(), MODAL, surface.values)
        for field in list(fields(surface.blocks)):
            name = name_of(field.block, field.element)
            if not field.is_stateful or only not in {None, name}:
                continue
            value = entered(drawn, field.element, payload.get(name, []))
            if only or value != _held(drawn, field.block, field.element):
                self._show_outcome(self.app.user_actions.uses(self.user, None, _ids(field.block, field.element), value))

    def submit(self, payload: Payload) -> None:
        """Submit the open modal, with what stands in it now."""
        self._fill(payload)
        self._show_outcome(self.app.modals.submits(self.user))

    def close(self, _payload: Payload) -> None:
        """Close the open modal; the one below it shows again."""
        self._show_outcome(self.app.modals.closes(self.user))

    def close_all(self, _payload: Payload) -> None:
        """Close the whole stack."""
        self._show_outcome(self.app.modals.closes(self.user, everything=True))

    # --------------------------------------------------------------------------------------- the window

    def menu(self, payload: Payload) -> None:
        """Open a menu, or close it."""
        self.viewer.menu = None if self.viewer.menu == payload["key"] else payload["key"]

    def menu_close(self, _payload: Payload) -> None:
        """Close the menu that is open."""
        self.viewer.menu = None

    def understood(self, _payload: Payload) -> None:
        """Take the notice away."""

    def panel(self, payload: Payload) -> None:
        """Look at something else on the right."""
        self.viewer.panel = payload["name"]


def _first(payload: Payload, name: str) -> str:
    """A field of a form: forms send lists, buttons plain values, and what is empty is left out."""
    value = payload.get(name, "")
    return str(value[0] if value else "") if isinstance(value, list) else str(value)


def _message(on: str) -> tuple[str, str]:
    channel, _, ts = on.partition(":")
    return channel, ts


def _on(on: str) -> tuple[str, str] | str | None:
    if on == MODAL:
        return None
    return HOME if on == HOME else _message(on)


def _ids(block: Payload, element: Payload) -> tuple[str, str]:
    return block["block_id"], element["action_id"]


def _held(surface: Surface, block: Payload, element: Payload) -> object:
    """What stands in a field already, in the form in which it is entered."""
    held = surface.held(block, element)
    if isinstance(held, list):
        return [one.get("value") if isinstance(one, dict) else one for one in held]
    return held.get("value") if isinstance(held, dict) else held or ""
