"""Asking the ticket system for new tickets, where it has no webhook that tells of them.

One case that always stands. The vendor finds a new ticket only minutes after it was opened, so each question reaches
back a while; a ticket that is found twice is passed on once. What was opened before it began is left alone.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import Field

from workflows.contract.account_effects import ReadOpened
from workflows.contract.account_port import OpenedTickets
from workflows.contract.case_effects import NotifyCase
from workflows.contract.events import (
    EffectDelayed,
    EffectDropped,
    EffectFailed,
    EffectSucceeded,
    StandingCaseOpened,
    TimerDue,
)
from workflows.contract.process import Case, Decision, Note, Process, SetTimer
from workflows.csm import new_ticket
from workflows.lib.tickets import TicketRef
from workflows.policy.csm import AccountSource
from workflows.policy.model import Policy

KIND: Final = "csm_tickets"
ASK: Final = "ask_for_tickets"
OVERLAP: Final = timedelta(minutes=15)
LOOK_AGAIN: Final = timedelta(days=1)
"""Switched off in the policy: it is looked so often whether it is on again."""


class TicketsCase(Case):
    """What has been seen of new tickets, by account of the ticket system."""

    since: dict[str, datetime] = Field(default_factory=dict)
    """From when on each account is asked next."""
    seen: dict[str, tuple[int, ...]] = Field(default_factory=dict)
    """The tickets of the overlap that were passed on."""

    @property
    def open_key(self) -> str | None:
        """There is one."""
        return KIND


def decide(case: TicketsCase, event: object, policy: Policy, now: datetime) -> Decision[TicketsCase]:
    """Decide what an event leads to."""
    match event:
        case StandingCaseOpened():
            if not _is_on(policy):  # it is tried again at the next start
                return Decision(case, refusal="New tickets come by webhook.")
            begun = case.with_(since=dict.fromkeys(policy.tickets.accounts, now))
            return Decision(begun, timers=(_next(policy, now),))
        case TimerDue():
            return _ask(case, policy, now)
        case EffectSucceeded(effect=ReadOpened() as asked, result=OpenedTickets(tickets=found)):
            return _seen(case, asked, found)
        case EffectFailed(effect=ReadOpened(account=account), sentence=sentence):
            return Decision(case, (Note("desk", f"could not ask {account} for new tickets: {sentence}"),))
        case EffectSucceeded() | EffectFailed() | EffectDelayed() | EffectDropped():
            return Decision(case)
    raise TypeError(f"Asking for tickets knows no {type(event).__name__}.")


def _is_on(policy: Policy) -> bool:
    return policy.csm.ask_every is not None and policy.csm.accounts is not AccountSource.NONE


def _next(policy: Policy, now: datetime) -> SetTimer:
    every = policy.csm.ask_every
    return SetTimer(ASK, now + (every.length if every else LOOK_AGAIN))


def _ask(case: TicketsCase, policy: Policy, now: datetime) -> Decision[TicketsCase]:
    """Ask each account for what was opened since it last answered, and a while before."""
    if not _is_on(policy):
        return Decision(case.with_(since={}), timers=(_next(policy, now),))
    known = {account: case.since.get(account, now) for account in policy.tickets.accounts}
    asks = tuple(ReadOpened(account=account, since=since - OVERLAP, until=now) for account, since in known.items())
    return Decision(case.with_(since=known), effects=asks, timers=(_next(policy, now),))


def _seen(case: TicketsCase, asked: ReadOpened, found: tuple[tuple[int, datetime], ...]) -> Decision[TicketsCase]:
    """Pass on what is new; the next question begins where this one ended."""
    account = asked.account
    known = case.seen.get(account, ())
    new = [(number, at) for number, at in found if number not in known and at > case.opened_at]
    since = max(case.since.get(account, asked.until), asked.until)
    seen = {**case.seen, account: tuple(number for number, _ in found)}
    effects = tuple(_pass_on(TicketRef(account, number), at) for number, at in new)
    return Decision(case.with_(since={**case.since, account: since}, seen=seen), effects=effects)


def _pass_on(ticket: TicketRef, at: datetime) -> NotifyCase:
    details = {"at": at.isoformat()}
    return NotifyCase(
        kind=new_ticket.KIND, key=new_ticket.new_ticket_key(ticket), purpose=new_ticket.FOUND, details=details
    )


PROCESS: Process[Any] = Process(
    kind=KIND,
    prefix="CT",
    model=TicketsCase,
    blank=lambda case_id, now: TicketsCase(id=case_id, state="standing", opened_at=now),
    decide=decide,
    standing=(KIND,),
)
