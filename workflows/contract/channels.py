"""A channel that cannot be written to: one answer for all processes.

The case goes on somewhere else, which is its process's to say. Who needs it is told how to mend it, the admins are
told once a month, and while no channel shows the card its own is tried again, until it takes it. When Slack itself
does not work it is no channel's fault: nobody can be told, so the desk goes on trying.
"""

from datetime import datetime, timedelta

from workflows.contract.alerts import alert_admins
from workflows.contract.events import EffectFailed, Failure
from workflows.contract.message_effects import Say, ShowCard
from workflows.contract.process import CancelTimer, Case, CaseT, Decision, Note, SetTimer
from workflows.policy.model import Policy

TIMER = "channel"
"""When the channel is tried again."""
_SELDOMEST = timedelta(days=1)


def trouble(place: str, event: EffectFailed) -> str:
    """Why a channel cannot be written to, and how to mend it."""
    match event.code:
        case "not_in_channel" | "channel_not_found":
            return f"I am not in {place}, or it does not exist. Somebody in it can type `/invite` and my name there."
        case "is_archived" | "is_inactive":
            return f"{place} is archived. Another channel has to be set in the policy."
        case _:
            return f"I could not post in {place}: {event.sentence}"


def is_slack_away(event: EffectFailed) -> bool:
    """Whether Slack itself does not work: no other channel would take it either."""
    return event.failure in {Failure.GAVE_UP, Failure.MISCONFIGURED}


def keep_trying(case: CaseT, message: Say | ShowCard, event: EffectFailed) -> Decision[CaseT]:
    """Slack itself does not work: send it once more, with tries of its own."""
    note = Note("desk", f"goes on trying to write to {message.to.name}: {event.sentence}")
    return Decision(case, (note,), (message.model_copy(update={"once": None}),))  # its key is used up


def shut(case: CaseT, place: str, event: EffectFailed, policy: Policy, now: datetime) -> Decision[CaseT]:
    """The channel does not take the card: a note, the admins told, and the time of the next try."""
    note = Note("desk", f"could not post in {place}: {event.sentence}")
    alert = alert_admins(policy, trouble(place, event), now, f"channel:{place}")
    return Decision(case, (note,), alert, (next_try(case, policy, now),))


def next_try(case: Case, policy: Policy, now: datetime) -> SetTimer:
    """The channel is tried again after a while: soon at first, less often the longer it lasts, each day at least."""
    soon, seldom = policy.delivery.channel_retry_every.length, min((now - case.opened_at) / 4, _SELDOMEST)
    return SetTimer(TIMER, now + max(soon, seldom))


def open_again(case: CaseT, place: str) -> Decision[CaseT]:
    """The channel takes the card again."""
    return Decision(case, (Note("desk", f"can write to {place} again"),), timers=(CancelTimer(TIMER),))
