"""What a body somebody typed into a trigger says: the ticket system is asked before anything is done on its account.

Such a body is filled in with a customer's words. So only the ticket and the kind of thing are taken from it; the rest
is what the ticket system answers, taken in as the same facts as if it had told them.
"""

from datetime import datetime
from typing import Final

from workflows.contract.alerts import alert_admins
from workflows.contract.engine import CaseEngine, open_or_submit
from workflows.contract.events import (
    EffectDelayed,
    EffectDropped,
    EffectFailed,
    EffectSucceeded,
    Failure,
    NewsTaken,
)
from workflows.contract.facts import IncomingFact, TicketClaimed
from workflows.contract.news_effects import CheckTicket
from workflows.contract.process import Case, Decision, Note, Process
from workflows.policy.model import Policy

KIND: Final = "ticket_checks"
MAY_WORK_LATER = (Failure.GAVE_UP, Failure.MISCONFIGURED)


class ChecksCase(Case):
    """One case for all that is checked: its timeline holds what did not turn out to be so."""

    @property
    def open_key(self) -> str | None:
        """There is one."""
        return KIND


def check_claims(engine: CaseEngine, incoming: IncomingFact, now: datetime) -> None:
    """Have the ticket system asked about what is only said of it."""
    if isinstance(incoming.fact, TicketClaimed):
        open_or_submit(engine, KIND, incoming.fact, key=f"{incoming.key}:{KIND}", now=now)


def decide(case: ChecksCase, event: object, policy: Policy, now: datetime) -> Decision[ChecksCase]:
    """Decide what to check, and what a check comes to."""
    match event:
        case TicketClaimed() as claim:
            check = CheckTicket(
                ticket=claim.ticket, at=min(claim.at, now), is_feedback=claim.change is None, answer=claim.answer
            )
            return Decision(case, effects=(check,))
        case EffectSucceeded(effect=CheckTicket() as check, result=NewsTaken(told=0)):
            what = "feedback on" if check.is_feedback else "a change of"
            return Decision(case, (Note("desk", f"was told of {what} ticket {check.ticket}, which shows none"),))
        case EffectFailed(effect=CheckTicket() as check, failure=failure, sentence=sentence):
            note = Note("desk", f"could not check ticket {check.ticket}: {sentence}")
            if failure in {Failure.NOT_FOUND, Failure.REFUSED}:
                return Decision(case, (note,))
            said = (
                f"I was told of something that happened to ticket {check.ticket}, and cannot ask about it: {sentence} "
                "Until I can, nothing follows from it. Please look at the ticket."
            )
            again = (check,) if failure in MAY_WORK_LATER else ()
            return Decision(case, (note,), (*again, *alert_admins(policy, said, now, f"check:{failure}")))
        case EffectSucceeded() | EffectFailed() | EffectDelayed() | EffectDropped():
            return Decision(case)
    raise TypeError(f"Checking tickets knows no {type(event).__name__}.")


PROCESS: Process[ChecksCase] = Process(
    kind=KIND,
    prefix="TC",
    model=ChecksCase,
    blank=lambda case_id, now: ChecksCase(id=case_id, state="standing", opened_at=now),
    decide=decide,
    handles=(TicketClaimed,),
)
