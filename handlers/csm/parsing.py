"""From what Slack sends to what somebody wants, or to a sentence for the person beside what they typed. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from handlers.csm.ids import ACCOUNT, Field
from handlers.kit.parsing import as_read, state_values
from workflows.lib.tickets import MAIN, NotATicket, TicketRef, parse_ticket
from workflows.policy.csm import Notice
from workflows.policy.model import Policy

_FENCED: Final = re.compile(r"```.*?(?:```|\Z)|`[^`\n]+`", re.DOTALL)
_DATA_LINK: Final = re.compile(
    r"https?://[^\s<>|\"]{1,300}?/api/v2/tickets/[0-9]+(?:\.json)?(?![\w./-])", re.IGNORECASE
)
_ORGANIZATION: Final = re.compile(r"/agent/organizations/([0-9]{1,18})(?:/.*)?", re.ASCII)
_BARE: Final = re.compile(r"#?([0-9]{1,18})", re.ASCII)
_WRAPPED: Final = re.compile(r"<([^<>|]*)(?:\|[^<>]*)?>")
LONGEST_NAME: Final = 255
NOTICES: Final[Mapping[str, Notice]] = {
    "each": Notice.EACH,
    "all": Notice.EACH,
    "digest": Notice.DIGEST,
    "daily": Notice.DIGEST,
    "none": Notice.NONE,
    "off": Notice.NONE,
}


@dataclass(frozen=True)
class Pasted:
    """A message with links to tickets' data. `root` is the ts of the thread's first message."""

    by: str
    channel: str
    ts: str
    root: str
    in_thread: bool
    tickets: tuple[TicketRef, ...]


@dataclass(frozen=True)
class OrganizationRef:
    """An organisation as it was typed: its number, or its name, in an account of the ticket system."""

    account: str
    id: int | None = None
    name: str = ""


def of_message(event: dict[str, Any], policy: Policy) -> Pasted | None:
    """The links in a message that a person wrote or edited; None where there is none. Code is left alone."""
    is_edit = event.get("subtype") == "message_changed"
    message = event["message"] if is_edit else event
    written = is_edit or event.get("subtype") in {None, "file_share", "thread_broadcast"}
    if not written or message.get("bot_id") or not message.get("user") or message.get("subtype") == "tombstone":
        return None
    tickets = data_links(str(message.get("text") or ""), policy)
    ts = str(message.get("ts"))
    root = str(message.get("thread_ts") or ts)
    return Pasted(message["user"], str(event["channel"]), ts, root, root != ts, tickets) if tickets else None


def data_links(text: str, policy: Policy) -> tuple[TicketRef, ...]:
    """The tickets of our hosts whose data a text links, each once."""
    found: dict[TicketRef, None] = {}
    for link in _DATA_LINK.findall(_FENCED.sub(" ", text)):
        try:
            found[parse_ticket(link, policy.tickets.accounts)] = None
        except NotATicket:  # another host
            continue
    return tuple(found)


def of_organization(text: str, policy: Policy) -> OrganizationRef | str:
    """An organisation: its number, a link to it on one of our hosts, or its name; or a sentence on what is wrong."""
    wrapped = _WRAPPED.fullmatch(text.strip())
    typed = (wrapped[1] if wrapped else text).strip()
    if bare := _BARE.fullmatch(typed):
        return OrganizationRef(MAIN, int(bare[1]))
    if typed.lower().startswith(("http://", "https://")):
        return _linked_organization(typed, policy)
    name = as_read(typed)
    return OrganizationRef(MAIN, name=name) if 0 < len(name) <= LONGEST_NAME else "Write its name, or its number."


def _linked_organization(address: str, policy: Policy) -> OrganizationRef | str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return "This link can't be read. Write the organisation's number instead."
    hosts = {host: name for name, account in policy.tickets.accounts.items() for host in account.hosts}
    account, found = hosts.get(parts.netloc.lower()), _ORGANIZATION.fullmatch(parts.path)
    if account is None:
        return "This link isn't on one of our hosts. Write the organisation's number instead."
    return OrganizationRef(account, int(found[1])) if found else "This isn't a link to an organisation."


@dataclass(frozen=True)
class NotifyOrder:
    """`/csm notify`: nothing opens the form; a word chooses for all accounts, a name before it for that one."""

    name: str = ""
    choice: Notice | None = None


def of_notify(text: str) -> NotifyOrder | str:
    """Read what somebody typed behind `/csm notify`, or say what is wrong with it."""
    name, _, word = text.strip().rpartition(" ")
    if not word:
        return NotifyOrder()
    choice = NOTICES.get(word.lower())
    if choice is None:
        return "End with *each*, *digest* or *none*, such as `/csm notify ACME digest`."
    return NotifyOrder(as_read(name.strip()), choice)


def of_choices(view: dict[str, Any]) -> tuple[Notice | None, dict[str, Notice]]:
    """What was chosen in the form: for all, and for each account that is chosen otherwise."""
    values = state_values(view)
    default = values.pop(Field.DEFAULT, "")
    chosen = {
        block.removeprefix(ACCOUNT): NOTICES[value]
        for block, value in values.items()
        if block.startswith(ACCOUNT) and value in NOTICES
    }
    return NOTICES.get(default), chosen


@dataclass(frozen=True)
class Change:
    """Whose collaboration project is to be changed: an organisation in an account of the ticket system."""

    account: str
    id: int
    name: str
    url: str


def change_value(account: str, organization: str, name: str) -> str:
    """What a button remembers of it."""
    return f"{account}|{organization}|{name[:200]}"


def of_change(value: str, policy: Policy) -> Change | None:
    """Read what a button remembers; None for what no button of ours holds."""
    account, _, rest = value.partition("|")
    number, _, name = rest.partition("|")
    url = policy.tickets.organization_url(account, number)
    return Change(account, int(number), name, url) if url and _BARE.fullmatch(number) and name else None


def of_project(text: str) -> str | None:
    """A project as the tracker knows it, by number, path or link; None where nothing was typed."""
    wrapped = _WRAPPED.fullmatch(text.strip())
    typed = (wrapped[1] if wrapped else text).strip()
    if typed.lower().startswith(("http://", "https://")):
        typed = urlsplit(typed).path.partition("/-/")[0]
    return typed.strip("/#") or None
