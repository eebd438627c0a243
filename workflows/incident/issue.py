"""The incident's issue in Support Operations' tracker: opened once, commented on, closed. One step after the other.

Source: the handbook's page "Working with Customer Support Operations", "When creating an incident issue, include".
"""

from dataclasses import replace

from workflows.contract import actors
from workflows.contract.effects import Effect
from workflows.contract.events import EffectFailed, Failure
from workflows.contract.issue_effects import CloseIssue, CommentOnIssue, OpenIssue
from workflows.contract.issue_port import Issue
from workflows.contract.process import Decision, Note
from workflows.contract.review_effects import ReopenIssue
from workflows.contract.values import DONE, PENDING, IssueLink, Progress, VendorTask, failed
from workflows.incident import issue_texts, outputs
from workflows.incident.model import OPEN, IncidentCase, IncidentState
from workflows.policy.incident_issue import OpenedAt
from workflows.policy.model import Policy

Step = OpenIssue | CommentOnIssue | CloseIssue | ReopenIssue


def follow(before: IncidentCase, decision: Decision[IncidentCase], policy: Policy) -> Decision[IncidentCase]:
    """The decision, with the next step of the issue, unless one is on its way already."""
    case = decision.case
    wanted = case.issue_wanted or _is_time(case, policy)
    if not wanted:
        return decision
    comments = issue_texts.updates(before, case, policy) if before.issue_wanted else issue_texts.at_once(case, policy)
    known = case.with_(issue_wanted=True, issue_comments=(*case.issue_comments, *comments))
    if known.issue_job.progress is Progress.FAILED and not comments:
        return replace(decision, case=known)  # the card says so; only news tries it again
    return _next(replace(decision, case=known), policy)


def executed(case: IncidentCase, step: Step, result: object, policy: Policy) -> Decision[IncidentCase]:
    """A step is done."""
    idle = case.with_(issue_job=DONE)
    match step, result:
        case OpenIssue(), Issue() as issue:
            opened = idle.with_(issue=IssueLink.of(issue), issue_closed=False)
            return Decision(opened, (Note(actors.TRACKER, f"opened {issue.url}"),), outputs.refresh(opened, policy))
        case CommentOnIssue(), _:
            return Decision(idle.with_(issue_comments=idle.issue_comments[1:]))
        case CloseIssue(), _:
            return Decision(idle.with_(issue_closed=True), (Note(actors.TRACKER, "closed the issue"),))
        case ReopenIssue(), _:
            return Decision(idle.with_(issue_closed=False), (Note(actors.TRACKER, "opened the issue again"),))
        case _:
            return Decision(case)


def not_executed(case: IncidentCase, event: EffectFailed, policy: Policy) -> Decision[IncidentCase]:
    """A step was given up: the card says so, and what is to be done by hand. Without a tracker there is no issue."""
    if event.failure is Failure.NOT_CONNECTED:
        return Decision(case.with_(issue_job=VendorTask(progress=Progress.FAILED)))
    stuck = case.with_(issue_job=failed(event.sentence))
    return Decision(
        stuck, (Note(actors.TRACKER, f"did not take it: {event.sentence}"),), outputs.refresh(stuck, policy)
    )


def _is_time(case: IncidentCase, policy: Policy) -> bool:
    """Whether its issue is to be opened by now: a clock runs or ran, somebody is paged, or it is resolved."""
    match policy.incident.issue.opened_at:
        case OpenedAt.START:
            return bool(case.level) and (case.state in OPEN or case.state == IncidentState.RESOLVED)
        case OpenedAt.PAGE:
            return case.page is not None
        case OpenedAt.RESOLVE:
            return case.state == IncidentState.RESOLVED
        case OpenedAt.NEVER:
            return False


def _next(decision: Decision[IncidentCase], policy: Policy) -> Decision[IncidentCase]:
    case = decision.case
    step = None if case.issue_job.progress is Progress.PENDING else _next_step(case, policy)
    if step is None:
        return decision
    return replace(decision, case=case.with_(issue_job=PENDING)).and_(effects=[step])


def _next_step(case: IncidentCase, policy: Policy) -> Effect | None:
    if case.issue is None:
        is_linked = outputs.THREAD in case.messages or case.channel_trouble is not None
        return _open(case, policy) if is_linked else None
    where = {"project": case.issue.project, "number": case.issue.number}
    is_over = case.state not in OPEN
    if case.issue_closed and not is_over:
        return ReopenIssue(**where)
    if case.issue_comments:
        return CommentOnIssue(**where, body=case.issue_comments[0])
    return CloseIssue(**where) if is_over and not case.issue_closed else None


def _open(case: IncidentCase, policy: Policy) -> Effect:
    own = policy.incident.issue
    return OpenIssue(
        project=own.project,
        title=issue_texts.title(case, policy),
        description=issue_texts.description(case, policy),
        labels=own.labels,
    )
