"""What people do in the tracker and to the ticket by hand: the tracker is believed, and the review follows.

It may come twice, late and in any order: what is older than what is known is only noted.
"""

from datetime import datetime

from workflows.contract.facts import IssueChange, IssueChanged, IssueCommented, TicketChange, TicketChanged
from workflows.contract.process import Decision, Note
from workflows.policy.model import Policy
from workflows.policy.review import Tone
from workflows.review import issue, outputs, standing
from workflows.review.model import ReviewCase, ReviewState


def decide(
    case: ReviewCase, fact: TicketChanged | IssueChanged | IssueCommented, policy: Policy, now: datetime
) -> Decision[ReviewCase]:
    """Note what happened to the ticket or the issue; a comment of a person is activity, and nothing more."""
    note = Note(fact.actor, fact.sentence)
    if isinstance(fact, TicketChanged):
        into = fact.into if fact.change is TicketChange.MERGED else case.merged_into
        return Decision(case.with_(merged_into=into), (note,))
    if isinstance(fact, IssueCommented):
        active, timers = outputs.activity(case, policy, now)
        return Decision(active, (note,), timers=timers)
    if case.vendor_changed_at is not None and fact.at < case.vendor_changed_at:
        return Decision(case, (note,))
    updated = case.with_(vendor_changed_at=fact.at)
    changed = _labelled(updated, fact, policy) if fact.change is IssueChange.LABELLED else _moved(updated, fact, now)
    if changed == updated:
        return Decision(updated, (note,))
    active, timers = outputs.activity(changed, policy, now)
    effects = standing.tell_manager(active, policy) if changed.is_waiting and not case.is_waiting else ()
    return issue.go_on(active, policy).and_(notes=(note,), effects=effects, timers=timers)


def _labelled(case: ReviewCase, fact: IssueChanged, policy: Policy) -> ReviewCase:
    """The labels that say why, and the tone, as somebody set them."""
    known = policy.review.feedback_labels
    kept = [label for label in case.labels if label not in fact.removed]
    labels = tuple(dict.fromkeys((*kept, *(label for label in fact.added if label in known))))
    tone = _tone(case, fact, policy)
    if labels == case.labels and tone is case.tone:
        return case
    return case.with_(
        labels=labels,
        label_written=labels[0] if len(labels) == 1 else None,
        tone=tone,
        tone_written=tone if tone is not case.tone else case.tone_written,
    )


def _tone(case: ReviewCase, fact: IssueChanged, policy: Policy) -> Tone:
    """The tone whose labels were added; what it was where none were."""
    by_tone = policy.review.issue_labels
    added = (tone for tone in Tone if by_tone[tone] and set(by_tone[tone]) <= set(fact.added))
    return next(added, case.tone)


def _moved(case: ReviewCase, fact: IssueChanged, now: datetime) -> ReviewCase:
    """Closed or opened again by hand; the desk's own closing, told late, is nothing new."""
    if case.moved_at is not None and fact.at < case.moved_at.replace(microsecond=0):
        return case
    if fact.is_moved:
        return case.with_(issue_is_moved=True)
    match fact.change:
        case IssueChange.CLOSED if case.is_waiting and not case.lacks_only_a_label:
            return outputs.closed(outputs.responded(case, now), fact.actor, now).with_(issue_is_closed=True)
        case IssueChange.REOPENED if case.state == ReviewState.CLOSED:
            opened = {"state": ReviewState.OPEN, "closing": None, "moved_at": now, "owned_at": now}
            return case.with_(**opened, issue_is_closed=False)
        case IssueChange.CLOSED | IssueChange.REOPENED:
            return case.with_(issue_is_closed=fact.change is IssueChange.CLOSED)
    return case
