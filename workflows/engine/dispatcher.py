"""Executes the effects in the outbox, lane by lane, and gives the engine what came of each.

Killed before an effect was executed, it is executed later; killed after, it is looked for before it is sent again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import uuid4

import structlog
from pydantic import ValidationError
from sqlmodel import Session

from storage import cases, outbox
from storage.postgresql import TROUBLE
from storage.tables import EffectRow, EffectState
from workflows.contract import errors
from workflows.contract.effect_base import Urgency
from workflows.contract.effects import EFFECT, Effect, Say, ShowCard
from workflows.contract.events import EffectDelayed, EffectDropped, EffectFailed, EffectSucceeded, Failure
from workflows.contract.ports import Clock
from workflows.contract.process import Case
from workflows.engine.engine import Engine, collapse_key, effect_row
from workflows.policy.model import Delivery

log = structlog.get_logger(__name__)

RENEWALS_PER_LEASE = 3
MOST_RENEWALS = 12
"""What takes longer than four leases hangs."""


@dataclass(frozen=True)
class EffectAttempt:
    """One try of one effect. `again` says that an earlier try may have gone out."""

    row_id: int
    lane: str
    case_id: str
    mark: str
    effect: Effect
    number: int
    give_up_at: datetime
    failed_before: bool = False

    @property
    def again(self) -> bool:
        """Whether it has to be looked for before it is sent."""
        return self.number > 1


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
        self.random = random or Random()  # noqa: S311 - jitter is no secret
        self._held: dict[str, tuple[str, int]] = {}

    def execute_one(self) -> bool:
        """Execute one effect that is due; False when there is none that is free to go."""
        holder = uuid4().hex
        attempt = self._claim(holder)
        if attempt is None:
            return False
        self._held[holder] = (attempt.lane, 0)
        try:
            self._execute(attempt, holder)
        finally:
            self._held.pop(holder, None)
        return True

    def renew_leases(self) -> None:
        """Keep the lanes of what is being executed: to be called several times a lease, by a thread that does not wait.

        A desk that is frozen renews nothing. What takes longer than `MOST_RENEWALS` is taken on by another desk.
        """
        lease, real_now = self.delivery.lease.length, self.clock.real_now()
        for holder, (lane, times) in list(self._held.items()):
            if times < MOST_RENEWALS:
                with self.engine.database.transaction() as session:
                    outbox.renew_lease(session, lane, holder, real_now, lease)
                self._held.update({holder: (lane, times + 1)} if holder in self._held else {})

    def _execute(self, attempt: EffectAttempt, holder: str) -> None:
        try:
            case = self.engine.read_settled(attempt.case_id)
            if case is None:
                raise LookupError(attempt.case_id)
            if not self.engine.wants(case, attempt.effect):
                self._drop(attempt, holder)
                return
            succeeded = self.execute(case, attempt)
            rendered = (
                case if isinstance(attempt.effect, ShowCard) and attempt.effect.slot not in case.messages else None
            )
        except errors.EffectError as error:
            self._failed(attempt, holder, error)
        except Exception:  # a fault of ours must not stop the lane: try again, and give up in the end
            log.exception("effect_broke", **_names(attempt))
            self._failed(attempt, holder, errors.RetryLater("Something went wrong inside the desk."))
        else:
            self._done(attempt, holder, succeeded, rendered)

    def drain(self) -> int:
        """Execute everything that is due now; returns how many tries that took."""
        tries = 0
        while self.execute_one():
            tries += 1
        return tries

    def _claim(self, holder: str) -> EffectAttempt | None:
        """Take a lane and what it has to execute next. One that cannot be read is given up, and the next taken."""
        while True:
            with self.engine.database.transaction() as session:
                row = self._claim_row(session, holder)
                if row is None:
                    return None
                try:
                    return self._job(row)
                except ValidationError:
                    log.exception("effect_unreadable", effect_id=row.id, case=row.case_id)
                    self._give_up_unread(session, row)

    def _claim_row(self, session: Session, holder: str) -> EffectRow | None:
        now, real_now = self.clock.now(), self.clock.real_now()
        lease = self.delivery.lease.length
        while (lane := outbox.claim_lane(session, holder, now, real_now, lease)) is not None:
            row = outbox.next_effect(session, lane, now)
            if row is not None:
                row.state, row.attempts, row.collapse_key = EffectState.SENDING, row.attempts + 1, None
                session.add(row)
                return row
            outbox.leave_lane(session, lane)
        return None

    def _give_up_unread(self, session: Session, row: EffectRow) -> None:
        now = self.clock.now()
        row.state, row.finished_at, row.error = EffectState.FAILED, now, "This effect cannot be read."
        cases.add_note(session, row.case_id, now, "desk", "gave up an effect that this version cannot read")
        outbox.leave_lane(session, row.lane)

    def _job(self, row: EffectRow) -> EffectAttempt:
        assert row.id is not None  # noqa: S101 - it was read from the database
        return EffectAttempt(
            row_id=row.id,
            lane=row.lane,
            case_id=row.case_id,
            mark=row.mark,
            effect=EFFECT.validate_python(row.payload),
            number=row.attempts,
            give_up_at=row.created_at + self.delivery.give_up_after.length,
            failed_before=row.error is not None,
        )

    def _done(self, attempt: EffectAttempt, holder: str, succeeded: EffectSucceeded, rendered: Case | None) -> None:
        now = self.clock.now()
        paced = isinstance(attempt.effect, ShowCard | Say)
        free_at = now + self.delivery.channel_pace.length if paced else None
        self._finish(attempt, holder, succeeded, free_at, EffectState.DONE, rendered=rendered)
        log.info("effect", result="done", **_names(attempt))
        self._tried(attempt, "done")

    def _drop(self, attempt: EffectAttempt, holder: str) -> None:
        self._finish(attempt, holder, EffectDropped(attempt.effect), None, EffectState.DROPPED)
        log.info("effect", result="dropped", **_names(attempt))
        self._tried(attempt, "dropped")

    def _failed(self, attempt: EffectAttempt, holder: str, error: errors.EffectError) -> None:
        now = self.clock.now()
        wait = error.wait if isinstance(error, errors.RetryLater) else None
        retry_at = now + max(self._back_off(attempt), wait or timedelta(0))
        may_work_later = isinstance(error, errors.RetryLater | errors.Misconfigured)
        if may_work_later and retry_at <= attempt.give_up_at:
            self._retry(attempt, holder, error, retry_at, lane_free_at=now + wait if wait else None)
        else:
            self._give_up(attempt, holder, error)

    def _retry(
        self,
        attempt: EffectAttempt,
        holder: str,
        error: errors.EffectError,
        retry_at: datetime,
        lane_free_at: datetime | None,
    ) -> None:
        log.warning("effect", result="retry", reason=type(error).__name__, **_names(attempt))
        self._tried(attempt, "retry")
        settings = isinstance(error, errors.Misconfigured)
        delayed = EffectDelayed(attempt.effect, error.sentence, attempt.give_up_at, settings=settings)
        event = None if attempt.failed_before else delayed
        self._finish(attempt, holder, event, lane_free_at, EffectState.WAITING, retry_at, error=error.sentence)

    def _give_up(self, attempt: EffectAttempt, holder: str, error: errors.EffectError) -> None:
        log.error("effect", result="given_up", reason=type(error).__name__, **_names(attempt))
        self._tried(attempt, "given_up")
        code = error.code if isinstance(error, errors.Unreachable) else ""
        event = EffectFailed(attempt.effect, failure_of(error), error.sentence, code)
        self._finish(attempt, holder, event, None, EffectState.FAILED, error=error.sentence)

    def _finish(
        self,
        attempt: EffectAttempt,
        holder: str,
        event: EffectSucceeded | EffectFailed | EffectDelayed | EffectDropped | None,
        lane_free_at: datetime | None,
        state: EffectState,
        retry_at: datetime | None = None,
        *,
        error: str | None = None,
        rendered: Case | None = None,
    ) -> None:
        now = self.clock.now()
        with self.engine.database.transaction() as session:
            lane = outbox.holds_lane(session, attempt.lane, holder)
            row = session.get(EffectRow, attempt.row_id)
            if lane is None or row is None:
                log.warning("lease_lost", **_names(attempt))  # somebody else has taken it up and looks for it
                return
            row.state, row.error = state, error
            row.due_at = retry_at or row.due_at
            row.finished_at = None if state is EffectState.WAITING else now
            session.add(row)
            outbox.free_lane(session, lane, lane_free_at)
            if rendered is not None and self.engine.has_changed(session, rendered):
                outbox.add_effect(session, effect_row(attempt.case_id, attempt.effect, now, self.delivery))
            if event is not None:
                self._tell_engine(session, attempt, event, now)
            if state is EffectState.WAITING:
                cases.lock_case(session, attempt.case_id)
                outbox.wait_again(session, row, collapse_key(attempt.case_id, attempt.effect))
        self.engine.wake()

    def _tell_engine(self, session: Session, attempt: EffectAttempt, event: object, now: datetime) -> None:
        try:
            with session.begin_nested():
                self.engine.apply(session, attempt.case_id, event, now)
        except TROUBLE:  # the database's trouble, not the rule's: nothing is saved, and it is looked for
            raise
        except Exception:  # what was sent was sent, even when a rule breaks over it
            log.exception("answer_broke", **_names(attempt))
            self.engine.keep_posted(session, attempt.case_id, event, now)
            cases.add_note(session, attempt.case_id, now, "desk", f"A rule failed over: {type(event).__name__}.")

    def _tried(self, attempt: EffectAttempt, outcome: str) -> None:
        system = attempt.lane.partition(":")[0]  # what follows may name a channel
        self.engine.telemetry.effect(attempt.effect.type, system, outcome)

    def _back_off(self, attempt: EffectAttempt) -> timedelta:
        is_urgent = attempt.effect.urgency is Urgency.ESCALATION
        longest = (self.delivery.retry_urgent if is_urgent else self.delivery.retry_longest).length
        doubled: int = 2 ** min(attempt.number - 1, 30)
        return min(self.delivery.retry_first.length * doubled, longest) * self.random.uniform(0.8, 1.2)


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


def _names(attempt: EffectAttempt) -> dict[str, object]:
    return {
        "effect_id": attempt.row_id,
        "effect_type": attempt.effect.type,
        "case": attempt.case_id,
        "lane": attempt.lane,
        "attempt": attempt.number,
    }
