"""Payloads: what Slack sends, read from an HTTP body or an envelope, and handed to bolt in one way."""

from typing import Any, Final
from urllib.parse import parse_qsl

from slack_bolt import App, BoltRequest, BoltResponse

from workflows.lib import outside_json
from workflows.lib.outside_json import storable

Payload = dict[str, Any]
_MOST_FIELDS: Final = 100
_OK: Final = 200
_NOT_FOUND: Final = 404


class MalformedBodyError(ValueError):
    """An HTTP body that is none of Slack's."""


def dispatch(app: App, payload: Payload, *, retry: object = None, reason: object = None) -> BoltResponse:
    """Hand a payload to bolt; `retry` and `reason` are what Slack says of its attempts at the same event.

    The mode is always Socket Mode's, because bolt's own reading of HTTP bodies loses slash commands whose text
    holds the word "payload". So whoever calls this has made sure that the payload is Slack's.
    """
    headers = {"x-slack-retry-num": retry, "x-slack-retry-reason": reason}
    shown = {name: str(value) for name, value in headers.items() if value}
    answer = app.dispatch(BoltRequest(body=payload, mode="socket_mode", headers={**shown}))
    unhandled = answer.status == _NOT_FOUND and payload.get("type") == "event_callback"
    return BoltResponse(status=_OK) if unhandled else answer  # nobody will listen when Slack sends it again, either


def read_body(raw: bytes, content_type: str) -> Payload:
    """The payload in an HTTP body: JSON for events, a form for commands, JSON in a form for what people click.

    Raises `MalformedBodyError`.
    """
    try:
        if content_type.partition(";")[0].strip().lower() == "application/json":
            return _object(raw.decode())
        form: Payload = dict(
            parse_qsl(raw.decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=_MOST_FIELDS)
        )
    except ValueError:
        raise MalformedBodyError from None
    if not form:
        raise MalformedBodyError
    return _object(form["payload"]) if "payload" in form else {name: storable(value) for name, value in form.items()}


def _object(text: str) -> Payload:
    try:
        payload = outside_json.read(text)
    except ValueError:
        raise MalformedBodyError from None
    if not isinstance(payload, dict):
        raise MalformedBodyError
    return payload
