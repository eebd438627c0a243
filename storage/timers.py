"""Timers as rows: what is due is found by a query, so a restart has nothing to restore."""

from datetime import datetime

from sqlalchemy import func, literal
from sqlmodel import Session, col, select

from storage.tables import CaseRow, TimerRow, TimerState


def set_timer(session: Session, case_id: str, name: str, due_at: datetime) -> None:
    """Have this timer go off at `due_at`. One that is set already moves; one that went off is set anew."""
    session.merge(TimerRow(case_id=case_id, name=name, due_at=due_at, retry_at=due_at))


def cancel_timer(session: Session, case_id: str, name: str) -> None:
    """Make sure this timer does not go off."""
    row = session.get(TimerRow, (case_id, name))
    if row is not None and row.state == TimerState.WAITING:
        row.state = TimerState.CANCELLED
        session.add(row)


def cancel_all_timers(session: Session, case_id: str) -> None:
    """Make sure no timer of this case goes off any more."""
    for row in waiting_timers(session, case_id):
        row.state = TimerState.CANCELLED
        session.add(row)


def claim_due_timer(session: Session, now: datetime) -> TimerRow | None:
    """The timer that is due longest, held until the transaction ends; one held by another process is passed over.

    Its case is held with it, and first: whoever handles an event of a case holds the case and then its timers, and
    two that took them the other way round would wait for each other.
    """
    query = (
        select(TimerRow)
        .join(CaseRow, col(CaseRow.id) == col(TimerRow.case_id))
        .where(TimerRow.state == TimerState.WAITING, TimerRow.retry_at <= now)
        .order_by(col(TimerRow.retry_at), col(TimerRow.case_id), col(TimerRow.name))
        .limit(1)
        .with_for_update(skip_locked=True, of=(CaseRow, TimerRow))
    )
    return session.exec(query).first()


def is_due(session: Session, now: datetime) -> bool:
    """Whether a timer is due: found by reading, so that nobody takes a turn at writing for nothing."""
    query = select(literal(1)).where(TimerRow.state == TimerState.WAITING, TimerRow.retry_at <= now).limit(1)
    return session.exec(query).first() is not None


def waiting_timers(session: Session, case_id: str | None = None) -> list[TimerRow]:
    """The timers that have not gone off yet (of one case), the next one first."""
    query = select(TimerRow).where(TimerRow.state == TimerState.WAITING).order_by(col(TimerRow.due_at))
    if case_id is not None:
        query = query.where(TimerRow.case_id == case_id)
    return list(session.exec(query))


def next_timer_at(session: Session) -> datetime | None:
    """When the next timer has to be looked at, or None when none waits."""
    query = select(func.min(TimerRow.retry_at)).where(TimerRow.state == TimerState.WAITING)
    return session.exec(query).one()
