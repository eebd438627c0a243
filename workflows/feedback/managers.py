"""CC a manager; and "I feel threatened or harassed", which goes privately and at once to the manager on duty.

Source: the handbook's page "Feedback and Complaints", section "Venting".
"""

from collections.abc import Sequence
from datetime import datetime

from workflows.contract.alerts import alert_admins
from workflows.contract.effect_base import Urgency
from workflows.contract.effects import AskWhoIsOnDuty, Effect, ShowCard, dm
from workflows.contract.events import Duty, DutySource
from workflows.contract.process import Decision, Note
from workflows.contract.values import Stamp
from workflows.feedback import outputs
from workflows.feedback.model import FeedbackCase, FeedbackState, ManagerCall, ManagerCalled, ManagerTook
from workflows.policy.model import Policy

MOST_MEMBERS = 20
"""So many members of the fallback group are told when nobody is on duty."""


def decide(case: FeedbackCase, event: ManagerCalled | ManagerTook, now: datetime) -> Decision[FeedbackCase]:
    """What follows when a manager is called, or takes it."""
    match event:
        case ManagerCalled():
            return _call(case, event, now)
        case ManagerTook(by=by):
            return _take(case, by, now)


def _call(case: FeedbackCase, event: ManagerCalled, now: datetime) -> Decision[FeedbackCase]:
    if event.by != case.submitter:
        return Decision(case, refusal=f"Only <@{case.submitter}>, who wrote {case.id}, can call a manager here.")
    if case.call is not None and (case.call.threat or not event.threat):
        return Decision(case, refusal="A manager has been called already; you will see here who takes it.")
    called = case.with_(call=ManagerCall(by=event.by, at=now, threat=event.threat))
    why = "felt threatened or harassed and called a manager" if event.threat else "called a manager"
    ask = AskWhoIsOnDuty(purpose="call", urgency=Urgency.ESCALATION)
    return Decision(called, (Note(event.by, why),), (*_show(called), ask))


def _take(case: FeedbackCase, by: str, now: datetime) -> Decision[FeedbackCase]:
    if case.call is None:
        return Decision(case, refusal="No manager is called here.")
    if case.call.taken is not None:
        return Decision(case, refusal=f"<@{case.call.taken.by}> has taken this already.")
    taken = _with_call(case, taken=Stamp(by=by, at=now))
    effects = (*_show(taken), *_refreshed_calls(taken), outputs.inform_submitter(case, "manager_took_notice", by=by))
    return Decision(taken, (Note(by, "took it as the manager"),), effects)


def on_duty(case: FeedbackCase, duty: Duty) -> Decision[FeedbackCase]:
    """The manager on duty is known: tell them privately. Nobody on duty is said, never passed over."""
    if case.call is None:
        return Decision(case)
    people = tuple(person for person in _privately(duty) if person not in case.call.notified)
    notified = _with_call(case, notified=(*case.call.notified, *people), trouble=None if people else duty.trouble)
    calls = _calls(people, threat=case.call.threat)
    notes = tuple(Note("desk", f"told <@{person}>, found by {duty.source}") for person in people)
    return Decision(
        notified, notes or (Note("desk", "found no manager to tell"),), (*calls, *_answer(notified, people))
    )


def _privately(duty: Duty) -> tuple[str, ...]:
    """Who is written to: a group is not mentioned anywhere in such a matter, its members are told one by one."""
    members = duty.group.members[:MOST_MEMBERS] if duty.group else ()
    return tuple(person.id for person in duty.people) or members


def unreachable(
    case: FeedbackCase, person: str, sentence: str, policy: Policy, now: datetime
) -> Decision[FeedbackCase]:
    """A manager cannot be written to: that is itself escalated, to the fallback and to who called."""
    if case.call is None:
        return Decision(case)
    lost = _with_call(case, unreachable=(*case.call.unreachable, person), trouble=sentence)
    ask = AskWhoIsOnDuty(purpose="call", skip=case.call.notified, urgency=Urgency.ESCALATION)
    effects = (*_show(lost), ask, *alert_admins(policy, sentence, now, f"unreachable:{person}"))
    return Decision(lost, (Note("desk", f"could not write to <@{person}>"),), effects)


def nobody(trouble: str) -> Duty:
    """The answer when nobody can be asked who is on duty."""
    return Duty((), DutySource.NOBODY, trouble)


def _calls(people: Sequence[str], *, threat: bool) -> tuple[Effect, ...]:
    """A message to each. A threat is a message of its own: one that is changed in place does not ring."""
    slot = f"{outputs.CALL}:threat" if threat else outputs.CALL
    return tuple(ShowCard(slot=f"{slot}:{person}", to=dm(person), urgency=Urgency.ESCALATION) for person in people)


def _refreshed_calls(case: FeedbackCase) -> tuple[Effect, ...]:
    calls = {slot: ref.place for slot, ref in case.messages.items() if slot.startswith(f"{outputs.CALL}:")}
    return tuple(
        ShowCard(slot=slot, to=dm(place.removeprefix("@")), urgency=Urgency.ESCALATION) for slot, place in calls.items()
    )


def _answer(case: FeedbackCase, people: Sequence[str]) -> tuple[Effect, ...]:
    if people:
        return _show(case)
    return (*_show(case), outputs.inform_submitter(case, "no_manager_notice"))


def _show(case: FeedbackCase) -> tuple[Effect, ...]:
    return outputs.show_draft(case) if case.state == FeedbackState.DRAFT else (outputs.show_confirmation(case),)


def _with_call(case: FeedbackCase, **changes: object) -> FeedbackCase:
    return case.with_(call=case.call and case.call.model_copy(update=changes))
