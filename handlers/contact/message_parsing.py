"""What a message in the channel of manager contact says, new or edited, alone or as a reply. Pure."""

import html
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from handlers.kit.parsing import as_read, moment_of
from handlers.kit.seen import block_texts, texts_seen
from workflows.contact import outputs
from workflows.contact.events import ContactRequested
from workflows.contact.model import Source
from workflows.contact.wishes import Wish, wish_of
from workflows.contract.process import MessageRef
from workflows.lib.tickets import NotATicket, OtherHost, TicketRef, find_tickets, parse_ticket
from workflows.policy.model import Policy

HANDLED_SUBTYPES = {None, "bot_message", "file_share", "me_message", "thread_broadcast"}
"""Subtypes of messages that somebody writes: no joinings, topics, deletions."""
MOST_TICKETS = 5
_SHORT = 8
"""So many words has an answer at most in which a number alone is taken for a ticket's."""
_ALONE = re.compile(r"(?<![\w#/.-])[0-9]{3,10}(?![\w%]|[-.,:/][0-9])", re.ASCII)


@dataclass(frozen=True)
class ChannelMessage:
    """A message of somebody else's. `by` is a Slack user id, or the name of an integration.

    `thread` is the ts of the message it replies to, None where it stands alone. `elsewhere` is a sentence about a
    ticket it names on a host that is not one of ours.
    """

    channel: str
    ts: str
    by: str
    source: Source
    wish: Wish
    tickets: tuple[TicketRef, ...] = ()
    words: str = ""
    thread: str | None = None
    is_edited: bool = False
    elsewhere: str | None = None

    @property
    def is_of_person(self) -> bool:
        """Whether a person wrote it."""
        return self.source is Source.MESSAGE


def read(event: dict[str, Any], own_app: str | None, policy: Policy) -> ChannelMessage | None:
    """What a message event says, or None: nobody else wrote something in it."""
    is_edited = event.get("subtype") == "message_changed"
    message = (event.get("message") or {}) if is_edited else event
    if message.get("subtype") not in HANDLED_SUBTYPES:
        return None
    if own_app and own_app in {message.get("app_id"), (message.get("bot_profile") or {}).get("app_id")}:
        return None
    is_bot = bool(message.get("bot_id")) or message.get("subtype") == "bot_message"
    by = _name(message) if is_bot else str(message.get("user") or "")
    if not by:
        return None
    sent = "\n".join(_texts(message))
    text, thread, ts = as_read(sent), message.get("thread_ts"), str(message["ts"])
    tickets = tuple(find_tickets(html.unescape(sent), policy.tickets.accounts))[:MOST_TICKETS]
    return ChannelMessage(
        str(event["channel"]),
        ts,
        by,
        Source.INTEGRATION if is_bot else Source.MESSAGE,
        wish_of(text, policy.contact),
        tickets,
        text,
        thread=None if thread in {None, ts} else str(thread),
        is_edited=is_edited,
        elsewhere=None if tickets else _elsewhere(text, policy),
    )


def named_tickets(message: ChannelMessage, policy: Policy) -> tuple[TicketRef, ...]:
    """The tickets that an answer to "which ticket?" names: in a short one a number alone is one, too."""
    if message.tickets or len(message.words.split()) > _SHORT:
        return message.tickets
    return tuple(dict.fromkeys(_numbers(message.words, policy)))


def _numbers(text: str, policy: Policy) -> Iterator[TicketRef]:
    for number in _ALONE.findall(text)[:MOST_TICKETS]:
        with suppress(NotATicket):
            yield parse_ticket(number, policy.tickets.accounts)


def request_of(message: ChannelMessage, ticket: TicketRef | None, policy: Policy) -> ContactRequested:
    """The request for one of the tickets of a message."""
    return ContactRequested(
        source=message.source,
        by=message.by,
        ticket=ticket,
        words=message.words,
        link=f"https://slack.com/archives/{message.channel}/p{message.ts.replace('.', '')}",
        asked_at=moment_of(message.ts),
        origin=MessageRef(place=outputs.card_place(policy).name, channel=message.channel, ts=message.ts),
    )


def _name(message: dict[str, Any]) -> str:
    return str(message.get("username") or (message.get("bot_profile") or {}).get("name") or "integration")


def _texts(message: dict[str, Any]) -> Iterable[str]:
    """Everything a message says: its text, and what integrations put into attachments and blocks."""
    said: list[str] = texts_seen(message)
    for attachment in message.get("attachments") or ():
        said += [str(attachment.get(key) or "") for key in ("pretext", "title", "title_link", "text")]
        said += [f"{field.get('title', '')}: {field.get('value', '')}" for field in attachment.get("fields") or ()]
        said += block_texts(attachment.get("blocks") or ())
    return dict.fromkeys(text for text in said if text.strip())


def _elsewhere(text: str, policy: Policy) -> str | None:
    for word in re.findall(r"https?://[^\s<>|]+", text):
        try:
            parse_ticket(word, policy.tickets.accounts)
        except OtherHost as error:
            return error.sentence
        except NotATicket:
            continue
    return None
