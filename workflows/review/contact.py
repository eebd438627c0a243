"""The manager-contact request about the same ticket: asked for by the customer or by a manager, followed to its end.

Source: the page's section "If the customer should be contacted", and its note on the form that asks for contact.
"""

from datetime import datetime

from workflows.contract.case_effects import NotifyCase
from workflows.contract.events import CaseNotified
from workflows.contract.links import ASK_FOR_CONTACT, CONTACT_OPENED, CONTACT_OVER, to_contact
from workflows.contract.process import Decision, Note
from workflows.policy.model import Policy
from workflows.review import issue, outputs, standing
from workflows.review.model import ContactLink, ReviewCase


def asked(case: ReviewCase, by: str | None, now: datetime) -> tuple[ReviewCase, tuple[NotifyCase, ...]]:
    """Ask for contact, unless that is on its way. `by` is the manager (Slack id); None: the customer asked."""
    if case.waits_for_contact or case.ticket is None:
        return case, ()
    at = case.said[-1].at if by is None and case.said else now
    details = {"by": by, "words": _words(case, by), "asked_at": at.isoformat(), "tone": case.tone}
    return case.with_(contact=ContactLink()), (to_contact(case.ticket, ASK_FOR_CONTACT, **details),)


def _words(case: ReviewCase, by: str | None) -> str:
    found = f"{case.assessment.summary}\n\n" if by is not None and case.assessment else ""
    return f"{found}{case.words}".strip()


def notified(case: ReviewCase, event: CaseNotified, policy: Policy, now: datetime) -> Decision[ReviewCase]:
    """The request lets the review know how it goes."""
    match event.purpose:
        case purpose if purpose == CONTACT_OPENED:
            linked = case.with_(contact=ContactLink(case=event.source))
            return Decision(linked, (Note("desk", f"opened {event.source}"),) if linked != case else ())
        case purpose if purpose == CONTACT_OVER:
            return _over(case, event, policy, now)
        case unknown:
            raise TypeError(f"Satisfaction reviews know no {unknown}.")


def _over(case: ReviewCase, event: CaseNotified, policy: Policy, now: datetime) -> Decision[ReviewCase]:
    """The customer was contacted: then the review is done, once it is said why the feedback was given."""
    by = event.details.get("by")
    updated = case.with_(contact=ContactLink(case=event.source, is_over=True, was_contacted=by is not None))
    note = Note("desk", f"heard that {event.source} is over: {'contacted' if by else 'cancelled'}")
    if not case.is_waiting:
        return Decision(updated, (note,))
    if by is None:  # it waits for its manager again
        returned = updated.with_(owned_at=now)
        return Decision(returned, (note,), standing.tell_manager(returned, policy))
    done = outputs.responded(updated, now)
    if not case.is_bad or case.label is not None:
        done = outputs.closed(done, str(by), now)
    active, timers = outputs.activity(done, policy, now)
    return issue.go_on(active, policy).and_(notes=(note,), timers=timers)
