"""The Reviewing Managers' turns: who is on duty is asked a few times a day, and a hand-over is seen.

It stands from the first review on. The leaving manager gets a scorecard: each morning of the last days, and at the end.
While a review has no owner, for nobody was on duty, it is asked every few minutes: the first who is gets it. Until then
it is in the digests of the fallback group, or of the admins where there is none.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from workflows.contract.case_effects import NotifyCase, SummarizeCases
from workflows.contract.events import (
    CaseNotified,
    CaseSummaries,
    CaseSummary,
    Duty,
    DutySource,
    EffectDelayed,
    EffectDropped,
    EffectFailed,
    EffectSucceeded,
    TimerDue,
)
from workflows.contract.page_effects import AskWhoIsOnDuty, AskWhoTheyAre
from workflows.contract.process import Case, Decision, Note, Process, SetTimer
from workflows.contract.slack_port import Person
from workflows.contract.values import Frozen
from workflows.policy.model import Policy
from workflows.review import standing

CHECK = "rotation"
LAST_DAYS = "last_days"
NEXT = "next"
STAND_INS = "stand_ins"
JUST_AFTER = timedelta(minutes=1)


class OnDuty(Frozen):
    """Who is on duty (Slack id), since when, and until when, where that is known."""

    id: str
    zone: str
    email: str | None
    since: datetime
    until: datetime | None = None


class RotationCase(Case):
    """The case that follows the Reviewing Managers' turns."""

    current: OnDuty | None = None
    has_unowned: bool = False
    """Whether a review has no owner, as far as is known."""
    stand_ins_told_on: date | None = None
    first_on_duty: dict[str, str | None] | None = None
    """Who gets the reviews nobody owned, while it is asked which those are."""

    @property
    def open_key(self) -> str | None:
        """There is one."""
        return standing.ROTATION


def decide(case: RotationCase, event: object, policy: Policy, now: datetime) -> Decision[RotationCase]:
    """Decide what an event changes for the rotation."""
    match event:
        case CaseNotified(purpose=purpose):
            unowned = case.has_unowned or purpose == standing.UNOWNED
            known = case.with_(state="standing", has_unowned=unowned)
            return Decision(case) if known == case else _ask(known, policy, now)
        case TimerDue(name=name) if name == CHECK:
            return _ask(case, policy, now)
        case TimerDue() if case.current is not None and case.current.until is not None:
            ask = AskWhoIsOnDuty(purpose=NEXT, at=case.current.until + JUST_AFTER)
            return Decision(case, effects=(ask,))
        case EffectSucceeded(effect=AskWhoIsOnDuty(purpose=purpose), result=Duty() as duty):
            return _on_duty(case, purpose, duty, policy, now)
        case EffectSucceeded(effect=AskWhoTheyAre(), result=Duty(people=people)):
            notices = tuple(standing.manager(one.id, standing.STANDS_IN, zone=one.time_zone) for one in people)
            return Decision(case, (Note("desk", f"told {len(notices)} stand-ins of reviews nobody owns"),), notices)
        case EffectSucceeded(effect=SummarizeCases(), result=CaseSummaries(cases=found)):
            return _given(case, [one for one in found if one.is_open])
        case EffectFailed(effect=SummarizeCases()):  # the next time it is asked again
            return Decision(case.with_(has_unowned=True, first_on_duty=None))
        case TimerDue() | EffectSucceeded() | EffectFailed() | EffectDelayed() | EffectDropped():
            return Decision(case)
    raise TypeError(f"The rotation knows no {type(event).__name__}.")


def _ask(case: RotationCase, policy: Policy, now: datetime) -> Decision[RotationCase]:
    """Ask now, and again later: at the end of the turn at the latest, where that is known."""
    rotation = policy.review.rotation
    again = now + (rotation.check_unowned_every if case.has_unowned else rotation.check_every).length
    until = case.current.until if case.current else None
    if until is not None and until > now:
        again = min(again, until + JUST_AFTER)
    return Decision(case, effects=(AskWhoIsOnDuty(purpose=CHECK),), timers=(SetTimer(CHECK, again),))


def _on_duty(case: RotationCase, purpose: str, duty: Duty, policy: Policy, now: datetime) -> Decision[RotationCase]:
    by_turns = duty.source in {DutySource.SCHEDULE, DutySource.ROTA}
    if purpose == NEXT:
        return _next(case, duty) if by_turns else Decision(case)
    seen = _seen(case, duty, policy, now) if by_turns else Decision(case)
    if not case.has_unowned:
        return seen
    if not duty.people:
        return _stand_ins(case, duty, policy, now)
    first = {**standing.person(duty.people[0]), "source": duty.source.value}
    known = seen.case.with_(has_unowned=False, stand_ins_told_on=None, first_on_duty=first)
    return replace(seen, case=known).and_(effects=(standing.reviews(standing.UNOWNED, now, unowned=True),))


def _stand_ins(case: RotationCase, duty: Duty, policy: Policy, now: datetime) -> Decision[RotationCase]:
    """Nobody is on duty: once a day those are told who stand in for it, as they are that day."""
    today = standing.local_day(now, policy.time_zone)
    names = duty.group.members if duty.group and duty.group.members else policy.admins
    if case.stand_ins_told_on == today or not names:
        return Decision(case)
    return Decision(case.with_(stand_ins_told_on=today), effects=(AskWhoTheyAre(purpose=STAND_INS, names=names),))


def _given(case: RotationCase, unowned: Sequence[CaseSummary]) -> Decision[RotationCase]:
    """What nobody owned is whose turn it is now."""
    known = case.with_(first_on_duty=None)
    if case.first_on_duty is None:
        return Decision(known)
    effects = tuple(
        standing.to_review(one.ticket, standing.GIVEN, **case.first_on_duty)
        for one in unowned
        if one.ticket is not None
    )
    note = Note("desk", f"gave {len(effects)} reviews nobody owned to <@{case.first_on_duty['id']}>")
    return Decision(known, (note,) if effects else (), effects)


def _seen(case: RotationCase, duty: Duty, policy: Policy, now: datetime) -> Decision[RotationCase]:
    person, before = duty.people[0], case.current
    since = before.since if before is not None and before.id == person.id else now
    current = OnDuty(id=person.id, zone=person.time_zone, email=person.email, since=since, until=duty.until)
    known = case.with_(current=current)
    timers = _timers(current, policy, now)
    if before is None or before.id == person.id:
        return Decision(known, timers=timers)
    ended = _turn(before, over=True, following=person)
    return Decision(
        known, (Note("desk", f"saw the hand-over from <@{before.id}> to <@{person.id}>"),), (ended,), timers
    )


def _timers(current: OnDuty, policy: Policy, now: datetime) -> tuple[SetTimer, ...]:
    if current.until is None:
        return ()
    days, at = policy.review.rotation.scorecard_days, policy.review.digest.at
    times = standing.days_before(current.until, days, at, current.zone)
    check = SetTimer(CHECK, min(now + policy.review.rotation.check_every.length, current.until + JUST_AFTER))
    return (check, *(SetTimer(f"{LAST_DAYS}:{number}", one) for number, one in enumerate(times) if one > now))


def _next(case: RotationCase, duty: Duty) -> Decision[RotationCase]:
    if case.current is None:
        return Decision(case)
    return Decision(case, effects=(_turn(case.current, over=False, following=duty.people[0]),))


def _turn(ending: OnDuty, *, over: bool, following: Person) -> NotifyCase:
    return standing.manager(
        ending.id,
        standing.TURN_ENDS,
        since=ending.since.isoformat(),
        ends_at=ending.until.isoformat() if ending.until else None,
        over=over,
        next=standing.person(following) if following.id != ending.id else None,
    )


PROCESS: Process[RotationCase] = Process(
    kind=standing.ROTATION,
    prefix="RR",
    model=RotationCase,
    blank=lambda case_id, now: RotationCase(id=case_id, state="new", opened_at=now),
    decide=decide,
)
