"""From what Slack sends to an event, or to a sentence for the person beside what they typed. Pure."""

import re
from dataclasses import dataclass
from typing import Any

from handlers.contact.ids import TO_PERSON, Field
from handlers.kit.parsing import as_read, state_values
from workflows.contact import texts
from workflows.contact.model import PREFIX
from workflows.lib.tickets import NotATicket, TicketRef, parse_ticket, split_command
from workflows.policy.contact import Way
from workflows.policy.model import Policy

Errors = dict[str, str]
"""Block id -> what is wrong there."""

CASE = re.compile(rf"{PREFIX}[-\s]?([0-9]{{1,9}})", re.IGNORECASE)


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
    """Read what somebody typed behind `/manager-contact`."""
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


# ----------------------------------------------------------------------------------------------- modals


@dataclass(frozen=True)
class HowContacted:
    """What was typed into the modal "Contacted"."""

    how: Way
    text: str
    briefed: str | None
    briefing: str = ""


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
    if errors:
        return errors
    if how is not Way.TICKET:
        return HowContacted(how, text, None)
    return HowContacted(how, text, briefed, values.get(Field.BRIEFING, "").strip())


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
    """Read the ticket from its modal, or say what is wrong with it."""
    try:
        return parse_ticket(state_values(view).get(Field.TICKET, ""), policy.tickets.accounts)
    except NotATicket as error:
        return {Field.TICKET: error.sentence}
