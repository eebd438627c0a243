"""The messages to customer success managers and their lead. Customers' words and names are shown as text only."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from handlers.csm import texts
from handlers.csm.ids import Button
from handlers.csm.parsing import change_value
from handlers.kit.blocks import SECTION_LIMIT, Block, actions, button, context, section
from workflows.contract.slack_port import Message
from workflows.csm.gaps import GapsCase, Reason
from workflows.csm.model import CsmCase
from workflows.csm.notices import ticket_in
from workflows.csm.pasted import LinkCase
from workflows.lib.markup import amount, code_block, cut, escape, plain, safe, slack_date, web_address
from workflows.lib.templates import fill
from workflows.lib.tickets import TicketRef
from workflows.policy.csm import Notice
from workflows.policy.model import Policy

Details = dict[str, Any]

MOST_LINES = 15
MOST_NUMBERS = 350
"""Slack takes some 13 000 characters in one message."""
MOST_NAMES = 20
MOST_GAPS = 40
WORDS = 200


def readable_link(case: LinkCase, policy: Policy, details: Details) -> Message:
    """The links people can read: to who pasted the others, or shared in the thread."""
    links = ", ".join(_ticket(one, policy) for one in case.tickets)
    if "by" in details:
        return Message(f":link: Readable: {links}")
    what = "That link opens a ticket's raw data" if len(case.tickets) == 1 else "Those links open tickets' raw data"
    text = f":link: {what}. Here is the readable one: {links}"
    return Message(plain(text), [section(text), *actions([button("Share in the thread", Button.SHARE, case.id)])])


def new_ticket(_case: CsmCase, policy: Policy, details: Details) -> Message:
    """A new ticket of an account of theirs, as the page says: ticket, account, contact, date, case."""
    notice = details["notice"]
    late = int(notice["minutes_late"])
    lines = [
        f":ticket: *New ticket from {_short(notice['account'], 200)}*",
        f"{_ticket(ticket_in(notice), policy)} {_short(notice['subject'], WORDS)}",
        f"*Contact:* {_contact(notice)}",
        f"*Opened:* {slack_date(datetime.fromisoformat(notice['opened_at']), policy.zone)}",
        *_links(notice, policy),
    ]
    hint = f"Too many? `/csm notify {escape(cut(notice['account'], 60))} digest` sends one message a day."
    delayed = (
        [f"{amount(late)} late: {escape(policy.vendors.accounts)} or the ticket system didn't answer."] if late else []
    )
    return _message(["\n".join(lines)], [*delayed, hint])


def digest(_case: CsmCase, policy: Policy, details: Details) -> Message:
    """Several new tickets, by account: the first ones in full, of the others their numbers, beside a link to all."""
    rows: list[Details] = details["notices"]
    accounts: dict[str, list[tuple[int, Details]]] = {}
    for place, row in enumerate(rows[:MOST_NUMBERS]):
        accounts.setdefault(row["account"], []).append((place, row))
    why = "came at once" if details["gathered"] else "since the last digest"
    lines = [f":ticket: *{_count(len(rows), 'new ticket')}* {why}"]
    for name, own in accounts.items():
        lines.append(f"{_all_of(name, own[0][1], policy)} ({len(own)})")
        lines += [_line(row, policy) for place, row in own if place < MOST_LINES]
        numbers = [ticket_in(row).label for place, row in own if place >= MOST_LINES]
        lines += [f"• {', '.join(numbers[at : at + 100])}" for at in range(0, len(numbers), 100)]
    more = len(rows) - MOST_NUMBERS
    lines += [f"… and {more} more."] if more > 0 else []
    return _message(_paragraphs(lines), ["`/csm notify` changes how you hear of new tickets."])


def _all_of(name: str, row: Details, policy: Policy) -> str:
    """An account with the address of all tickets of its organisation."""
    number = row["organization_id"]
    url = policy.tickets.organization_url(row["ticket"]["account"], number) if number else None
    return f"*<{url}|{_short(name, 60)}>*" if url else f"*{_short(name, 60)}*"


def gaps(case: GapsCase, policy: Policy, details: Details) -> Message:
    """For the lead: what is missing, each said once."""
    accounts = escape(policy.vendors.accounts)
    said = {
        Reason.NO_CSM: "has no customer success manager",
        Reason.NO_ACCOUNT: f"isn't an account in {accounts}",
        Reason.SEVERAL: f"is the name of several accounts in {accounts}: set the account's id on the organisation",
        Reason.NO_SLACK: "looks after customers, but isn't in Slack: add them to the `roster`, or reassign accounts",
    }
    rows = details["gaps"]
    lines = [
        f"• *{_short(row['name'], 100)}* {said[Reason(row['reason'])]}{_of(row['ticket'])}" for row in rows[:MOST_GAPS]
    ]
    lines += [f"… and {len(rows) - MOST_GAPS} more." if len(rows) > MOST_GAPS else ""]
    head = ":mailbox_with_no_mail: *Nobody hears of new tickets from these*"
    return _message(_paragraphs([head, *filter(None, lines)]), [f"I say each of them once. ({case.id})"])


def late(case: GapsCase, _policy: Policy, details: Details) -> Message:
    """For the lead: new tickets are told late."""
    text = f":hourglass: New tickets reach customer success managers late: {escape(details['sentence'])}"
    return Message(plain(text), [section(text), context(f"I'll go on trying. Nothing is lost. ({case.id})")])


# --------------------------------------------------------------------------------- what was asked


def account(_case: CsmCase, policy: Policy, details: Details) -> Message:
    """An account: plan, manager, open tickets, links."""
    found, tickets, name = details["found"], details["open_tickets"], escape(policy.vendors.tickets)
    csm = _short(found["csm_name"] or found["csm_email"], 200) or "nobody"
    lines = [
        f":office: *{_short(found['name'], 200)}*",
        f"*Plan:* {_short(found['plan'], 200) or 'not provided'}",
        f"*Customer success manager:* {csm}",
        f"*Sold to:* {_short(found['sold_to'], 200) or 'not provided'}",
        *([f"<{web_address(found['url'])}|Account in {escape(policy.vendors.accounts)}>"] if found["url"] else []),
    ]
    if tickets is None:
        count = len(details["organizations"])
        why = f"{count} organisations in {name} fit" if count else f"{name} has no organisation of this name"
        why = _short(details["trouble"], 300) or why
        return _message(["\n".join([*lines, f"*Open tickets:* unknown. {why}"])], [])
    shown = [
        f"• {_ticket(TicketRef(details['account'], number), policy)} {_short(subject, 100)}"
        for number, subject in tickets["newest"]
    ]
    more = "at least " if tickets["more"] else ""
    return _message(["\n".join(lines), *_paragraphs([f"*Open tickets:* {more}{tickets['count']}", *shown])], [])


def onboarding(_case: CsmCase, policy: Policy, details: Details) -> Message:
    """The page's two steps, with the e-mail drafted."""
    found, own = details["found"], policy.csm.onboarding
    values = {
        "account": found["name"],
        "company": policy.company.name,
        "contacts_url": own.contacts_url,
        "name": details["by_name"] or "[your name]",
    }
    sold_to = f"`{_short(found['sold_to'], 200)}`" if found["sold_to"] else "not provided: ask the account's owner"
    text = (
        f":wave: *Support contacts of {_short(found['name'], 200)}*\n"
        f"1. The sold-to address of the account is {sold_to}.\n"
        f"2. Send the e-mail below to it, so that they follow <{own.contacts_url}|Managing Support Contacts>.\n"
        ":warning: Users who aren't associated with their organisation will not be able to access support."
    )
    draft = f"{fill(own.subject, values)}\n\n{fill(own.email, values)}"
    return _message([text, *_code(draft)], ["You send it: I write to no customer."])


def project(_case: CsmCase, policy: Policy, details: Details) -> Message:
    """An organisation's collaboration project, as it is set and whether it exists."""
    known, name = details["project"], _short(details["organization_name"], 200)
    tracker = escape(policy.vendors.tracker)
    if known:
        state = f"The collaboration project that is set is {_project(known)}."
    elif details["missing"]:
        state = f":warning: Project {_short(details['missing'], 200)} is set, but I can't find it in {tracker}."
    else:
        state = ":warning: No collaboration project is set."
    text = f":link: *{name}* (organisation {_short(details['organization'], 20)})\n{state}"
    value = change_value(details["account"], details["organization"], details["organization_name"])
    row = actions([button("Request a change", Button.CHANGE, value)])
    return Message(plain(text), [section(text), *row])


def change_asked(_case: CsmCase, _policy: Policy, details: Details) -> Message:
    """Support Operations was asked for another collaboration project; the request tells the rest."""
    found, name = _project(details["project"]), _short(details["organization_name"], 200)
    return Message(f":white_check_mark: I'm asking Support Operations to change the project of *{name}* to {found}.")


def nothing_found(_case: CsmCase, _policy: Policy, details: Details) -> Message:
    """There is none."""
    name = _short(details.get("missing") or details["name"], 200)
    if details.get("missing"):
        return Message(f":warning: I can't find the project {name}, so nothing was requested. Please check it.")
    return Message(f"I found nothing called *{name}*. Check the spelling, or try a part of the name.")


def too_many(_case: CsmCase, _policy: Policy, details: Details) -> Message:
    """The question was too wide."""
    names = details["fitting"][:MOST_NAMES]
    lines = [f"• {_short(one['name'], 200)}{' · ' + _short(one['csm'], 200) if one['csm'] else ''}" for one in names]
    more = ["• …"] if details["more"] or len(details["fitting"]) > MOST_NAMES else []
    head = f"Several fit *{_short(details['name'], 200)}*. Write more of the name, or its number:"
    return _message(_paragraphs([head, *lines, *more]), [])


def waiting(_case: CsmCase, _policy: Policy, details: Details) -> Message:
    """Say that a look-up takes longer."""
    why = escape(details["sentence"])
    return Message(f":hourglass: *{_short(details['name'], 200)}* takes longer: {why} I'll send it as soon as I can.")


def failed(_case: CsmCase, _policy: Policy, details: Details) -> Message:
    """Nothing can be found."""
    return Message(f":warning: I can't look up *{_short(details['name'], 200)}*: {escape(details['sentence'])}")


def choice_made(_case: CsmCase, _policy: Policy, details: Details) -> Message:
    """What was chosen for one account."""
    said = texts.NAMES[Notice(details["choice"])].lower()
    return Message(f":white_check_mark: New tickets of {_names(details)}: {said}.")


def not_yours(_case: CsmCase, policy: Policy, details: Details) -> Message:
    """Nothing was chosen."""
    name = _short(details["name"], 200)
    if details.get("trouble"):
        return Message(f":warning: I couldn't look up *{name}*, so nothing changed: {escape(details['trouble'])}")
    if details.get("names"):
        return Message(f":warning: {_names(details)} has another customer success manager. Nothing changed.")
    return Message(f":warning: {escape(policy.vendors.accounts)} has no account *{name}*. Nothing changed.")


# ------------------------------------------------------------------------------------- in common


def _ticket(ticket: TicketRef, policy: Policy) -> str:
    url = policy.tickets.agent_url(ticket)
    return f"<{url}|{ticket.label}>" if url else ticket.label


def _project(known: Details) -> str:
    """A project of the tracker: its number, and its path as a link."""
    return f"{known['id']}: <{web_address(known['url'])}|{_short(known['path'], 200)}>"


def _short(text: str, limit: int) -> str:
    """What somebody else wrote, on one line, and no longer than this as Slack keeps it."""
    return cut(safe(" ".join(text.split())), limit)


def _of(ticket: str) -> str:
    return f" (ticket {_short(ticket, 40)})" if ticket else ""


def _contact(details: Details) -> str:
    name, email = _short(details["contact_name"], 80), _short(details["contact_email"], 120)
    return f"{name} ({email})" if name and email else name or email or "not provided"


def _links(details: Details, policy: Policy) -> list[str]:
    where = escape(policy.vendors.accounts)
    known = (("Case", details["case_url"]), ("Account", details["account_url"]))
    links = [f"<{web_address(url)}|{what} in {where}>" for what, url in known if url]
    return [" · ".join(links)] if links else []


def _line(row: Details, policy: Policy) -> str:
    case = f" · <{web_address(row['case_url'])}|case>" if row["case_url"] else ""
    at = slack_date(datetime.fromisoformat(row["opened_at"]), policy.zone)
    return f"• {_ticket(ticket_in(row), policy)} {_short(row['subject'], 100)} · {_contact(row)} · {at}{case}"


def _paragraphs(lines: Iterable[str]) -> list[str]:
    """Lines, in as many paragraphs as Slack needs."""
    parts: list[str] = []
    for line in lines:
        if parts and len(parts[-1]) + len(line) < SECTION_LIMIT:
            parts[-1] += f"\n{line}"
        else:
            parts.append(line)
    return parts


def _code(text: str) -> list[str]:
    """A text to copy, in as many blocks of code as Slack needs."""
    size = SECTION_LIMIT // 2  # what is escaped becomes longer
    return [code_block(text[at : at + size]) for at in range(0, len(text), size)]


def _names(details: Details) -> str:
    return ", ".join(f"*{_short(name, 200)}*" for name in details["names"])


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _message(parts: list[str], small: list[str]) -> Message:
    blocks: list[Block] = [section(part) for part in parts[:48]]
    if small:
        blocks.append(context(*small))
    return Message(cut(plain("\n".join([*parts, *small])), 3000), blocks)
