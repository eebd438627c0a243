"""What happened to the page in the paging service. It may come twice, late, and in any order."""

from dataclasses import replace
from datetime import datetime

from workflows.contract.facts import PageChange, PageChanged
from workflows.contract.page_facts import facts_of
from workflows.contract.paging_ports import PageNow
from workflows.contract.process import CancelTimer, Decision, Note
from workflows.contract.values import Progress, Stamp
from workflows.incident import closing, outputs, paging
from workflows.incident.model import IncidentCase, IncidentState, PageRecord
from workflows.policy.model import Policy

BACKWARDS = {PageChange.REOPENED, PageChange.UNACKNOWLEDGED, PageChange.TRIGGERED}


def decide(case: IncidentCase, fact: PageChanged, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """Take in how the page stands. What is older than what is known changes nothing but the address."""
    if case.page is None or case.page.key != fact.key:
        return Decision(case)
    known = paging.with_page(
        case,
        id=case.page.id or fact.page,
        url=case.page.url or fact.url,
        progress=Progress.DONE,
        out_at=case.page.out_at or fact.at,
        assignees=fact.assignees or case.page.assignees,
    )
    is_moved = known.page is not None and known.page.assignees != case.page.assignees
    shown = outputs.refresh(known, policy) if is_moved else ()
    if fact.change is PageChange.REASSIGNED:
        return Decision(known, (_note(fact),) if is_moved else (), shown)
    if fact.status is case.page.status:  # what came before it, and is still to come, is no news then
        return Decision(paging.with_page(known, changed_at=max(fact.at, case.page.changed_at)), effects=shown)
    if not _is_news(case.page, fact):
        return Decision(known, effects=shown)
    return _apply(known, fact, policy, now)


def before_ping(case: IncidentCase, page: PageNow | None, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """How the page stands is known: take in what is new, and ping if there is still nobody on it."""
    decision: Decision[IncidentCase] = Decision(case)
    for fact in facts_of(page, now) if page is not None else ():
        after = decide(decision.case, fact, policy, now)
        decision = replace(after, notes=(*decision.notes, *after.notes)).and_(
            effects=decision.effects, timers=decision.timers
        )
    escalated = paging.next_step(decision.case, policy, now)
    return replace(escalated, notes=(*decision.notes, *escalated.notes)).and_(
        effects=decision.effects, timers=decision.timers
    )


def _is_news(page: PageRecord, fact: PageChanged) -> bool:
    """Whether it came after what last changed the status; a step back counts only when strictly later.

    A step forward that the desk was told when it asked is how things stand now, whatever the other clock says.
    """
    if fact.change in BACKWARDS:
        return fact.at > page.changed_at
    return max(fact.at, fact.seen_at or fact.at) >= page.changed_at


def _apply(case: IncidentCase, fact: PageChanged, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    updated = paging.with_page(case, status=fact.status, changed_at=fact.at, changed_by=fact.by)
    match fact.change:
        case PageChange.ACKNOWLEDGED if case.state == IncidentState.PAGED:
            taken = updated.with_(state=IncidentState.ACKNOWLEDGED)
            return Decision(taken, (_note(fact),), outputs.refresh(taken, policy), (CancelTimer(outputs.PING_TIME),))
        case PageChange.RESOLVED if case.state in {IncidentState.PAGED, IncidentState.ACKNOWLEDGED}:
            over = updated.with_(state=IncidentState.RESOLVED, closed=Stamp(by=fact.actor, at=fact.at))
            return closing.over_now(over, _note(fact), policy)
        case PageChange.REOPENED if case.state == IncidentState.RESOLVED:
            return _page_again(updated.with_(closed=None, summary=""), fact, policy, now)
        case PageChange.UNACKNOWLEDGED if case.state == IncidentState.ACKNOWLEDGED:
            return _page_again(updated, fact, policy, now)
        case _:
            return Decision(case)


def _page_again(case: IncidentCase, fact: PageChanged, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """Nobody is on it any more: the thread is pinged anew until somebody acknowledges it."""
    paged = paging.with_page(
        case, pings=0, is_escalated=False, ping_rounds=(case.page.ping_rounds + 1 if case.page else 0)
    )
    paged = paged.with_(state=IncidentState.PAGED, owner=None)
    return Decision(paged, (_note(fact),), outputs.refresh(paged, policy), outputs.ping_timer(0, now, policy))


def _note(fact: PageChanged) -> Note:
    return Note(fact.actor, fact.sentence)
