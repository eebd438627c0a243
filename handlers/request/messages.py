"""What is said in the thread of a question: the first who answers it."""

from typing import Any

from handlers.kit.context import Desk
from workflows.contract.facts import thread_subject
from workflows.request.model import KIND, Replied


def on_message(desk: Desk, body: dict[str, Any]) -> bool:
    """Hear a message event; True when it answers a question of ours. What integrations say answers nothing."""
    event = body["event"]
    channel, thread, by = event.get("channel"), event.get("thread_ts"), event.get("user")
    if (
        event.get("subtype") not in {None, "thread_broadcast", "file_share"}
        or event.get("bot_id")
        or not (by and thread)
    ):
        return False
    found = desk.engine.cases.following(KIND, thread_subject(str(channel), str(thread)))
    if not found or desk.outsider({"user": {"id": by}}):
        return False
    for case in found:
        key = f"replied:{case.id}:{channel}:{event['ts']}"
        desk.engine.submit(case.id, Replied(str(by)), key=key, now=desk.clock.now())
    return True
