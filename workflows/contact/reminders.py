"""The timers of manager contact: nobody is forgotten, nobody is flooded, and nobody is woken without need."""

from datetime import datetime

from workflows.contact import model, outputs, schedule, texts
from workflows.contact.model import ContactCase, ContactState, NoticeKind
from workflows.contact.schedule import Planned
from workflows.contract.alerts import alert_admins
from workflows.contract.effects import Effect
from workflows.contract.events import TimerDue
from workflows.contract.process import CancelTimer, Decision, Note, SetTimer
from workflows.lib.lateness import minutes, minutes_late, noted
from workflows.policy.model import Policy


def decide(case: ContactCase, event: TimerDue, policy: Policy, now: datetime) -> Decision[ContactCase]:
    """Handle a timer that went off; a late one says so, and one that came too late is left out."""
    if case.state not in {ContactState.OPEN, ContactState.CLAIMED}:
        return Decision(case)
    name, _, percent = event.name.partition(":")
    match name:
        case model.REMIND:
            return _remind(case, int(percent), policy, now)
        case model.UNCLAIMED if case.state == ContactState.OPEN and not _is_overdue(case, now):
            return _unclaimed(case, event, policy)
        case model.DUE if case.overdue_since is None:
            return _due(case, policy, now)
        case model.OVERDUE:
            return _overdue(case, event, policy, now)
        case model.SNOOZED:
            return _snoozed(case, event, policy, now)
    return Decision(case)


def _is_overdue(case: ContactCase, now: datetime) -> bool:
    return case.due_at is not None and now >= case.due_at


def _remind(case: ContactCase, percent: int, policy: Policy, now: datetime) -> Decision[ContactCase]:
    handled = case.with_(reminded=tuple(sorted({*case.reminded, percent})))
    planned = {one.percent: one for one in schedule.plan(case, policy)}
    mine = planned.get(percent)
    if mine is None or _is_overdue(case, now) or _is_superseded(mine, planned, now):
        note = Note("desk", f"left out the reminder at {percent} %: a later one takes its place")
        return Decision(handled, (note,), outputs.refresh(handled, policy))
    wake = now if schedule.is_last(mine, policy) else schedule.reads_at(now, case, policy)
    if wake > now:  # the desk was down until after work: wait for the morning
        timer = SetTimer(f"{model.REMIND}:{percent}", wake)
        return Decision(case, effects=outputs.refresh(case, policy), timers=(timer,))
    late = minutes_late(mine.at, now)
    awake = _awake(handled, now)
    decision = _notify_assignee(awake, NoticeKind.REMINDER, policy, percent=percent, late_minutes=late)
    return decision.and_(notes=(Note("desk", f"reminded at {percent} %{noted(late)}"),))


def _awake(case: ContactCase, now: datetime) -> ContactCase:
    """Not snoozed any more, if that is over by now."""
    is_over = case.snoozed_until is not None and case.snoozed_until <= now
    return case.with_(snoozed_until=None, snoozed_by=None) if is_over else case


def _is_superseded(mine: Planned, planned: dict[int, Planned], now: datetime) -> bool:
    """Whether a later reminder is due as well, or would be before this one could be read."""
    return any(one.at <= now for percent, one in planned.items() if percent > mine.percent)


def _unclaimed(case: ContactCase, event: TimerDue, policy: Policy) -> Decision[ContactCase]:
    """Mention the owner; not before the card could be read, from when on the time counts."""
    if case.card_at is None and case.channel_trouble is None:
        return Decision(case)
    updated = case.with_(unclaimed_notified=True)
    people = (case.owner,) if case.owner else ()
    posts = outputs.in_thread(updated, policy, "unclaimed_notice", people, late_minutes=minutes(event.late))
    note = Note("desk", f"nobody has claimed it: mentioned the owner{noted(minutes(event.late))}")
    return Decision(updated, (note,), (*outputs.refresh(updated, policy), *posts))


def _due(case: ContactCase, policy: Policy, now: datetime) -> Decision[ContactCase]:
    """The time is over: who has it, its owner, a backup and the lead are told; late, once, when the desk was down."""
    late = minutes_late(case.due_at, now) if case.due_at else 0
    overdue = case.with_(
        overdue_since=now,
        overdue_late_minutes=late,
        reminded=policy.contact.remind_at,
        snoozed_until=None,
        snoozed_by=None,
    )
    people = dict.fromkeys(person for person in (case.assignee, case.owner) if person is not None)
    effects: list[Effect] = []
    for person in people:
        if person not in case.unreachable:
            overdue, dm = outputs.notify(overdue, NoticeKind.OVERDUE, person, late_minutes=late)
            effects += dm
    overdue, lead, notes = _tell_lead(overdue, policy, now, late)
    ask = outputs.ask_who_is_on_duty(outputs.BACKUP, skip=(*people, *case.unreachable))
    timers = (
        CancelTimer(model.SNOOZED),
        CancelTimer(model.UNCLAIMED),
        SetTimer(model.OVERDUE, schedule.next_overdue(now, overdue, policy)),
    )
    note = Note("desk", f"it is overdue{noted(late)}")
    return Decision(overdue, (note, *notes), (*outputs.refresh(overdue, policy), *effects, *lead, ask), timers)


def _tell_lead(
    case: ContactCase, policy: Policy, now: datetime, late: int
) -> tuple[ContactCase, tuple[Effect, ...], tuple[Note, ...]]:
    lead = lead_of(case, policy)
    if lead is None:
        updated = alert_admins(
            policy, "A manager-contact request is overdue, and the policy names no lead (contact.lead).", now, "no_lead"
        )
        return case, updated, (Note("desk", "the policy names no lead to tell"),)
    case, effects = outputs.notify(case, NoticeKind.LEAD, lead, late_minutes=late)
    return case, effects, (Note("desk", f"told the lead, {texts.named(lead)}"),)


def lead_of(case: ContactCase, policy: Policy) -> str | None:
    """The lead of its owner, by e-mail address or Slack id, as the policy names them."""
    named = {owner.lower(): lead for owner, lead in policy.contact.leads.items()}
    for name in (case.owner, case.owner_email):
        if name and name.lower() in named:
            return named[name.lower()]
    return policy.contact.lead


def _overdue(case: ContactCase, event: TimerDue, policy: Policy, now: datetime) -> Decision[ContactCase]:
    """One more reminder, in working hours."""
    wake = schedule.reads_at(now, case, policy)
    if wake > now:
        timer = SetTimer(model.OVERDUE, wake)
        return Decision(case, effects=outputs.refresh(case, policy), timers=(timer,))
    late = minutes(event.late)
    again = SetTimer(model.OVERDUE, schedule.next_overdue(now, case, policy))
    decision = _notify_assignee(_awake(case, now), NoticeKind.OVERDUE, policy, late_minutes=late)
    return decision.and_(notes=(Note("desk", f"reminded that it is overdue{noted(late)}"),), timers=(again,))


def _snoozed(case: ContactCase, event: TimerDue, policy: Policy, now: datetime) -> Decision[ContactCase]:
    """The reminder that was snoozed comes back, in working hours, unless another one comes first."""
    awake = case.with_(snoozed_until=None, snoozed_by=None)
    wake = schedule.reads_at(now, case, policy)
    if wake > now:  # the desk was down until after work
        planned = [one.at for one in schedule.to_come(case, policy, now)]
        comes = min((*planned, *((case.due_at,) if case.due_at else ())), default=None)
        timers = () if comes is not None and comes <= wake else (SetTimer(model.SNOOZED, wake),)
        return Decision(awake, effects=outputs.refresh(awake, policy), timers=timers)
    late = minutes(event.late)
    decision = _notify_assignee(awake, NoticeKind.SNOOZED, policy, late_minutes=late, snoozed_by=case.snoozed_by)
    return decision.and_(notes=(Note("desk", f"reminded again after the snooze{noted(late)}"),))


def _notify_assignee(
    case: ContactCase,
    kind: NoticeKind,
    policy: Policy,
    *,
    percent: int = 0,
    late_minutes: int = 0,
    snoozed_by: str | None = None,
) -> Decision[ContactCase]:
    """Remind who has it by DM; where nobody has it, or they cannot be written to, in the thread."""
    shown = outputs.refresh(case, policy)
    if case.assignee is None or case.assignee in case.unreachable:
        people = (case.assignee,) if case.assignee else ()
        posts = outputs.in_thread(case, policy, "reminder_notice", people, percent=percent, late_minutes=late_minutes)
        return Decision(case, effects=(*shown, *posts))
    assignee = case.assignee
    case, dm = outputs.notify(case, kind, assignee, percent=percent, late_minutes=late_minutes, snoozed_by=snoozed_by)
    return Decision(case, effects=(*shown, *dm))
