"""What a message event means for incidents."""

from typing import Any

import pytest

from handlers.incident.parsing import Deleted, Edited, Said, of_event
from workflows.incident.model import Thread

AT = Thread(channel="C1", ts="2.000000")
ROOT = Thread(channel="C1", ts="1.000000")


def body(**event: Any) -> dict[str, Any]:
    """A message event as Slack sends it to the app A0DESK, whose bot is U0DESK."""
    message = {"type": "message", "channel": "C1", "ts": AT.ts, **event}
    return {"event": message, "api_app_id": "A0DESK", "authorizations": [{"user_id": "U0DESK"}]}


def changed(now: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """A message was changed."""
    return body(subtype="message_changed", ts="9.000000", message={"ts": AT.ts, **now}, previous_message=before)


@pytest.mark.parametrize(
    ("event", "meaning"),
    [
        (
            body(user="U1", text="a &lt;b&gt; <https://x.example|it>"),
            Said(AT, "U1", "a <b> it (https://x.example)", None),
        ),
        (body(user="U1", text="a", thread_ts=ROOT.ts), Said(AT, "U1", "a", ROOT)),
        (body(user="U1", text="a", thread_ts=AT.ts), Said(AT, "U1", "a", None)),  # the parent of a thread
        (body(user="U1", text="a", thread_ts=ROOT.ts, subtype="thread_broadcast"), Said(AT, "U1", "a", ROOT)),
        (body(user="U1", text="", subtype="file_share"), Said(AT, "U1", "", None)),
        (
            body(user="U9", bot_id="B9", app_id="A9", text="a", thread_ts=ROOT.ts),
            Said(AT, None, "a", ROOT, ("B9", "A9")),
        ),  # a bot
        (body(bot_id="B9", text="a", subtype="bot_message"), Said(AT, None, "a", None, ("B9",))),
        (
            body(bot_id="B9", attachments=[{"fallback": "alert"}], subtype="bot_message"),
            Said(AT, None, "alert", None, ("B9",)),
        ),
        (
            body(bot_id="B9", text="Alert", blocks=[{"type": "section", "text": {"text": "The registry is down"}}]),
            Said(AT, None, "Alert\nThe registry is down", None, ("B9",)),
        ),  # people see the blocks
        (
            body(bot_id="B9", text="This content can't be displayed.", blocks=[{"type": "markdown", "text": "Down"}]),
            Said(AT, None, "Down", None, ("B9",)),
        ),
        (
            body(user="U1", text="a", blocks=[{"type": "rich_text", "elements": [{"type": "text", "text": "a"}]}]),
            Said(AT, "U1", "a", None),
        ),
        (body(user="U0DESK", bot_id="B0", app_id="A0DESK", text="a"), None),  # our own
        (body(user="U0DESK", text="a"), None),
        (body(user="U1", text="<@U1> has joined", subtype="channel_join"), None),
        (body(user="U1", text="a", subtype="channel_topic"), None),
        (changed({"user": "U1", "text": "b"}, {"text": "a"}), Edited(AT, "b")),
        (changed({"user": "U1", "text": "a", "attachments": [{}]}, {"text": "a"}), None),  # unfurled
        (changed({"user": "U0DESK", "app_id": "A0DESK", "text": "b"}, {"text": "a"}), None),
        (changed({"subtype": "tombstone", "text": "This message was deleted."}, {"text": "a"}), Deleted(AT)),
        (body(subtype="message_deleted", ts="9.000000", deleted_ts=AT.ts), Deleted(AT)),
    ],
)
def test_what_a_message_event_means(event: dict[str, Any], meaning: object) -> None:
    """People talk, bots only report; what changes no text is nothing."""
    assert of_event(event) == meaning
