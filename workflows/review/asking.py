"""Asking the ticket system for new ratings, where it has no webhook that tells of them.

One case that always stands: it asks every few minutes for what came since the last rating it has seen, a little
overlapping, for a list may lag; each rating is passed on once. What was given before it began is left alone.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from pydantic import Field

from workflows.contract.case_effects import NotifyCase
from workflows.contract.events import (
    EffectDelayed,
    EffectDropped,
    EffectFailed,
    EffectSucceeded,
    StandingCaseOpened,
    TimerDue,
)
from workflows.contract.process import Case, Decision, Note, Process, SetTimer
from workflows.contract.review_effects import ReadRatings
from workflows.contract.ticket_ports import Rating, RatingList
from workflows.lib.tickets import TicketRef
from workflows.policy.model import Policy
from workflows.policy.review import Tone
from workflows.review import model
from workflows.review.model import RATED

KIND: Final = "review_ratings"
ASK = "ask_for_ratings"
OVERLAP = timedelta(minutes=10)
LOOK_AGAIN = timedelta(days=1)
"""Switched off in the policy: it is looked so often whether it is on again."""


class RatingsCase(Case):
    """What has been seen of the ratings, by account."""

    since: dict[str, datetime] = Field(default_factory=dict)
    """From when on each account is asked next."""
    seen: tuple[str, ...] = ()
    """The ratings of the overlap that were passed on."""

    @property
    def open_key(self) -> str | None:
        """There is one."""
        return KIND


def decide(case: RatingsCase, event: object, policy: Policy, now: datetime) -> Decision[RatingsCase]:
    """Decide what an event changes for the case that asks for ratings."""
    match event:
        case StandingCaseOpened():
            if policy.review.ask_every is None:  # it is tried again at the next start
                return Decision(case, refusal="Ratings come by webhook.")
            begun = case.with_(since=dict.fromkeys(policy.tickets.accounts, now))
            return Decision(begun, timers=(_next(policy, now),))
        case TimerDue():
            return _ask(case, policy, now)
        case EffectSucceeded(effect=ReadRatings() as asked, result=RatingList(ratings=found)):
            return _seen(case, asked, found)
        case EffectFailed(effect=ReadRatings(account=account), sentence=sentence):
            return Decision(case, (Note("desk", f"could not ask {account} for ratings: {sentence}"),))
        case EffectSucceeded() | EffectFailed() | EffectDelayed() | EffectDropped():
            return Decision(case)
    raise TypeError(f"Asking for ratings knows no {type(event).__name__}.")


def _next(policy: Policy, now: datetime) -> SetTimer:
    every = policy.review.ask_every
    return SetTimer(ASK, now + (every.length if every else LOOK_AGAIN))


def _ask(case: RatingsCase, policy: Policy, now: datetime) -> Decision[RatingsCase]:
    if policy.review.ask_every is None:
        return Decision(case, timers=(_next(policy, now),))
    known = {account: case.since.get(account, now) for account in policy.tickets.accounts}
    asks = tuple(ReadRatings(account=account, since=since - OVERLAP, until=now) for account, since in known.items())
    return Decision(case.with_(since=known), effects=asks, timers=(_next(policy, now),))


def _seen(case: RatingsCase, asked: ReadRatings, found: Sequence[Rating]) -> Decision[RatingsCase]:
    """Pass on what is new; the next question begins at the newest."""
    given = (one for one in found if _tone(one) is not None and one.at > case.opened_at)
    marks = {_mark(asked.account, one): one for one in given}
    new = [one for mark, one in marks.items() if mark not in case.seen]
    newest = max([case.since.get(asked.account, asked.until), *(one.at for one in found)])
    others = tuple(mark for mark in case.seen if not mark.startswith(f"{asked.account}:"))
    known = case.with_(since={**case.since, asked.account: newest}, seen=(*others, *marks))
    return Decision(known, effects=tuple(_pass_on(asked.account, one) for one in new))


def _pass_on(account: str, rating: Rating) -> NotifyCase:
    ticket = TicketRef(account, rating.ticket)
    tone = _tone(rating) or Tone.NEUTRAL
    return NotifyCase(
        kind=model.KIND,
        key=model.review_key(ticket),
        purpose=RATED,
        details={"tone": tone.value, "words": rating.comment, "at": rating.at.isoformat()},
    )


def _mark(account: str, rating: Rating) -> str:
    """What tells a rating, and a change of it, from another."""
    return f"{account}:{rating.id}:{rating.score}:{len(rating.comment)}"


def _tone(rating: Rating) -> Tone | None:
    """None for what is no rating yet, such as one that was offered."""
    return next((tone for tone in (Tone.GOOD, Tone.BAD) if rating.score.startswith(tone.value)), None)


PROCESS: Process[RatingsCase] = Process(
    kind=KIND,
    prefix="RA",
    model=RatingsCase,
    blank=lambda case_id, now: RatingsCase(id=case_id, state="standing", opened_at=now),
    decide=decide,
    standing=(KIND,),
)
