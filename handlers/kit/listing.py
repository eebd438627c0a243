"""Lists that a command shows privately: what may be asked for behind `list`, and pages that are turned by buttons."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from slack_bolt import Respond

from handlers.kit.blocks import actions, button, context, section
from handlers.kit.context import Desk
from workflows.contract.errors import EffectError
from workflows.contract.slack_port import Message
from workflows.lib.markup import plain
from workflows.lib.tickets import TicketRef, find_tickets
from workflows.policy.model import Policy

SIZE: Final = 15
"""So many lines a page: Slack takes fifty blocks a message, and a person reads fewer."""

MINE, UNCLAIMED, OVERDUE = "mine", "unclaimed", "overdue"
WORDS: Final = (MINE, UNCLAIMED, OVERDUE)

_NUMBER = re.compile(r"\d{1,3}")
_PERSON = re.compile(r"@[\w.-]{1,80}|[^@\s]{1,80}@[^@\s]{1,80}")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_TICKET = re.compile(r"(?:#|ZD-|[\w-]+#)?\d{4,15}|<?https?://\S+", re.IGNORECASE)


@dataclass(frozen=True)
class Query:
    """What is asked for, and which page of it, from 1. `people` are as typed: `@omar`, an e-mail address or a mention.

    `asked` are the words as they were typed, without the page.
    """

    words: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    tickets: tuple[TicketRef, ...] = ()
    page: int = 1
    asked: str = ""

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out."""
        return not (self.words or self.people or self.tickets)


def parse(text: str, policy: Policy, words: Collection[str] = WORDS) -> Query | None:
    """Read what follows `list`; None where a word means none of what can be asked for."""
    known: list[str] = []
    people: list[str] = []
    tickets: list[TicketRef] = []
    asked: list[str] = []
    page = 1
    for word in text.split():
        if _NUMBER.fullmatch(word):
            page = max(int(word), 1)
            continue
        asked.append(word)
        if word.lower() in words:
            known.append(word.lower())
        elif (mention := _MENTION.fullmatch(word)) is not None:
            people.append(mention[1])
        elif _PERSON.fullmatch(word):
            people.append(word.lower())
        elif _TICKET.fullmatch(word):
            tickets += find_tickets(f"ticket {word}", policy.tickets.accounts)
        else:
            return None
    return Query(tuple(known), tuple(people), tuple(tickets), page, " ".join(asked))


def is_of_somebody(desk: Desk, concerned: Iterable[str | None], names: Collection[str]) -> bool:
    """Whether one of those concerned (Slack ids) is called by one of these names."""
    return any(person in names or _is_called(desk, person, names) for person in concerned if person)


def _is_called(desk: Desk, person: str, names: Collection[str]) -> bool:
    """Whether one of these is how somebody is called: an e-mail address, its first part, or their name."""
    try:
        known = desk.slack.person(person)
    except EffectError:
        return False
    email = (known.email or "").lower()
    return bool({email, f"@{email.partition('@')[0]}", f"@{known.name.lower()}"} & set(names))


def paged(title: str, lines: Sequence[str], query: Query, action: str) -> Message:
    """One page of the lines; `action` is the id of the buttons that turn it."""
    pages = max(-(-len(lines) // SIZE), 1)
    page = min(query.page, pages)
    shown = lines[(page - 1) * SIZE : page * SIZE]
    foot = [f"Page {page} of {pages}"] if pages > 1 else []
    turns = [
        *([button("Previous page", action, _value(page - 1, query))] if page > 1 else []),
        *([button("Next page", f"{action}.next", _value(page + 1, query))] if page < pages else []),
    ]
    blocks = [section(f"*{title}*"), *map(section, shown), *map(context, foot), *actions(turns)]
    return Message(plain("\n".join((title, *shown, *foot))), blocks)


def turned(action: dict[str, Any], policy: Policy, words: Collection[str] = WORDS) -> Query | None:
    """What a pressed button of a page asks for; None where its value is none of ours."""
    page, _, asked = str(action.get("value") or "").partition("|")
    return parse(f"{asked} {page}", policy, words) if _NUMBER.fullmatch(page) else None


def show_page(respond: Respond, message: Message) -> None:
    """Show another page where the list stands."""
    respond(text=message.text, blocks=list(message.blocks), response_type="ephemeral", replace_original=True)


def _value(page: int, query: Query) -> str:
    return f"{page}|{query.asked}"[:2000]
