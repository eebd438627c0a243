"""Messages in the channel of manager contact: requests that people and integrations write there, and deleted cards."""

from typing import Any

import structlog

from handlers.contact import parsing, texts
from handlers.contact.parsing import RequestMessage
from handlers.kit.context import Desk
from handlers.kit.parsing import deleted_message
from workflows.contact import intake, outputs
from workflows.contact.events import CardDeleted
from workflows.contact.model import KIND, ContactCase, Source
from workflows.contract.errors import EffectError
from workflows.contract.facts import thread_subject
from workflows.contract.slack_port import Message

log = structlog.get_logger(__name__)


def on_message(desk: Desk, body: dict[str, Any]) -> bool:
    """Take a message event; True when it was one of manager contact."""
    event = body["event"]
    if (gone := deleted_message(event)) is not None:
        return _deleted(desk, gone)
    message = parsing.of_message(event, body.get("api_app_id"), desk.policy)
    if message is None or not desk.is_channel(str(event["channel"]), desk.policy.contact.channel):
        return False
    if message.source is Source.MESSAGE and desk.outsider({"user": message.by, "user_id": message.by}):
        return True  # guests and people of other organisations start nothing
    _take(desk, message, event)
    if message.elsewhere is not None:
        _answer(desk, event, texts.other_ticket(message.elsewhere))
    return True


def _take(desk: Desk, message: RequestMessage, event: dict[str, Any]) -> None:
    for ticket in message.tickets:
        request = parsing.request_of(message, ticket, event, desk.policy)
        key = f"message:{event['channel']}:{event['ts']}:{ticket}"
        intake.requested(desk.engine, request, key=key, now=desk.clock.now())


def _answer(desk: Desk, event: dict[str, Any], sentence: str) -> None:
    """Answer in the thread. It is only a hint: when it cannot be given, nothing is lost."""
    try:
        mark = f"hint:{event['channel']}:{event['ts']}"
        desk.slack.post(str(event["channel"]), Message(sentence), mark=mark, thread=str(event["ts"]))
    except EffectError as error:
        log.warning("hint_not_given", reason=type(error).__name__)


def _deleted(desk: Desk, gone: tuple[str, str]) -> bool:
    """A message was deleted; one of our cards is posted again."""
    found: list[ContactCase] = desk.engine.cases.following(KIND, thread_subject(*gone))
    for case in found:
        card = case.messages.get(outputs.CARD)
        if card is not None and (card.channel, card.ts) == gone:
            key = f"deleted:{card.channel}:{card.ts}"
            desk.engine.submit(case.id, CardDeleted(), key=key, now=desk.clock.now())
            return True
    return False
