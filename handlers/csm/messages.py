"""Messages with links to tickets' data. They are answered beside whatever else a message is, so none is taken."""

from typing import Any

from handlers.csm import parsing
from handlers.kit.context import Desk
from workflows.csm.pasted import KIND, LinkPasted


def on_message(desk: Desk, body: dict[str, Any]) -> bool:
    """Answer the links in a message, once; always False, for others may want the message, too."""
    if not desk.policy.csm.answer_links:
        return False
    found = parsing.of_message(body["event"], desk.policy)
    if found is None or desk.outsider({"user": {"id": found.by}}):
        return False
    event = LinkPasted(found.by, found.channel, found.root, found.tickets, found.in_thread)
    desk.engine.open(KIND, event, key=f"link:{found.channel}:{found.ts}", now=desk.clock.now())
    return False
