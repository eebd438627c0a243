"""The timers of feedback: one reminder for the product team, one for the submitter."""

from datetime import datetime, timedelta

from workflows.contract import channels
from workflows.contract.events import TimerDue
from workflows.contract.process import Decision, Note
from workflows.feedback import effect_results, managers, outputs
from workflows.feedback.model import FeedbackCase, FeedbackState
from workflows.lib import lateness
from workflows.policy.model import Policy


def decide(case: FeedbackCase, event: TimerDue, policy: Policy, now: datetime) -> Decision[FeedbackCase]:
    """Handle a timer that went off; a reminder says how late it is when the desk was down."""
    match event.name:
        case channels.TIMER:
            return effect_results.try_channel(case, policy, now)
        case outputs.CALL:
            return managers.follow_up(case, policy, now)
        case outputs.DRAFT_EXPIRES if case.state == FeedbackState.DRAFT:
            forgotten = case.with_(state=FeedbackState.DISCARDED, view_id=None)
            return Decision(forgotten, (Note("desk", "forgot the form: it was not sent"),))
        case outputs.ACKNOWLEDGE if case.state == FeedbackState.OPEN and not case.acknowledged:
            return _remind_product_team(case, event, policy, now)
        case outputs.TELL_CUSTOMER if case.state == FeedbackState.OPEN and not case.customer_told:
            reminded = _late(case, outputs.TELL_CUSTOMER_REMINDER, event.late)
            reminded = outputs.reminded(reminded, outputs.TELL_CUSTOMER, now)
            note = Note("desk", "reminded the submitter to tell the customer")
            return Decision(
                reminded, (note,), (outputs.remind_submitter(reminded), outputs.show_confirmation(reminded))
            )
    return Decision(case)


def _remind_product_team(case: FeedbackCase, event: TimerDue, policy: Policy, now: datetime) -> Decision[FeedbackCase]:
    """Remind in the card's thread. Somebody may have deleted the card: it has to stand before."""
    card = outputs.show_card(case, policy)
    if not card:
        return Decision(case, (Note("desk", "could not remind the product team: no channel takes the card"),))
    reminder = outputs.remind_product_team(outputs.card_place(case, policy))
    reminded = outputs.reminded(_late(case, outputs.ACKNOWLEDGE_REMINDER, event.late), outputs.ACKNOWLEDGE, now)
    return Decision(reminded, (Note("desk", "reminded the product team"),), (*card, reminder))


def _late(case: FeedbackCase, slot: str, late: timedelta) -> FeedbackCase:
    return case.with_(reminders_late={**case.reminders_late, slot: lateness.minutes(late)}) if late else case
