"""Executes the effects in the outbox, lane by lane, and gives the engine what came of each.

Killed before an effect was executed, it is executed later; killed after, it is looked for before it is sent again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

import structlog
from sqlalchemy import Connection

from storage import cases, outbox
from storage.postgresql import TROUBLE
from storage.tables import CaseRow, EffectState
from storage.turns import Turn, working_for
from storage.writer import savepoint
from workflows.contract import errors
from workflows.contract.clock import Clock
from workflows.contract.effect_base import Urgency
from workflows.contract.effects import Effect
from workflows.contract.events import EffectDelayed, EffectDropped, EffectFailed, EffectSucceeded, Failure
from workflows.contract.message_effects import LookAgain, Say, ShowCard
from workflows.contract.process import Case
from workflows.contract.slack_port import Posted
from workflows.engine.claims import Claim, Claims, EffectAttempt
from workflows.engine.engine import Engine, collapse_key, effect_row
from workflows.engine.unsure import LOOKS, look_for, shown_once_more
from workflows.policy.model import Delivery

log = structlog.get_logger(__name__)

RENEWALS_PER_LEASE = 3
MOST_RENEWALS = 12
"""What takes longer than four leases hangs."""


@dataclass(frozen=True)
class _Ending:
    """How a try ended. With `unsure` nobody knows whether it went out all the same.

    `rendered` is the case as a message showed it that was posted for the first time.
    """

    state: EffectState
    event: EffectSucceeded | EffectFailed | EffectDelayed | EffectDropped | None = None
    lane_free_at: datetime | None = None
    retry_at: datetime | None = None
    error: str | None = None
    rendered: Case | None = None
    unsure: bool = False


ExecuteEffect = Callable[[Case, EffectAttempt], EffectSucceeded]
"""Does it, and says what came of it; raises a `EffectError` when it could not."""


class Dispatcher:
    """Takes a lane, executes its next effect, gives the lane back. Any number may run side by side."""

    def __init__(
        self, engine: Engine, execute: ExecuteEffect, clock: Clock, delivery: Delivery, random: Random | None = None
    ) -> None:
        self.engine = engine
        self.execute = execute
        self.clock = clock
        self.delivery = delivery
        self.claims = Claims(engine, clock, delivery)
        self.random = random or Random()  # noqa: S311 - jitter is no secret
        self._held: dict[str, tuple[str, int]] = {}

    def execute_one(self) -> bool:
        """Execute one effect that is due; False when there is none that is free to go."""
        return self.execute_due(lambda: False) > 0

    def drain(self) -> int:
        """Execute everything that is due now; returns how many tries that took."""
        return self.execute_due(lambda: True)

    def execute_due(self, goes_on: Callable[[], bool]) -> int:
        """Execute what is due, one after another, as long as `goes_on`; returns how many tries that took.

        What came of one is saved together with the claim of the next. All that is written here waits for people's
        answers: see `storage.turns`.
        """
        tries = 0
        with working_for(Turn.EXECUTOR):
            claim = self.claims.due()
            while claim is not None:
                tries += 1
                claim = self._execute(claim, goes_on)
        return tries

    def renew_leases(self) -> None:
        """Keep the lanes of what is being executed: to be called several times a lease, by a thread that does not wait.

        A desk that is frozen renews nothing. What takes longer than `MOST_RENEWALS` is taken on by another desk.
        """
        lease, real_now = self.delivery.lease.length, self.clock.real_now()
        for holder, (lane, times) in list(self._held.items()):
            if times < MOST_RENEWALS:
                with self.engine.database.transaction() as connection:
                    outbox.renew_lease(connection, lane, holder, real_now, lease)
                self._held.update({holder: (lane, times + 1)} if holder in self._held else {})

    def _execute(self, claim: Claim, goes_on: Callable[[], bool]) -> Claim | None:
        """Execute what was claimed, and save what came of it; returns what was claimed next, if it `goes_on`."""
        self._held[claim.holder] = (claim.attempt.lane, 0)
        try:
            ending = self._try(claim.attempt, claim.case)
            return self._finish(claim, ending, goes_on)
        finally:
            self._held.pop(claim.holder, None)

    def _try(self, attempt: EffectAttempt, case: Case) -> _Ending:
        """One try, and how it ended; whatever went wrong is an ending, too."""
        try:
            if self._is_early(attempt):
                return _Ending(EffectState.WAITING, retry_at=self.clock.now() + LOOKS[0])
            if not self.engine.wants(case, attempt.effect):
                dropped = EffectDropped(attempt.effect, self._looked_for(case, attempt))
                self._tried(attempt, "dropped")
                return _Ending(EffectState.DROPPED, dropped)
            succeeded = self.execute(case, attempt)
        except errors.EffectError as error:
            return self._failed(attempt, error)
        except Exception:  # a fault of ours must not stop the lane: try again, and give up in the end
            log.exception("effect_broke", **attempt.names)
            return self._failed(attempt, errors.RetryLater("Something went wrong inside the desk."))
        is_new = isinstance(attempt.effect, ShowCard) and attempt.effect.slot not in case.messages
        self._tried(attempt, "done")
        return _Ending(EffectState.DONE, succeeded, self._paced(attempt.effect), rendered=case if is_new else None)

    def _paced(self, effect: Effect) -> datetime | None:
        """When the next one of its lane may leave, if not at once: Slack takes about one message a second a channel."""
        return self.clock.now() + self.delivery.channel_pace.length if isinstance(effect, ShowCard | Say) else None

    def _is_early(self, attempt: EffectAttempt) -> bool:
        """Whether what has to be looked for is still to be sent: whoever sends it looks for it as well."""
        if not isinstance(attempt.effect, LookAgain):
            return False
        with self.engine.database.read_only() as connection:
            return outbox.is_pending(connection, attempt.effect.mark)

    def _looked_for(self, case: Case, attempt: EffectAttempt) -> Posted | None:
        """Where a message stands that may have gone out, although it is not wanted any more."""
        look = look_for(attempt.effect, attempt.mark, attempt.since) if attempt.again else None
        if look is None:
            return None
        found = self.execute(case, replace(attempt, effect=look.model_copy(update={"adopt": True}))).result
        return found if isinstance(found, Posted) else None

    def _failed(self, attempt: EffectAttempt, error: errors.EffectError) -> _Ending:
        now = self.clock.now()
        wait = error.wait if isinstance(error, errors.RetryLater) else None
        retry_at = now + max(self._back_off(attempt), wait or timedelta(0))
        may_work_later = isinstance(error, errors.RetryLater | errors.Misconfigured)
        if may_work_later and retry_at <= attempt.give_up_at:
            return self._retry(attempt, error, retry_at, lane_free_at=now + wait if wait else None)
        return self._give_up(attempt, error)

    def _retry(
        self, attempt: EffectAttempt, error: errors.EffectError, retry_at: datetime, lane_free_at: datetime | None
    ) -> _Ending:
        log.warning("effect", result="retry", reason=type(error).__name__, **attempt.names)
        self._count(attempt, "retry")
        settings = isinstance(error, errors.Misconfigured)
        delayed = EffectDelayed(attempt.effect, error.sentence, attempt.give_up_at, settings=settings)
        event = None if attempt.failed_before else delayed
        return _Ending(EffectState.WAITING, event, lane_free_at, retry_at, error.sentence, unsure=_is_unsure(error))

    def _give_up(self, attempt: EffectAttempt, error: errors.EffectError) -> _Ending:
        say = log.info if isinstance(error, errors.Refused) else log.error  # a mistyped number is no fault of the desk
        say("effect", result="given_up", reason=type(error).__name__, **attempt.names)
        self._count(attempt, "given_up")
        code = error.code if isinstance(error, errors.Unreachable) else ""
        event = EffectFailed(attempt.effect, failure_of(error), error.sentence, code)
        return _Ending(EffectState.FAILED, event, error=error.sentence, unsure=_is_unsure(error))

    def _finish(self, claim: Claim, end: _Ending, goes_on: Callable[[], bool]) -> Claim | None:
        """Save how a try ended together with the claim of the next."""
        with self.engine.database.transaction() as connection:
            if outbox.holds_lane(connection, claim.attempt.lane, claim.holder):
                self._end(connection, claim.attempt, end)
            else:
                log.warning("lease_lost", **claim.attempt.names)  # somebody else took it up: it may stand twice
                self.claims.look_later(connection, claim.attempt)
            following = self.claims.along(connection) if goes_on() else None
        self.engine.wake()
        return following

    def _end(self, connection: Connection, attempt: EffectAttempt, end: _Ending) -> None:
        now = self.clock.now()
        if end.unsure:
            self.claims.look_later(connection, attempt)
        outbox.free_lane(connection, attempt.lane, end.lane_free_at)
        row = cases.lock_case(connection, attempt.case_id)
        if end.state is EffectState.WAITING:
            self._wait_again(connection, attempt, end)
        else:
            outbox.end_effect(connection, attempt.row_id, end.state, now, end.error)
        if row is None:
            return
        case = self.engine.cases.of_row(row)
        for card in self._to_show_again(case, attempt, end):
            outbox.add_effect(connection, effect_row(attempt.case_id, card, now, self.delivery))
        if end.event is not None and not isinstance(attempt.effect, LookAgain):
            event = self._as_wanted(connection, case, attempt, end.event)
            self._tell_engine(connection, row, case, attempt, event)

    def _wait_again(self, connection: Connection, attempt: EffectAttempt, end: _Ending) -> None:
        row = outbox.read_effect(connection, attempt.row_id)
        if row is not None:
            key, retry_at = collapse_key(attempt.case_id, attempt.effect), end.retry_at or row.due_at
            outbox.wait_again(connection, row, key, retry_at, end.error, self.clock.now())

    def _to_show_again(self, case: Case, attempt: EffectAttempt, end: _Ending) -> Iterable[ShowCard]:
        """What changed while a card was on its way.

        A rule refreshes the messages the case knows of: one that was being posted for the first time is not among
        them, and would keep showing the case as it had been.
        """
        if isinstance(attempt.effect, LookAgain):
            return shown_once_more(case, attempt.effect) if end.state is EffectState.DONE else ()
        if end.rendered is None or not isinstance(attempt.effect, ShowCard):
            return ()
        return (attempt.effect,) if case.with_(messages={}) != end.rendered.with_(messages={}) else ()

    def _as_wanted(self, connection: Connection, case: Case, attempt: EffectAttempt, event: object) -> object:
        """What a rule is told: of a message that nobody wants any more now that it stands, that it stands."""
        match event:
            case EffectSucceeded(ShowCard() as card, Posted() as stands) if not self.engine.wants(case, card):
                self.claims.look_later(connection, attempt)
                return EffectDropped(card, stands)
        return event

    def _tell_engine(
        self, connection: Connection, row: CaseRow, case: Case, attempt: EffectAttempt, event: object
    ) -> None:
        now = self.clock.now()
        try:
            with savepoint(connection):
                self.engine.apply_to(connection, row, case, event, now)
        except TROUBLE:  # the database's trouble, not the rule's: nothing is saved, and it is looked for
            raise
        except Exception:  # what was sent was sent, even when a rule breaks over it
            log.exception("answer_broke", **attempt.names)
            self.engine.keep_posted(connection, row, case, event, now)
            cases.add_note(connection, attempt.case_id, now, "desk", f"A rule failed over: {type(event).__name__}.")

    def _tried(self, attempt: EffectAttempt, outcome: str) -> None:
        log.info("effect", result=outcome, **attempt.names)
        self._count(attempt, outcome)

    def _count(self, attempt: EffectAttempt, outcome: str) -> None:
        system = attempt.lane.partition(":")[0]  # what follows may name a channel
        self.engine.telemetry.effect(attempt.effect.type, system, outcome)

    def _back_off(self, attempt: EffectAttempt) -> timedelta:
        is_urgent = attempt.effect.urgency is Urgency.ESCALATION
        longest = (self.delivery.retry_urgent if is_urgent else self.delivery.retry_longest).length
        doubled: int = 2 ** min(attempt.number - 1, 30)
        return min(self.delivery.retry_first.length * doubled, longest) * self.random.uniform(0.8, 1.2)


def _is_unsure(error: errors.EffectError) -> bool:
    return isinstance(error, errors.RetryLater) and error.unsure


def failure_of(error: errors.EffectError) -> Failure:
    """The word a rule knows this error by, once nothing more is tried."""
    match error:
        case errors.NotFound():
            return Failure.NOT_FOUND
        case errors.Unreachable():
            return Failure.UNREACHABLE
        case errors.NotConnected():
            return Failure.NOT_CONNECTED
        case errors.Refused():
            return Failure.REFUSED
        case errors.Misconfigured():
            return Failure.MISCONFIGURED
        case _:
            return Failure.GAVE_UP
