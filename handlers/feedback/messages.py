"""Messages in the channels of feedback: only that somebody deleted a product card."""

from typing import Any

from handlers.kit.context import Desk
from handlers.kit.parsing import deleted_message
from workflows.contract.facts import thread_subject
from workflows.feedback.model import KIND, CardDeleted, FeedbackCase
from workflows.feedback.outputs import CARD


def on_message(desk: Desk, body: dict[str, Any]) -> bool:
    """Take a message event; True when it was about a product card, which is posted again."""
    gone = deleted_message(body["event"])
    if gone is None:
        return False
    found: list[FeedbackCase] = desk.engine.cases.following(KIND, thread_subject(*gone))
    for case in found:
        card = case.messages.get(CARD)
        if card is not None and (card.channel, card.ts) == gone:
            key = f"deleted:{card.channel}:{card.ts}"
            desk.engine.submit(case.id, CardDeleted(), key=key, now=desk.clock.now())
            return True
    return False
