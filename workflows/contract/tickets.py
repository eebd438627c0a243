"""Ticket references: read in every form people use, written in one.

Read are `123456`, `#123456`, `ZD-123456`, `ticket 123456` and the addresses of a ticket on a configured host:
`/agent/tickets/N`, `/agent/#/tickets/N`, `/tickets/N`, `/api/v2/tickets/N.json`, `/hc/requests/N` and
`/hc/en-us/requests/N`, also as Slack wraps them: `<https://...|label>`. A host is compared as a whole and never
called; an address with a user name or a port in it is not one of ours.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from workflows.contract.errors import DeskError
from workflows.lib.templates import fill
from workflows.policy.model import Policy

LARGEST: Final = 2**31 - 1
"""The largest number taken for a ticket's: what a 32-bit column holds, far beyond any ticket system's count."""


class NotATicket(DeskError):  # noqa: N818 - the name says what is wrong, as do its subclasses
    """No ticket could be read; the sentence is fit to stand below the field it was typed into."""


class NotAReference(NotATicket):
    """The text is no reference to a ticket."""


class OtherHost(NotATicket):
    """The address is on a host that is not one of ours."""


class NumberOutOfRange(NotATicket):
    """No ticket can have this number."""


@dataclass(frozen=True, slots=True)
class TicketRef:
    """A ticket, by its number."""

    number: int

    def __str__(self) -> str:
        return f"#{self.number}"


_OPENING: Final = "([{\"'\u201c\u2018\u00ab"  # also typographic quotation marks
_CLOSING: Final = ".,;:!?)]}\"'\u201d\u2019\u00bb\u2026"
_DASHES: Final = "-\u2013\u2014"
_BARE: Final = re.compile(r"(?:#|ZD[-\s#]?|ticket[\s:#]+)?([0-9]+)", re.ASCII | re.IGNORECASE)
_WRAPPED: Final = re.compile(r"<([^<>|]*)(?:\|[^<>]*)?>")
_ADDRESS: Final = re.compile(r"https?:(?P<rest>.*)|(?P<bare>[a-z0-9-]+(?:\.[a-z0-9-]+)+/.*)", re.IGNORECASE | re.ASCII)
_NOT_IN_AN_ADDRESS: Final = re.compile(r"[\s\\\x00-\x1f\x7f]")
_PATH: Final = re.compile(
    r"/(?:(?:agent/|api/v2/)?tickets|hc/(?:[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,2}/)?requests)/([0-9]+)(?:\.json)?(?:/.*)?",
    re.ASCII | re.IGNORECASE,
)
_FRAGMENT: Final = re.compile(r"/?tickets/([0-9]+)(?:/.*)?", re.ASCII)
_HOST_SHOWN: Final = re.compile(r"[a-z0-9.-]{1,80}(?::[0-9]{1,5})?", re.ASCII)
_MENTION: Final = re.compile(
    r"<(?:https?:|[#@!]|mailto:)[^<>]*>"  # as Slack wraps what it knows
    r"|\bhttps?:[^\s<>]+"
    r"|(?<![\w.@-])[a-z0-9-]+(?:\.[a-z0-9-]+)+/[^\s<>]+"
    r"|(?<![\w/&#.-])(?:#|ZD[- ]?#?|ticket(?:\s+(?:no\.?|nr\.?|number|id))?[\s:#]+)([0-9]+)"
    # not the beginning of a word, a date, a decimal or a length of time
    r"(?![\w%]|[-.,:/][0-9]|\s*(?:seconds?|minutes?|mins?|hours?|days?|weeks?|months?|years?|times|am|pm)\b)",
    re.ASCII | re.IGNORECASE,
)
_COMMAND: Final = re.compile(r"((?:(?:ticket|ZD)[\s:#]+)?(?:<[^<>]*>|\S+))\s*(.*)", re.DOTALL | re.IGNORECASE)


def parse_ticket(text: str, hosts: Collection[str]) -> TicketRef:
    """Read a text that is just a reference. `hosts` are the configured ones, in small letters.

    `NotAReference`, `OtherHost` or `NumberOutOfRange`, each with a sentence for the person who typed it.
    """
    core = _core(text)
    if bare := _BARE.fullmatch(core):
        return _ticket(bare[1])
    if address := _ADDRESS.fullmatch(core):
        return _at_address(f"https://{core}" if address["bare"] else core, hosts)
    raise NotAReference("This is not a ticket. Write its number, such as 123456, or paste a link to it.")


def find_tickets(text: str, hosts: Collection[str]) -> list[int]:
    """Return the numbers of the tickets a text mentions, each once, in the order they come.

    A number alone, such as a year, is no mention: it takes `#`, `ZD-`, the word ticket, or a link.
    """
    return list(dict.fromkeys(_mentioned(text, hosts)))


def split_command(text: str, hosts: Collection[str]) -> tuple[int | None, str]:
    """Split what follows a command into the ticket it begins with, if it does, and the rest."""
    stripped = text.strip()
    if found := _COMMAND.fullmatch(stripped):
        try:
            return parse_ticket(found[1].rstrip(_DASHES), hosts).number, found[2].lstrip(f"{_DASHES}:, \t\r\n")
        except NotATicket:
            pass
    return None, stripped


def agent_url(ticket: int, policy: Policy) -> str:
    """Return where staff read a ticket."""
    return fill(policy.tickets.agent_url, {"ticket": str(ticket)})


def customer_url(ticket: int, policy: Policy) -> str:
    """Return where the customer reads a ticket."""
    return fill(policy.tickets.customer_url, {"ticket": str(ticket)})


def _mentioned(text: str, hosts: Collection[str]) -> Iterator[int]:
    for mention in _MENTION.finditer(text):
        try:
            yield (_ticket(mention[1]) if mention[1] else parse_ticket(mention[0], hosts)).number
        except NotATicket:
            continue


def _core(text: str) -> str:
    """Take off the punctuation of the sentence round it, and Slack's wrapping."""
    core = text.strip().lstrip(_OPENING).rstrip(_CLOSING)
    wrapped = _WRAPPED.fullmatch(core)
    return (wrapped[1] if wrapped else core).strip().rstrip(_CLOSING)


def _ticket(digits: str) -> TicketRef:
    # The length is looked at first: reading a very long number takes long, and Python refuses it at last.
    number = int(digits) if len(digits.lstrip("0")) <= len(str(LARGEST)) else 0
    if not 1 <= number <= LARGEST:
        raise NumberOutOfRange("No ticket has this number. Please look it up again.")
    return TicketRef(number)


def _at_address(address: str, hosts: Collection[str]) -> TicketRef:
    parts = _parts(address)
    if parts.netloc.lower() not in hosts:
        raise OtherHost(f"{_shown_host(parts)} is not one of our ticket systems ({', '.join(hosts)}).")
    in_fragment = _FRAGMENT.fullmatch(parts.fragment) if parts.path in {"/agent", "/agent/"} else None
    if found := in_fragment or _PATH.fullmatch(parts.path):
        return _ticket(found[1])
    raise NotAReference(
        "This address is not one of a ticket. Open the ticket and copy its address, or write its number."
    )


def _parts(address: str) -> SplitResult:
    try:
        if not _NOT_IN_AN_ADDRESS.search(address):
            parts = urlsplit(address)
            if parts.netloc:
                return parts
    except ValueError:
        pass
    raise NotAReference("This address cannot be read. Write the ticket's number instead, such as 123456.")


def _shown_host(parts: SplitResult) -> str:
    """Name the host a browser would open; a strange one is not repeated to the person."""
    host = parts.netloc.lower().rpartition("@")[2]
    return host if _HOST_SHOWN.fullmatch(host) else "This host"
