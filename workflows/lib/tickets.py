"""Ticket references: read in every form people use, written in one.

A ticket system has several accounts, each with tickets 1, 2, 3 of its own, so a ticket is an account and a number.

Read are `123456`, `#123456`, `ZD-123456`, `ticket 123456`, which are tickets of the main account; `emea#123456` (or
`emea-123456`, `emea 123456`, `emea/123456`), which is one of the account `emea`; and the addresses of a ticket on an
account's hosts: `/agent/tickets/N`, `/agent/#/tickets/N`, `/tickets/N`, `/api/v2/tickets/N.json`, `/hc/requests/N` and
`/hc/en-us/requests/N`, also as Slack wraps them: `<https://...|label>`. A host is compared as a whole and never
called; an address with a user name or a port in it is not one of ours.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Protocol
from urllib.parse import SplitResult, urlsplit

from pydantic import Field

from workflows.lib.templates import fill

MAIN: Final = "main"
"""The account that a number alone belongs to."""

LARGEST: Final = 2**31 - 1
"""The largest number taken for a ticket's: what a 32-bit column holds, far beyond any ticket system's count."""


@dataclass(frozen=True, slots=True)
class TicketRef:
    """A ticket: its account in the ticket system, by the policy's name for it, and its number there."""

    account: str
    number: Annotated[int, Field(gt=0, lt=2**53)]

    def __str__(self) -> str:
        """How people write it: `123456`, or `emea#123456` in an account that is not the main one."""
        return str(self.number) if self.account == MAIN else f"{self.account}#{self.number}"

    @property
    def label(self) -> str:
        """How it stands alone, as a link: `#123456`, or `emea#123456`."""
        return f"#{self.number}" if self.account == MAIN else str(self)

    @property
    def key(self) -> str:
        """How it is saved and looked for: `main/123456`."""
        return f"{self.account}/{self.number}"


class TicketAccount(Protocol):
    """What has to be known of an account to read its tickets' addresses."""

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts whose addresses are tickets of it, in small letters."""
        ...


Accounts = Mapping[str, TicketAccount]
"""The accounts by name, the main one among them."""


class NotATicket(ValueError):  # noqa: N818 - the name says what is wrong, as do its subclasses
    """No ticket could be read; the sentence is fit to stand below the field it was typed into."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotAReference(NotATicket):
    """The text is no reference to a ticket."""


class OtherHost(NotATicket):
    """The address is on a host that is not one of ours."""


class NumberOutOfRange(NotATicket):
    """No ticket can have this number."""


_OPENING: Final = "([{\"'\u201c\u2018\u00ab"  # also typographic quotation marks
_CLOSING: Final = ".,;:!?)]}\"'\u201d\u2019\u00bb\u2026"
_DASHES: Final = "-\u2013\u2014"
_BARE: Final = re.compile(r"(?:#|ZD[-\s#]?|ticket[\s:#]+)?([0-9]+)", re.ASCII | re.IGNORECASE)
_NAMED: Final = re.compile(r"(?:ticket[\s:]+)?([a-z][a-z0-9]{0,19})(?:#|[-/\s]#?)([0-9]+)", re.ASCII | re.IGNORECASE)
_IN_A_TITLE: Final = re.compile(r"(?:[a-z][a-z0-9]{0,19}#)?[0-9]{1,15}", re.ASCII)
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
    r"|(?<![\w/&#.-])(?:#|ZD[- ]?#?|ticket(?:\s+(?:no\.?|nr\.?|number|id))?[\s:#]+|([a-z][a-z0-9]{0,19})#)([0-9]+)"
    # not the beginning of a word, a date, a decimal or a length of time
    r"(?![\w%]|[-.,:/][0-9]|\s*(?:seconds?|minutes?|mins?|hours?|days?|weeks?|months?|years?|times|am|pm)\b)",
    re.ASCII | re.IGNORECASE,
)
_COMMAND: Final = re.compile(r"((?:(?:ticket|ZD)[\s:#]+)?(?:<[^<>]*>|\S+))\s*(.*)", re.DOTALL | re.IGNORECASE)


def parse_ticket(text: str, accounts: Accounts) -> TicketRef:
    """Read a text that is just a reference to a ticket of one of the accounts.

    `NotAReference`, `OtherHost` or `NumberOutOfRange`, each with a sentence for the person who typed it.
    """
    core = _core(text)
    if bare := _BARE.fullmatch(core):
        return _ticket(MAIN, bare[1])
    if (named := _NAMED.fullmatch(core)) and named[1].lower() in accounts:
        return _ticket(named[1].lower(), named[2])
    if address := _ADDRESS.fullmatch(core):
        return _at_address(f"https://{core}" if address["bare"] else core, accounts)
    others = "".join(f", {name}#123456" for name in accounts if name != MAIN)
    raise NotAReference(f"This is not a ticket. Write its number, such as 123456{others}, or paste a link to it.")


def find_tickets(text: str, accounts: Accounts) -> list[TicketRef]:
    """Return the tickets a text mentions, each once, in the order they come.

    A number alone, such as a year, is no mention: it takes `#`, `ZD-`, the word ticket, or a link.
    """
    return list(dict.fromkeys(_mentioned(text, accounts)))


def split_command(text: str, accounts: Accounts) -> tuple[TicketRef | None, str]:
    """Split what follows a command into the ticket it begins with, if it does, and the rest."""
    stripped = text.strip()
    if found := _COMMAND.fullmatch(stripped):
        try:
            return parse_ticket(found[1].rstrip(_DASHES), accounts), found[2].lstrip(f"{_DASHES}:, \t\r\n")
        except NotATicket:
            pass
    return None, stripped


def ticket_of_title(title: str, template: str, accounts: Accounts) -> TicketRef | None:
    """Return the ticket a title is about, if it is just this template with its gap `{ticket}` filled."""
    for named in _IN_A_TITLE.finditer(title):
        try:
            ticket = parse_ticket(named[0], accounts)
        except NotATicket:
            continue
        if fill(template, {"ticket": str(ticket)}) == title.strip():
            return ticket
    return None


def _mentioned(text: str, accounts: Accounts) -> Iterator[TicketRef]:
    for mention in _MENTION.finditer(text):
        account, number = (mention[1] or MAIN).lower(), mention[2]
        try:
            if not number:
                yield parse_ticket(mention[0], accounts)
            elif account in accounts:
                yield _ticket(account, number)
        except NotATicket:
            continue


def _core(text: str) -> str:
    """Take off the punctuation of the sentence round it, and Slack's wrapping."""
    core = text.strip().lstrip(_OPENING).rstrip(_CLOSING)
    wrapped = _WRAPPED.fullmatch(core)
    return (wrapped[1] if wrapped else core).strip().rstrip(_CLOSING)


def _ticket(account: str, digits: str) -> TicketRef:
    # The length is looked at first: reading a very long number takes long, and Python refuses it at last.
    number = int(digits) if len(digits.lstrip("0")) <= len(str(LARGEST)) else 0
    if not 1 <= number <= LARGEST:
        raise NumberOutOfRange("No ticket has this number. Please look it up again.")
    return TicketRef(account, number)


def _at_address(address: str, accounts: Accounts) -> TicketRef:
    parts = _parts(address)
    by_host = {host: name for name, account in accounts.items() for host in account.hosts}
    account = by_host.get(parts.netloc.lower())
    if account is None:
        raise OtherHost(f"{_shown_host(parts)} is not one of our ticket systems ({', '.join(by_host)}).")
    in_fragment = _FRAGMENT.fullmatch(parts.fragment) if parts.path in {"/agent", "/agent/"} else None
    if found := in_fragment or _PATH.fullmatch(parts.path):
        return _ticket(account, found[1])
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
