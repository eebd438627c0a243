"""From the form to the case: what was typed is saved first, then checked, shown again, and sent."""

from datetime import datetime
from typing import assert_never

from workflows.contract.effect_base import Urgency
from workflows.contract.issue_effects import FindIssues
from workflows.contract.process import CancelTimer, Decision, Note
from workflows.contract.ticket_effects import ReadTicket
from workflows.contract.values import PENDING, VendorTask
from workflows.feedback import outputs, texts
from workflows.feedback.model import (
    Check,
    Confirmed,
    Discarded,
    Drafted,
    FeedbackCase,
    FeedbackState,
    FormClosed,
    IssueWish,
    ModalClosed,
)
from workflows.policy.feedback import Kind
from workflows.policy.model import Policy

SEARCHED = {Kind.PRODUCT, Kind.BUG}
"""The kinds for which existing issues are looked for."""


def decide(
    case: FeedbackCase,
    event: Drafted | FormClosed | ModalClosed | Discarded | Confirmed,
    policy: Policy,
    now: datetime,
) -> Decision[FeedbackCase]:
    """Handle what a person did to a draft."""
    if case.state not in {FeedbackState.DRAFT, FeedbackState.DISCARDED}:
        return Decision(case, refusal=f"{case.id} was sent already; its card shows how it stands.")
    match event:
        case Drafted():
            return _draft(case, event, policy, now)
        case FormClosed():
            return _keep(case, event, policy, now)
        case ModalClosed(view_id=case.view_id):
            return Decision(case.with_(view_id=None))
        case ModalClosed():
            return Decision(case)  # an older modal of this draft
        case Discarded(by=by):
            discarded = case.with_(state=FeedbackState.DISCARDED, view_id=None)
            note = Note(by, "closed the form without sending it")
            return Decision(discarded, (note,), timers=(CancelTimer(outputs.DRAFT_EXPIRES),))
        case Confirmed():
            return _send(case, event, policy, now)
        case unknown:
            assert_never(unknown)


def _draft(case: FeedbackCase, event: Drafted, policy: Policy, now: datetime) -> Decision[FeedbackCase]:
    typed = event.typed
    draft = case.with_(
        state=FeedbackState.DRAFT,
        submitter=event.by,
        owner=event.by,
        ticket=typed.ticket,
        kind=typed.kind,
        text=typed.text,
        area=typed.area,
        feature=typed.feature,
        source=event.source or case.source,
        view_id=event.view_id,
        round=case.round + 1,
        check=Check.ASKED,
        search_failed=False,
        found=None if _searches(typed.kind, typed.feature, policy) else (),
    )
    return Decision(
        draft,
        notes=(Note(event.by, f"typed feedback for ticket {typed.ticket}"),),
        effects=(
            ReadTicket(ticket=typed.ticket, urgency=Urgency.ANSWER),
            *_search(draft, policy),
        ),
        timers=(outputs.draft_timer(now, policy),),
    )


def _keep(case: FeedbackCase, event: FormClosed, policy: Policy, now: datetime) -> Decision[FeedbackCase]:
    """Keep what was typed into a form that was closed. Nothing is asked of anybody: it may never be sent."""
    kept = case.with_(
        state=FeedbackState.DRAFT,
        submitter=event.by,
        owner=event.by,
        ticket=event.ticket,
        kind=event.kind,
        text=event.text,
        area=event.area,
        feature=event.feature,
        source=event.source or case.source,
        view_id=None,
    )
    note = Note(event.by, "closed the form before it was sent")
    return Decision(kept, (note,), timers=(outputs.draft_timer(now, policy),))


def _searches(kind: Kind, feature: str, policy: Policy) -> bool:
    """A bug needs an issue, so one is looked for in any case: by its text, where no feature is named."""
    return policy.feedback.issues_shown > 0 and kind in SEARCHED and (kind is Kind.BUG or bool(feature.strip()))


def _search(draft: FeedbackCase, policy: Policy) -> tuple[FindIssues, ...]:
    if draft.found is not None:
        return ()
    return (
        FindIssues(
            project=policy.feedback.issue_project,
            words=texts.search_words(draft),
            limit=policy.feedback.issues_shown,
            urgency=Urgency.ANSWER,
        ),
    )


def _send(case: FeedbackCase, event: Confirmed, policy: Policy, now: datetime) -> Decision[FeedbackCase]:
    if case.ticket is None or not case.text:
        return Decision(case, refusal="This form is not complete yet. Please open it again with `/feedback`.")
    if case.check is Check.MISSING:
        return Decision(case, refusal=f"There is no ticket {case.ticket}. Please correct its number.")
    wanted = event.wish is not IssueWish.NONE
    if case.kind is Kind.BUG and not wanted:
        return Decision(case, refusal="A bug needs an issue: add it to an existing one, or open a new one.")
    sent = case.with_(
        state=FeedbackState.OPEN,
        view_id=None,
        tag=PENDING,
        issue=event.issue,
        issue_job=PENDING if wanted else VendorTask(),
    )
    sent = outputs.with_deadlines(sent, policy, now)
    return Decision(
        sent,
        notes=(Note(event.by, f"sent {sent.kind} feedback for ticket {sent.ticket}"),),
        effects=(*outputs.refresh(sent, policy), *outputs.tag_ticket(sent, policy), *outputs.issue_work(sent, policy)),
        timers=(CancelTimer(outputs.DRAFT_EXPIRES), *outputs.reminder_timers(sent)),
    )
