"""Messages in the channel of manager contact: requests that are written there, answers about them, deleted cards.

What asks for contact opens a request; what may do so is asked about in its thread. The number of a ticket that was
missing is taken from a reply or an edit.
"""

from typing import Any

import structlog

from handlers.contact import message_parsing, texts
from handlers.contact.message_parsing import ChannelMessage, named_tickets, request_of
from handlers.kit.context import Desk
from handlers.kit.parsing import deleted_message
from workflows.contact import intake, outputs
from workflows.contact.events import CardDeleted, DoubtSettled, OriginDeleted, RequestDoubted, TicketNamed
from workflows.contact.model import KIND, ContactCase, ContactState, Doubt, words
from workflows.contact.wishes import Wish
from workflows.contract.errors import EffectError
from workflows.contract.facts import thread_subject
from workflows.contract.slack_port import Message
from workflows.lib.tickets import TicketRef

log = structlog.get_logger(__name__)


def on_message(desk: Desk, body: dict[str, Any]) -> bool:
    """Take a message event; True when it was one of manager contact."""
    event = body["event"]
    if (gone := deleted_message(event)) is not None:
        return _deleted(desk, gone)
    message = message_parsing.read(event, body.get("api_app_id"), desk.policy)
    if message is None or not _may_concern(message, desk):
        return False
    if not desk.is_channel(message.channel, desk.policy.contact.channel):
        return False
    if message.is_of_person and desk.outsider({"user": message.by, "user_id": message.by}):
        return True  # guests and people of other organisations start nothing
    known = _known(desk, message)
    if message.thread is not None:
        return _answered(desk, message, known)
    return _edited(desk, message, known) if known and message.is_edited else _written(desk, message)


def _may_concern(message: ChannelMessage, desk: Desk) -> bool:
    """Whether a message can mean something here, before anything is looked up."""
    return message.wish is not Wish.NONE or bool(named_tickets(message, desk.policy))


def _known(desk: Desk, message: ChannelMessage) -> list[ContactCase]:
    """The requests, or questions, of this message; of a reply, those of the thread it stands in."""
    if message.thread is None and not message.is_edited:
        return []
    return desk.engine.cases.following(KIND, thread_subject(message.channel, message.thread or message.ts))


# ------------------------------------------------------------------------------------- a message of its own


def _written(desk: Desk, message: ChannelMessage) -> bool:
    match message.wish:
        case Wish.YES if message.tickets or not message.is_of_person:
            for ticket in message.tickets or (None,):
                _request(desk, message, ticket)
        case Wish.YES if message.elsewhere is not None:
            _answer(desk, message, texts.other_ticket(message.elsewhere))
        case Wish.YES:
            _ask(desk, message, None, Doubt.TICKET)
        case Wish.UNSURE if message.tickets:
            for ticket in message.tickets:
                _ask(desk, message, ticket, Doubt.WISH)
        case _:
            return False
    return True


def _request(desk: Desk, message: ChannelMessage, ticket: TicketRef | None) -> None:
    key = f"message:{message.channel}:{message.ts}:{ticket}"
    intake.requested(desk.engine, request_of(message, ticket, desk.policy), key=key, now=desk.clock.now())


def _ask(desk: Desk, message: ChannelMessage, ticket: TicketRef | None, doubt: Doubt) -> None:
    doubted = RequestDoubted(request_of(message, ticket, desk.policy), doubt)
    key = f"message:{message.channel}:{message.ts}:{ticket}"
    intake.doubted(desk.engine, doubted, key=key, now=desk.clock.now())


# -------------------------------------------------------------------------------------- edits and replies


def _edited(desk: Desk, message: ChannelMessage, known: list[ContactCase]) -> bool:
    """An edited message names the ticket now, or another one, or says more clearly what is meant."""
    lacking = next((case for case in known if case.needs_ticket), None)
    new = [ticket for ticket in message.tickets if all(case.ticket != ticket for case in known)]
    if lacking is not None:
        return _named(desk, message, lacking, _not_said_before(named_tickets(message, desk.policy), lacking))
    if len(known) == 1 and len(new) == 1 and known[0].ticket not in message.tickets and known[0].claimed is None:
        return _named(desk, message, known[0], tuple(new))  # the number was wrong
    for case in known:
        if case.state == ContactState.QUESTION and message.wish in {Wish.YES, Wish.NO}:
            settled = DoubtSettled(message.by, is_request=message.wish is Wish.YES)
            intake.settled(desk.engine, case, settled, key=_key(message, case, message.wish), now=desk.clock.now())
    if message.wish is Wish.YES:
        for ticket in new:
            _request(desk, message, ticket)
    return True


def _not_said_before(tickets: tuple[TicketRef, ...], case: ContactCase) -> tuple[TicketRef, ...]:
    """Without the numbers that stood there when nobody had named a ticket."""
    before = " ".join(words(case))
    return tuple(ticket for ticket in tickets if ticket == case.ticket or str(ticket.number) not in before)


def _answered(desk: Desk, message: ChannelMessage, known: list[ContactCase]) -> bool:
    """A reply: it may be the number that was asked for."""
    lacking = next((case for case in known if case.needs_ticket), None)
    return lacking is not None and _named(desk, message, lacking, named_tickets(message, desk.policy))


def _named(desk: Desk, message: ChannelMessage, case: ContactCase, tickets: tuple[TicketRef, ...]) -> bool:
    if not tickets:
        return True
    if len(tickets) > 1:
        _answer(desk, message, texts.which_ticket(tickets))
        return True
    (ticket,) = tickets
    event = TicketNamed(message.by, ticket)
    outcome = intake.settled(desk.engine, case, event, key=_key(message, case, ticket.key), now=desk.clock.now())
    if outcome.duplicate is not None:
        _answer(desk, message, texts.ticket_taken(outcome.duplicate))
    return True


def _key(message: ChannelMessage, case: ContactCase, what: str) -> str:
    return f"answer:{case.id}:{message.channel}:{message.ts}:{what}"


def _answer(desk: Desk, message: ChannelMessage, sentence: str) -> None:
    """Answer in the thread. It is only a hint: when it cannot be given, nothing is lost."""
    try:
        mark = f"hint:{message.channel}:{message.ts}"
        desk.slack.post(message.channel, Message(sentence), mark=mark, thread=message.thread or message.ts)
    except EffectError as error:
        log.warning("hint_not_given", reason=type(error).__name__)


def _deleted(desk: Desk, gone: tuple[str, str]) -> bool:
    """A message was deleted; one of our cards is posted again, and what is asked about one is asked no more."""
    found: list[ContactCase] = desk.engine.cases.following(KIND, thread_subject(*gone))
    now, heard = desk.clock.now(), False
    for case in found:
        card, origin = case.messages.get(outputs.CARD), case.messages.get(outputs.ORIGIN)
        if card is not None and (card.channel, card.ts) == gone:
            desk.engine.submit(case.id, CardDeleted(), key=f"deleted:{card.channel}:{card.ts}", now=now)
            heard = True
        elif origin is not None and (origin.channel, origin.ts) == gone and case.state == ContactState.QUESTION:
            key = f"deleted:{case.id}:{origin.channel}:{origin.ts}"
            desk.engine.submit(case.id, OriginDeleted(), key=key, now=now)
            heard = True
    return heard
