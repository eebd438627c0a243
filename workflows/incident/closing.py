"""How an incident ends, and how it begins again."""

from datetime import datetime

from workflows.contract.facts import PageStatus
from workflows.contract.process import CancelTimer, Decision, Note
from workflows.contract.values import Stamp
from workflows.incident import countdown, outputs, paging, texts
from workflows.incident.events import Dismissed, Reopened, Resolved
from workflows.incident.model import IncidentCase, IncidentState
from workflows.policy.model import Policy


def dismissed(case: IncidentCase, event: Dismissed, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """A person says that it is no incident. Where somebody was paged, it has to be resolved instead."""
    if case.state in {IncidentState.RESOLVED, IncidentState.DISMISSED}:
        return Decision(case, refusal=texts.closed_already(case, policy))
    if case.state == IncidentState.ACKNOWLEDGED or (case.page is not None and case.page.is_out):
        return Decision(case, refusal="Somebody was paged for this: press *Resolve* and say what it was.")
    none = case.with_(state=IncidentState.DISMISSED, closed=Stamp(by=event.by, at=now))
    note = Note(event.by, "said that it is no incident")
    return Decision(none, (note,), outputs.refresh(none, policy), (CancelTimer(),))


def resolved(case: IncidentCase, event: Resolved, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """A person says that it is over. One resolved in the paging service gets its line of summary afterwards."""
    if case.state == IncidentState.DISMISSED or (case.state == IncidentState.RESOLVED and case.summary):
        return Decision(case, refusal=texts.closed_already(case, policy))
    if case.state == IncidentState.RESOLVED:
        updated = case.with_(summary=event.summary)
        return Decision(updated, (Note(event.by, f"summed it up: {event.summary}"),), outputs.refresh(updated, policy))
    over = case.with_(state=IncidentState.RESOLVED, closed=Stamp(by=event.by, at=now), summary=event.summary)
    if case.page is not None:
        over = paging.with_page(over, status=PageStatus.RESOLVED, changed_at=now)
    return over_now(over, Note(event.by, f"resolved it: {event.summary}"), policy).and_(
        effects=outputs.resolve_page(over)
    )


def over_now(case: IncidentCase, note: Note, policy: Policy) -> Decision[IncidentCase]:
    """Stop everything, and leave the timeline in the thread."""
    effects = (*outputs.refresh(case, policy), outputs.say("timeline", case, policy))
    return Decision(case, (note,), effects, (CancelTimer(),))


def reopened(case: IncidentCase, event: Reopened, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """A person says that it is not over: who was paged before is paged again; else the clock starts anew, from now."""
    if case.state not in {IncidentState.RESOLVED, IncidentState.DISMISSED, IncidentState.HELD, IncidentState.ANSWERED}:
        return Decision(case, refusal=f"{case.id} is open.")
    note = Note(
        event.by,
        "opened it again" if case.state in {IncidentState.RESOLVED, IncidentState.DISMISSED} else "set the clock again",
    )
    again = case.with_(
        response=None, unchecked=(), owner=None, closed=None, summary="", contact_here=None, held_ping_at=None
    )
    if not case.level:
        return countdown.begin_read(again.with_(no_report=None), policy, now, since=now, notes=(note,))
    again = again.with_(clock_from=now, state=IncidentState.WAITING)
    if case.page is not None and case.page.is_out:
        why = "It was opened again."
        return paging.page(again.with_(openings=case.openings + 1), why, policy, now, notes=(note,))
    return countdown.set_clock(again, policy, now, (note,), "It was due at once.")
