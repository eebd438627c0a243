"""How much waits, and since when: for the people who run the desk."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.outbox import PENDING
from storage.tables import EffectRow, InboxRow, InboxState, TimerRow, TimerState


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


def unhandled_webhooks(session: Session) -> Queue:
    """What the vendors told and no case has heard: since when the oldest is here."""
    query = select(func.count(), func.min(InboxRow.received_at))
    return Queue(*session.exec(query.where(InboxRow.state == InboxState.WAITING)).one())
