"""Executes the effects in the outbox, lane by lane, and gives the engine what came of each.

Killed before an effect was executed, it is executed later; killed after, it is looked for before it is sent again.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from uuid import uuid4

import structlog
from pydantic import ValidationError
from sqlmodel import Session

from storage import cases, outbox
from storage.postgresql import TROUBLE
from storage.tables import EffectRow, EffectState
from storage.turns import Turn, working_for
from workflows.contract import errors
from workflows.contract.clock import Clock
from workflows.contract.effect_base import Urgency
from workflows.contract.effects import EFFECT, Effect
from workflows.contract.events import EffectDelayed, EffectDropped, EffectFailed, EffectSucceeded, Failure
from workflows.contract.message_effects import LookAgain, Say, ShowCard
from workflows.contract.process import Case
from workflows.contract.slack_port import Posted
from workflows.engine.engine import Engine, collapse_key, effect_row
from workflows.engine.unsure import LOOKS, look_for, look_later, shown_once_more
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
    since: datetime
    give_up_at: datetime
    failed_before: bool = False

    @property
    def again(self) -> bool:
        """Whether it has to be looked for before it is sent."""
        return self.number > 1


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
        self.random = random or Random()  # noqa: S311 - jitter is no secret
        self._held: dict[str, tuple[str, int]] = {}

    def execute_one(self) -> bool:
        """Execute one effect that is due; False when there is none that is free to go.

        What it writes waits for people's answers: see `storage.turns`.
        """
        with working_for(Turn.EXECUTOR):
            return self._execute_one()

    def _execute_one(self) -> bool:
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
            if self._is_early(attempt):
                self._finish(attempt, holder, _Ending(EffectState.WAITING, retry_at=self.clock.now() + LOOKS[0]))
                return
            if not self.engine.wants(case, attempt.effect):
                self._drop(attempt, holder, self._looked_for(case, attempt))
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
                was_cut_off = row.state == EffectState.SENDING
                row.state, row.attempts, row.collapse_key = EffectState.SENDING, row.attempts + 1, None
                session.add(row)
                try:
                    attempt = self._job(row)
                except ValidationError:
                    log.exception("effect_unreadable", effect_id=row.id, case=row.case_id)
                    self._give_up_unread(session, row)
                    continue
                if was_cut_off:  # by whoever had it, who may be frozen and go on
                    self._look_later(session, attempt)
                return attempt

    def _claim_row(self, session: Session, holder: str) -> EffectRow | None:
        now, real_now = self.clock.now(), self.clock.real_now()
        lease = self.delivery.lease.length
        while (lane := outbox.claim_lane(session, holder, now, real_now, lease)) is not None:
            row = outbox.next_effect(session, lane, now)
            if row is not None:
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
            since=row.created_at,
            give_up_at=row.created_at + self.delivery.give_up_after.length,
            failed_before=row.error is not None,
        )

    def _done(self, attempt: EffectAttempt, holder: str, succeeded: EffectSucceeded, rendered: Case | None) -> None:
        now = self.clock.now()
        paced = isinstance(attempt.effect, ShowCard | Say)
        free_at = now + self.delivery.channel_pace.length if paced else None
        self._finish(attempt, holder, _Ending(EffectState.DONE, succeeded, free_at, rendered=rendered))
        log.info("effect", result="done", **_names(attempt))
        self._tried(attempt, "done")

    def _is_early(self, attempt: EffectAttempt) -> bool:
        """Whether what has to be looked for is still to be sent: whoever sends it looks for it as well."""
        if not isinstance(attempt.effect, LookAgain):
            return False
        with self.engine.database.read_only() as session:
            return outbox.is_pending(session, attempt.effect.mark)

    def _looked_for(self, case: Case, attempt: EffectAttempt) -> Posted | None:
        """Where a message stands that may have gone out, although it is not wanted any more."""
        look = look_for(attempt.effect, attempt.mark, attempt.since) if attempt.again else None
        if look is None:
            return None
        found = self.execute(case, replace(attempt, effect=look.model_copy(update={"adopt": True}))).result
        return found if isinstance(found, Posted) else None

    def _look_later(self, session: Session, attempt: EffectAttempt) -> None:
        """Remember that nobody knows what became of a try."""
        look = look_for(attempt.effect, attempt.mark, attempt.since)
        if look is not None:
            look_later(session, self.engine, attempt.case_id, look, self.clock.now())

    def _drop(self, attempt: EffectAttempt, holder: str, stands: Posted | None) -> None:
        self._finish(attempt, holder, _Ending(EffectState.DROPPED, EffectDropped(attempt.effect, stands)))
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
        self._finish(
            attempt,
            holder,
            _Ending(EffectState.WAITING, event, lane_free_at, retry_at, error.sentence, unsure=_is_unsure(error)),
        )

    def _give_up(self, attempt: EffectAttempt, holder: str, error: errors.EffectError) -> None:
        say = log.info if isinstance(error, errors.Refused) else log.error  # a mistyped number is no fault of the desk
        say("effect", result="given_up", reason=type(error).__name__, **_names(attempt))
        self._tried(attempt, "given_up")
        code = error.code if isinstance(error, errors.Unreachable) else ""
        event = EffectFailed(attempt.effect, failure_of(error), error.sentence, code)
        unsure = _is_unsure(error)
        self._finish(attempt, holder, _Ending(EffectState.FAILED, event, error=error.sentence, unsure=unsure))

    def _finish(self, attempt: EffectAttempt, holder: str, end: _Ending) -> None:
        now = self.clock.now()
        with self.engine.database.transaction() as session:
            lane = outbox.holds_lane(session, attempt.lane, holder)
            row = session.get(EffectRow, attempt.row_id)
            if lane is None or row is None:
                log.warning("lease_lost", **_names(attempt))  # somebody else has taken it up, and it may stand twice
                self._look_later(session, attempt)
                return
            if end.unsure:
                self._look_later(session, attempt)
            row.state, row.error = end.state, end.error
            row.due_at = end.retry_at or row.due_at
            row.finished_at = None if end.state is EffectState.WAITING else now
            session.add(row)
            outbox.free_lane(session, lane, end.lane_free_at)
            if end.rendered is not None and self.engine.has_changed(session, end.rendered):
                outbox.add_effect(session, effect_row(attempt.case_id, attempt.effect, now, self.delivery))
            if isinstance(attempt.effect, LookAgain) and end.state is EffectState.DONE:
                for card in shown_once_more(session, self.engine, attempt.case_id, attempt.effect):
                    outbox.add_effect(session, effect_row(attempt.case_id, card, now, self.delivery))
            elif end.event is not None and not isinstance(attempt.effect, LookAgain):
                self._tell_engine(session, attempt, self._as_wanted(session, attempt, end.event), now)
            if end.state is EffectState.WAITING:
                cases.lock_case(session, attempt.case_id)
                outbox.wait_again(session, row, collapse_key(attempt.case_id, attempt.effect))
        self.engine.wake()

    def _as_wanted(self, session: Session, attempt: EffectAttempt, event: object) -> object:
        """What a rule is told: of a message that nobody wants any more now that it stands, that it stands."""
        match event:
            case EffectSucceeded(ShowCard() as card, Posted() as stands) if not self.engine.still_wants(
                session, attempt.case_id, card
            ):
                self._look_later(session, attempt)
                return EffectDropped(card, stands)
        return event

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


def _names(attempt: EffectAttempt) -> dict[str, object]:
    return {
        "effect_id": attempt.row_id,
        "effect_type": attempt.effect.type,
        "case": attempt.case_id,
        "lane": attempt.lane,
        "attempt": attempt.number,
    }
