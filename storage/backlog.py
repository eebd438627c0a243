"""How much waits, and since when: for the people who run the desk."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, or_
from sqlmodel import Session, col, select

from storage.machine_time import machine_now
from storage.outbox import PENDING
from storage.tables import EffectRow, InboxRow, InboxState, LaneRow, TimerRow, TimerState


@dataclass(frozen=True)
class Queue:
    """Something that waits: how many, and since when the oldest does (None when nothing waits)."""

    count: int
    since: datetime | None

    def seconds(self, now: datetime) -> float:
        """How long the oldest has waited; 0 when nothing waits."""
        return max((now - self.since).total_seconds(), 0.0) if self.since else 0.0


def overdue_timers(session: Session, now: datetime) -> Queue:
    """The timers that should have gone off: since when the oldest is due."""
    query = select(func.count(), func.min(TimerRow.due_at))
    return Queue(*session.exec(query.where(TimerRow.state == TimerState.WAITING, TimerRow.due_at <= now)).one())


def unsent_effects(session: Session) -> Queue:
    """What has to leave and has not: since when the oldest was decided."""
    query = select(func.count(), func.min(EffectRow.created_at))
    return Queue(*session.exec(query.where(col(EffectRow.state).in_(PENDING))).one())


def stuck_lanes(session: Session, now: datetime, real_now: datetime) -> Queue:
    """What may leave while nobody has taken its lane for a whole lease: since when the oldest may.

    A vendor that is down is none of it: what waits for its next try may not leave yet.
    """
    may_leave = case((col(LaneRow.free_at) > col(EffectRow.due_at), LaneRow.free_at), else_=EffectRow.due_at)
    last_taken = col(LaneRow.lease_until)
    query = (
        select(func.count(), func.min(may_leave))
        .select_from(EffectRow)
        .join(LaneRow, col(LaneRow.name) == col(EffectRow.lane))
        .where(
            col(EffectRow.state).in_(PENDING),
            may_leave <= now,
            or_(last_taken.is_(None), last_taken < machine_now(session, real_now)),
        )
    )
    return Queue(*session.exec(query).one())


def unhandled_webhooks(session: Session) -> Queue:
    """What the vendors told and no case has heard: since when the oldest is here."""
    query = select(func.count(), func.min(InboxRow.received_at))
    return Queue(*session.exec(query.where(InboxRow.state == InboxState.WAITING)).one())
