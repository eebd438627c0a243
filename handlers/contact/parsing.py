"""From what Slack sends to an event, or to a sentence for the person beside what they typed. Pure."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from handlers.contact.ids import TO_PERSON, Field
from handlers.kit.parsing import as_read, moment_of, state_values
from handlers.kit.seen import block_texts, texts_seen
from workflows.contact import outputs, texts
from workflows.contact.events import ContactRequested
from workflows.contact.model import PREFIX, Source
from workflows.contract.process import MessageRef
from workflows.lib.tickets import NotATicket, OtherHost, TicketRef, find_tickets, parse_ticket, split_command
from workflows.policy.contact import Way
from workflows.policy.model import Policy

Errors = dict[str, str]
"""Block id -> what is wrong there."""

CASE = re.compile(rf"{PREFIX}[-\s]?([0-9]{{1,9}})", re.IGNORECASE)
HANDLED_SUBTYPES = {None, "bot_message", "file_share", "me_message"}
"""Subtypes of messages that are new: no edits, deletions, joinings."""
MOST_TICKETS = 5


@dataclass(frozen=True)
class Asked:
    """`/manager-contact 123456 why`."""

    ticket: TicketRef
    words: str


@dataclass(frozen=True)
class WhyAsked:
    """`/manager-contact why MC-7`, or with a ticket."""

    case: str | None = None
    ticket: TicketRef | None = None


@dataclass(frozen=True)
class NotUnderstood:
    """What is wrong with what was typed, in a sentence."""

    sentence: str


def of_command(text: str, policy: Policy) -> Asked | WhyAsked | NotUnderstood:
    """What follows the command."""
    first, _, rest = text.strip().partition(" ")
    if first.lower() == "why":
        return _of_why(rest, policy)
    ticket, said = split_command(text, policy.tickets.accounts)
    if ticket is not None:
        return Asked(ticket, as_read(said))
    try:
        parse_ticket(first, policy.tickets.accounts)
    except NotATicket as error:
        return NotUnderstood(f"{error.sentence} It is written `/manager-contact 123456 what happened`.")
    return NotUnderstood("Please begin with the ticket: `/manager-contact 123456 what happened`.")  # pragma: no cover


def _of_why(rest: str, policy: Policy) -> WhyAsked | NotUnderstood:
    if case := CASE.fullmatch(rest.strip()):
        return WhyAsked(case=f"{PREFIX}-{int(case[1])}")
    ticket, _ = split_command(rest, policy.tickets.accounts)
    if ticket is not None:
        return WhyAsked(ticket=ticket)
    return NotUnderstood(f"Please name the request: `/manager-contact why {PREFIX}-7`, or its ticket.")


# ------------------------------------------------------------------------------- messages in the channel


@dataclass(frozen=True)
class RequestMessage:
    """What a message in the channel asks for: contact for each of these tickets; `None` when none can be read.

    `elsewhere` is set when a person named a ticket on a host that is not one of ours: a sentence for them.
    """

    tickets: tuple[TicketRef | None, ...] = ()
    words: str = ""
    source: Source = Source.MESSAGE
    by: str = ""
    elsewhere: str | None = None


def of_message(event: dict[str, Any], own_app: str | None, policy: Policy) -> RequestMessage | None:
    """What a message asks for, or None: it is no new message of somebody else's, or asks for no contact."""
    if event.get("subtype") not in HANDLED_SUBTYPES or event.get("thread_ts") not in {None, event.get("ts")}:
        return None
    if own_app and own_app in {event.get("app_id"), (event.get("bot_profile") or {}).get("app_id")}:
        return None
    sent = "\n".join(_texts(event))
    text = as_read(sent)
    if not asks_for_contact(text, policy):
        return None
    tickets = tuple(find_tickets(html.unescape(sent), policy.tickets.accounts))[:MOST_TICKETS]
    if event.get("bot_id") or event.get("subtype") == "bot_message":
        name = str(event.get("username") or (event.get("bot_profile") or {}).get("name") or "integration")
        return RequestMessage(tickets or (None,), text, Source.INTEGRATION, name)
    by = str(event.get("user") or "")
    if tickets or not by:
        return RequestMessage(tickets, text, Source.MESSAGE, by) if by else None
    elsewhere = _elsewhere(text, policy)
    return RequestMessage(elsewhere=elsewhere, by=by) if elsewhere else None


def asks_for_contact(text: str, policy: Policy) -> bool:
    """Whether a text holds one of the policy's phrases that ask, and none that say the contrary."""
    plain = f" {' '.join(re.sub(r'[*_~`>]', '', text).lower().split())} "
    holds = [phrase for phrase in policy.contact.request_phrases if _holds(plain, phrase)]
    return bool(holds) and not any(_holds(plain, phrase) for phrase in policy.contact.refusal_phrases)


def _holds(plain: str, phrase: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(' '.join(phrase.lower().split()))}(?!\w)", plain) is not None


def _texts(event: dict[str, Any]) -> Iterable[str]:
    """Everything a message says: its text, and what integrations put into attachments and blocks."""
    said: list[str] = texts_seen(event)
    for attachment in event.get("attachments") or ():
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


def request_of(
    message: RequestMessage, ticket: TicketRef | None, event: dict[str, Any], policy: Policy
) -> ContactRequested:
    """The request for one of the tickets of a message."""
    channel, ts = str(event["channel"]), str(event["ts"])
    return ContactRequested(
        source=message.source,
        by=message.by,
        ticket=ticket,
        words=message.words,
        link=f"https://slack.com/archives/{channel}/p{ts.replace('.', '')}",
        asked_at=moment_of(ts),
        origin=MessageRef(place=outputs.card_place(policy).name, channel=channel, ts=ts),
    )


# ----------------------------------------------------------------------------------------------- modals


@dataclass(frozen=True)
class HowContacted:
    """What was typed into the modal "Contacted"."""

    how: Way
    text: str
    briefed: str | None


def of_contacted(view: dict[str, Any], policy: Policy) -> HowContacted | Errors:
    """How the customer was contacted: every field that is wrong is named at once."""
    values = state_values(view)
    errors: Errors = {}
    text = values.get(Field.TEXT, "").strip()
    if not text:
        errors[Field.TEXT] = "Please say what you sent, or in a call, what was said."
    elif len(text) > policy.contact.text_limit:
        errors[Field.TEXT] = f"This has {len(text)} characters; {policy.contact.text_limit} fit."
    elif left := texts.unfilled(text, policy):
        errors[Field.TEXT] = f"Please fill in, or take out, what the draft leaves open: {' '.join(left)}"
    how = Way(values.get(Field.HOW) or policy.contact.default_way)
    briefed = values.get(Field.BRIEFED) or None
    if how is Way.TICKET and briefed is None:
        where = Field.BRIEFED if _has(view, Field.BRIEFED) else Field.HOW
        errors[where] = "Please choose the engineer who goes on with the ticket."
    return errors or HowContacted(how, text, briefed if how is Way.TICKET else None)


def _has(view: dict[str, Any], block_id: str) -> bool:
    return any(block.get("block_id") == block_id for block in view["blocks"])


def of_reassign(view: dict[str, Any]) -> str | Errors | None:
    """The person (Slack id) it goes to, or None: whoever is on duty now."""
    values = state_values(view)
    person = values.get(Field.PERSON) or None
    if values.get(Field.TO) != TO_PERSON:
        return None if person is None else {Field.TO: "Choose “This person”, or leave the person below empty."}
    return person or {Field.PERSON: "Please choose a person."}


def of_text(view: dict[str, Any], block_id: str, sentence: str) -> str | Errors:
    """What was typed into the one field of a modal."""
    return state_values(view).get(block_id, "").strip() or {block_id: sentence}


def of_ticket(view: dict[str, Any], policy: Policy) -> TicketRef | Errors:
    """The ticket."""
    try:
        return parse_ticket(state_values(view).get(Field.TICKET, ""), policy.tickets.accounts)
    except NotATicket as error:
        return {Field.TICKET: error.sentence}
