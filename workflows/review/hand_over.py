"""A review is handed over, with others, to who is on duty now: its issue is assigned to them."""

from datetime import datetime

from workflows.contract.events import CaseNotified
from workflows.contract.process import Decision, Note
from workflows.contract.review_effects import AssignIssue
from workflows.policy.model import Policy
from workflows.review import issue, standing
from workflows.review.model import ReviewCase


def decide(case: ReviewCase, event: CaseNotified, policy: Policy, _now: datetime) -> Decision[ReviewCase]:
    """What follows; what is over by now stays as it is."""
    to, by = event.details["id"], event.details["by"]
    if not case.is_waiting or case.owner == to:
        return Decision(case)
    owned = case.with_(
        owner=to, owner_zone=event.details["zone"], owner_email=event.details["email"], owner_trouble=None
    )
    note = Note(str(by), f"handed it over to <@{to}>")
    return Decision(owned, (note,), (*assigned(owned, policy), *standing.tell_manager(owned, policy)))


def assigned(case: ReviewCase, policy: Policy) -> tuple[AssignIssue, ...]:
    """Assign the issue to its owner, where the tracker may know them."""
    assignee = issue.assignee(case, policy)
    if case.issue is None or assignee is None:
        return ()
    return (AssignIssue(project=case.issue.project, number=case.issue.number, assignee=assignee),)
