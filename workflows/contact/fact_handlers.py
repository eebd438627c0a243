"""What vendors tell that opens a contact request, or adds to one; cases that exist are told anyway."""

import re
from dataclasses import replace
from datetime import datetime

from workflows.contact import intake
from workflows.contact.events import ContactRequested, SaysChanged
from workflows.contact.model import KIND as CONTACT
from workflows.contact.model import WAITING, ContactCase, Source
from workflows.contact.wishes import field_says
from workflows.contract import actors
from workflows.contract.engine import CaseEngine
from workflows.contract.facts import IncomingFact, IssueChange, IssueChanged, TicketRated
from workflows.contract.links import REVIEW, FormAnswered
from workflows.contract.values import IssueLink
from workflows.lib.tickets import NotATicket, TicketRef, parse_ticket, ticket_of_title
from workflows.policy.model import Policy
from workflows.policy.review import Tone

_TAG = re.compile(r"[\w-]{1,60}")
_SOME_TICKET = re.compile(r"\bticket\s+((?:[a-z][a-z0-9]*(?=#))?#?\d{1,15})\b", re.IGNORECASE | re.ASCII)


def open_contact_requests(engine: CaseEngine, incoming: IncomingFact, now: datetime) -> None:
    """A customer asks to be contacted: by the form's field, or by the label or the field of a feedback issue."""
    match incoming.fact:
        case TicketRated() as fact if fact.contact_answer:
            request = _by_form(fact, engine.policy)
        case IssueChanged() as fact if _is_told(fact, engine.policy):
            request = _by_issue(fact, engine.policy)
        case _:
            return
    waiting = _waiting(engine, request.ticket)
    key = f"{incoming.key}:{CONTACT}"
    if waiting is not None:
        _tell(engine, waiting, request, key=key, now=now)
    elif _begins(incoming.fact, request, engine):
        known = request if request.field_says is not None else replace(request, field_says=_form_said(engine, request))
        intake.requested(engine, known, key=key, now=now)


def _tell(engine: CaseEngine, waiting: ContactCase, request: ContactRequested, *, key: str, now: datetime) -> None:
    """Another way in which it is asked for, or what is said now about whether it is wanted."""
    if _adds_something(waiting, request):
        again = replace(request, label_says=request.label_says or waiting.label_says)
        engine.submit(waiting.id, again, key=key, now=now)
        return
    says = SaysChanged(request.by, request.label_says, request.field_says, request.tone)
    if _differs(waiting, says):
        engine.submit(waiting.id, says, key=key, now=now)


def _begins(fact: object, request: ContactRequested, engine: CaseEngine) -> bool:
    """Whether it opens a request where none waits: what is said again of one that is over opens no second one."""
    if not isinstance(fact, IssueChanged) or request.label_says is True:
        return request.asks
    is_new = request.ticket is None or not engine.cases.of_ticket(CONTACT, request.ticket)
    return request.field_says is True and (fact.change is IssueChange.OPENED or is_new)


def _form_said(engine: CaseEngine, request: ContactRequested) -> bool | None:
    """What the customer answered in the form before, as the ticket's review knows."""
    reviews: list[FormAnswered] = engine.cases.of_ticket(REVIEW, request.ticket) if request.ticket is not None else []
    said = [review.form_says_contact for review in reviews]
    return said[-1] if said else None


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
        tone=Tone(fact.score.value) if fact.score is not None else None,
        remark=f"the form says {fact.contact_answer}" if says is None and is_tag else "",
        asked_at=fact.at,
    )


def _by_issue(fact: IssueChanged, policy: Policy) -> ContactRequested:
    newly = fact.labels if fact.change is IssueChange.OPENED else fact.added
    label = policy.contact.request_label
    link = IssueLink(project=fact.project, number=fact.number, title=fact.title, url=fact.url)
    return ContactRequested(
        Source.TRACKER,
        actors.TRACKER,
        _ticket(fact.title, policy),
        label_says=True if label in newly else False if label in fact.removed else None,
        field_says=None if fact.is_own else field_says(fact.description, policy.contact),
        tone=_tone(fact.title, policy),
        issue=link,
        link=fact.url,
        asked_at=fact.at,
    )


def _is_told(fact: IssueChanged, policy: Policy) -> bool:
    """Whether this may say something about contact; the desk labels and describes its own issues itself."""
    if fact.change not in {IssueChange.OPENED, IssueChange.LABELLED, IssueChange.EDITED}:
        return False
    if fact.is_own and fact.change is not IssueChange.LABELLED:
        return False
    project = policy.contact.issue_project.casefold()
    return project in {fact.project.casefold(), str(fact.project_id)}


def _tone(title: str, policy: Policy) -> Tone | None:
    """How feedback is meant, by the title of its issue."""
    accounts, titles = policy.tickets.accounts, policy.review.issue_titles
    return next((tone for tone in Tone if ticket_of_title(title, titles[tone], accounts)), None)


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
    """Whether it asks in a way that is not known yet: by a yes, or by an answer that is neither a yes nor a no."""
    if request.is_unclear:
        return case.field_says is None and not case.is_unclear
    by_label = request.label_says is True and case.label_says is None
    return by_label or (request.field_says is True and case.field_says is None)


def _differs(case: ContactCase, says: SaysChanged) -> bool:
    """Whether something said is another thing than what is known; a No says something only against a Yes."""
    by_field = says.field_says not in {None, case.field_says}
    by_label = says.label_says not in {None, case.label_says}
    return by_field or by_label or says.tone not in {None, case.tone}
