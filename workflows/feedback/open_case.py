"""What people do with feedback that was sent: acknowledge, link, move, add, tell the customer, try again."""

from datetime import datetime

from workflows.contract.effect_base import Urgency
from workflows.contract.effects import Effect
from workflows.contract.message_effects import Say, dm
from workflows.contract.process import CancelTimer, Decision, Note, SetTimer
from workflows.contract.values import DONE, PENDING, Progress, Stamp
from workflows.feedback import outputs, texts
from workflows.feedback.model import (
    Acknowledged,
    CardDeleted,
    CustomerTold,
    FeedbackCase,
    FeedbackState,
    IssueLinked,
    Moved,
    Retry,
    RetryAsked,
    TextAdded,
    TicketCorrected,
    WordsAsked,
)
from workflows.policy.model import Policy

AFTER_IT_IS_CLOSED = (RetryAsked, TicketCorrected, IssueLinked, WordsAsked)


def decide(case: FeedbackCase, event: object, policy: Policy, now: datetime) -> Decision[FeedbackCase]:
    """Handle what a person did to a case that was sent."""
    refusal = _refusal(case, event, policy)
    if refusal is not None:
        return Decision(case, refusal=refusal)
    match event:
        case Acknowledged(by=by):
            return _acknowledge(case, by, policy, now)
        case CustomerTold(by=by):
            done = case.with_(customer_told=Stamp(by=by, at=now))
            return _closed_if_done(done, Note(by, "told the customer"), outputs.TELL_CUSTOMER, policy, now)
        case Moved(by=by, area=area):
            return _move(case, by, area, policy, now)
        case IssueLinked():
            return _link(case, event, policy)
        case TextAdded(by=by, text=text):
            added = case.with_(more=(*case.more, text))
            return _shown(added, Note(by, "added more from the customer"), policy)
        case RetryAsked(by=by, what=what):
            return _retry(case, by, what, policy)
        case WordsAsked() | CardDeleted():
            return _write_again(case, event, policy)
        case TicketCorrected(by=by, ticket=ticket):
            right = case.with_(ticket=ticket, tag=PENDING)
            note = Note(by, f"corrected the ticket from {case.ticket} to {ticket}")
            return _shown(right, note, policy).and_(effects=outputs.tag_ticket(right, policy))
        case _:
            raise TypeError(f"Feedback knows no {type(event).__name__}.")


def _refusal(case: FeedbackCase, event: object, policy: Policy) -> str | None:
    if case.state in {FeedbackState.DRAFT, FeedbackState.DISCARDED}:
        return f"{case.id} has not been sent yet."
    if case.state == FeedbackState.CLOSED and not isinstance(event, AFTER_IT_IS_CLOSED):
        return texts.closed_sentence(case, policy)
    match event:
        case Acknowledged() if case.acknowledged:
            return texts.acknowledged_sentence(case, case.acknowledged, policy)
        case Acknowledged(by=case.submitter):
            return "You sent this one yourself: somebody of the product team acknowledges it."
        case CustomerTold() if case.customer_told:
            return texts.already_told_sentence(case.customer_told, policy)
        case CustomerTold(by=by) | TicketCorrected(by=by) if by != case.submitter:
            return f"Only <@{case.submitter}>, who sent {case.id}, can do this."
        case Moved(area=case.area):
            return "It is in this area already. Please choose another one."
        case Moved(area=area) if area not in policy.feedback.areas:
            return "This area is not in the policy any more. Please choose another one."
        case RetryAsked(what=what) if not _failed(case, what):
            return "There is nothing to try again: it is done, or on its way."
    return None


def _write_again(case: FeedbackCase, event: WordsAsked | CardDeleted, policy: Policy) -> Decision[FeedbackCase]:
    match event:
        case WordsAsked(by=by):
            words = Say(what="words_notice", to=dm(by), urgency=Urgency.ANSWER)
            return Decision(case, (Note(by, "asked for what the customer said"),), (words,))
        case CardDeleted():
            note = Note("desk", "posted the card again: somebody deleted it")
            return Decision(case, (note,), outputs.show_card(case, policy))


def _failed(case: FeedbackCase, what: Retry) -> bool:
    match what:
        case Retry.TAG:
            return case.tag.progress is Progress.FAILED
        case Retry.ISSUE:
            return case.issue_job.progress is Progress.FAILED
        case Retry.CARD:
            return case.channel_trouble is not None


def _acknowledge(case: FeedbackCase, by: str, policy: Policy, now: datetime) -> Decision[FeedbackCase]:
    seen = case.with_(acknowledged=Stamp(by=by, at=now))
    decision = _closed_if_done(seen, Note(by, "acknowledged it"), outputs.ACKNOWLEDGE, policy, now)
    return decision.and_(effects=[outputs.inform_submitter(case, "acknowledged_notice", by=by)])


def _closed_if_done(
    case: FeedbackCase, note: Note, timer: str, policy: Policy, now: datetime
) -> Decision[FeedbackCase]:
    """Close the loop when the customer knows and, where there is a product team to see it, they have."""
    done = case.customer_told is not None and (case.acknowledged is not None or not case.has_card)
    after = case.with_(state=FeedbackState.CLOSED, closed_at=now) if done else case
    notes = (note, Note("desk", "closed: the loop is closed")) if done else (note,)
    timers = (outputs.ACKNOWLEDGE, outputs.TELL_CUSTOMER) if done else (timer,)
    return Decision(after, notes, outputs.refresh(after, policy), tuple(map(CancelTimer, timers)))


def _move(case: FeedbackCase, by: str, area: str, policy: Policy, now: datetime) -> Decision[FeedbackCase]:
    label = policy.feedback.areas[area].label
    moved = case.with_(area=area, acknowledged=None, meant_for=None, channel_trouble=None)
    moved = outputs.with_deadlines(moved, policy, now)
    moved, farewell = _to_its_channel(moved, policy)
    effects = (
        *farewell,
        *outputs.refresh(moved, policy),
        outputs.inform_submitter(case, "moved_notice", by=by, area=label),
    )
    return Decision(moved, (Note(by, f"moved it to {label}"),), effects, _acknowledge_timer(moved))


def _to_its_channel(case: FeedbackCase, policy: Policy) -> tuple[FeedbackCase, tuple[Effect, ...]]:
    """The case, free of a card that stands in another channel than its area's."""
    standing = case.messages.get(outputs.CARD)
    if standing is None or standing.place == policy.feedback.channel_of(case.area):
        return case, ()
    return outputs.detach_card(case)


def _acknowledge_timer(case: FeedbackCase) -> tuple[SetTimer, ...]:
    return tuple(timer for timer in outputs.reminder_timers(case) if timer.name == outputs.ACKNOWLEDGE)


def _link(case: FeedbackCase, event: IssueLinked, policy: Policy) -> Decision[FeedbackCase]:
    linked = case.with_(issue=event.issue, issue_job=DONE)
    decision = _shown(linked, Note(event.by, f"linked {event.issue.url}"), policy)
    if event.by == case.submitter:
        return decision
    return decision.and_(
        effects=[
            outputs.inform_submitter(case, "linked_notice", by=event.by, url=event.issue.url, title=event.issue.title)
        ]
    )


def _retry(case: FeedbackCase, by: str, what: Retry, policy: Policy) -> Decision[FeedbackCase]:
    note = Note(by, f"asked to try the {what} again")
    match what:
        case Retry.TAG:
            again = case.with_(tag=PENDING)
            return _shown(again, note, policy).and_(effects=outputs.tag_ticket(again, policy))
        case Retry.ISSUE:
            again = case.with_(issue_job=PENDING)
            return _shown(again, note, policy).and_(effects=outputs.issue_work(again, policy))
        case Retry.CARD:
            free, farewell = _to_its_channel(case.with_(channel_trouble=None, meant_for=None), policy)
            return Decision(free, (note,), (*farewell, *outputs.refresh(free, policy)))


def _shown(case: FeedbackCase, note: Note, policy: Policy) -> Decision[FeedbackCase]:
    return Decision(case, (note,), outputs.refresh(case, policy))
