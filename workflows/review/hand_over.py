"""A review gets another owner: it is handed over with others, or somebody is on duty at last; its issue is assigned.

One whose owner has left Slack is nobody's again, until somebody on duty gets it.
"""

from datetime import datetime

from workflows.contract.events import CaseNotified, DutySource
from workflows.contract.process import Decision, Note
from workflows.policy.model import Policy
from workflows.review import issue, standing
from workflows.review.model import ReviewCase


def decide(case: ReviewCase, event: CaseNotified, policy: Policy, now: datetime) -> Decision[ReviewCase]:
    """Give a review another owner, or none; what is over by now, or was taken meanwhile, stays as it is."""
    is_given = event.purpose == standing.GIVEN
    of = None if is_given else event.details.get("of", case.owner)
    if not case.is_waiting or case.owner != of:
        return Decision(case)
    if event.purpose == standing.GONE:
        return _gone(case, str(event.details["why"]), policy)
    to = event.details["id"]
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


def _gone(case: ReviewCase, why: str, policy: Policy) -> Decision[ReviewCase]:
    nobodys = case.with_(owner=None, owner_zone=None, owner_email=None, owner_trouble=why, owned_at=None)
    note = Note("desk", f"took it from <@{case.owner}>: {why}")
    return issue.go_on(nobodys, policy).and_(notes=(note,), effects=standing.tell_manager(nobodys, policy))
