"""While somebody is on an incident, or is wanted: the responders are called, and who is on it is asked now and then."""

from datetime import datetime

from workflows.contract.file_effects import UploadFile
from workflows.contract.process import CancelTimer, Decision, Note
from workflows.incident import outputs, texts
from workflows.incident.events import ExportAsked, RespondersCalled, StillOn
from workflows.incident.model import OPEN, IncidentCase
from workflows.policy.model import Policy


def called(case: IncidentCase, event: RespondersCalled, policy: Policy, _now: datetime) -> Decision[IncidentCase]:
    """Somebody who is no responder has the responders pinged."""
    if case.state not in OPEN:
        return Decision(case, refusal=texts.closed_already(case, policy))
    by_now = case.with_(calls=(*case.calls, event.by))
    slot = f"{outputs.CALL}:{len(by_now.calls)}"
    return Decision(
        by_now, (Note(event.by, "had the responders pinged"),), (outputs.post_notice(slot, by_now, policy),)
    )


def asks_daily(before: str, decision: Decision[IncidentCase], policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """The decision, with the timer that asks whether somebody is still on it: set, or cancelled."""
    was, is_now = before in outputs.TAKEN, decision.case.state in outputs.TAKEN
    if was == is_now:
        return decision
    change = outputs.still_timer(policy, now) if is_now else CancelTimer(outputs.STILL_TIME)
    return decision.and_(timers=[change])


def ask_whether_still_on_it(case: IncidentCase, policy: Policy, now: datetime) -> Decision[IncidentCase]:
    """Nobody has resolved it for a business day: ask whether somebody is still on it, and again tomorrow."""
    if case.state not in outputs.TAKEN:
        return Decision(case)
    asked = case.with_(still_asked=case.still_asked + 1, still_by=None)
    notice = outputs.post_notice(f"{outputs.STILL}:{asked.still_asked}", asked, policy)
    note = Note("desk", "asked whether somebody is still on it")
    return Decision(asked, (note,), (notice, outputs.show_card(asked, policy)), (outputs.still_timer(policy, now),))


def still_on(case: IncidentCase, event: StillOn, policy: Policy, _now: datetime) -> Decision[IncidentCase]:
    """Somebody is still on it."""
    if case.state not in OPEN:
        return Decision(case, refusal=texts.closed_already(case, policy))
    seen = case.with_(still_by=event.by)
    return Decision(seen, (Note(event.by, "is still on it"),), outputs.refresh(seen, policy))


def exported(case: IncidentCase, event: ExportAsked, _policy: Policy, _now: datetime) -> Decision[IncidentCase]:
    """Somebody has the incidents of a period sent as a table."""
    details = {"rows": event.rows, "since": event.since.isoformat(), "until": event.until.isoformat()}
    file = UploadFile(what=outputs.EXPORT, user=event.by, details=details)
    return Decision(case, (Note(event.by, f"asked for a table of {len(event.rows)} incidents"),), (file,))
