"""What may be a request: it is asked in the thread of its message, and opened by the answer.

A request that only lacks its ticket is opened without it when nobody answers: it shall not be forgotten.
"""

from datetime import datetime

from workflows.contact import outputs, requests, texts
from workflows.contact.events import ContactRequested, DoubtSettled, OriginDeleted, RequestDoubted, TicketNamed
from workflows.contact.model import ORIGIN, UNANSWERED, ContactCase, ContactState, Doubt
from workflows.contract.events import TimerDue
from workflows.contract.process import CancelTimer, Decision, Note, SetTimer
from workflows.contract.values import Stamp
from workflows.lib import business_time
from workflows.policy.model import Policy

DESK = "desk"


def decide(
    case: ContactCase,
    event: RequestDoubted | DoubtSettled | OriginDeleted | TicketNamed | TimerDue,
    policy: Policy,
    now: datetime,
) -> Decision[ContactCase]:
    """Handle what a person says to a message that may be a request."""
    match event:
        case RequestDoubted() if case.state == ContactState.NEW:
            return _ask(case, event, policy, now)
        case DoubtSettled(is_request=True, other=None) if case.state in {ContactState.QUESTION, ContactState.DISMISSED}:
            return _open(case, event.by, Note(event.by, "said that it is a request"), policy, now)
        case DoubtSettled(by=by, other=str(other)) if case.state in {ContactState.QUESTION, ContactState.DISMISSED}:
            return _dismissed(case.with_(merged_into=other), Note(by, f"added it to {other}"), policy, now)
        case DoubtSettled(by=by, is_request=False) if case.state == ContactState.QUESTION:
            return _dismissed(case, Note(by, "said that it is no request"), policy, now)
        case OriginDeleted() if case.state == ContactState.QUESTION:
            return _dismissed(case, Note(DESK, "asks no more: its message was deleted"), policy, now)
        case TimerDue() if case.state == ContactState.QUESTION:
            return _open(case, DESK, Note(DESK, "opened it: nobody has named the ticket"), policy, now)
        case TicketNamed(by=by, ticket=ticket) if case.doubt is Doubt.TICKET:
            return _open(case.with_(ticket=ticket), by, Note(by, f"named the ticket: {ticket}"), policy, now)
        case TicketNamed(by=by, ticket=ticket):
            named = case.with_(ticket=ticket)
            return Decision(named, (Note(by, f"named the ticket: {ticket}"),), outputs.refresh(named, policy))
        case TimerDue() | OriginDeleted():
            return Decision(case)
        case _:
            return Decision(case, refusal=_settled_sentence(case, policy))


def as_request(case: ContactCase) -> ContactRequested:
    """What was asked about, as a request."""
    said = case.origins[0]
    return ContactRequested(
        said.source,
        said.by,
        case.ticket,
        words=said.words,
        link=said.link,
        remark=said.remark,
        asked_at=case.asked_at,
        origin=case.messages.get(ORIGIN),
    )


def _ask(case: ContactCase, event: RequestDoubted, policy: Policy, now: datetime) -> Decision[ContactCase]:
    request = event.request
    known = requests.with_what_it_says(case, request, now).with_(
        state=ContactState.QUESTION, doubt=event.doubt, asked_at=min(request.asked_at or now, now)
    )
    known = known.with_message(ORIGIN, request.origin) if request.origin else known
    note = Note(DESK, "asked whether this is a request" if event.doubt is Doubt.WISH else "asked which ticket it is")
    at = business_time.due(now, policy.contact.unclaimed_after, policy.calendars)
    timers = (SetTimer(UNANSWERED, at),) if event.doubt is Doubt.TICKET else ()
    return Decision(known, (note,), outputs.refresh(known, policy), timers)


def _open(case: ContactCase, by: str, note: Note, policy: Policy, now: datetime) -> Decision[ContactCase]:
    """The clock counts from when it was written, not from when somebody answered."""
    settled = case.with_(settled=Stamp(by=by, at=now))
    opened = requests.opened(settled, as_request(settled), policy, now)
    return opened.and_(
        notes=(note,), effects=outputs.show_question(opened.case, policy), timers=(CancelTimer(UNANSWERED),)
    )


def _dismissed(case: ContactCase, note: Note, policy: Policy, now: datetime) -> Decision[ContactCase]:
    over = case.with_(state=ContactState.DISMISSED, settled=Stamp(by=note.actor, at=now))
    return Decision(over, (note,), outputs.refresh(over, policy), (CancelTimer(),))


def _settled_sentence(case: ContactCase, policy: Policy) -> str:
    if case.is_over:
        return texts.is_over_sentence(case, policy)
    return f"{case.id} is a request already. *Cancel* on its card takes it back."
