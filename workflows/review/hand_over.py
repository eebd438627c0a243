"""A review gets another owner: it is handed over with others, or somebody is on duty at last; its issue is assigned."""

from datetime import datetime

from workflows.contract.events import CaseNotified, DutySource
from workflows.contract.process import Decision, Note
from workflows.policy.model import Policy
from workflows.review import issue, standing
from workflows.review.model import ReviewCase


def decide(case: ReviewCase, event: CaseNotified, policy: Policy, now: datetime) -> Decision[ReviewCase]:
    """Hand a review to the next manager; what is over by now, or was taken meanwhile, stays as it is."""
    to = event.details["id"]
    is_given = event.purpose == standing.GIVEN
    if not case.is_waiting or case.owner == to or (is_given and case.owner is not None):
        return Decision(case)
    owned = case.with_(
        owner=to,
        owner_zone=event.details["zone"],
        owner_email=event.details["email"],
        owner_trouble=None,
        owned_at=now,
        duty=DutySource(event.details["source"]) if is_given else case.duty,
    )
    if is_given:
        note = Note("desk", f"made <@{to}> the owner: the first on duty since ({owned.duty})")
    else:
        note = Note(str(event.details["by"]), f"handed it over to <@{to}>")
    return issue.go_on(owned, policy).and_(notes=(note,), effects=standing.tell_manager(owned, policy))
