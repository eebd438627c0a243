"""Marks: finding a message again that may have gone out without its answer coming back."""

from collections.abc import Mapping
from typing import Any, Final

import structlog
from slack_sdk import WebClient

from bot.clients.slack_calls import Answer
from bot.clients.slack_channels import Ask, Channels, next_cursor
from workflows.contract.errors import EffectError, NotFound, RetryLater
from workflows.contract.ports import Posted

log = structlog.get_logger(__name__)

MARK_EVENT: Final = "escalation_desk"
"""The event type of the metadata that carries the mark."""

PAGE: Final = 200
MOST_PAGES: Final = 5
"""So a message is found among the last thousand of its channel or thread."""


def find_marked(
    web: WebClient, ask: Ask, channels: Channels, channel: str, mark: str, thread: str | None
) -> Posted | None:
    """The message with this mark among the recent ones of a channel or thread, or None.

    Where the desk may not look (no scope, not a member) it answers None: a message sent twice is better than one
    never sent. `RetryLater` when Slack cannot be asked now.
    """
    try:
        place = channels.id_of(channel)
        return _search(web, ask, place, mark, thread) if place else None
    except (RetryLater, NotFound):
        raise
    except EffectError as error:
        log.warning("cannot_look_back", channel=channel, reason=error.sentence)
        return None


def _search(web: WebClient, ask: Ask, place: str, mark: str, thread: str | None) -> Posted | None:
    cursor = ""
    for _ in range(MOST_PAGES):
        answer = _page(web, ask, place, thread, cursor)
        for message in answer.get("messages") or ():
            if isinstance(message, dict) and _mark_of(message) == mark and isinstance(message.get("ts"), str):
                return Posted(place, message["ts"])
        cursor = next_cursor(answer)
        if not cursor:
            break
    return None


def _page(web: WebClient, ask: Ask, place: str, thread: str | None, cursor: str) -> Answer:
    page: dict[str, object] = {
        "channel": place,
        "include_all_metadata": True,
        "limit": PAGE,
        "cursor": cursor or None,
    }
    if thread is None:
        return ask(web.conversations_history, "looking for a message", **page)
    return ask(web.conversations_replies, "looking for a reply", ts=thread, **page)


def _mark_of(message: Mapping[str, Any]) -> object:
    metadata = message.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("event_type") != MARK_EVENT:
        return None
    payload = metadata.get("event_payload")
    return payload.get("mark") if isinstance(payload, dict) else None
