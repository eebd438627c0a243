"""What has to happen to a manager-contact request: one pure function, `decide`.

Source: the handbook's page "Satisfaction (SSAT) review and responding". One module a stage: how it arrives, whose it
is, what managers do, the reminders, and what the outside answers.
"""

from dataclasses import replace
from datetime import datetime

from workflows.contact import (
    assignment,
    doubts,
    effect_results,
    exporting,
    manager_actions,
    model,
    outputs,
    reminders,
    requests,
    review,
    vendor_updates,
)
from workflows.contact.events import (
    ContactRequested,
    DoubtSettled,
    ExportAsked,
    OriginDeleted,
    Reassigned,
    ReassignedToDuty,
    RequestDoubted,
    SaysChanged,
    TicketNamed,
)
from workflows.contact.model import URGING, ContactCase, ContactState, NoticeKind
from workflows.contract import channels
from workflows.contract.effects import Effect
from workflows.contract.events import (
    CaseNotified,
    EffectDelayed,
    EffectDropped,
    EffectFailed,
    EffectSucceeded,
    TimerDue,
)
from workflows.contract.facts import IssueChanged, TicketChanged
from workflows.contract.message_effects import Say, ShowCard
from workflows.contract.page_effects import AskWhoIsOnDuty
from workflows.contract.process import CancelTimer, Decision, SetTimer
from workflows.policy.model import Policy

URGENT_WORDS = frozenset(
    {
        "assigned_notice",
        "nobody_notice",
        "overdue_notice",
        "reminder_notice",
        "taken_up_notice",
        "unclaimed_notice",
        "unreachable_notice",
    }
)
"""Messages that nobody needs once the customer was contacted, or the request cancelled."""


def decide(case: ContactCase, event: object, policy: Policy, now: datetime) -> Decision[ContactCase]:
    """Decide what an event changes. Pure: it reads nothing but its arguments and touches nothing."""
    if isinstance(event, ExportAsked):
        return exporting.asked(case, event)
    decision = _decide(case, event, policy, now)
    gone = event.name if isinstance(event, TimerDue) else None
    return decision if decision.refusal is not None else _with_promises(decision, gone)


def _with_promises(decision: Decision[ContactCase], gone: str | None) -> Decision[ContactCase]:
    """The case knows its timers, so that what is shown of them is never another time than theirs."""
    timers = {name: at for name, at in decision.case.timers.items() if name != gone}
    for change in decision.timers:
        match change:
            case SetTimer(name, at):
                timers[name] = at
            case CancelTimer(str() as name):
                timers.pop(name, None)
            case CancelTimer():
                timers = {}
    return decision if timers == decision.case.timers else replace(decision, case=decision.case.with_(timers=timers))


def _decide(case: ContactCase, event: object, policy: Policy, now: datetime) -> Decision[ContactCase]:
    match event:
        case ContactRequested() | SaysChanged():
            return requests.decide(case, event, policy, now)
        case RequestDoubted() | DoubtSettled() | OriginDeleted() | TimerDue(name=model.UNANSWERED):
            return doubts.decide(case, event, policy, now)
        case TicketNamed() if case.state == ContactState.QUESTION:
            return doubts.decide(case, event, policy, now)
        case CaseNotified():
            return review.notified(case, event, policy, now)
        case EffectSucceeded() | EffectFailed() | EffectDelayed() | EffectDropped():
            return effect_results.decide(case, event, policy, now)
        case TimerDue(name=channels.TIMER):
            return effect_results.try_channel(case, policy, now)
        case TimerDue():
            return reminders.decide(case, event, policy, now)
        case TicketChanged() | IssueChanged():
            return vendor_updates.decide(case, event, policy)
        case Reassigned() | ReassignedToDuty() if case.state in {ContactState.OPEN, ContactState.CLAIMED}:
            return assignment.decide(case, event, policy, now)
        case _:
            return manager_actions.decide(case, event, policy, now)


def wanted(case: ContactCase, effect: Effect, _policy: Policy) -> bool:
    """Whether an effect is still wanted when its turn comes: nobody is reminded of what is done or no longer theirs."""
    match effect:
        case Say(what="unclaimed_notice"):
            return case.state == ContactState.OPEN
        case Say(what=what):
            return not (case.is_over and what in URGENT_WORDS)
        case AskWhoIsOnDuty():
            return not case.is_over
        case ShowCard(slot=slot) if slot not in {outputs.CARD, outputs.QUESTION} and slot not in case.messages:
            return not case.is_over and _is_meant(case, slot)
        case _:
            return True


def _is_meant(case: ContactCase, slot: str) -> bool:
    notice = case.notices.get(slot)
    if notice is None or notice.kind is NoticeKind.ASSIGNED:
        return notice is not None and notice.to == case.owner
    return notice.kind not in URGING or notice.to in {case.assignee, case.owner}
