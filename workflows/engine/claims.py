"""Claims: who executes what next. A lane is taken with a lease, and its most urgent effect with it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import structlog
from pydantic import ValidationError
from sqlalchemy import Connection

from storage import cases, outbox
from storage.postgresql import TROUBLE
from storage.tables import EffectRow, EffectState
from storage.writer import savepoint
from workflows.contract.clock import Clock
from workflows.contract.effects import EFFECT, Effect
from workflows.contract.process import Case
from workflows.engine.engine import Engine
from workflows.engine.unsure import look_for, look_later
from workflows.policy.model import Delivery

log = structlog.get_logger(__name__)


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

    @property
    def names(self) -> dict[str, object]:
        """How logs call it."""
        return {
            "effect_id": self.row_id,
            "effect_type": self.effect.type,
            "case": self.case_id,
            "lane": self.lane,
            "attempt": self.number,
        }


@dataclass(frozen=True)
class Claim:
    """What somebody has taken on to execute, and the case as it was then."""

    holder: str
    attempt: EffectAttempt
    case: Case


class Claims:
    """Takes what is due."""

    def __init__(self, engine: Engine, clock: Clock, delivery: Delivery) -> None:
        self.engine = engine
        self.clock = clock
        self.delivery = delivery

    def due(self) -> Claim | None:
        """Claim what has to be executed next; None when there is nothing, which is found by reading."""
        with self.engine.database.read_only() as connection:
            if not outbox.may_claim(connection, self.clock.now(), self.clock.real_now()):
                return None
        with self.engine.database.transaction() as connection:
            return self.next(connection)

    def next(self, connection: Connection) -> Claim | None:
        """Take a lane and what it has to execute next. One that cannot be read is given up, and the next taken.

        The case is locked before the effect is touched, as by whoever handles an event of it. So it is read as
        everybody leaves it who may have counted on an effect that still waited.
        """
        holder = uuid4().hex
        while (effect := self._next_effect(connection, holder)) is not None:
            case = self._locked(connection, effect.case_id)
            attempt = self._attempt(effect)
            if attempt is None:
                self._give_up_unread(connection, effect)
            elif case is None:
                self._put_off_unread(connection, effect)
            else:
                outbox.begin_try(connection, attempt.row_id)
                if effect.state == EffectState.SENDING:  # cut off by whoever had it, who may be frozen and go on
                    self.look_later(connection, attempt)
                return Claim(holder, attempt, case)
        return None

    def _locked(self, connection: Connection, case_id: str) -> Case | None:
        """A case, locked; None when this version cannot read it, or has no such process."""
        row = cases.lock_case(connection, case_id)
        try:
            return None if row is None else self.engine.cases.of_row(row)
        except (ValidationError, KeyError):
            log.exception("case_unreadable", case=case_id)
            return None

    def _next_effect(self, connection: Connection, holder: str) -> EffectRow | None:
        now, real_now = self.clock.now(), self.clock.real_now()
        lease = self.delivery.lease.length
        while (lane := outbox.claim_lane(connection, holder, now, real_now, lease)) is not None:
            effect = outbox.next_effect(connection, lane, now)
            if effect is not None:
                return effect
            outbox.leave_lane(connection, lane)
        return None

    def _give_up_unread(self, connection: Connection, effect: EffectRow) -> None:
        now = self.clock.now()
        outbox.end_effect(connection, effect.id or 0, EffectState.FAILED, now, "This effect cannot be read.")
        cases.add_note(connection, effect.case_id, now, "desk", "gave up an effect that this version cannot read")
        outbox.leave_lane(connection, effect.lane)

    def _put_off_unread(self, connection: Connection, effect: EffectRow) -> None:
        """Put off an effect whose case another version may read, as long as any other."""
        now = self.clock.now()
        retry_at = now + self.delivery.retry_longest.length
        error = "Its case cannot be read."
        if retry_at > effect.created_at + self.delivery.give_up_after.length:
            outbox.end_effect(connection, effect.id or 0, EffectState.FAILED, now, error)
        else:
            outbox.wait_again(connection, effect, effect.collapse_key, retry_at, error, now)
        outbox.leave_lane(connection, effect.lane)

    def _attempt(self, row: EffectRow) -> EffectAttempt | None:
        """What is to be tried; None when this version cannot read it."""
        try:
            effect = EFFECT.validate_python(row.payload)
        except ValidationError:
            log.exception("effect_unreadable", effect_id=row.id, case=row.case_id)
            return None
        return EffectAttempt(
            row_id=row.id or 0,
            lane=row.lane,
            case_id=row.case_id,
            mark=row.mark,
            effect=effect,
            number=row.attempts + 1,
            since=row.created_at,
            give_up_at=row.created_at + self.delivery.give_up_after.length,
            failed_before=row.error is not None,
        )

    def along(self, connection: Connection) -> Claim | None:
        """Claim the next in a transaction that saves something else, which its trouble must not undo."""
        try:
            with savepoint(connection):
                return self.next(connection)
        except TROUBLE as trouble:  # such as a case that somebody frozen holds
            log.warning("not_claimed", reason=type(trouble.orig).__name__)
            return None

    def look_later(self, connection: Connection, attempt: EffectAttempt) -> None:
        """Remember that nobody knows what became of a try."""
        look = look_for(attempt.effect, attempt.mark, attempt.since)
        if look is not None:
            look_later(connection, self.engine, attempt.case_id, look, self.clock.now())
