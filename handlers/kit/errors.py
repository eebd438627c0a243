"""When a listener fails: the person is told where they are, and what they typed stays with them."""

import json
from typing import Any

import structlog
from slack_bolt import BoltResponse

from handlers.kit.responses import note, push_modal

log = structlog.get_logger(__name__)

SENTENCE = "Something went wrong inside the desk, and nothing was saved. Please try again in a moment."


def answer_failure(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """Answer for a listener that broke; logs what broke, never what was typed."""
    log.error("listener_broke", kind=body.get("type") or body.get("command"), exc_info=error)
    if "command" in body:
        return _json({"response_type": "ephemeral", "text": f"{SENTENCE}\nWhat you typed: {body.get('text') or ''}"})
    fields = [block.get("block_id") for block in (body.get("view") or {}).get("blocks") or () if block.get("element")]
    if body.get("type") == "view_submission" and fields:
        return _json({"response_action": "errors", "errors": {fields[0]: SENTENCE}})
    if body.get("type") == "view_submission":
        return _json(push_modal(note(SENTENCE)))
    return BoltResponse(status=500, body="")  # for events, Slack delivers again


def _json(body: dict[str, Any]) -> BoltResponse:
    return BoltResponse(status=200, body=json.dumps(body), headers={"content-type": "application/json"})
