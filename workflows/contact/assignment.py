"""Whose request it is: who was on duty when it was created, and whom somebody makes its owner later.

Nobody on duty, a vendor that is down, a person who cannot be written to: each is said and somebody is mentioned.
"""

from datetime import datetime

from workflows.contact import outputs, texts
from workflows.contact.events import Reassigned, ReassignedToDuty
from workflows.contact.model import UNCLAIMED, ContactCase, ContactState, NoticeKind
from workflows.contract.alerts import alert_admins
from workflows.contract.effects import Effect
from workflows.contract.events import Duty, DutySource
from workflows.contract.process import CancelTimer, Decision, Note
from workflows.contract.slack_port import Person
from workflows.policy.model import Policy

BY_WORDS = {
    DutySource.SCHEDULE: "by the on-call schedule",
    DutySource.ROTA: "by the rota in the policy",
    DutySource.FALLBACK: "as the fallback in the policy",
}


def decide(
    case: ContactCase, event: Reassigned | ReassignedToDuty, policy: Policy, now: datetime
) -> Decision[ContactCase]:
    """Hand a request on, to a person or to whoever is on duty."""
    match event:
        case Reassigned(by=by, to=to):
            if to.id == case.owner and case.claimed is None:
                return Decision(case, refusal=f"<@{to.id}> owns {case.id} already.")
            note = Note(by, f"made <@{to.id}> the owner")
            return _handed_on(case, to, policy, now).and_(notes=(note,))
        case ReassignedToDuty(by=by):
            searching = case.with_(owner_lookup_pending=True)
            note = Note(by, "asked for whoever is on duty now")
            return Decision(
                searching, (note,), (outputs.ask_who_is_on_duty(outputs.REASSIGN), outputs.show_card(policy))
            )


def answered(case: ContactCase, purpose: str, duty: Duty, policy: Policy, now: datetime) -> Decision[ContactCase]:
    """Make whoever is on duty the owner; when nobody is, ask the fallback group."""
    found = (
        case.with_(owner_lookup_pending=False, **_fallback(duty))
        if purpose in {outputs.OWNER, outputs.REASSIGN}
        else case
    )
    if case.is_over:
        return Decision(found)
    match purpose:
        case outputs.OWNER if case.duty is None:
            return _first_owner(found, duty, policy, now)
        case outputs.REASSIGN:
            return _reassigned_to_duty(found, duty, policy, now)
        case outputs.BACKUP:
            return _backup(case.with_(**_fallback(duty)), duty, policy)
        case _ if purpose.startswith(outputs.STAND_IN):
            return _stand_in(case.with_(**_fallback(duty)), purpose.partition(":")[2], duty, policy)
    return Decision(found)


def unreachable(case: ContactCase, person: str, sentence: str, policy: Policy, now: datetime) -> Decision[ContactCase]:
    """Somebody cannot be written to: that is itself escalated at once, to the thread and to a stand-in."""
    note = Note("desk", f"could not write to {texts.named(person)}: {sentence}")
    if case.is_over or person in case.unreachable:
        return Decision(case, (note,))
    lost = case.with_(unreachable=(*case.unreachable, person))
    ask = outputs.ask_who_is_on_duty(f"{outputs.STAND_IN}:{person}", skip=lost.unreachable)
    alert = alert_admins(policy, texts.unreachable_sentence(person, sentence), now, f"unreachable:{person}")
    return Decision(lost, (note,), (outputs.show_card(policy), ask, *alert))


def _fallback(duty: Duty) -> dict[str, object]:
    if duty.group is None:
        return {}
    return {"fallback_group": duty.group.id, "fallback_members": duty.group.members}


def _first_owner(case: ContactCase, duty: Duty, policy: Policy, now: datetime) -> Decision[ContactCase]:
    known = case.with_(duty=duty.source, owner_trouble=duty.trouble)
    if known.owner is not None:  # somebody was quicker than the schedule
        return Decision(known, effects=outputs.refresh(known, policy))
    answer = [outputs.answer_in_thread(outputs.ORIGIN, policy)] if outputs.ORIGIN in case.messages else []
    if not duty.people:
        return _nobody(known, duty, policy, now).and_(effects=answer)
    owner = duty.people[0]
    note = Note("desk", f"<@{owner.id}> owns it: {_found(duty)}")
    owned = _owned(known, owner, policy, now, notify_thread=outputs.CARD in case.messages)
    return owned.and_(notes=(note,), effects=answer)


def _found(duty: Duty) -> str:
    by = BY_WORDS.get(duty.source, "")
    return f"on duty {by}" + (f" ({duty.trouble})" if duty.trouble else "")


def _nobody(case: ContactCase, duty: Duty, policy: Policy, now: datetime) -> Decision[ContactCase]:
    """The card mentions the fallback group; one that stands already does not ring, so its thread does."""
    note = Note("desk", f"found nobody on duty: {duty.trouble}")
    posts = outputs.in_thread(case, policy, "nobody_notice", ()) if _must_notify_thread(case) else []
    alert = alert_admins(policy, f"{duty.trouble}", now, "nobody_on_duty")
    return Decision(case, (note,), (outputs.show_card(policy), *posts, *alert))


def _must_notify_thread(case: ContactCase) -> bool:
    return outputs.CARD in case.messages or case.channel_trouble is not None


def _owned(
    case: ContactCase, owner: Person, policy: Policy, now: datetime, *, notify_thread: bool
) -> Decision[ContactCase]:
    """The owner is mentioned where all see it, and gets the customer's words privately."""
    owned = case.with_(owner=owner.id, owner_zone=owner.time_zone, owner_email=owner.email)
    shown = outputs.refresh(owned, policy)
    owned, dm = outputs.notify(owned, NoticeKind.ASSIGNED, owner.id)
    posts = (
        outputs.in_thread(owned, policy, "assigned_notice", (owner.id,))
        if notify_thread and not case.channel_trouble
        else []
    )
    waits = owned.state == ContactState.OPEN and not owned.unclaimed_notified and owned.overdue_since is None
    unclaimed = outputs.unclaimed_timer(now, owned, policy) if waits else CancelTimer(UNCLAIMED)
    timers = (*outputs.new_reader_timers(owned, policy, now), unclaimed)
    return Decision(owned, effects=(*shown, *dm, *posts), timers=timers)


def _handed_on(case: ContactCase, to: Person, policy: Policy, now: datetime) -> Decision[ContactCase]:
    """A new owner has to claim it; the due time stays what it was."""
    free = case.with_(
        state=ContactState.OPEN,
        claimed=None,
        assignee_zone=None,
        snoozed_until=None,
        snoozed_by=None,
        unclaimed_notified=False,
        duty=None,
        owner_trouble=None,
        unreachable=tuple(who for who in case.unreachable if who != to.id),
    )
    return _owned(free, to, policy, now, notify_thread=True)


def _reassigned_to_duty(case: ContactCase, duty: Duty, policy: Policy, now: datetime) -> Decision[ContactCase]:
    if not duty.people:
        troubled = case.with_(owner_trouble=duty.trouble)
        note = Note("desk", f"found nobody on duty to hand it to: {duty.trouble}")
        posts: list[Effect] = outputs.in_thread(troubled, policy, "nobody_notice", ())
        return Decision(troubled, (note,), (*outputs.refresh(troubled, policy), *posts))
    to = duty.people[0]
    note = Note("desk", f"made <@{to.id}> the owner: {_found(duty)}")
    if to.id == case.owner and case.claimed is None:
        return Decision(case, (note,), outputs.refresh(case, policy))
    handed = _handed_on(case, to, policy, now)
    known = handed.case.with_(owner_trouble=duty.trouble, duty=duty.source)
    return Decision(known, handed.notes, handed.effects, handed.timers).and_(notes=(note,))


def _backup(case: ContactCase, duty: Duty, policy: Policy) -> Decision[ContactCase]:
    """Mention who has an overdue request, its owner and a backup."""
    backup = [person.id for person in duty.people]
    people = [person for person in (case.assignee, case.owner, *backup) if person is not None]
    note = Note("desk", f"mentioned the backup: {', '.join(f'<@{who}>' for who in backup) or 'the fallback group'}")
    return Decision(case, (note,), tuple(outputs.in_thread(case, policy, "overdue_notice", people, backup=backup)))


def _stand_in(case: ContactCase, lost: str, duty: Duty, policy: Policy) -> Decision[ContactCase]:
    people = [person.id for person in duty.people if person.id != lost][:1]
    effects = outputs.in_thread(case, policy, "unreachable_notice", people, lost=lost)
    if _has_to_act(case, lost):
        for person in people:
            case, dm = outputs.notify(case, NoticeKind.STAND_IN, person)
            effects += dm
    note = Note("desk", f"asked {', '.join(f'<@{who}>' for who in people) or 'the fallback group'} to step in")
    return Decision(case, (note,), tuple(effects))


def _has_to_act(case: ContactCase, lost: str) -> bool:
    """Whether it was for them to act, and not just to know, as for a lead."""
    return any(notice.to == lost and notice.kind is not NoticeKind.LEAD for notice in case.notices.values())
