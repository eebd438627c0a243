"""What the owner does about a request: answer, sign off, hand over, withdraw. And what follows when they are gone."""

from datetime import datetime

from workflows.contract.alerts import alert_admins
from workflows.contract.effects import Effect
from workflows.contract.events import Duty
from workflows.contract.issue_effects import CloseIssue
from workflows.contract.message_effects import ShowCard, dm
from workflows.contract.page_effects import AskWhoIsOnDuty
from workflows.contract.process import CancelTimer, Decision, Note
from workflows.contract.request_effects import FindTrackerUser
from workflows.contract.review_effects import ReopenIssue
from workflows.contract.values import Progress, Stamp
from workflows.policy.model import Policy
from workflows.policy.request import RequestKind
from workflows.request import filing, following, outputs, texts
from workflows.request.model import (
    Answered,
    NotYet,
    ReopenAsked,
    Replied,
    RequestCase,
    RequestState,
    Result,
    RetryAsked,
    SignedOff,
    TakenOver,
    Withdrawn,
)

SUCCESSOR = "successor"
"""Why it is asked who is on duty."""


def decide(case: RequestCase, event: object, policy: Policy, now: datetime) -> Decision[RequestCase]:
    """Handle what a person did to a request that was sent."""
    refusal = _refusal(case, event, policy)
    if refusal is not None:
        return Decision(case, refusal=refusal)
    match event:
        case RetryAsked(by=by):
            return filing.again(case, by, policy)
        case Answered(by=by, words=words):
            said = outputs.comment(case, texts.said_by(case, by, words))
            return following.answered(case, by, now).and_(effects=said)
        case SignedOff(by=by):
            return _signed_off(case, by, policy, now)
        case NotYet(by=by, why=why):
            return _not_yet(case, by, why, now)
        case TakenOver(who=who, by=by):
            return _taken_over(case, who, by, policy, now)
        case Withdrawn(by=by):
            return _withdrawn(case, by, policy, now)
        case ReopenAsked(by=by):
            return _reopened(case, by, policy, now)
        case Replied(by=by):
            return _replied(case, by, now)
    raise TypeError(f"A request knows no {type(event).__name__}.")


def _refusal(case: RequestCase, event: object, policy: Policy) -> str | None:
    if case.state in {RequestState.DRAFT, RequestState.DISCARDED}:
        return f"{case.id} has not been sent yet."
    match event:
        case Replied():
            return None
        case TakenOver():
            return _not_handed_over(case, event, policy)
        case RetryAsked(by=by) if by == case.owner:
            return None
        case ReopenAsked(by=by) if by == case.owner:
            return f"{case.id} is open already." if case.closing is None or case.issue is None else None
        case Answered(by=by) | SignedOff(by=by) | NotYet(by=by) | Withdrawn(by=by) if by == case.owner:
            return _not_now(case, event) if case.is_underway else texts.over(case, policy)
    return texts.owner_only(case)


def _not_handed_over(case: RequestCase, event: TakenOver, policy: Policy) -> str | None:
    """Its owner hands it over; where they are gone, anybody of us takes it."""
    if not case.is_underway:
        return texts.over(case, policy)
    if case.gone is None and event.by != case.owner:
        return texts.owner_only(case)
    return f"<@{event.who}> answers for {case.id} already." if event.who == case.owner else None


def _not_now(case: RequestCase, event: object) -> str | None:
    match event:
        case Answered() if not case.is_asked:
            return f"Nothing is asked about {case.id} just now."
        case SignedOff() if case.signed_off is not None:
            return f"{case.id} is signed off already."
        case SignedOff() | NotYet() if case.state != RequestState.STAGING:
            return f"{case.id} is not on staging any more, so there is nothing to test just now."
        case Withdrawn() if case.state == RequestState.SENDING and case.job.progress is not Progress.FAILED:
            return f"{case.id} is just being sent. Please try again in a moment."
    return None


def _signed_off(case: RequestCase, by: str, policy: Policy, now: datetime) -> Decision[RequestCase]:
    """The change may ship: the issue says so, and the owner is told when, and what to announce."""
    signed = case.with_(state=RequestState.SIGNED_OFF, signed_off=Stamp(by=by, at=now))
    signed, ship = outputs.with_ship_day(signed, policy, now)
    said = outputs.comment(signed, f"<@{by}> tested this on staging and signs it off ({case.id}).")
    labels = outputs.label(signed, *policy.request.signed_off_labels)
    effects = (*said, *labels, *outputs.refresh(signed))
    return Decision(signed, (Note(by, "signed it off"),), effects, (*ship, CancelTimer(outputs.TEST_REMINDER)))


def _not_yet(case: RequestCase, by: str, why: str, now: datetime) -> Decision[RequestCase]:
    """Something is not right yet: the issue says what, and it is Support Operations' turn."""
    if case.test is None:
        return Decision(case)
    test = case.test.model_copy(update={"not_yet": Stamp(by=by, at=now), "why": why})
    tested = case.with_(test=test)
    said = outputs.comment(tested, f"Not ready to sign off.\n\n{texts.said_by(case, by, why)}")
    note = Note(by, "tested it: not right yet")
    return Decision(tested, (note,), (*said, *outputs.refresh(tested)), (CancelTimer(outputs.TEST_REMINDER),))


def _withdrawn(case: RequestCase, by: str, policy: Policy, now: datetime) -> Decision[RequestCase]:
    """Not wanted any more; a question: answered. Its issue is closed, a merge request is left to its people."""
    is_question = case.kind is RequestKind.QUESTION
    closed, timers = outputs.ended(case, by, Result.ANSWERED if is_question else Result.WITHDRAWN, policy, now)
    closed = closed.with_(moved_at=now, is_moving=case.issue is not None)
    note = Note(by, "got the answer" if is_question else "withdrew it")
    said = outputs.comment(closed, f"<@{by}> withdraws this request ({case.id}).")
    return Decision(closed, (note,), (*said, *_close(closed), *outputs.refresh(closed)), timers)


def _close(case: RequestCase) -> tuple[Effect, ...]:
    return (CloseIssue(project=case.issue.project, number=case.issue.number),) if case.issue else ()


def _reopened(case: RequestCase, by: str, policy: Policy, now: datetime) -> Decision[RequestCase]:
    """The owner is not done with it: its issue is opened again."""
    if case.issue is None:
        return Decision(case)
    again = following.resumed(case.with_(moved_at=now, is_moving=True), policy, now)
    reopen = ReopenIssue(project=case.issue.project, number=case.issue.number)
    said = outputs.comment(again.case, f"<@{by}> opened this again ({case.id}).")
    return again.and_(notes=[Note(by, "opened it again")], effects=(reopen, *said))


def _replied(case: RequestCase, by: str, now: datetime) -> Decision[RequestCase]:
    """Somebody else wrote in the thread of a question: it counts as an answer until its owner says more."""
    if case.replied is not None or by == case.owner or not case.is_underway:
        return Decision(case)
    known = case.with_(replied=Stamp(by=by, at=now))
    timers = (CancelTimer(outputs.QUESTION_REMINDER),)
    return Decision(known, (Note(by, "answered in the thread"),), outputs.refresh(known), timers)


# ------------------------------------------------------------------------------ when the owner is gone


def unreachable(case: RequestCase, person: str, policy: Policy) -> Decision[RequestCase]:
    """The owner cannot be written to any more: their manager is asked to take it over, or else who is on duty."""
    if person != case.owner or case.gone == person or not case.is_underway:
        return Decision(case, (Note("desk", f"could not write to {person}"),))
    gone = case.with_(gone=person)
    note = Note("desk", f"<@{person}> cannot be reached any more")
    said = outputs.comment(gone, f"<@{person}>, who asked for this, cannot be reached any more ({case.id}).")
    manager = next((one.manager for one in policy.roster if one.slack == person and one.manager), None)
    if manager is not None:
        return Decision(gone, (note,), (*said, ShowCard(slot=outputs.numbered(outputs.TAKE_OVER, 0), to=dm(manager))))
    return Decision(gone, (note,), (*said, AskWhoIsOnDuty(purpose=SUCCESSOR, skip=(person,))))


def on_duty(case: RequestCase, duty: Duty, policy: Policy, now: datetime) -> Decision[RequestCase]:
    """Whoever is on duty is asked to take it over; with nobody, the admins."""
    people = [person.id for person in duty.people]
    if not people:
        sentence = f"<@{case.gone}> can't be reached any more, and nobody is on duty to answer for {case.id}."
        return Decision(
            case, (Note("desk", "found nobody to take it over"),), alert_admins(policy, sentence, now, case.id)
        )
    effects = tuple(
        ShowCard(slot=outputs.numbered(outputs.TAKE_OVER, number), to=dm(person))
        for number, person in enumerate(people, start=1)
    )
    return Decision(case, (Note("desk", "asked who is on duty to take it over"),), effects)


def _taken_over(case: RequestCase, who: str, by: str, policy: Policy, now: datetime) -> Decision[RequestCase]:
    """Somebody else answers for it from now on, with everything that waits."""
    free, former = outputs.without_owner_messages(case)
    taken = free.with_(owner=who, gone=None, tracker_user=None)
    said = outputs.comment(taken, f"<@{who}> answers for this from now on, in place of <@{case.owner}> ({case.id}).")
    waiting: tuple[Effect, ...] = ()
    if taken.is_asked and taken.asked is not None:
        waiting += outputs.show_to_owner(taken, outputs.numbered(outputs.ASKED, taken.asked.number))
    if taken.is_to_test and taken.test is not None:
        waiting += outputs.show_to_owner(taken, outputs.numbered(outputs.TEST, taken.test.number))
    names = ((outputs.ASKED_REMINDER, taken.is_asked), (outputs.TEST_REMINDER, taken.is_to_test))
    timers = tuple(outputs.reminder(name, now, policy) for name, is_wanted in names if is_wanted)
    effects = (*former, *outputs.refresh(taken), *waiting, FindTrackerUser(person=who), *said)
    note = Note(by, f"handed it to <@{who}>" if by != who else "took it over")
    return Decision(taken, (note,), effects, timers)
