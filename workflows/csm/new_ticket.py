"""A new ticket: who it is from, whose account that is, and who of us looks after it.

Source: the handbook's page "CSM and Support Interaction", "Support Ticket Notifications". One case a ticket: told of
twice, or found by asking as well, it is passed on once; and while nobody can say whose it is, it waits.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from workflows.contract.account_effects import FindAccounts, ReadOrigin
from workflows.contract.account_port import Account, AccountList, Organization, TicketOrigin
from workflows.contract.alerts import alert_admins
from workflows.contract.case_effects import NotifyCase
from workflows.contract.effects import Effect
from workflows.contract.events import (
    CaseNotified,
    EffectDelayed,
    EffectDropped,
    EffectFailed,
    EffectSucceeded,
    Failure,
    TimerDue,
)
from workflows.contract.facts import TicketOpened
from workflows.contract.links import ticket_of
from workflows.contract.process import Case, Decision, Note, Process, SetTimer
from workflows.contract.values import Frozen
from workflows.csm import gaps, notices
from workflows.lib.tickets import TicketRef
from workflows.policy.model import Policy

KIND: Final = "new_ticket"
PREFIX: Final = "NT"
FOUND: Final = "found"
"""To a new ticket: it was found by asking. Details: `at` (ISO)."""
TRY_AGAIN: Final = "try_again"
EVERY: Final = timedelta(minutes=30)
"""Given up by the delivery, the question is put again after this time."""
FOR_SO_LONG: Final = timedelta(days=7)
"""Nobody wants to hear of a ticket that is older than this."""


class NewTicketState(StrEnum):
    """Where a new ticket stands."""

    NEW = "new"
    """Before its first event."""
    LOOKING = "looking"
    """It is being found out whose it is."""
    PASSED_ON = "passed_on"
    NOBODYS = "nobodys"
    """It is from no customer with an account, or nobody looks after it."""


class Origin(Frozen):
    """Who a ticket is from, as far as a customer success manager has to know."""

    subject: str
    opened_at: datetime
    contact_name: str = ""
    contact_email: str = ""
    organization: str = ""
    organization_id: int | None = None
    account_id: str = ""
    """The account's id, as the ticket system has it; empty where it has none."""


class NewTicketCase(Case):
    """A new ticket. `waited` says that an answer was late in coming.

    It is `about` the ticket and does not follow it: what happens to it later is nothing to its timeline.
    """

    about: TicketRef | None = None
    origin: Origin | None = None
    waited: bool = False

    @property
    def open_key(self) -> str | None:
        """One for a ticket, for good."""
        return new_ticket_key(self.about) if self.about else None

    @property
    def is_over(self) -> bool:
        """Whether it was passed on, or there is nobody to pass it on to."""
        return self.state in {NewTicketState.PASSED_ON, NewTicketState.NOBODYS}


def new_ticket_key(ticket: TicketRef) -> str:
    """The open key of a new ticket."""
    return f"{KIND}:{ticket.key}"


def decide(case: NewTicketCase, event: object, policy: Policy, now: datetime) -> Decision[NewTicketCase]:
    """Decide what an event leads to. Pure: it reads nothing but its arguments and touches nothing."""
    match event:
        case TicketOpened(ticket=ticket) if case.state == NewTicketState.NEW:
            return _begun(case, ticket)
        case CaseNotified(purpose=purpose) if purpose == FOUND and case.state == NewTicketState.NEW:
            return _begun(case, ticket_of(event))
        case EffectSucceeded(effect=ReadOrigin(), result=TicketOrigin() as origin):
            return _known(case, origin, policy)
        case EffectSucceeded(effect=FindAccounts() as asked, result=AccountList() as found):
            return _looked_up(case, asked, found)
        case EffectDelayed(effect=ReadOrigin() | FindAccounts()) if not case.is_over:
            return _waits(case, event, policy, now)
        case EffectFailed(effect=ReadOrigin() | FindAccounts()) if not case.is_over:
            return _failed(case, event, now)
        case TimerDue() if not case.is_over and case.about is not None:
            return Decision(case, effects=(_next_question(case, case.about),))
        case (
            TicketOpened()
            | CaseNotified()
            | TimerDue()
            | EffectSucceeded()
            | EffectFailed()
            | EffectDelayed()
            | EffectDropped()
        ):
            return Decision(case)
    raise TypeError(f"A new ticket knows no {type(event).__name__}.")


def _begun(case: NewTicketCase, ticket: TicketRef) -> Decision[NewTicketCase]:
    begun = case.with_(state=NewTicketState.LOOKING, about=ticket)
    return Decision(begun, effects=(ReadOrigin(ticket=ticket),))


def _known(case: NewTicketCase, origin: TicketOrigin, policy: Policy) -> Decision[NewTicketCase]:
    organization, ticket = origin.organization, origin.ticket
    if organization is None or ticket.is_suspended or case.about is None:
        why = "spam" if ticket.is_suspended else "from nobody with an organisation"
        return _over(case, NewTicketState.NOBODYS, f"passed it on to nobody: it is {why}")
    known = case.with_(
        origin=Origin(
            subject=ticket.subject,
            opened_at=origin.created_at,
            contact_name=ticket.requester_name or "",
            contact_email=ticket.requester_email or "",
            organization=organization.name,
            organization_id=organization.id,
            account_id=account_id(organization, policy),
        )
    )
    return Decision(known, effects=(_next_question(known, case.about),))


def account_id(organization: Organization, policy: Policy) -> str:
    """The id of an organisation's account, as the ticket system has it; empty where it has none."""
    name = policy.csm.organization_fields.account
    return organization.external_id if name == "external_id" else organization.fields.get(name, "")


def _waits(case: NewTicketCase, event: EffectDelayed, policy: Policy, now: datetime) -> Decision[NewTicketCase]:
    """A system does not answer: the lead is told once a day, and the admins where it is set up wrongly."""
    down = NotifyCase(kind=gaps.KIND, key=gaps.KIND, purpose=gaps.DOWN, details={"sentence": event.sentence})
    alert = alert_admins(policy, event.sentence, now, event.effect.lane) if event.settings else ()
    return Decision(case.with_(waited=True), (Note("desk", f"waits: {event.sentence}"),), (down, *alert))


def _next_question(case: NewTicketCase, ticket: TicketRef) -> Effect:
    """By the account's id where there is one; two accounts may bear one name."""
    if case.origin is None:
        return ReadOrigin(ticket=ticket)
    if case.origin.account_id:
        return FindAccounts(ids=(case.origin.account_id,), ticket=ticket)
    return FindAccounts(name=case.origin.organization, ticket=ticket)


def _looked_up(case: NewTicketCase, asked: FindAccounts, found: AccountList) -> Decision[NewTicketCase]:
    origin, ticket = case.origin, case.about
    if origin is None or ticket is None or case.is_over:
        return Decision(case)
    if not found.accounts and asked.ids:  # the id leads nowhere: the name may
        return Decision(case, effects=(FindAccounts(name=origin.organization, ticket=ticket),))
    managers = {one.csm_email for one in found.accounts}
    if not managers:
        return _gap(case, gaps.Reason.NO_ACCOUNT, origin.organization, ticket)
    if len(managers) > 1 or found.more:
        return _gap(case, gaps.Reason.SEVERAL, origin.organization, ticket)
    account = found.accounts[0]
    if not account.csm_email:
        return _gap(case, gaps.Reason.NO_CSM, account.name, ticket)
    tell = notices.tell(account.csm_email, notice_of(origin, ticket, account, found.case_url, late=case.waited))
    return _over(
        case, NewTicketState.PASSED_ON, f"told {account.csm_name or account.csm_email}, who has {account.name}", tell
    )


def notice_of(origin: Origin, ticket: TicketRef, account: Account, case_url: str, *, late: bool) -> notices.Notice:
    """What a customer success manager is told."""
    return notices.Notice(
        ticket=ticket,
        subject=origin.subject,
        opened_at=origin.opened_at,
        contact_name=origin.contact_name,
        contact_email=origin.contact_email,
        account_id=account.id,
        account=account.name,
        account_url=account.url,
        case_url=case_url,
        organization_id=origin.organization_id,
        late=late,
    )


def _gap(case: NewTicketCase, reason: gaps.Reason, name: str, ticket: TicketRef) -> Decision[NewTicketCase]:
    return _over(case, NewTicketState.NOBODYS, f"told nobody: {gaps.WHY[reason]}", gaps.tell(reason, name, ticket))


def _failed(case: NewTicketCase, event: EffectFailed, now: datetime) -> Decision[NewTicketCase]:
    """What was given up is asked again for a week; what will never work is not."""
    if event.failure in {Failure.GAVE_UP, Failure.MISCONFIGURED} and now - case.opened_at < FOR_SO_LONG:
        return Decision(case.with_(waited=True), timers=(SetTimer(TRY_AGAIN, now + EVERY),))
    return _over(case, NewTicketState.NOBODYS, f"told nobody: {event.sentence}")


def _over(case: NewTicketCase, state: NewTicketState, what: str, *effects: Effect) -> Decision[NewTicketCase]:
    return Decision(case.with_(state=state), (Note("desk", what),), effects)


def blank(case_id: str, now: datetime) -> NewTicketCase:
    """A case before its first event."""
    return NewTicketCase(id=case_id, state=NewTicketState.NEW, opened_at=now)


PROCESS: Process[Any] = Process(
    kind=KIND, prefix=PREFIX, model=NewTicketCase, blank=blank, decide=decide, handles=(TicketOpened,)
)
