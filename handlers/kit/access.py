"""Who may use what: each process lists its listeners, and the gate holds every request of Slack's to the list.

Closed by default: what no process lists is answered as a button or form of another version. The gate decides what
needs no case, which is who is one of ours, and that nobody else is chosen in a form. Whether somebody is the requester,
the owner, a manager or a responder is decided where the case is at hand; a test tries every line with who is not.
"""

import re
from collections.abc import Callable, Mapping
from enum import Flag, auto

from slack_bolt import Ack, BoltResponse, Respond
from slack_sdk import WebClient

from handlers.kit import texts
from handlers.kit.context import Desk
from handlers.kit.parsing import as_read, people_chosen
from handlers.kit.people import not_choosable
from handlers.kit.responses import Body, errors_at, note, push_modal, say_privately


class Who(Flag):
    """Whom a listener is for; of several, each will do. Guests, other organisations, bots and leavers are none."""

    ANYBODY = auto()
    """Any full member; while Slack cannot say who it is, too, for the desk is not shut when Slack is slow."""
    READER = auto()
    """Any full member, for certain: they are shown what others wrote."""
    REQUESTER = auto()
    """Who sent or asked for it."""
    OWNER = auto()
    """Who has it now, or was asked to take it."""
    MANAGER = auto()
    RESPONDER = auto()


FOR_CERTAIN = Who.READER | Who.MANAGER
"""For these it has to be certain that somebody is one of ours: they see what others wrote."""

WORDS = {
    Who.ANYBODY: "any full member",
    Who.READER: "any full member, once Slack has said that they are",
    Who.REQUESTER: "who sent it",
    Who.OWNER: "who has it, or was asked to take it",
    Who.MANAGER: "managers",
    Who.RESPONDER: "responders",
}
"""As the reference says it."""

Table = Mapping[str, Who]
"""By action id, callback id, `/command`, `/command word` for a command that begins so, and the two names below."""


def home_of(kind: str) -> str:
    """The name of the App Home section of the cases of this kind."""
    return f"home {kind}"


def messages_of(kind: str) -> str:
    """The name of what is heard in channels for the cases of this kind."""
    return f"message {kind}"


_NAME = re.compile(r"\w+\.\w+")
"""`contact.claim`, of which `contact.claim.next` is a variant."""


def line_of(table: Table, name: str) -> Who | None:
    """What the table says of an id or one of its variants; None when it is not listed."""
    base = _NAME.match(name)
    return table.get(name) or (table.get(base[0]) if base else None)


class Gate:
    """Stands before all listeners."""

    def __init__(self, desk: Desk, table: Table) -> None:
        self._desk = desk
        self._table = table

    def let_in(
        self, body: Body, ack: Ack, client: WebClient, respond: Respond, next_: Callable[[], BoltResponse]
    ) -> BoltResponse:
        """Let a command, button, form or shortcut through to its listener, or say why not; events have their own."""
        if "command" not in body and body.get("type") not in _ANSWERS:
            return next_()
        refusal = self._refusal(body)
        if refusal is not None:
            return _refuse(refusal, body, ack, client, respond)
        strangers = self._strangers(body)
        if strangers:
            return _refuse_choice(strangers, body, ack, client, respond)
        return next_()

    def _refusal(self, body: Body) -> str | None:
        """What to say to somebody this is not for."""
        is_ours = self._desk.is_ours(body)
        if is_ours is False:
            return texts.not_for_guests()
        lines = (line_of(self._table, name) or Who(0) for name in names_in(body))
        return texts.not_known() if is_ours is None and any(line & FOR_CERTAIN for line in lines) else None

    def _strangers(self, body: Body) -> dict[str, str]:
        """Whom nobody may choose, by the block where they were chosen: what is wrong with them."""
        if body.get("type") == "view_closed":
            return {}
        found = {
            block: not_choosable(self._desk, person)
            for block, people in people_chosen(body).items()
            for person in people
        }
        return {block: sentence for block, sentence in found.items() if sentence is not None}


def names_in(body: Body) -> tuple[str, ...]:
    """By which names a request may be listed: a menu behind three dots says its button in the option chosen."""
    if "command" in body:
        word = str(body.get("text") or "").strip().partition(" ")[0].lower()
        return (f"{body['command']} {word}", str(body["command"]))
    if body["type"] == "block_actions":
        action = body["actions"][0]
        chosen = (action.get("selected_option") or {}).get("value") or ""
        return (str(action.get("action_id")), str(chosen).rpartition(" ")[2])
    return (str((body.get("view") or body).get("callback_id")),)


def _refuse(sentence: str, body: Body, ack: Ack, client: WebClient, respond: Respond) -> BoltResponse:
    """Say it where the person is; what they typed stays with them."""
    if "command" in body:
        return ack(text=texts.with_what_was_typed(sentence, as_read(str(body.get("text") or ""))))
    return _ANSWERS[body["type"]](sentence, body, ack, client, respond)


def _refuse_choice(
    strangers: Mapping[str, str], body: Body, ack: Ack, client: WebClient, respond: Respond
) -> BoltResponse:
    inputs = {block["block_id"] for block in (body.get("view") or {}).get("blocks") or () if block["type"] == "input"}
    if body["type"] == "view_submission" and strangers.keys() <= inputs:
        return ack(**errors_at(dict(strangers)))
    return _refuse(next(iter(strangers.values())), body, ack, client, respond)


def _privately(sentence: str, body: Body, ack: Ack, client: WebClient, respond: Respond) -> BoltResponse:
    say_privately(sentence, body, client, respond)
    return ack()


def _in_the_form(sentence: str, body: Body, ack: Ack, *_others: object) -> BoltResponse:
    """Below the first field, or on top of a form without any."""
    first = next((block["block_id"] for block in body["view"]["blocks"] if block["type"] == "input"), None)
    return ack(**(errors_at({first: sentence}) if first else push_modal(note(sentence))))


def _silently(_sentence: str, _body: Body, ack: Ack, *_others: object) -> BoltResponse:
    return ack()


_ANSWERS: dict[str, Callable[[str, Body, Ack, WebClient, Respond], BoltResponse]] = {
    "block_actions": _privately,
    "message_action": _privately,
    "shortcut": _privately,
    "view_submission": _in_the_form,
    "view_closed": _silently,
}
"""How each kind of request is refused."""
