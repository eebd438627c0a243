"""How much waits, and since when: for the people who run the desk."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, case, func, or_, select

from storage.machine_time import machine_moments, machine_now
from storage.rows import table
from storage.tables import EffectRow, InboxRow, InboxState, LaneRow, TimerRow, TimerState

_EFFECT, _INBOX, _LANE, _TIMER = (table(model) for model in (EffectRow, InboxRow, LaneRow, TimerRow))
_IS_PENDING = _EFFECT.c.finished_at.is_(None)


@dataclass(frozen=True)
class Queue:
    """Something that waits: how many, and since when the oldest does (None when nothing waits)."""

    count: int
    since: datetime | None

    def seconds(self, now: datetime) -> float:
        """How long the oldest has waited; 0 when nothing waits."""
        return max((now - self.since).total_seconds(), 0.0) if self.since else 0.0


def overdue_timers(connection: Connection, now: datetime) -> Queue:
    """The timers that should have gone off: since when the oldest is due."""
    query = select(func.count(), func.min(_TIMER.c.due_at))
    return Queue(*connection.execute(query.where(_TIMER.c.state == TimerState.WAITING, _TIMER.c.due_at <= now)).one())


def unsent_effects(connection: Connection) -> Queue:
    """What has to leave and has not: since when the oldest was decided."""
    return Queue(*connection.execute(select(func.count(), func.min(_EFFECT.c.created_at)).where(_IS_PENDING)).one())


def stuck_lanes(connection: Connection, now: datetime, real_now: datetime) -> Queue:
    """What may leave while nobody has taken its lane for a whole lease: since when the oldest may.

    A vendor that is down is none of it: what waits for its next try may not leave yet.
    """
    may_leave = case((_LANE.c.free_at > _EFFECT.c.due_at, _LANE.c.free_at), else_=_EFFECT.c.due_at)
    last_taken = _LANE.c.lease_until
    query = (
        select(func.count(), func.min(may_leave))
        .select_from(_EFFECT)
        .join(_LANE, _LANE.c.name == _EFFECT.c.lane)
        .where(
            _IS_PENDING,
            may_leave <= bindparam("now", type_=_EFFECT.c.due_at.type),
            or_(last_taken.is_(None), last_taken < machine_now(connection.dialect.name)),
        )
    )
    moments = machine_moments(connection, real_now, timedelta(0))
    return Queue(*connection.execute(query, {"now": now, **moments}).one())


def unhandled_webhooks(connection: Connection) -> Queue:
    """What the vendors told and no case has heard: since when the oldest is here."""
    query = select(func.count(), func.min(_INBOX.c.received_at))
    return Queue(*connection.execute(query.where(_INBOX.c.state == InboxState.WAITING)).one())
