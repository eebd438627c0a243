"""What counts as a response: a message by somebody else who is a responder, or "I'm on it"."""

from dataclasses import replace
from datetime import datetime

from workflows.contract.alerts import alert_admins
from workflows.contract.effects import Effect
from workflows.contract.events import Responders
from workflows.contract.facts import PageStatus
from workflows.contract.process import CancelTimer, Decision, Note
from workflows.contract.slack_port import Person, UserGroup
from workflows.contract.values import Stamp
from workflows.incident import countdown, membership, outputs, paging, texts
from workflows.incident.events import Available, Spoke, StandInNamed, TakenOn
from workflows.incident.model import OPEN, Group, IncidentCase, IncidentState, KnownResponders, Named
from workflows.policy.model import Policy

NOT_FURTHER = {IncidentState.PAGED, IncidentState.ACKNOWLEDGED}


def spoke(case: IncidentCase, event: Spoke, policy: Policy, _now: datetime) -> Decision[IncidentCase]:
    """Somebody wrote in the thread. Who is in no group that we know of is looked up before it counts."""
    if case.state not in OPEN or case.response is not None or event.by in case.people or event.at < case.opened_at:
        return Decision(case)
    act = Stamp(by=event.by, at=event.at)
    counts = membership.counts(case, event.by, policy)
    if counts is None:
        return Decision(case.with_(unchecked=(*case.unchecked, act)), effects=(outputs.ask_who_responds(),))
    return _answered(case, act, policy)


def responders_known(case: IncidentCase, found: Responders, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """Who responds is known: check the answers that waited for it, and mention people who could not be before."""
    group = Group(id=found.group.id, members=found.group.members) if found.group else None
    responders = KnownResponders(
        group=group,
        on_call=tuple(person.id for person in found.on_call),
        leads=tuple(person.id for person in found.lead),
        trouble=found.trouble,
        named={key: _named(who) for key, who in found.named.items()},
    )
    decision = _responders_changed(case, responders, policy)
    if policy.incident.responders is None or group is not None or found.trouble is None:
        return decision
    return decision.and_(effects=alert_admins(policy, found.trouble, now, "responders"))


def _named(who: tuple[Person, ...] | UserGroup) -> Named:
    if isinstance(who, UserGroup):
        return Named(tags=(f"<!subteam^{who.id}>",), people=who.members)
    return Named.of(tuple(person.id for person in who))


def responders_unknown(case: IncidentCase, sentence: str, policy: Policy) -> Decision[IncidentCase]:
    """Nobody can be asked who responds: go on with what is known; an answer that waits is not taken as one."""
    if case.responders is not None:
        return Decision(case)
    without = case.with_(responders=KnownResponders(trouble=sentence, is_known=False))
    return Decision(without, (Note("desk", f"does not know who responds: {sentence}"),), _shown(without, policy))


def _responders_changed(case: IncidentCase, responders: KnownResponders, policy: Policy) -> Decision[IncidentCase]:
    known = case.with_(responders=responders, unchecked=())
    if case.response is None:
        for act in case.unchecked:
            if membership.belongs(responders, act.by):
                return _answered(known, act, policy)
    strangers = tuple(Note(act.by, "wrote in the thread; does not belong to the responders") for act in case.unchecked)
    effects = () if case.responders == responders else _shown(known, policy)
    return _post_deferred_ping(Decision(known, strangers, effects), policy)


def _post_deferred_ping(decision: Decision[IncidentCase], policy: Policy) -> Decision[IncidentCase]:
    """Ping now that it is known whom: a message that is only edited later notifies nobody."""
    case = decision.case
    if case.deferred_ping is None or case.state not in {IncidentState.WAITING, IncidentState.HELD}:
        return decision
    done = case.with_(deferred_ping=None)
    called = Note("desk", "called the responders, now that it knows whom")
    return replace(decision, case=done).and_(notes=[called], effects=countdown.calls(done, case.deferred_ping, policy))


def _shown(case: IncidentCase, policy: Policy) -> tuple[Effect, ...]:
    return (*outputs.show_manual_steps(case, policy), *outputs.refresh(case, policy))


def _answered(case: IncidentCase, act: Stamp, policy: Policy) -> Decision[IncidentCase]:
    answered = case.with_(response=act)
    if case.state in {IncidentState.WAITING, IncidentState.HELD}:
        answered = answered.with_(state=IncidentState.ANSWERED, owner=act.by)
        note = Note(act.by, "answered: the clock stopped")
        return Decision(answered, (note,), outputs.refresh(answered, policy), outputs.stop_clock(policy))
    if case.state == IncidentState.PAGED and case.page is not None:
        moment = "before the page was decided, but known only after it" if act.at < case.page.at else "after the page"
        note = Note(act.by, f"answered {moment}: the page stays until it is acknowledged")
        return Decision(answered, (note,), outputs.refresh(answered, policy))
    return Decision(answered, (Note(act.by, "answered"),), outputs.refresh(answered, policy))


def taken_on(case: IncidentCase, event: TakenOn, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """I'm on it: the clock stops; a page is acknowledged."""
    if case.state not in OPEN:
        return Decision(case, refusal=texts.closed_already(case, policy))
    if event.by == case.reporter:
        return Decision(case, refusal=texts.not_by_reporter())
    if not membership.is_responder(case, event.by, policy, known=event.is_responder):
        return Decision(case, refusal=texts.not_by_stranger(policy))
    if case.owner == event.by and case.state != IncidentState.PAGED:
        return Decision(case, refusal=f"You are on {case.id} already.")
    if case.state in NOT_FURTHER and case.page is not None:
        return _acknowledged(case, event.by, policy, now)
    act = Stamp(by=event.by, at=now)
    taken = case.with_(owner=event.by, response=case.response or act)
    if case.state != IncidentState.QUESTION:
        taken = taken.with_(state=IncidentState.ANSWERED)
    return Decision(taken, (Note(event.by, "is on it"),), outputs.refresh(taken, policy), outputs.stop_clock(policy))


def _acknowledged(case: IncidentCase, by: str, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    taken = case.with_(state=IncidentState.ACKNOWLEDGED, owner=by, response=case.response or Stamp(by=by, at=now))
    if case.state == IncidentState.PAGED:
        taken = paging.with_page(taken, status=PageStatus.ACKNOWLEDGED, changed_at=now)
        inform = outputs.acknowledge_page(taken)
        note = Note(by, "acknowledged the page")
    else:
        inform, note = (), Note(by, "took it over")
    return Decision(taken, (note,), (*outputs.refresh(taken, policy), *inform), (CancelTimer(outputs.PING_TIME),))


def available(case: IncidentCase, event: Available, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """The reporter, or who stands in, is here to work with the on-call person."""
    if case.contact is not None and event.by != case.contact:
        return Decision(case, refusal=f"This asks <@{case.contact}>, who works with the on-call person.")
    here = case.with_(contact=event.by, contact_here=Stamp(by=event.by, at=now))
    return Decision(here, (Note(event.by, "is here to work with the on-call person"),), outputs.refresh(here, policy))


def stand_in(case: IncidentCase, event: StandInNamed, policy: Policy, _now: datetime) -> Decision[IncidentCase]:
    """Somebody else works with the on-call person: they are told."""
    if case.state not in OPEN:
        return Decision(case, refusal=texts.closed_already(case, policy))
    named = case.with_(contact=event.person, contact_here=None)
    note = Note(event.by, f"named <@{event.person}> to work with the on-call person")
    notice = outputs.inform(event.person, "stand_in_notice", by=event.by)
    return Decision(named, (note,), (*outputs.refresh(named, policy), notice))
