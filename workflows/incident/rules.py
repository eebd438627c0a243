"""What has to happen to an incident: one pure function, `decide`.

Source: the handbook's page "Working with Customer Support Operations", section "Incidents". One module a stage: how it
opens, the clock, who responds, paging, what the paging service tells, how it closes, and what the outside answers.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from workflows.contract import channels
from workflows.contract.effects import Effect
from workflows.contract.events import EffectDelayed, EffectDropped, EffectFailed, EffectSucceeded, TimerDue
from workflows.contract.facts import PageChanged
from workflows.contract.message_effects import ShowCard
from workflows.contract.page_effects import AskPage
from workflows.contract.process import Decision, adopt
from workflows.incident import (
    attending,
    clock,
    closing,
    countdown,
    effect_results,
    events,
    issue,
    opening,
    outputs,
    page_updates,
    paging,
    responding,
    threads,
)
from workflows.incident.model import OPEN, IncidentCase, IncidentState, Line
from workflows.policy.model import Policy

LONGEST_LOG = 200

Rule = Callable[[IncidentCase, Any, Policy, datetime], Decision[IncidentCase]]

RULES: dict[type, Rule] = {
    events.MessageWritten: opening.written,
    events.Reported: opening.reported,
    events.SystemPicked: opening.picked,
    events.Described: opening.described,
    events.CriticalityChanged: opening.changed,
    events.MessageEdited: opening.edited,
    events.MessageDeleted: threads.deleted,
    events.CardDeleted: threads.card_deleted,
    events.Spoke: responding.spoke,
    events.TakenOn: responding.taken_on,
    events.ExportAsked: attending.exported,
    events.StillOn: attending.still_on,
    events.RespondersCalled: attending.called,
    events.Available: responding.available,
    events.StandInNamed: responding.stand_in,
    events.PageAsked: paging.asked,
    events.PagedByHand: paging.by_hand,
    events.Held: paging.held,
    events.Dismissed: closing.dismissed,
    events.Resolved: closing.resolved,
    events.Reopened: closing.reopened,
    PageChanged: page_updates.decide,
}
"""What follows from each thing that can happen to an incident."""


def decide(case: IncidentCase, event: object, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """Decide what an event changes. Pure: it reads nothing but its arguments and touches nothing."""
    decision = _decide(case, event, policy, now)
    if decision.refusal is not None:
        return decision
    kept = _kept(attending.asks_daily(case.state, decision, policy, now), policy, now)
    return issue.follow(case, kept, policy)


def wanted(case: IncidentCase, effect: Effect, _policy: Policy) -> bool:
    """Whether a message that waited still makes sense: a ping that nobody has seen yet must not come too late."""
    if isinstance(effect, AskPage):
        return case.state == IncidentState.PAGED and case.page is not None and case.page.ping_asked
    if not isinstance(effect, ShowCard) or effect.slot in case.messages:
        return True
    match effect.slot.partition(":")[0]:
        case outputs.BEFORE_PAGE:
            is_left = case.state == IncidentState.HELD and outputs.number_of(effect.slot) == case.held_step
            return (is_left or case.state == IncidentState.WAITING) and effect.slot.endswith(f".{case.round}")
        case outputs.UNPICKED:
            return case.state == IncidentState.PAGED
        case outputs.STILL:
            return case.state in outputs.TAKEN
        case outputs.PAGE_PING | outputs.MANUAL:
            return case.state == IncidentState.PAGED
    return True


def _decide(case: IncidentCase, event: object, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    match event:
        case EffectDropped():
            return adopt(case, event)
        case EffectSucceeded() | EffectFailed() | EffectDelayed():
            return effect_results.decide(case, event, policy, now)
        case TimerDue(name=outputs.STILL_TIME):
            return attending.ask_whether_still_on_it(case, policy, now)
        case TimerDue(name=channels.TIMER):
            return threads.try_channel(case, policy, now)
        case TimerDue(name=outputs.PING_TIME):
            return paging.ping(case, event, policy, now)
        case TimerDue():
            return countdown.timer(case, event, policy, now)
    rule = RULES.get(type(event))
    if rule is None:
        raise TypeError(f"Incidents know no {type(event).__name__}.")
    return rule(case, event, policy, now)


def _kept(decision: Decision[IncidentCase], policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """The decision, with its notes in the case, where its thread can show them; and whether anybody is at work now."""
    case = decision.case
    lines = (Line(at=now, actor=note.actor, what=note.what) for note in decision.notes)
    outside = clock.is_outside(now, policy.incident) if case.state in OPEN else case.outside
    return replace(decision, case=case.with_(log=(*case.log, *lines)[-LONGEST_LOG:], outside=outside))
