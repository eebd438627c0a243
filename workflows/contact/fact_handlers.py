"""What vendors tell that opens a contact request, or adds to one; cases that exist are told anyway."""

import re
from dataclasses import replace
from datetime import datetime

from workflows.contact import intake
from workflows.contact.events import ContactRequested
from workflows.contact.model import KIND as CONTACT
from workflows.contact.model import WAITING, ContactCase, Source
from workflows.contract import actors
from workflows.contract.engine import CaseEngine
from workflows.contract.facts import IncomingFact, IssueChange, IssueChanged, TicketRated
from workflows.contract.values import IssueLink
from workflows.lib.tickets import NotATicket, TicketRef, parse_ticket, ticket_of_title
from workflows.policy.model import Policy

_TAG = re.compile(r"[\w-]{1,60}")
_SOME_TICKET = re.compile(r"\bticket\s+((?:[a-z][a-z0-9]*(?=#))?#?\d{1,15})\b", re.IGNORECASE | re.ASCII)


def open_contact_requests(engine: CaseEngine, incoming: IncomingFact, now: datetime) -> None:
    """A customer asks to be contacted: by the form's field, or by the label somebody puts on a feedback issue."""
    match incoming.fact:
        case TicketRated() as fact if fact.contact_answer:
            request = _by_form(fact, engine.policy)
        case IssueChanged() as fact if _asks(fact, engine.policy):
            request = _by_label(fact, engine.policy)
        case _:
            return
    waiting = _waiting(engine, request.ticket)
    key = f"{incoming.key}:{CONTACT}"
    if waiting is None:
        intake.requested(engine, request, key=key, now=now)
    elif _adds_something(waiting, request):
        engine.submit(
            waiting.id, replace(request, label_says=request.label_says or waiting.label_says), key=key, now=now
        )


def _by_form(fact: TicketRated, policy: Policy) -> ContactRequested:
    says = policy.contact.asks(fact.contact_answer)
    is_tag = _TAG.fullmatch(fact.contact_answer) is not None  # nobody's own words, which are private
    return ContactRequested(
        Source.TICKETS,
        actors.TICKETS,
        fact.ticket,
        words=fact.comment,
        field_says=says,
        is_unclear=says is None,
        remark=f"the form says {fact.contact_answer}" if says is None and is_tag else "",
        asked_at=fact.at,
    )


def _by_label(fact: IssueChanged, policy: Policy) -> ContactRequested:
    link = IssueLink(project=fact.project, number=fact.number, title=fact.title, url=fact.url)
    return ContactRequested(
        Source.TRACKER,
        actors.TRACKER,
        _ticket(fact.title, policy),
        label_says=True,
        issue=link,
        link=fact.url,
        asked_at=fact.at,
    )


def _asks(fact: IssueChanged, policy: Policy) -> bool:
    """Whether this puts the label on an issue of the feedback project; the desk puts it on its own itself."""
    if fact.is_own and fact.change is IssueChange.OPENED:
        return False
    project = policy.contact.issue_project.casefold()
    if project not in {fact.project.casefold(), str(fact.project_id)}:
        return False
    newly = fact.labels if fact.change is IssueChange.OPENED else fact.added
    return policy.contact.request_label in newly


def _ticket(title: str, policy: Policy) -> TicketRef | None:
    """The ticket an issue is about, by its title: the policy's own form, or any that names a ticket."""
    accounts = policy.tickets.accounts
    if own := ticket_of_title(title, policy.contact.issue_title, accounts):
        return own
    found = _SOME_TICKET.search(title)
    try:
        return parse_ticket(found[1], accounts) if found else None
    except NotATicket:
        return None


def _waiting(engine: CaseEngine, ticket: TicketRef | None) -> ContactCase | None:
    """The request that waits for this ticket already."""
    cases = [] if ticket is None else engine.cases.of_ticket(CONTACT, ticket)
    return next((case for case in cases if case.state in WAITING), None)


def _adds_something(case: ContactCase, request: ContactRequested) -> bool:
    """Whether it says more than is known; a No says something only against a Yes."""
    if request.is_unclear:
        return case.field_says is None and not case.is_unclear
    if request.field_says is None:
        return case.label_says is None
    return case.field_says is None and (request.field_says or case.label_says is not None)
