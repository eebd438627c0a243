"""What happened to the page in the paging service. It may come twice, late, and in any order."""

from datetime import datetime

from workflows.contract.facts import PageChange, PageChanged
from workflows.contract.process import CancelTimer, Decision, Note
from workflows.contract.values import Progress, Stamp
from workflows.incident import closing, outputs, paging
from workflows.incident.model import IncidentCase, IncidentState, PageRecord
from workflows.policy.model import Policy

BACKWARDS = {PageChange.REOPENED, PageChange.UNACKNOWLEDGED, PageChange.TRIGGERED}


def decide(case: IncidentCase, fact: PageChanged, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """What follows. What is older than what is known already, or no news, changes nothing but the address."""
    if case.page is None or case.page.key != fact.key:
        return Decision(case)
    known = paging.with_page(case, id=case.page.id or fact.page, url=case.page.url or fact.url, progress=Progress.DONE)
    if fact.change is PageChange.REASSIGNED:
        moved = paging.with_page(known, assignees=fact.assignees)
        return Decision(moved, (_note(fact),), outputs.refresh(moved, policy))
    if fact.status is case.page.status:  # what came before it, and is still to come, is no news then
        return Decision(paging.with_page(known, changed_at=max(fact.at, case.page.changed_at)))
    if not _is_news(case.page, fact):
        return Decision(known)
    return _apply(known, fact, policy, now)


def _is_news(page: PageRecord, fact: PageChanged) -> bool:
    """Whether it came after what last changed the status; a step back counts only when strictly later."""
    return fact.at > page.changed_at or (fact.at == page.changed_at and fact.change not in BACKWARDS)


def _apply(case: IncidentCase, fact: PageChanged, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    updated = paging.with_page(case, status=fact.status, changed_at=fact.at)
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
        case, pings=0, leads_notified=False, ping_rounds=(case.page.ping_rounds + 1 if case.page else 0)
    )
    paged = paged.with_(state=IncidentState.PAGED, owner=None)
    return Decision(paged, (_note(fact),), outputs.refresh(paged, policy), (outputs.ping_timer(now, policy),))


def _note(fact: PageChanged) -> Note:
    return Note(fact.actor, fact.sentence)
