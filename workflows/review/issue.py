"""The feedback issue: found or opened, labelled, commented, closed and opened again. One step after the other.

What has to be written is kept apart from what was written, so that a step that failed is done later, and what
people do in the tracker by hand is not undone.
"""

from typing import Any

from workflows.contract import actors
from workflows.contract.events import EffectFailed, Failure
from workflows.contract.issue_effects import CloseIssue, CommentOnIssue, FindTitledIssue, LabelIssue, OpenIssue
from workflows.contract.issue_port import Issue
from workflows.contract.process import Decision, Note
from workflows.contract.review_effects import AssignIssue, RenameIssue, ReopenIssue
from workflows.contract.values import DONE, PENDING, IssueLink, Progress, failed
from workflows.policy.model import Policy
from workflows.policy.review import Tone
from workflows.review import texts
from workflows.review.model import ReviewCase, ReviewState, TicketCheck

Step = FindTitledIssue | OpenIssue | RenameIssue | LabelIssue | AssignIssue | CommentOnIssue | CloseIssue | ReopenIssue


def go_on(case: ReviewCase, policy: Policy) -> Decision[ReviewCase]:
    """Do the next step, unless one is on its way already."""
    return Decision(case) if case.issue_task.progress is Progress.PENDING else _next(case, policy)


def step_succeeded(case: ReviewCase, step: Step, result: object, policy: Policy) -> Decision[ReviewCase]:
    """A step is done."""
    done, note = _after(case, step, result, policy)
    return _next(done, policy).and_(notes=(Note(actors.TRACKER, note),) if note else ())


def not_executed(case: ReviewCase, event: EffectFailed, policy: Policy) -> Decision[ReviewCase]:
    """A step was given up: the queue says what to do by hand. An assignee nobody knows holds up nothing else."""
    if isinstance(event.effect, AssignIssue) and event.failure is Failure.NOT_FOUND:
        known = case.with_(assignee_written=event.effect.assignee, action_trouble=event.sentence)
        return _next(known, policy).and_(notes=(Note(actors.TRACKER, f"was not assigned: {event.sentence}"),))
    stuck = case.with_(issue_task=failed(texts.issue_trouble(case, event)))
    return Decision(stuck, (Note(actors.TRACKER, f"did not take it: {event.sentence}"),))


def _after(case: ReviewCase, step: Step, result: object, policy: Policy) -> tuple[ReviewCase, str]:
    match step, result:
        case FindTitledIssue(title=title), Issue() as issue:
            return _adopted(case, title, issue, policy), f"found {issue.url}"
        case FindTitledIssue(title=title), _:
            return case.with_(titles_looked_for=(*case.titles_looked_for, *_tones(case, title, policy))), ""
        case OpenIssue(title=title, labels=labels, assignee=assigned), Issue() as issue:
            label = case.label if case.label in labels else None
            written = {"tone_written": case.tone, "label_written": label, "assignee_written": assigned}
            opened = case if _tones(case, title, policy) == (case.tone,) else case.with_(tone_written=None)
            return opened.with_(issue=IssueLink.of(issue), **written), f"opened {issue.url}"
        case RenameIssue(), Issue() as issue:
            return case.with_(issue=IssueLink.of(issue)), "renamed the issue"
        case LabelIssue(add=add), _:
            written = {"label_written": case.label} if case.label in add else {}
            tone = {"tone_written": case.tone} if set(_tone_labels(case, policy)) <= set(add) else {}
            return case.with_(**written, **tone), f"set {', '.join(add)}"
        case AssignIssue(assignee=assigned), _:
            return case.with_(assignee_written=assigned), f"assigned the issue to {assigned}"
        case CommentOnIssue(), _:
            return case.with_(comments_written=case.comments_written + 1), "took the comment"
        case CloseIssue(), _:
            return case.with_(issue_is_closed=True), "closed the issue"
        case ReopenIssue(), _:
            return case.with_(issue_is_closed=False), "opened the issue again"
        case _:
            return case, ""


def _adopted(case: ReviewCase, _title: str, issue: Issue, policy: Policy) -> ReviewCase:
    """An issue that exists is taken as it is: what it says why, it says for good."""
    known = tuple(label for label in issue.labels if label in policy.review.feedback_labels)
    return case.with_(
        issue=IssueLink.of(issue),
        issue_is_closed=issue.state == "closed",
        labels=case.labels or known,
        label_written=known[0] if len(known) == 1 else None,
    )


def _tones(case: ReviewCase, title: str, policy: Policy) -> tuple[Tone, ...]:
    return tuple(tone for tone in Tone if texts.issue_title(tone, case.ticket, policy) == title)


def _next(case: ReviewCase, policy: Policy) -> Decision[ReviewCase]:
    step = _next_step(case, policy)
    after = case.with_(issue_task=PENDING if step else DONE)
    return Decision(after, effects=(step,) if step else ())


def _next_step(case: ReviewCase, policy: Policy) -> Step | None:
    """What the issue lacks. It waits until the ticket was looked at, and it is known whose it is."""
    if case.check is TicketCheck.ASKED or not case.asked_who or case.state == ReviewState.RECORDED:
        return None
    if case.issue_is_moved:  # until it is told of where it is now
        return None
    if case.issue is None:
        return _find_or_open(case, policy)
    where: dict[str, Any] = {"project": case.issue.project, "number": case.issue.number}
    title = texts.issue_title(case.tone, case.ticket, policy)
    if case.issue.title != title and _tones(case, case.issue.title, policy):
        return RenameIssue(**where, title=title)
    if case.tone_written is not case.tone or (case.label and case.label_written != case.label):
        return LabelIssue(**where, add=wanted_labels(case, policy), remove=_other_labels(case, policy))
    owner = assignee(case, policy)
    if case.is_waiting and owner is not None and owner != case.assignee_written:
        return AssignIssue(**where, assignee=owner)
    if case.comments_written < len(case.comments):
        return CommentOnIssue(**where, body=case.comments[case.comments_written])
    if case.state == ReviewState.CLOSED and not case.issue_is_closed:
        return CloseIssue(**where)
    again = case.is_waiting and case.issue_is_closed and not case.lacks_only_a_label
    return ReopenIssue(**where) if again else None


def _find_or_open(case: ReviewCase, policy: Policy) -> Step:
    """The customer's issue of whatever tone is taken; the own tone is looked for first."""
    project, ticket = policy.review.issue_project, case.ticket
    for tone in sorted(Tone, key=lambda tone: tone is not case.tone):
        if tone not in case.titles_looked_for:
            return FindTitledIssue(project=project, title=texts.issue_title(tone, ticket, policy))
    return OpenIssue(
        project=project,
        title=texts.issue_title(case.tone, ticket, policy),
        description=texts.issue_description(case, policy),
        labels=wanted_labels(case, policy),
        assignee=assignee(case, policy),
    )


def assignee(case: ReviewCase, policy: Policy) -> str | None:
    """The owner as the tracker knows them: by the roster, else by e-mail address."""
    known = (one for one in policy.roster if one.tracker and _is(one.email, one.slack, case))
    return next((one.tracker for one in known), case.owner_email)


def _is(email: str, slack: str | None, case: ReviewCase) -> bool:
    return case.owner is not None and (slack == case.owner or email == (case.owner_email or "").lower())


def wanted_labels(case: ReviewCase, policy: Policy) -> tuple[str, ...]:
    """The labels the issue should have of those the desk sets."""
    return (*_tone_labels(case, policy), *([case.label] if case.label else []))


def _tone_labels(case: ReviewCase, policy: Policy) -> tuple[str, ...]:
    return policy.review.issue_labels[case.tone]


def _other_labels(case: ReviewCase, policy: Policy) -> tuple[str, ...]:
    """What has to go: without a paid tier, scoped labels do not exclude each other."""
    own = wanted_labels(case, policy)
    tones = [label for labels in policy.review.issue_labels.values() for label in labels]
    whys = policy.review.feedback_labels if case.label else ()
    return tuple(label for label in dict.fromkeys((*tones, *whys)) if label not in own)


def has_failed(case: ReviewCase) -> bool:
    """Whether a person has to see to the issue."""
    return case.issue_task.progress is Progress.FAILED
