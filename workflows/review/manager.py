"""A Reviewing Manager's own case: one digest of what waits, and a scorecard when their turn ends.

Source: the page's "How fast do I need to respond?" and "What does success look like?".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from workflows.contract.case_effects import SummarizeCases
from workflows.contract.effects import Effect
from workflows.contract.events import (
    CaseNotified,
    CaseSummaries,
    CaseSummary,
    EffectDelayed,
    EffectDropped,
    EffectFailed,
    EffectSucceeded,
    Failure,
    TimerDue,
)
from workflows.contract.message_effects import Say, dm
from workflows.contract.process import Case, Decision, Note, Process, SetTimer
from workflows.contract.values import Frozen
from workflows.policy.model import Policy
from workflows.policy.review import Tone
from workflows.review import standing
from workflows.review.model import ORDER

DIGEST = "digest"
SCORECARD = "scorecard"
HAND_OVER = "hand_over"
GONE = "gone"
PREFIX = "RM"
LAST_CHANCE = timedelta(days=1)
"""So long before a good review closes by itself it stands in the digest once more."""


class Turn(Frozen):
    """A manager's turn that ends, or has ended. `next` is who comes then: `id`, `zone`, `email`."""

    since: datetime
    ends_at: datetime | None = None
    over: bool = False
    next: dict[str, str | None] | None = None


class ManagerCase(Case):
    """A manager with reviews; `owner` is their Slack id."""

    zone: str = "UTC"
    stands_in: bool = False
    """Whether the reviews nobody owns are in their next digest, too."""
    trouble: str | None = None
    """Why they could not be written to."""
    turn: Turn | None = None
    handing_over: str | None = None
    """Who asked to hand over what is open (a Slack id), while it is being done."""

    @property
    def open_key(self) -> str | None:
        """One for each manager, for good."""
        return f"{standing.MANAGER}:{self.owner}" if self.owner else None


@dataclass(frozen=True)
class HandOverAsked:
    """The manager hands over what is open to who is on duty now."""

    by: str


def decide(case: ManagerCase, event: object, policy: Policy, now: datetime) -> Decision[ManagerCase]:
    """Decide what an event changes for a manager's digest and hand-over."""
    match event:
        case CaseNotified():
            known = case.with_(owner=event.key.partition(":")[2])
            return _notified(known, event, policy, now)
        case TimerDue(name=name) if name.startswith(DIGEST):
            if _is_too_early(case, policy, now):  # the desk was down, and here it is night
                return Decision(case, timers=_next_digest(case.zone, policy, now))
            return Decision(case, effects=(standing.reviews(DIGEST, now, case.owner, unowned=case.stands_in),))
        case EffectSucceeded(effect=SummarizeCases(purpose=purpose), result=CaseSummaries(cases=found)):
            return _answered(case, purpose, found, policy, now)
        case HandOverAsked(by=by):
            if case.turn is None or not case.turn.next:
                return Decision(case, refusal="Nobody else is on duty yet. Try again when your turn has ended.")
            ask = standing.reviews(HAND_OVER, now, case.owner)
            return Decision(case.with_(handing_over=by), effects=(ask,))
        case EffectFailed(effect=Say(), failure=failure, sentence=sentence):
            note = Note("desk", f"could not write to <@{case.owner}>: {sentence}")
            gone = (standing.reviews(GONE, now, case.owner),) if failure is Failure.UNREACHABLE else ()
            return Decision(case.with_(trouble=sentence), (note,), gone)
        case EffectSucceeded() | EffectFailed() | EffectDelayed() | EffectDropped():
            return Decision(case)
    raise TypeError(f"A Reviewing Manager knows no {type(event).__name__}.")


def _notified(case: ManagerCase, event: CaseNotified, policy: Policy, now: datetime) -> Decision[ManagerCase]:
    details = event.details
    if event.purpose == standing.OWNED:
        zone = str(details["zone"])
        return Decision(case.with_(zone=zone), timers=_digests(digest_days(details, zone, policy), zone, policy, now))
    if event.purpose == standing.STANDS_IN:
        zone = str(details["zone"])
        return Decision(case.with_(zone=zone, stands_in=True), timers=_next_digest(zone, policy, now))
    ends_at = details["ends_at"] and datetime.fromisoformat(details["ends_at"])
    turn = Turn(
        since=datetime.fromisoformat(details["since"]),
        ends_at=ends_at,
        over=bool(details["over"]),
        next=details["next"],
    )
    known = case.with_(turn=turn)
    return Decision(known, effects=(standing.reviews(SCORECARD, turn.since, case.owner),))


def digest_days(times: Mapping[str, Any], zone: str, policy: Policy) -> list[date]:
    """The days on which a review is in its manager's digest, where the manager is; see `standing.times`.

    One that became theirs when those days were over is in the next morning's.
    """
    rated, theirs = (_day(times[name], zone) for name in ("rated_at", "theirs_since"))
    days = [rated + timedelta(days=after) for after in policy.review.digest.days]
    if theirs >= max(days):
        days.append(theirs + timedelta(days=1))
    if times["closes_at"] is not None:
        days.append(_last_chance(times, zone))
    return sorted(set(days))


def _day(instant: str, zone: str) -> date:
    return standing.local_day(datetime.fromisoformat(instant), zone)


def _last_chance(times: Mapping[str, Any], zone: str) -> date:
    return standing.local_day(datetime.fromisoformat(times["closes_at"]) - LAST_CHANCE, zone)


def _digests(days: Sequence[date], zone: str, policy: Policy, now: datetime) -> tuple[SetTimer, ...]:
    times = ((day, standing.at_local(day, policy.review.digest.at, zone)) for day in days)
    return tuple(SetTimer(f"{DIGEST}:{day}", at) for day, at in times if at > now)


def _is_too_early(case: ManagerCase, policy: Policy, now: datetime) -> bool:
    return now < standing.at_local(standing.local_day(now, case.zone), policy.review.digest.at, case.zone)


def _next_digest(zone: str, policy: Policy, now: datetime) -> tuple[SetTimer, ...]:
    """A stand-in is not told of each review: it is looked at the next time for a digest."""
    today = standing.local_day(now, zone)
    return _digests((today, today + timedelta(days=1)), zone, policy, now)[:1]


def _answered(
    case: ManagerCase, purpose: str, found: Sequence[CaseSummary], policy: Policy, now: datetime
) -> Decision[ManagerCase]:
    match purpose:
        case str() if purpose == DIGEST:
            waiting = [one for one in found if one.is_open]
            return _digest(case, sorted(waiting, key=lambda one: ORDER.index(Tone(one.details["tone"]))), policy, now)
        case str() if purpose == SCORECARD:
            return _scorecard(case, [one for one in found if not one.details["recorded_only"]], now)
        case str() if purpose == GONE:
            return _gone(case, [one for one in found if one.is_open])
        case _:
            return _hand_over(case, [one for one in found if one.is_open])


def _digest(case: ManagerCase, waiting: Sequence[CaseSummary], policy: Policy, now: datetime) -> Decision[ManagerCase]:
    """One message a day, where a review is due in it: everything that waits, and for a stand-in what nobody owns."""
    today = standing.local_day(now, case.zone)
    known = case.with_(stands_in=False)  # it is said again each day
    due = [one for one in waiting if today in digest_days(one.details, case.zone, policy)]
    if not due or case.owner is None:
        return Decision(known)
    details = {
        "rows": [_row(one) for one in waiting if one.owner is not None],
        "unowned": [_row(one) for one in waiting if one.owner is None],
        "last_chance": [one.id for one in due if _is_last(one, today, case)],
    }
    say = Say(what=DIGEST, to=dm(case.owner), details=details, once=f"{case.id}:{DIGEST}:{today}")
    return Decision(known, (Note("desk", f"sent the digest: {len(waiting)} waiting"),), (say,))


def _is_last(one: CaseSummary, today: date, case: ManagerCase) -> bool:
    return one.details["closes_at"] is not None and _last_chance(one.details, case.zone) == today


def _row(one: CaseSummary) -> dict[str, Any]:
    known = {name: one.details[name] for name in ("tone", "ticket", "url", "age")}
    return {"id": one.id, "waits_for": one.waits_for, **known}


def _scorecard(case: ManagerCase, found: Sequence[CaseSummary], now: datetime) -> Decision[ManagerCase]:
    """The page's three signs of success, counted over the turn; what is open, and what each waits for."""
    if case.owner is None or case.turn is None:
        return Decision(case)
    details = {
        "reviews": len(found),
        "triaged": sum(one.details["responded_at"] is not None or not one.is_open for one in found),
        "contacts": sum(bool(one.details["contact_begun"]) for one in found),
        "closed": sum(not one.is_open for one in found),
        "rows": [_row(one) for one in found if one.is_open],
        "manager": case.id,
        "over": case.turn.over,
        "ends_at": case.turn.ends_at.isoformat() if case.turn.ends_at else None,
        "next": (case.turn.next or {}).get("id"),
    }
    day = standing.local_day(now, case.zone)
    say = Say(what=SCORECARD, to=dm(case.owner), details=details, once=f"{case.id}:{SCORECARD}:{day}:{case.turn.over}")
    return Decision(case, (Note("desk", "sent the scorecard"),), (say,))


def _gone(case: ManagerCase, waiting: Sequence[CaseSummary]) -> Decision[ManagerCase]:
    """Give up what is open of a manager who has left Slack: it is for whoever is on duty."""
    tickets = [one.ticket for one in waiting if one.ticket is not None]
    told = tuple(standing.to_review(one, standing.GONE, of=case.owner, why=case.trouble) for one in tickets)
    return Decision(case, (Note("desk", f"gave up {len(told)} reviews of <@{case.owner}>"),) if told else (), told)


def _hand_over(case: ManagerCase, waiting: Sequence[CaseSummary]) -> Decision[ManagerCase]:
    turn = case.turn
    if turn is None or not turn.next:
        return Decision(case.with_(handing_over=None))
    to = turn.next["id"]
    effects: list[Effect] = [
        standing.to_review(one.ticket, standing.HAND_OVER, of=case.owner, by=case.handing_over, **turn.next)
        for one in waiting
        if one.ticket is not None
    ]
    note = Note(case.handing_over or "desk", f"handed over {len(effects)} reviews to <@{to}>")
    if case.owner and to:
        details = {"count": len(effects), "to": to, "by": case.owner}
        effects += [Say(what=HAND_OVER, to=dm(who), details=details) for who in (case.owner, to)]
    return Decision(case.with_(handing_over=None), (note,), tuple(effects))


PROCESS: Process[ManagerCase] = Process(
    kind=standing.MANAGER,
    prefix=PREFIX,
    model=ManagerCase,
    blank=lambda case_id, now: ManagerCase(id=case_id, state="standing", opened_at=now),
    decide=decide,
)
