"""The effects and timers that several rules need, each by a name that says what a person sees of it."""

from collections.abc import Iterable
from datetime import datetime

from workflows.contact import model, schedule
from workflows.contact.model import OVERDUE, REMIND, SNOOZED, UNCLAIMED, ContactCase, ContactState, Notice, NoticeKind
from workflows.contract.effect_base import Urgency
from workflows.contract.effects import Effect
from workflows.contract.message_effects import Place, Say, ShowCard, dm
from workflows.contract.message_effects import channel as to_channel
from workflows.contract.page_effects import AskWhoIsOnDuty
from workflows.contract.process import CancelTimer, SetTimer
from workflows.policy.model import Policy

CARD = model.CARD
ORIGIN = model.ORIGIN
QUESTION = model.QUESTION
UNCARDED = (ContactState.NEW, ContactState.QUESTION, ContactState.DISMISSED)
"""The states in which it is no request, and has no card."""

OWNER = "owner"
REASSIGN = "reassign"
BACKUP = "backup"
STAND_IN = "stand_in"

TRIES = 4
"""So often the schedule is asked whose it is, over some seconds: a moment's trouble shall not name another owner."""

MOST_NOTIFIED = 5
"""So many members of a group are written to one by one when no channel can be used."""


def card_place(policy: Policy) -> Place:
    """Where the card stands."""
    return to_channel(policy.contact.channel)


def show_card(policy: Policy) -> Effect:
    """Show the card in its channel; before everything else, for people wait for it."""
    return ShowCard(slot=CARD, to=card_place(policy), urgency=Urgency.ANSWER)


def refresh(case: ContactCase, policy: Policy) -> tuple[Effect, ...]:
    """Show what changed wherever the case is shown: on the card, in every private message, where it was asked about."""
    card = () if case.state in UNCARDED else (show_card(policy),)
    return (*card, *(_show(slot, notice) for slot, notice in case.notices.items()), *show_question(case, policy))


def show_question(case: ContactCase, policy: Policy) -> tuple[Effect, ...]:
    """Show what is asked, in the thread of the message it was read from, and what became of it."""
    if case.doubt is None or ORIGIN not in case.messages:
        return ()
    return (ShowCard(slot=QUESTION, to=card_place(policy), thread_of=ORIGIN, urgency=Urgency.ANSWER),)


def notify(
    case: ContactCase,
    kind: NoticeKind,
    to: str,
    *,
    percent: int = 0,
    late_minutes: int = 0,
    snoozed_by: str | None = None,
) -> tuple[ContactCase, tuple[Effect, ...]]:
    """Write to somebody privately, in a message of its own, which rings; returns the case that knows of it."""
    slot = f"{kind}:{len(case.notices) + 1}:{to}"
    notice = Notice(kind=kind, to=to, percent=percent, late_minutes=late_minutes, snoozed_by=snoozed_by)
    return case.with_notice(slot, notice), (_show(slot, notice),)


def _show(slot: str, notice: Notice) -> Effect:
    return ShowCard(slot=slot, to=dm(notice.to), urgency=Urgency.ESCALATION)


def in_thread(case: ContactCase, policy: Policy, what: str, people: Iterable[str], **details: object) -> list[Effect]:
    """Mention people in the thread of the card; where there is no channel, write to each of them."""
    mentioned = tuple(dict.fromkeys(people))
    more = {**details, "people": list(mentioned), "group": case.fallback_group}
    if case.channel_trouble is None:
        return [_say(what, card_place(policy), more, thread_of=CARD)]
    candidates = ([*mentioned], [*case.fallback_members], [*policy.admins])
    reached = ([person for person in people if person not in case.unreachable] for people in candidates)
    recipients = next((found[:MOST_NOTIFIED] for found in reached if found), [])
    return [_say(what, dm(person), more) for person in recipients]


def answer_in_thread(slot: str, policy: Policy, what: str = "taken_up_notice") -> Say:
    """Answer the message a request was read from, so that its author knows."""
    return Say(what=what, to=card_place(policy), thread_of=slot)


def _say(what: str, to: Place, details: dict[str, object], thread_of: str | None = None) -> Effect:
    return Say(what=what, to=to, thread_of=thread_of, details=details, urgency=Urgency.ESCALATION)


def inform(people: Iterable[str], what: str, *, but: str, **details: str) -> tuple[Effect, ...]:
    """Tell people by DM, in a message that rings; not who did it themselves."""
    return tuple(Say(what=what, to=dm(person), details=details) for person in sorted(people) if person != but)


def ask_who_is_on_duty(purpose: str, skip: Iterable[str] = (), at: datetime | None = None) -> Effect:
    """Ask who is on duty now, or was at a time."""
    tries = TRIES if purpose in {OWNER, REASSIGN} else 1
    return AskWhoIsOnDuty(purpose=purpose, skip=tuple(skip), at=at, tries=tries, urgency=Urgency.ESCALATION)


def reminder_timers(
    case: ContactCase, policy: Policy, now: datetime, quiet_until: datetime | None = None
) -> tuple[SetTimer | CancelTimer, ...]:
    """The reminders in percent, worked out anew for who has it now; all but the last one leave out a quiet time."""
    planned = {
        one.percent: one.at
        for one in schedule.to_come(case, policy, now)
        if quiet_until is None or one.at >= quiet_until or schedule.is_last(one, policy)
    }
    return tuple(
        SetTimer(f"{REMIND}:{percent}", planned[percent]) if percent in planned else CancelTimer(f"{REMIND}:{percent}")
        for percent in policy.contact.remind_at
    )


def unclaimed_timer(now: datetime, case: ContactCase, policy: Policy) -> SetTimer:
    """When the owner is mentioned if nobody has claimed it, counted from now."""
    return SetTimer(UNCLAIMED, schedule.unclaimed_at(now, case, policy))


def new_reader_timers(case: ContactCase, policy: Policy, now: datetime) -> tuple[SetTimer | CancelTimer, ...]:
    """The timers of somebody who has it from now on: nothing is snoozed for them, and their hours count."""
    if case.overdue_since is not None:
        return (CancelTimer(SNOOZED), SetTimer(OVERDUE, schedule.next_overdue(now, case, policy)))
    return (CancelTimer(SNOOZED), *reminder_timers(case, policy, now))
