"""Kudos: who was praised, what was said, the ticket's number; they gather for the week's review.

Source: the page's section "Handling Good Reviews", step 1.
"""

from datetime import datetime

from workflows.contract.case_effects import NotifyCase
from workflows.contract.process import Decision, Note
from workflows.policy.model import Policy
from workflows.review import issue, outputs, standing
from workflows.review.model import KudosGiven, ReviewCase


def given(case: ReviewCase, event: KudosGiven, policy: Policy, now: datetime) -> Decision[ReviewCase]:
    """A manager passes praise on. The same person and words twice are one."""
    praised = f"<@{event.who}>" if event.who else event.name or "the team"
    key = f"{event.who or event.name or 'team'}:{event.words}"
    if key in case.kudos:
        return Decision(case, refusal=f"These words for {praised} are in the week's review already.")
    known = outputs.responded(case, now).with_(kudos=(*case.kudos, key))
    active, timers = outputs.activity(known, policy, now)
    details = {
        "id": f"{case.id}:{len(known.kudos)}",
        "who": event.who,
        "name": event.name,
        "email": event.email,
        "words": event.words,
        "ticket": str(case.ticket or ""),
        "url": (policy.tickets.agent_url(case.ticket) if case.ticket else None) or "",
    }
    notify = NotifyCase(kind=standing.WEEK, key=standing.WEEK, purpose=standing.KUDOS, details=details)
    note = Note(event.by, f"passed on kudos for {praised}")
    return issue.go_on(active, policy).and_(
        notes=(note,), effects=(notify, *standing.tell_manager(active, policy)), timers=timers
    )
