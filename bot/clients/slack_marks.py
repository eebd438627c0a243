"""Marks: finding a message again that may have gone out without its answer coming back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from slack_sdk import WebClient

from bot.clients.slack_calls import SlackData
from bot.clients.slack_channels import Ask, Channels, next_cursor
from workflows.contract.errors import EffectError, NotFound, RetryLater
from workflows.contract.slack_port import Posted

log = structlog.get_logger(__name__)

MARK_EVENT: Final = "escalation_desk"
"""The event type of the metadata that carries the mark."""

CLOCKS_DIFFER: Final = timedelta(minutes=10)
"""By so much Slack's clock may be behind the desk's."""

PAGE: Final = 200
MOST_PAGES: Final = 5
"""So a message is found among the last thousand of its channel or thread."""


@dataclass(frozen=True)
class Search:
    """What is looked for: a mark, in a channel or in a thread of it, since a moment of Slack's clock."""

    channel: str
    mark: str
    thread: str | None = None
    since: datetime | None = None


def find_marked(web: WebClient, ask: Ask, channels: Channels, search: Search) -> Posted | None:
    """The message with this mark among the recent ones of a channel or thread, or None.

    Where the desk may not look (no scope, not a member) it answers None: a message sent twice is better than one
    never sent. `RetryLater` when Slack cannot be asked now.
    """
    return next(_where_allowed(web, ask, channels, search), None)


def find_all_marked(web: WebClient, ask: Ask, channels: Channels, search: Search) -> list[Posted]:
    """All of them, the oldest first."""
    return sorted(_where_allowed(web, ask, channels, search), key=lambda posted: float(posted.ts))


def _where_allowed(web: WebClient, ask: Ask, channels: Channels, search: Search) -> Iterator[Posted]:
    try:
        place = channels.id_of(search.channel)
        if place:
            yield from _found(web, ask, place, search)
    except (RetryLater, NotFound):
        raise
    except EffectError as error:
        log.warning("cannot_look_back", channel=search.channel, reason=error.sentence)


def _found(web: WebClient, ask: Ask, place: str, search: Search) -> Iterator[Posted]:
    cursor = ""
    for _ in range(MOST_PAGES):
        answer = _page(web, ask, place, search, cursor)
        for message in answer.get("messages") or ():
            if isinstance(message, dict) and _mark_of(message) == search.mark and isinstance(message.get("ts"), str):
                yield Posted(place, message["ts"])
        cursor = next_cursor(answer)
        if not cursor:
            break


def _page(web: WebClient, ask: Ask, place: str, search: Search, cursor: str) -> SlackData:
    page: dict[str, object] = {
        "channel": place,
        "include_all_metadata": True,
        "limit": PAGE,
        "cursor": cursor or None,
        "oldest": f"{(search.since - CLOCKS_DIFFER).timestamp():.6f}" if search.since else None,
    }
    if search.thread is None:
        return ask(web.conversations_history, "looking for a message", **page)
    return ask(web.conversations_replies, "looking for a reply", ts=search.thread, **page)


def _mark_of(message: Mapping[str, Any]) -> object:
    metadata = message.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("event_type") != MARK_EVENT:
        return None
    payload = metadata.get("event_payload")
    return payload.get("mark") if isinstance(payload, dict) else None
