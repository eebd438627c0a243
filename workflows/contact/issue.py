"""The feedback issue: found or opened, told what was sent, labelled and closed. One step after the other.

Source: the handbook's page "Satisfaction (SSAT) review and responding", "If the customer should be contacted", step 3.
"""

from workflows.contact import outputs, texts
from workflows.contact.model import ContactCase
from workflows.contract import actors
from workflows.contract.effects import Effect
from workflows.contract.events import EffectFailed
from workflows.contract.issue_effects import CloseIssue, CommentOnIssue, FindTitledIssue, LabelIssue, OpenIssue
from workflows.contract.issue_port import Issue
from workflows.contract.process import Decision, Note
from workflows.contract.values import DONE, PENDING, IssueLink, Progress, failed
from workflows.policy.model import Policy
from workflows.policy.review import Tone

Step = FindTitledIssue | OpenIssue | CommentOnIssue | LabelIssue | CloseIssue


def has_failed(case: ContactCase) -> bool:
    """Whether a person has to see to the issue."""
    return case.issue_job.progress is Progress.FAILED


def go_on(case: ContactCase, policy: Policy) -> Decision[ContactCase]:
    """Do the next step, unless one is on its way already, and show how far it is."""
    if case.issue_job.progress is Progress.PENDING:
        return Decision(case, effects=outputs.refresh(case, policy))
    return _next(case, policy)


def step_succeeded(case: ContactCase, step: Step, result: object, policy: Policy) -> Decision[ContactCase]:
    """A step is done."""
    match step, result:
        case FindTitledIssue(), Issue() as issue:
            found = case.with_(issue=IssueLink.of(issue))
            return _next(found, policy).and_(notes=(Note(actors.TRACKER, f"found {issue.url}"),))
        case FindTitledIssue(title=title), _:
            return _next(case.with_(titles_looked_for=(*case.titles_looked_for, title)), policy)
        case OpenIssue(), Issue() as issue:
            opened = case.with_(issue=IssueLink.of(issue))
            return _next(opened, policy).and_(notes=(Note(actors.TRACKER, f"opened {issue.url}"),))
        case CommentOnIssue(), _:
            written = case.with_(comments_written=case.comments_written + 1)
            return _next(written, policy).and_(notes=(Note(actors.TRACKER, "took the comment"),))
        case LabelIssue(), _:
            label = policy.contact.contacted_label
            return _next(case.with_(labelled=True), policy).and_(
                notes=(Note(actors.TRACKER, f"set the label “{label}”"),)
            )
        case CloseIssue(), _:
            return _next(case.with_(issue_closed=True), policy).and_(notes=(Note(actors.TRACKER, "closed the issue"),))
        case _:
            return Decision(case)


def step_failed(case: ContactCase, event: EffectFailed, policy: Policy) -> Decision[ContactCase]:
    """A step was given up: a person is told what to do by hand."""
    stuck = case.with_(issue_job=failed(texts.issue_trouble(event, policy)))
    note = Note(actors.TRACKER, f"did not take it: {event.sentence}")
    by = case.contacted.by if case.contacted else None
    updates = outputs.inform((by,), "issue_failed_notice", but="") if by else ()
    return Decision(stuck, (note,), (*outputs.refresh(stuck, policy), *updates))


def _next(case: ContactCase, policy: Policy) -> Decision[ContactCase]:
    """The next step; the card is shown anew only where it says something else."""
    step = _next_step(case, policy)
    after = case.with_(issue_job=PENDING if step else DONE)
    changed = step is None or after.issue_job != case.issue_job
    shown = outputs.refresh(after, policy) if changed else ()
    return Decision(after, effects=(*shown, *((step,) if step else ())))


def _next_step(case: ContactCase, policy: Policy) -> Effect | None:
    project = policy.contact.issue_project
    if case.issue is None:
        if case.ticket is None:
            return None
        titles = texts.issue_titles(case, policy)
        missing = next((title for title in titles if title not in case.titles_looked_for), None)
        if missing is not None:
            return FindTitledIssue(project=project, title=missing)
        return OpenIssue(
            project=project,
            title=titles[0],
            description=texts.issue_description(case, policy),
            labels=_labels(case, policy),
        )
    where = {"project": case.issue.project, "number": case.issue.number}
    if case.comments_written < len(case.comments):
        return CommentOnIssue(**where, body=case.comments[case.comments_written])
    if not case.labelled:
        return LabelIssue(**where, add=(policy.contact.contacted_label,))
    return None if case.issue_closed else CloseIssue(**where)


def _labels(case: ContactCase, policy: Policy) -> tuple[str, ...]:
    """The labels of an issue that is opened: feedback that is not negative is not called so."""
    if case.tone in {None, Tone.BAD}:
        return policy.contact.issue_labels
    return tuple(dict.fromkeys((*policy.review.issue_labels[case.tone], policy.contact.request_label)))
