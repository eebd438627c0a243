"""What managers do with a review: assess, label, close, take it over, open it again.

Source: the page's sections "Handling Good Reviews" and "Handling Bad Reviews".
"""

from datetime import datetime

from workflows.contract.process import Decision, Note
from workflows.policy.model import Policy
from workflows.review import contact, issue, outputs, standing, texts
from workflows.review.model import (
    Assessed,
    Assessment,
    Discussion,
    IssueRetryAsked,
    ReviewCase,
    ReviewClosed,
    ReviewState,
    TakenOver,
)

AFTER_IT_IS_CLOSED = (IssueRetryAsked,)


def decide(case: ReviewCase, event: object, policy: Policy, now: datetime) -> Decision[ReviewCase]:
    """Handle what a manager did to a review."""
    refusal = _refusal(case, event, policy)
    if refusal is not None:
        return Decision(case, refusal=refusal)
    match event:
        case Assessed():
            return _assess(case, event, policy, now)
        case ReviewClosed(by=by):
            changed, note = outputs.closed(outputs.responded(case, now), by, now), Note(by, "closed it")
        case TakenOver(by=by):
            mine = {"owner": by, "owner_zone": event.zone, "owner_email": event.email, "owned_at": now}
            changed = case.with_(**mine, owner_trouble=None)
            note = Note(by, "took it over")
        case IssueRetryAsked(by=by):
            changed, note = case, Note(by, "asked to write the feedback issue again")
        case _:
            raise TypeError(f"Satisfaction reviews know no {type(event).__name__}.")
    active, timers = outputs.activity(changed, policy, now)
    effects = standing.tell_manager(active, policy) if isinstance(event, TakenOver) else ()
    return issue.go_on(active, policy).and_(notes=(note,), effects=effects, timers=timers)


def _refusal(case: ReviewCase, event: object, policy: Policy) -> str | None:
    if case.state == ReviewState.NEW:
        return f"{case.id} doesn't exist yet."
    if not case.is_waiting and not isinstance(event, AFTER_IT_IS_CLOSED):
        return texts.closed_sentence(case)
    match event:
        case Assessed(label=label) if label not in policy.review.feedback_labels:
            return "This label is not in the policy any more. Choose another one."
        case Assessed(contact=True, why_open=None) | Assessed(why_open=str()):
            return None
        case ReviewClosed() if case.waits_for_contact:
            name = case.contact.case if case.contact and case.contact.case else "the contact request"
            return f"The customer has to be contacted first: see {name}."
        case ReviewClosed() if case.is_bad and case.label is None:
            return "Choose the one feedback label that says why, first: press *Triage*."
        case IssueRetryAsked() if not issue.has_failed(case):
            return "There is nothing to try again: it is done, or on its way."
    return None


def _assess(case: ReviewCase, event: Assessed, policy: Policy, now: datetime) -> Decision[ReviewCase]:
    """The page's template goes into the issue as a comment; then it is closed, or stays open and says why."""
    found = Assessment(by=event.by, at=now, summary=event.summary, action=event.action, contact=event.contact)
    known = outputs.responded(case, now).with_(
        assessment=found, labels=(event.label,), comments=(*case.comments, texts.assessment_comment(found))
    )
    notes = [Note(event.by, f"assessed it: {event.label}")]
    if event.why_open is not None:
        known = known.with_(
            state=ReviewState.DISCUSSING,
            discussion=Discussion(by=event.by, at=now, why=event.why_open),
            comments=(*known.comments, texts.discussion_comment(event.why_open)),
        )
        notes.append(Note(event.by, "left it open for discussion"))
    elif (not event.contact or _was_contacted(case)) and not known.waits_for_contact:
        known = outputs.closed(known, event.by, now)
        notes.append(Note(event.by, "closed it"))
    known, asks = contact.asked(known, event.by, now) if event.contact and not _was_contacted(case) else (known, ())
    active, timers = outputs.activity(known, policy, now)
    return issue.go_on(active, policy).and_(notes=notes, effects=asks, timers=timers)


def _was_contacted(case: ReviewCase) -> bool:
    return case.contact is not None and case.contact.was_contacted
