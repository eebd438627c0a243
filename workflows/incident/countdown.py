"""While the clock runs: it is set, it pings, and when it is over somebody is paged."""

from collections.abc import Sequence
from datetime import datetime

from workflows.contract.effects import Effect
from workflows.contract.events import TimerDue
from workflows.contract.process import Decision, Note
from workflows.incident import clock, outputs, paging, steps, systems
from workflows.incident.model import IncidentCase, IncidentState
from workflows.lib import lateness
from workflows.policy.model import Policy


def begin(case: IncidentCase, by: str, policy: Policy, now: datetime, *, since: datetime) -> Decision[IncidentCase]:
    """Start the clock, as if it had run since the message was written; whoever answered meanwhile has stopped it."""
    level = systems.level_of(case.systems, case.other, policy.incident)
    label = systems.level_policy(level, policy.incident).label
    named = systems.names_of(case.systems, case.other, policy.incident)
    begun = case.with_(level=level, clock_from=since, state=IncidentState.WAITING, no_report=None)
    note = Note(by, f"started the clock: {named}, {label}")
    if case.response is not None:
        answered = begun.with_(state=IncidentState.ANSWERED, owner=case.response.by, due_at=_due(begun, policy))
        return Decision(answered, (note,), (*outputs.refresh(answered, policy), outputs.ask_who_responds()))
    why = "The wait was over when somebody picked the system."
    return set_clock(begun, policy, now, (note,), why).and_(effects=[outputs.ask_who_responds()])


def begin_read(
    case: IncidentCase, policy: Policy, now: datetime, *, since: datetime, notes: Sequence[Note]
) -> Decision[IncidentCase]:
    """Start the clock by what the desk reads in the message: nobody has to press anything for the wait to begin."""
    level = systems.level_read(case.systems, policy.incident)
    label = systems.level_policy(level, policy.incident).label
    named = systems.names_of(case.systems, "", policy.incident)
    begun = case.with_(level=level, clock_from=since, state=IncidentState.WAITING, picked=False)
    note = Note("desk", f"started the clock: read as {named}, {label}")
    why = "The wait was over when I read the message."
    return set_clock(begun, policy, now, (*notes, note), why, late=True).and_(effects=[outputs.ask_who_responds()])


def set_clock(
    case: IncidentCase, policy: Policy, now: datetime, notes: Sequence[Note], why: str, *, late: bool = False
) -> Decision[IncidentCase]:
    """Set the clock for this level from the original time; one that is over pages at once, and says `why`.

    `late` says that nothing but the desk itself has kept the page from going out in time: then it says how late it is.
    """
    due = _due(case, policy)
    running = case.with_(due_at=due, round=case.round + 1, outside=clock.is_outside(now, policy.incident))
    if due is not None and due <= now:
        return paging.page(running, why, policy, now, notes=notes, late=lateness.minutes(now - due) if late else 0)
    return Decision(running, tuple(notes), outputs.refresh(running, policy), outputs.clock_timers(running, policy, now))


def timer(case: IncidentCase, event: TimerDue, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """A timer of the clock went off. One that is late keeps silent where the next one has come due, too."""
    if case.due_at is None:
        return Decision(case)
    if event.name == outputs.DUE_TIME and case.state == IncidentState.WAITING:
        late = lateness.minutes(event.late)
        return paging.page(case, "Nobody responded in time.", policy, now, late=late)
    plan, number = steps.before(case, policy), event.name.partition(":")[2]
    if not number.isdigit() or int(number) >= len(plan) or not _may_call(case):
        return Decision(case)
    return _call(case, int(number), event, policy, now)


def _may_call(case: IncidentCase) -> bool:
    """Whether a step is still taken: while the clock runs, and the one that is left when it was held back."""
    is_left = case.state == IncidentState.HELD and case.held_ping_at is not None
    return is_left or case.state == IncidentState.WAITING


def _call(case: IncidentCase, number: int, event: TimerDue, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    plan, slot = steps.before(case, policy), outputs.step_slot(case, number)
    _, step = plan[number]
    until = plan[number + 1][0] if number + 1 < len(plan) else case.due_at
    if until is not None and now >= until:
        return Decision(case, (Note("desk", "left out a ping: it would have been late"),))
    if step.who and (case.responders is None or not case.responders.is_known):
        owing = case.with_(deferred_ping=slot, held_ping_at=None)
        note = Note("desk", "calls the responders as soon as it knows whom")
        return Decision(owing, (note,), (outputs.ask_who_responds(), outputs.show_card(owing, policy)))
    called = case.with_(deferred_ping=None, held_ping_at=None)
    if event.late:
        called = called.with_(reminders_late={**case.reminders_late, slot: lateness.minutes(event.late)})
    effects = (*calls(called, slot, policy), outputs.ask_who_responds(), outputs.show_card(called, policy))
    return Decision(called, (Note("desk", steps.described(called, step)),), effects)


def calls(case: IncidentCase, slot: str, policy: Policy) -> tuple[Effect, ...]:
    """What a step before the page says: in the thread, or to each by DM."""
    plan, number = steps.before(case, policy), outputs.number_of(slot)
    by_dm = steps.dms(case, plan[number][1], slot) if number < len(plan) else ()
    return by_dm or (outputs.post_notice(slot, case, policy),)


def _due(case: IncidentCase, policy: Policy) -> datetime | None:
    if case.clock_from is None:
        return None
    return clock.due_at(case.clock_from, systems.level_policy(case.level, policy.incident), policy.incident)
