"""What has to happen to customer feedback: one pure function, `decide`.

Source: the handbook's page "Feedback and Complaints". One module a stage: the draft, the open case, the manager
who is called, and what the outside answers.
"""

from datetime import datetime

from workflows.contract.effects import Effect
from workflows.contract.events import EffectDelayed, EffectDropped, EffectFailed, EffectSucceeded, TimerDue
from workflows.contract.message_effects import ShowCard
from workflows.contract.process import Decision
from workflows.feedback import drafting, effect_results, managers, open_case, outputs, reminders
from workflows.feedback.model import (
    Confirmed,
    Discarded,
    Drafted,
    FeedbackCase,
    FeedbackState,
    FormClosed,
    ManagerCalled,
    ManagerTook,
    ModalClosed,
)
from workflows.policy.model import Policy


def decide(case: FeedbackCase, event: object, policy: Policy, now: datetime) -> Decision[FeedbackCase]:
    """Decide what an event changes. Pure: it reads nothing but its arguments and touches nothing."""
    match event:
        case EffectDropped():
            return effect_results.dropped(case, event, policy)
        case EffectSucceeded() | EffectFailed() | EffectDelayed():
            return effect_results.decide(case, event, policy, now)
        case TimerDue():
            return reminders.decide(case, event, policy, now)
        case Drafted() | FormClosed() | ModalClosed() | Discarded() | Confirmed():
            return drafting.decide(case, event, policy, now)
        case ManagerCalled() | ManagerTook():  # also while it is a draft: somebody may need help at once
            return managers.decide(case, event, policy, now)
        case _:
            return open_case.decide(case, event, policy, now)


def wanted(case: FeedbackCase, effect: Effect, policy: Policy) -> bool:
    """Whether an effect is still wanted: no card where it has left, no reminder of what was done, no taken call."""
    match effect:
        case ShowCard(slot=outputs.CARD, to=to):
            return to == outputs.card_place(case, policy)
        case ShowCard(slot=outputs.ACKNOWLEDGE_REMINDER as slot, to=to) if slot not in case.messages:
            return case.state == FeedbackState.OPEN and not case.acknowledged and to == outputs.card_place(case, policy)
        case ShowCard(slot=outputs.TELL_CUSTOMER_REMINDER as slot) if slot not in case.messages:
            return case.state == FeedbackState.OPEN and not case.customer_told
        case ShowCard(slot=slot) if slot.startswith(f"{outputs.CALL}:") and slot not in case.messages:
            return case.call is None or case.call.taken is None
    return True
