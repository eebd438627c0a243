"""A request is followed in the tracker, whether its webhook tells of what happens or the tracker is asked.

The tracker is believed. It may be told twice, late and in any order: what is known, or older, changes nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from workflows.contract.actors import TRACKER, in_system
from workflows.contract.facts import IssueChange, IssueChanged, IssueCommented, MergeRequestChanged
from workflows.contract.issue_port import IssueNews
from workflows.contract.merge_request_port import MergeRequest
from workflows.contract.process import CancelTimer, Decision, Note
from workflows.contract.values import Stamp
from workflows.policy.model import Policy
from workflows.policy.request import Meaning
from workflows.request import outputs, texts
from workflows.request.model import Asked, RequestCase, RequestState, Result, Test

CLOCKS_APART: Final = timedelta(minutes=1)
"""The tracker's clock may be so far from the desk's: what its webhook tells by its own clock is not older for that."""
_KEPT_COMMENTS: Final = 100
_WORD: Final = r"(?<![\w.-])@{}(?![\w-])"
_ASKS: Final = re.compile(r"\?(\s|$)")
_NO_PROSE: Final = re.compile(r"```.*?```|`[^`]*`|^>.*?$|https?://\S+", re.DOTALL | re.MULTILINE)


def fact(case: RequestCase, told: object, policy: Policy, now: datetime) -> Decision[RequestCase]:
    """What the tracker's webhook tells."""
    match told:
        case IssueChanged():
            return _issue_changed(case, told, policy, now)
        case IssueCommented(by=by, author=author, words=words, comment=number):
            return _commented(case, Heard(number, author, by or author, words, told.at), policy, now)
        case MergeRequestChanged(state=state, by=by):
            return _merge_request(case, state, by, policy, now)
    return Decision(case)


def news(
    case: RequestCase, found: IssueNews, asked_at: datetime, policy: Policy, now: datetime
) -> Decision[RequestCase]:
    """How its issue stands, as the tracker was asked: comments first, for they may say why it was closed."""
    decision: Decision[RequestCase] = Decision(case)
    for one in found.comments:
        if not one.is_own:
            heard = Heard(one.id, one.author, one.name, one.body, one.at)
            decision = _then(decision, _commented(decision.case, heard, policy, now))
    decision = _then(decision, _staged(decision.case, found.issue.labels, TRACKER, policy, now))
    is_closed, is_over = found.issue.state == "closed", decision.case.closing is not None
    if not _is_settled(case, asked_at):
        pass  # its owner closed it or had it opened again meanwhile
    elif is_closed and not is_over:
        ended = _ended(decision.case, found.closed_by, found.issue.labels, policy, now, moved=found.moved)
        decision = _then(decision, ended)
    elif not is_closed and is_over and not _is_shipped(found.issue.labels, policy):
        decision = _then(decision, _reopened(decision.case, "", policy, now))
        decision = _then(decision, _staged(decision.case, found.issue.labels, TRACKER, policy, now))
    seen_at = max(asked_at - CLOCKS_APART, decision.case.heard_at or asked_at - CLOCKS_APART)
    known = decision.case.with_(heard_at=seen_at)
    return _then(decision, Decision(known, timers=outputs.look_later(known, policy, now)))


def merge_request(case: RequestCase, found: MergeRequest, policy: Policy, now: datetime) -> Decision[RequestCase]:
    """How its merge request stands, as the tracker was asked."""
    decision = _merge_request(case, found.state, found.by, policy, now)
    return _then(decision, Decision(decision.case, timers=outputs.look_later(decision.case, policy, now)))


# ------------------------------------------------------------------------------------ what it means


@dataclass(frozen=True)
class Heard:
    """A comment: who wrote it (user name, and how they are called), what, and when."""

    number: int
    author: str
    name: str
    words: str
    at: datetime


def is_question(words: str, owner: str | None) -> bool:
    """Whether a comment asks the owner (a user name in the tracker) something: it names them, or holds a question.

    Code, quotations and addresses are left out. In doubt it is one: a message too many is better than a silence.
    """
    prose = _NO_PROSE.sub(" ", words)
    named = owner is not None and re.search(_WORD.format(re.escape(owner)), prose, re.IGNORECASE) is not None
    return named or _ASKS.search(prose) is not None


def _issue_changed(case: RequestCase, told: IssueChanged, policy: Policy, now: datetime) -> Decision[RequestCase]:
    note = Note(told.actor, told.sentence)
    if case.heard_at is not None and told.at < case.heard_at.replace(microsecond=0):
        return Decision(case, (note,))
    heard = case.with_(heard_at=max(told.at, case.heard_at or told.at))
    decision = Decision(heard, (note,))
    if told.change is not IssueChange.LABELLED and not _is_settled(case, told.at):
        return decision
    if told.change is IssueChange.LABELLED:
        return _then(decision, _staged(heard, told.labels, told.by, policy, now, announced=told.added))
    if told.change is IssueChange.CLOSED and case.closing is None:
        return _then(decision, _ended(heard, told.by, told.labels, policy, now, moved=told.is_moved))
    if told.change is IssueChange.REOPENED and case.closing is not None:
        decision = _then(decision, _reopened(heard, told.by, policy, now))
        return _then(decision, _staged(decision.case, told.labels, told.by, policy, now))
    return decision


def _staged(
    case: RequestCase,
    labels: Sequence[str],
    by: str,
    policy: Policy,
    now: datetime,
    announced: Sequence[str] = (),
) -> Decision[RequestCase]:
    """The stage its labels say, the furthest of them; one that was taken off and set again is new."""
    stages = policy.request.stages
    present = [label for label in stages if label in labels]
    label = present[-1] if present else ""
    if case.closing is not None or (label == case.stage and label not in announced):
        return Decision(case)
    staged = case.with_(stage=label)
    stage = stages.get(label)
    if stage is None:
        return Decision(staged, effects=outputs.refresh(staged))
    match stage.means:
        case Meaning.STAGING:
            return _to_test(staged, policy, now)
        case Meaning.QUESTION:
            return _asked(staged, Asked(number=_next_question(case), at=now, by=by), policy, now)
        case Meaning.SHIPPED:
            return _ended(staged, by, labels, policy, now)
        case Meaning.SELF_SERVICE:
            return _told(staged, policy)
        case Meaning.PROGRESS:
            return _in_progress(staged, policy)


def _in_progress(case: RequestCase, policy: Policy) -> Decision[RequestCase]:
    """Work on the change goes on: what was to be tested is not to be tested now."""
    working = case.with_(state=RequestState.OPEN if case.state == RequestState.STAGING else case.state)
    return _told(working, policy).and_(timers=[CancelTimer(outputs.TEST_REMINDER)])


def _told(case: RequestCase, policy: Policy) -> Decision[RequestCase]:
    stage = texts.stage_of(case, policy)
    said = outputs.tell(case, what="stage", stage=stage.label if stage else case.stage)
    return Decision(case, effects=(*outputs.refresh(case), *said))


def _to_test(case: RequestCase, policy: Policy, now: datetime) -> Decision[RequestCase]:
    """A change is on staging: the owner tests it and signs it off."""
    number = case.test.number + 1 if case.test else 1
    ready = case.with_(state=RequestState.STAGING, test=Test(number=number, at=now), signed_off=None)
    slot = outputs.numbered(outputs.TEST, number)
    effects = (*outputs.refresh(ready), *outputs.show_to_owner(ready, slot))
    note = Note(TRACKER, "it is on staging, ready to test")
    return Decision(ready, (note,), effects, (outputs.reminder(outputs.TEST_REMINDER, now, policy),))


def _asked(case: RequestCase, asked: Asked, policy: Policy, now: datetime) -> Decision[RequestCase]:
    """Something is asked of the owner; a comment and the stage may say the same, one after the other."""
    if case.is_asked and case.asked is not None and (not asked.words or not case.asked.words):
        same = case.with_(asked=case.asked.model_copy(update={"words": asked.words or case.asked.words}))
        return Decision(same, effects=outputs.refresh(same))
    waiting = case.with_(asked=asked)
    slot = outputs.numbered(outputs.ASKED, asked.number)
    effects = (*outputs.refresh(waiting), *outputs.show_to_owner(waiting, slot))
    note = Note(asked.by or TRACKER, "asked the requester something")
    return Decision(waiting, (note,), effects, (outputs.reminder(outputs.ASKED_REMINDER, now, policy),))


def _next_question(case: RequestCase) -> int:
    return case.asked.number + 1 if case.asked else 1


def _commented(case: RequestCase, heard: Heard, policy: Policy, now: datetime) -> Decision[RequestCase]:
    """A comment: the owner's own answers what was asked, somebody else's may ask something."""
    if heard.number in case.comments_heard:
        return Decision(case)
    known = case.with_(comments_heard=(*case.comments_heard, heard.number)[-_KEPT_COMMENTS:])
    if not case.is_underway:
        return Decision(known)
    if case.tracker_user is not None and heard.author.casefold() == case.tracker_user.casefold():
        return answered(known, heard.name, now) if known.is_asked else Decision(known)
    if not is_question(heard.words, case.tracker_user):
        return Decision(known, (Note(in_system(TRACKER, heard.name), "commented"),))
    number = _next_question(case)
    return _asked(known, Asked(number=number, at=now, by=heard.name, words=heard.words), policy, now)


def answered(case: RequestCase, by: str, now: datetime) -> Decision[RequestCase]:
    """The owner has answered, there or here."""
    if case.asked is None:
        return Decision(case)
    done = case.with_(asked=case.asked.model_copy(update={"answered": Stamp(by=by, at=now)}))
    timers = (CancelTimer(outputs.ASKED_REMINDER),)
    return Decision(done, (Note(by, "answered"),), outputs.refresh(done), timers)


# -------------------------------------------------------------------------------------- how it ends


def _ended(
    case: RequestCase, by: str, labels: Sequence[str], policy: Policy, now: datetime, *, moved: bool = False
) -> Decision[RequestCase]:
    result = Result.MOVED if moved else _result(case, labels, policy)
    closed, timers = outputs.ended(case, by or TRACKER, result, policy, now)
    effects = (*outputs.refresh(closed), *outputs.tell_ended(closed))
    return Decision(closed, (Note(by or TRACKER, f"ended it: {result}"),), effects, timers)


def gone(case: RequestCase, policy: Policy, now: datetime) -> Decision[RequestCase]:
    """Its issue is not there any more, or is hidden from the desk: there is nothing left to follow."""
    return _ended(case, TRACKER, (), policy, now, moved=True)


def _result(case: RequestCase, labels: Sequence[str], policy: Policy) -> Result:
    stages = policy.request.stages
    if any(texts.means(stages.get(label), Meaning.SELF_SERVICE) for label in labels):
        return Result.SELF_SERVICE
    return Result.SHIPPED if case.signed_off is not None or _is_shipped(labels, policy) else Result.CLOSED


def _is_shipped(labels: Sequence[str], policy: Policy) -> bool:
    """Whether a stage says so: it ends a request whose issue is open yet, which is no reopening."""
    return any(texts.means(policy.request.stages.get(label), Meaning.SHIPPED) for label in labels)


def _reopened(case: RequestCase, by: str, policy: Policy, now: datetime) -> Decision[RequestCase]:
    """Somebody opened its issue again: it is underway as before."""
    again = resumed(case, policy, now)
    return again.and_(
        notes=[Note(by or TRACKER, "opened it again")], effects=outputs.tell(again.case, what="reopened", by=by)
    )


def resumed(case: RequestCase, policy: Policy, now: datetime) -> Decision[RequestCase]:
    """Take up a request that had ended, with whatever still waits of it."""
    again = case.with_(state=RequestState.OPEN, closing=None, signed_off=None)
    again, ship = outputs.with_ship_day(again, policy, now)
    asked = (outputs.reminder(outputs.ASKED_REMINDER, now, policy),) if again.is_asked else ()
    timers = (*ship, *asked, *outputs.look_later(again, policy, now))
    decision = Decision(again, effects=outputs.refresh(again), timers=timers)
    is_to_test = texts.means(texts.stage_of(again, policy), Meaning.STAGING)
    return _then(decision, _to_test(again, policy, now)) if is_to_test else decision


def _is_settled(case: RequestCase, seen_at: datetime) -> bool:
    """Whether what was seen then says how it stands: its owner has not closed it or had it opened again since."""
    return not case.is_moving and (case.moved_at is None or seen_at >= case.moved_at.replace(microsecond=0))


def _merge_request(case: RequestCase, state: str, by: str, policy: Policy, now: datetime) -> Decision[RequestCase]:
    """Merged is shipped; closed is closed, and may be opened again."""
    if state in {"merged", "closed"} and case.closing is None:
        result = Result.SHIPPED if state == "merged" else Result.CLOSED
        closed, timers = outputs.ended(case, by or TRACKER, result, policy, now)
        effects = (*outputs.refresh(closed), *outputs.tell_ended(closed))
        return Decision(closed, (Note(by or TRACKER, f"the merge request is {state}"),), effects, timers)
    if state == "opened" and case.closing is not None and case.closing.result is Result.CLOSED:
        return _reopened(case, by, policy, now)
    return Decision(case)


def _then(first: Decision[RequestCase], second: Decision[RequestCase]) -> Decision[RequestCase]:
    """One decision after another; the second was made about the case of the first."""
    return Decision(
        second.case,
        (*first.notes, *second.notes),
        (*first.effects, *second.effects),
        (*first.timers, *second.timers),
    )
