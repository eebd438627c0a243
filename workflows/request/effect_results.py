"""What the outside answers about a request."""

from datetime import datetime
from typing import Final

from workflows.contract import channels
from workflows.contract.actors import TRACKER
from workflows.contract.alerts import alert_admins
from workflows.contract.events import (
    Duty,
    DutySource,
    EffectDelayed,
    EffectDropped,
    EffectFailed,
    EffectSucceeded,
    Failure,
    Responders,
)
from workflows.contract.issue_effects import CloseIssue, CommentOnIssue, LabelIssue
from workflows.contract.issue_port import IssueNews, TrackerUser
from workflows.contract.merge_request_port import MergeRequest
from workflows.contract.message_effects import Say, ShowCard
from workflows.contract.page_effects import AskWhoIsOnDuty, AskWhoResponds
from workflows.contract.process import Decision, Note, adopt
from workflows.contract.request_effects import FindTrackerUser, ReadIssueNews, ReadMergeRequest
from workflows.contract.review_effects import ReopenIssue
from workflows.contract.slack_port import Posted
from workflows.policy.model import Policy
from workflows.request import filing, following, outputs, owner, reminders, texts
from workflows.request.model import POSTED, RequestCase, RequestState

WRITES: Final = (CommentOnIssue, LabelIssue, CloseIssue, ReopenIssue)


def decide(
    case: RequestCase,
    event: EffectSucceeded | EffectFailed | EffectDelayed | EffectDropped,
    policy: Policy,
    now: datetime,
) -> Decision[RequestCase]:
    """Handle an effect that was executed, given up, has to wait, or was not wanted any more."""
    match event:
        case EffectSucceeded():
            return _succeeded(case, event, policy, now)
        case EffectFailed():
            return _failed(case, event, policy, now)
        case EffectDelayed():
            return _delayed(case, event, policy, now)
        case EffectDropped():
            return adopt(case, event)


def _succeeded(case: RequestCase, event: EffectSucceeded, policy: Policy, now: datetime) -> Decision[RequestCase]:
    match event.effect, event.result:
        case step, result if isinstance(step, filing.STEPS):
            return filing.executed(case, step, result, policy, now)
        case ShowCard(slot=slot), Posted() if slot == POSTED:
            return filing.posted(case, policy, now)
        case FindTrackerUser(person=case.owner), TrackerUser(username=username):
            return Decision(case.with_(tracker_user=username))
        case ReadIssueNews(asked_at=asked_at), IssueNews() as found:
            return following.news(case, found, asked_at, policy, now)
        case ReadMergeRequest(), MergeRequest() as found:
            return following.merge_request(case, found, policy, now)
        case AskWhoIsOnDuty(), Duty() as duty:
            return owner.on_duty(case, duty, policy, now)
        case AskWhoResponds(), Responders() as found:
            return reminders.responders_known(case, found, policy)
        case CloseIssue() | ReopenIssue(), _:
            return Decision(case.with_(is_moving=False, moved_at=now))
    return Decision(case)


def _failed(case: RequestCase, event: EffectFailed, policy: Policy, now: datetime) -> Decision[RequestCase]:
    match event.effect:
        case step if isinstance(step, filing.STEPS):
            return filing.not_executed(case, event, policy, now)
        case ShowCard(slot=slot) if slot == POSTED and case.state == RequestState.SENDING:
            return filing.not_posted(case, event, policy, now)
        case Say() | ShowCard() as message:
            return _not_written(case, message, event, policy)
        case AskWhoIsOnDuty():
            return owner.on_duty(case, Duty((), DutySource.NOBODY), policy, now)
        case AskWhoResponds():
            return reminders.responders_known(case, None, policy)
        case ReadIssueNews() if event.failure is Failure.NOT_FOUND:
            return _vanished(case, policy, now)
        case write if isinstance(write, WRITES):
            return _by_hand(case, event, now)
    return Decision(case, (Note("desk", f"{event.effect.type}: {event.sentence}"),))


def _not_written(
    case: RequestCase, message: Say | ShowCard, event: EffectFailed, policy: Policy
) -> Decision[RequestCase]:
    """Slack itself does not work: go on. Somebody who left is somebody else's turn."""
    if channels.is_slack_away(event):
        return channels.keep_trying(case, message, event)
    if message.to.user is not None:
        return owner.unreachable(case, message.to.user, policy)
    return Decision(case, (Note("desk", f"could not write to {message.to.name}: {event.sentence}"),))


def _by_hand(case: RequestCase, event: EffectFailed, now: datetime) -> Decision[RequestCase]:
    """The tracker did not take something: its owner is told to do it by hand, with the words to copy."""
    words = texts.to_do_by_hand(event)
    stuck = case.with_(unwritten=(*case.unwritten, words), is_moving=False, moved_at=now)
    effects = (*outputs.show_card(stuck), *outputs.tell(stuck, what="unwritten", words=words))
    return Decision(stuck, (Note(TRACKER, f"did not take it: {event.sentence}"),), effects)


def _vanished(case: RequestCase, policy: Policy, now: datetime) -> Decision[RequestCase]:
    """Its issue was deleted, or is hidden from the desk."""
    if case.closing is not None:
        return Decision(case)
    return following.gone(case, policy, now)


def _delayed(case: RequestCase, event: EffectDelayed, policy: Policy, now: datetime) -> Decision[RequestCase]:
    """A step has to wait: the card says so. A faulty set-up goes to the admins."""
    alert = alert_admins(policy, event.sentence, now, event.effect.lane) if event.settings else ()
    is_step = isinstance(event.effect, filing.STEPS)
    is_post = isinstance(event.effect, ShowCard) and event.effect.slot == POSTED
    if (is_step or is_post) and case.state == RequestState.SENDING:
        return filing.delayed(case, event.sentence).and_(effects=alert)
    return Decision(case, effects=alert)
