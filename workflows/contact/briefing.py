"""The engineer who goes on with the ticket: told by direct message, and made its assignee. Said once it is done.

Source: the handbook's page "Satisfaction (SSAT) review and responding", "If the customer should be contacted": a reply
on the ticket only where it was not adequately resolved, and then an engineer is assigned and briefed.
"""

from typing import Final

from workflows.contact import outputs
from workflows.contact.model import ContactCase
from workflows.contract import actors
from workflows.contract.effects import Effect
from workflows.contract.events import EffectFailed, Failure
from workflows.contract.message_effects import Say, dm
from workflows.contract.process import Decision, Note
from workflows.contract.ticket_effects import AssignTicket
from workflows.contract.values import DONE, PENDING, VendorTask, failed
from workflows.policy.model import Policy

BRIEFING: Final = "briefing"


def begin(case: ContactCase) -> tuple[ContactCase, tuple[Effect, ...]]:
    """Tell them, and assign the ticket; nothing where nobody was named."""
    who = case.contacted.briefed if case.contacted else None
    if who is None:
        return case, ()
    told = Say(what=BRIEFING, to=dm(who))
    if case.ticket is None:
        return case.with_(brief_job=PENDING), (told,)
    begun = case.with_(brief_job=PENDING, assign_job=PENDING)
    return begun, (told, AssignTicket(ticket=case.ticket, person=who))


def succeeded(case: ContactCase, effect: Say | AssignTicket, policy: Policy) -> Decision[ContactCase]:
    """The engineer was told, or the ticket assigned: the card says so."""
    if isinstance(effect, AssignTicket):
        done, note = case.with_(assign_job=DONE), Note(actors.TICKETS, f"assigned the ticket to <@{effect.person}>")
    else:
        done, note = case.with_(brief_job=DONE), Note("desk", f"briefed <@{effect.to.user}>")
    return Decision(done, (note,), outputs.refresh(done, policy))


def not_done(case: ContactCase, event: EffectFailed, policy: Policy) -> Decision[ContactCase]:
    """Who named them is told what to do by hand."""
    is_assigning = isinstance(event.effect, AssignTicket)
    stuck = case.with_(**{"assign_job" if is_assigning else "brief_job": _trouble(event, is_assigning=is_assigning)})
    what = "did not assign the ticket" if is_assigning else "could not brief the engineer"
    note = Note(actors.TICKETS if is_assigning else "desk", f"{what}: {event.sentence}")
    by = case.contacted.by if case.contacted else None
    told = (
        outputs.inform((by,), "assign_failed_notice" if is_assigning else "brief_failed_notice", but="") if by else ()
    )
    return Decision(stuck, (note,), (*outputs.refresh(stuck, policy), *told))


def _trouble(event: EffectFailed, *, is_assigning: bool) -> VendorTask:
    if is_assigning and event.failure is Failure.NOT_CONNECTED:
        return failed("The ticket system is not connected here. Please assign the ticket by hand.")
    by_hand = "Please assign the ticket by hand." if is_assigning else "Please brief them yourself."
    return failed(f"{event.sentence} {by_hand}")
