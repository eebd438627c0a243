"""The Reviewing Managers' turns: who is on duty is asked a few times a day, and a hand-over is seen.

It stands from the first review on. The leaving manager gets a scorecard: each morning of the last days, and at the end.
"""

from datetime import datetime, timedelta

from workflows.contract.case_effects import NotifyCase
from workflows.contract.events import (
    CaseNotified,
    Duty,
    DutySource,
    EffectDelayed,
    EffectDropped,
    EffectFailed,
    EffectSucceeded,
    TimerDue,
)
from workflows.contract.page_effects import AskWhoIsOnDuty
from workflows.contract.process import Case, Decision, Note, Process, SetTimer
from workflows.contract.slack_port import Person
from workflows.contract.values import Frozen
from workflows.policy.model import Policy
from workflows.review import standing

CHECK = "rotation"
LAST_DAYS = "last_days"
NEXT = "next"
JUST_AFTER = timedelta(minutes=1)


class OnDuty(Frozen):
    """Who is on duty (Slack id), since when, and until when, where that is known."""

    id: str
    zone: str
    email: str | None
    since: datetime
    until: datetime | None = None


class RotationCase(Case):
    """The rotation."""

    current: OnDuty | None = None

    @property
    def open_key(self) -> str | None:
        """There is one."""
        return standing.ROTATION


def decide(case: RotationCase, event: object, policy: Policy, now: datetime) -> Decision[RotationCase]:
    """What follows from an event."""
    match event:
        case CaseNotified() if case.state == "standing":
            return Decision(case)
        case CaseNotified():
            return _ask(case.with_(state="standing"), policy, now)
        case TimerDue(name=name) if name == CHECK:
            return _ask(case, policy, now)
        case TimerDue() if case.current is not None and case.current.until is not None:
            ask = AskWhoIsOnDuty(purpose=NEXT, at=case.current.until + JUST_AFTER)
            return Decision(case, effects=(ask,))
        case EffectSucceeded(effect=AskWhoIsOnDuty(purpose=purpose), result=Duty() as duty):
            if duty.source not in {DutySource.SCHEDULE, DutySource.ROTA}:
                return Decision(case)
            return _next(case, duty) if purpose == NEXT else _seen(case, duty, policy, now)
        case TimerDue() | EffectSucceeded() | EffectFailed() | EffectDelayed() | EffectDropped():
            return Decision(case)
    raise TypeError(f"The rotation knows no {type(event).__name__}.")


def _ask(case: RotationCase, policy: Policy, now: datetime) -> Decision[RotationCase]:
    """Ask now, and again later: at the end of the turn at the latest, where that is known."""
    again = now + policy.review.rotation.check_every.length
    until = case.current.until if case.current else None
    if until is not None and until > now:
        again = min(again, until + JUST_AFTER)
    return Decision(case, effects=(AskWhoIsOnDuty(purpose=CHECK),), timers=(SetTimer(CHECK, again),))


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
    other = {"id": following.id, "zone": following.time_zone, "email": following.email}
    return standing.manager(
        ending.id,
        standing.TURN_ENDS,
        since=ending.since.isoformat(),
        ends_at=ending.until.isoformat() if ending.until else None,
        over=over,
        next=other if following.id != ending.id else None,
    )


PROCESS: Process[RotationCase] = Process(
    kind=standing.ROTATION,
    prefix="RR",
    model=RotationCase,
    blank=lambda case_id, now: RotationCase(id=case_id, state="new", opened_at=now),
    decide=decide,
)
