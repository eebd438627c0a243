"""CC a manager; and "I feel threatened or harassed", which goes privately and at once to the manager on duty.

Source: the handbook's page "Feedback and Complaints", section "Venting". What nobody takes is followed up, by the
policy's steps, until somebody does; who called is told each time who was asked.
"""

from collections.abc import Sequence
from datetime import datetime

from workflows.contract import actors
from workflows.contract.alerts import alert_admins
from workflows.contract.effect_base import Urgency
from workflows.contract.effects import Effect
from workflows.contract.events import Duty, DutySource
from workflows.contract.message_effects import Say, ShowCard, dm
from workflows.contract.page_effects import AskWhoIsOnDuty
from workflows.contract.process import CancelTimer, Decision, Note, SetTimer
from workflows.contract.ticket_effects import CopyOnTicket
from workflows.contract.values import DONE, PENDING, Stamp, failed
from workflows.feedback import outputs
from workflows.feedback.model import FeedbackCase, FeedbackState, ManagerCall, ManagerCalled, ManagerTook
from workflows.lib import business_time
from workflows.policy.feedback import CallStep
from workflows.policy.model import Policy

MOST_MEMBERS = 20
"""So many members of the fallback group are asked at once."""

NEXT = "call"
GROUP = "call_group"
"""What is asked of the schedule: the next manager, or everybody of the fallback."""


def decide(
    case: FeedbackCase, event: ManagerCalled | ManagerTook, policy: Policy, now: datetime
) -> Decision[FeedbackCase]:
    """Call the manager on duty, or note who took the call."""
    match event:
        case ManagerCalled():
            return _call(case, event, policy, now)
        case ManagerTook(by=by):
            return _take(case, by, policy, now)


def _call(case: FeedbackCase, event: ManagerCalled, policy: Policy, now: datetime) -> Decision[FeedbackCase]:
    if event.by != case.submitter:
        return Decision(case, refusal=f"Only <@{case.submitter}>, who wrote {case.id}, can call a manager here.")
    if case.call is not None and (case.call.threat or not event.threat):
        return Decision(case, refusal="A manager has been called already; you will see here who takes it.")
    call = ManagerCall(by=event.by, at=now, threat=event.threat, again=case.call is not None)
    called, timer = _with_follow_up(case.with_(call=call), policy, now)
    why = "felt threatened or harassed and called a manager" if event.threat else "called a manager"
    return Decision(called, (Note(event.by, why),), (*_show(called), _ask(NEXT)), (timer,))


def _with_follow_up(case: FeedbackCase, policy: Policy, now: datetime) -> tuple[FeedbackCase, SetTimer]:
    """When the next one is called, if nobody has taken it by then: soon for a threat, else in business hours."""
    calls = policy.feedback.manager_call
    wait = calls.threat_follow_up if case.call and case.call.threat else calls.follow_up
    at = business_time.due(now, wait, policy.calendars)
    return _with_call(case, next_at=at), SetTimer(outputs.CALL, at)


def _take(case: FeedbackCase, by: str, policy: Policy, now: datetime) -> Decision[FeedbackCase]:
    if case.call is None:
        return Decision(case, refusal="No manager is called here.")
    if case.call.taken is not None:
        return Decision(case, refusal=f"<@{case.call.taken.by}> has taken this already.")
    taken = _with_call(case, taken=Stamp(by=by, at=now), next_at=None)
    taken, copy = _copied(taken, by, policy)
    shown = (*_show(taken), *_refreshed_calls(taken))
    effects = (*shown, outputs.inform_submitter(case, "manager_took_notice", by=by), *copy)
    return Decision(taken, (Note(by, "took it as the manager"),), effects, (CancelTimer(outputs.CALL),))


def _copied(case: FeedbackCase, person: str, policy: Policy) -> tuple[FeedbackCase, tuple[Effect, ...]]:
    """A manager who is called in the open is a CC of the ticket, too; of a threat the ticket says nothing."""
    wanted = policy.feedback.manager_call.cc_on_ticket and case.call is not None and not case.call.threat
    if not wanted or case.ticket is None:
        return case, ()
    return case.with_(copied=PENDING), (CopyOnTicket(ticket=case.ticket, person=person),)


def copied(case: FeedbackCase, person: str) -> Decision[FeedbackCase]:
    """The ticket system has made a manager a CC of the ticket."""
    done = case.with_(copied=DONE)
    return Decision(done, (Note(actors.TICKETS, f"made {_named(person)} a CC of the ticket"),), _show(done))


def not_copied(case: FeedbackCase, sentence: str) -> Decision[FeedbackCase]:
    """Nobody was made a CC of the ticket: who called does it by hand."""
    stuck = case.with_(copied=failed(f"{sentence} Please add the manager to the ticket by hand."))
    return Decision(stuck, (Note(actors.TICKETS, f"made no manager a CC of the ticket: {sentence}"),), _show(stuck))


def follow_up(case: FeedbackCase, policy: Policy, now: datetime) -> Decision[FeedbackCase]:
    """Nobody has taken it in time: the next step of the policy."""
    if case.call is None or case.call.taken is not None:
        return Decision(case)
    waiting, timer = _with_follow_up(_with_call(case, round=case.call.round + 1), policy, now)
    return _step(waiting, policy).and_(timers=(timer,))


def _step(case: FeedbackCase, policy: Policy) -> Decision[FeedbackCase]:
    """Call whom the present step names; a step without anybody is passed over at once."""
    call = case.call
    if call is None:
        return Decision(case)
    match _step_of(call, policy):
        case CallStep.NEXT_MANAGER:
            return Decision(case, effects=(_ask(NEXT, call.notified),))
        case CallStep.FALLBACK_GROUP:
            return Decision(case, effects=(_ask(GROUP),))
        case CallStep.LEAD if policy.contact.lead is None:
            return _next_step(case, policy, "The policy names no lead (contact.lead).")
        case CallStep.LEAD:
            return _calling(case, (policy.contact.lead or "",), "the policy", policy)


def _step_of(call: ManagerCall, policy: Policy) -> CallStep:
    steps = policy.feedback.manager_call.steps
    return steps[(call.round - 1) % len(steps)]


def _next_step(case: FeedbackCase, policy: Policy, trouble: str | None) -> Decision[FeedbackCase]:
    """The present step finds nobody: the one after it; after the last one it is said, and tried again in time."""
    call, steps = case.call, policy.feedback.manager_call.steps
    if call is None:
        return Decision(case)
    stuck = _with_call(case, trouble=call.trouble or trouble)
    if call.round and call.round % len(steps) == 0:
        effects = (*_show(stuck), outputs.inform_submitter(stuck, "no_manager_notice"))
        return Decision(stuck, (Note("desk", "found no manager to tell"),), effects)
    return _step(_with_call(stuck, round=call.round + 1), policy)


def on_duty(case: FeedbackCase, purpose: str, duty: Duty, policy: Policy) -> Decision[FeedbackCase]:
    """Who can be called is known: ask them privately. Nobody is said, never passed over."""
    call = case.call
    if call is None or call.taken is not None:
        return Decision(case)
    again = purpose == GROUP
    gone = {*call.unreachable, case.submitter, *(() if again else call.notified)}
    people = tuple(person for person in _privately(duty, everybody=again) if person not in gone)
    return _calling(case, people, str(duty.source), policy) if people else _next_step(case, policy, duty.trouble)


def _privately(duty: Duty, *, everybody: bool) -> tuple[str, ...]:
    """Who is written to: a group is not mentioned anywhere in such a matter, its members are told one by one."""
    members = duty.group.members[:MOST_MEMBERS] if duty.group else ()
    people = tuple(person.id for person in duty.people)
    return tuple(dict.fromkeys((*people, *members))) if everybody else people or members


def _calling(case: FeedbackCase, people: Sequence[str], found: str, policy: Policy) -> Decision[FeedbackCase]:
    call = case.call
    if call is None:
        return Decision(case)
    notified = tuple(dict.fromkeys((*call.notified, *people)))
    called = _with_call(case, notified=notified, trouble=None)
    called, copy = _copied(called, people[0], policy) if len(people) == 1 else (called, ())
    notes = tuple(Note("desk", f"told {_named(person)}, found by {found}") for person in people)
    effects: tuple[Effect, ...] = (*_calls(people, call), *_show(called), *copy)
    if call.round or call.again:  # what changes in place does not ring
        effects += (Say(what="manager_called_notice", to=dm(case.submitter), details={"people": list(people)}),)
    return Decision(called, notes, effects)


def _named(person: str) -> str:
    return person if "@" in person else f"<@{person}>"


def unreachable(
    case: FeedbackCase, person: str, sentence: str, policy: Policy, now: datetime
) -> Decision[FeedbackCase]:
    """A manager cannot be written to: that is itself escalated, to the next one and to who called."""
    call = case.call
    if call is None or call.taken is not None:
        return Decision(case)
    lost = _with_call(case, unreachable=(*call.unreachable, person), trouble=sentence)
    effects = (
        *_show(lost),
        _ask(NEXT, call.notified),
        *alert_admins(policy, sentence, now, f"unreachable:{person}"),
    )
    return Decision(lost, (Note("desk", f"could not write to {_named(person)}"),), effects)


def nobody(trouble: str) -> Duty:
    """The answer when nobody can be asked who is on duty."""
    return Duty((), DutySource.NOBODY, trouble)


def _ask(purpose: str, skip: Sequence[str] = ()) -> Effect:
    fallback = purpose == GROUP
    return AskWhoIsOnDuty(purpose=purpose, skip=tuple(skip), fallback_only=fallback, urgency=Urgency.ESCALATION)


def _calls(people: Sequence[str], call: ManagerCall) -> tuple[Effect, ...]:
    """A message to each; a threat, and each time they are asked again, is one of its own, which rings."""
    kind = "threat" if call.threat else "cc"
    slots = {person: f"{outputs.CALL}:{kind}:{call.round}:{person}" for person in people}
    return tuple(ShowCard(slot=slot, to=dm(person), urgency=Urgency.ESCALATION) for person, slot in slots.items())


def _refreshed_calls(case: FeedbackCase) -> tuple[Effect, ...]:
    calls = {slot: ref.place for slot, ref in case.messages.items() if slot.startswith(f"{outputs.CALL}:")}
    return tuple(
        ShowCard(slot=slot, to=dm(place.removeprefix("@")), urgency=Urgency.ESCALATION) for slot, place in calls.items()
    )


def _show(case: FeedbackCase) -> tuple[Effect, ...]:
    return outputs.show_draft(case) if case.state == FeedbackState.DRAFT else (outputs.show_confirmation(case),)


def _with_call(case: FeedbackCase, **changes: object) -> FeedbackCase:
    return case.with_(call=case.call and case.call.model_copy(update=changes))
