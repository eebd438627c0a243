"""The outbox: effects in lanes. One effect of a lane is executed at a time, by whoever holds the lane's lease.

So an effect that is `sending` while its lane is free was cut off: it may have gone out.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, literal, or_, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, col, select

from storage.machine_time import machine_later, machine_now
from storage.tables import EffectRow, EffectState, LaneRow

PENDING = (EffectState.WAITING, EffectState.SENDING)


def add_effect(session: Session, row: EffectRow) -> bool:
    """Put an effect into the outbox; False when one with its collapse key waits, or its once key was used."""
    if session.get(LaneRow, row.lane) is None:  # to insert it in any case would wait for whoever just changes it
        _insert_unless_there(session, LaneRow(name=row.lane))
    return _insert_unless_there(session, row)


def add_or_postpone(session: Session, row: EffectRow) -> None:
    """Put an effect into the outbox; one that waits under its collapse key already waits as long as this one."""
    if not add_effect(session, row):
        session.exec(
            update(EffectRow)
            .where(col(EffectRow.collapse_key) == row.collapse_key)
            .values(due_at=row.due_at)
            .execution_options(synchronize_session=False)
        )


def is_pending(session: Session, mark: str) -> bool:
    """Whether the effect of this mark has still to leave."""
    query = select(EffectRow.id).where(EffectRow.mark == mark, col(EffectRow.state).in_(PENDING))
    return session.exec(query).first() is not None


def claim_lane(session: Session, holder: str, now: datetime, real_now: datetime, lease: timedelta) -> str | None:
    """Take a free lane that has something due, the most urgent first; its name, or None when there is none.

    `now` is the desk's time (what is due), `real_now` is real time (who still lives; see `storage.machine_time`). A
    lane somebody else is just changing is passed over: whoever that is may be frozen.
    """
    until = machine_later(session, real_now, lease)
    for name in _lanes_with_work(session, now, real_now):
        free = select(LaneRow.name).where(LaneRow.name == name, _unheld(session, real_now), _may_leave(now))
        taken = session.exec(
            update(LaneRow)
            .where(col(LaneRow.name) == free.with_for_update(skip_locked=True).scalar_subquery())
            .values(holder=holder, lease_until=until)
            .execution_options(synchronize_session=False)
        )
        if taken.rowcount:
            return name
    return None


def renew_lease(session: Session, lane: str, holder: str, real_now: datetime, lease: timedelta) -> None:
    """Hold a lane for another lease, if it is still this holder's: what is executed takes long."""
    session.exec(
        update(LaneRow)
        .where(col(LaneRow.name) == lane, col(LaneRow.holder) == holder)
        .values(lease_until=machine_later(session, real_now, lease))
        .execution_options(synchronize_session=False)
    )


def free_all_lanes(session: Session) -> None:
    """Give every lane back: only when no other process can be holding one."""
    session.exec(update(LaneRow).values(holder=None, lease_until=None))


def next_effect(session: Session, lane: str, now: datetime) -> EffectRow | None:
    """What this lane has to execute next: what was cut off first, then the most urgent, then the oldest."""
    query = (
        select(EffectRow)
        .where(EffectRow.lane == lane, col(EffectRow.state).in_(PENDING), EffectRow.due_at <= now)
        .order_by(col(EffectRow.state), col(EffectRow.priority), col(EffectRow.id))  # "sending" < "waiting"
        .limit(1)
    )
    return session.exec(query).first()


def holds_lane(session: Session, lane: str, holder: str) -> LaneRow | None:
    """The lane, if its lease is still this holder's; held until the transaction ends.

    Others may still put effects into it: who does holds a case that we may want next.
    """
    row = session.get(LaneRow, lane, with_for_update={"key_share": True})
    return row if row is not None and row.holder == holder else None


def free_lane(session: Session, lane: LaneRow, free_at: datetime | None = None) -> None:
    """Give a lane back; nothing of it leaves before `free_at`."""
    lane.holder = None  # its lease stays, to tell when the lane was last taken
    lane.free_at = free_at
    session.add(lane)


def leave_lane(session: Session, lane: str) -> None:
    """Give back a lane that was claimed for nothing: another one executed what there was."""
    session.exec(update(LaneRow).where(col(LaneRow.name) == lane).values(holder=None))


def wait_again(session: Session, row: EffectRow, key: str | None) -> None:
    """Let an effect wait for its next try, under its collapse key again: it may have gone out.

    One that came under the key meanwhile is dropped. It would overtake this one and be sent beside it, and what is
    shown is made when it leaves anyway.
    """
    row.state = EffectState.WAITING
    newer = key and session.exec(select(EffectRow).where(EffectRow.collapse_key == key)).first()
    if newer:
        newer.state, newer.collapse_key = EffectState.DROPPED, None
        row.priority = min(row.priority, newer.priority)
        session.add(newer)
        session.flush()
    row.collapse_key = key
    session.add(row)


def next_effect_at(session: Session) -> datetime | None:
    """When something of the outbox may leave next, or None when nothing waits in a lane that is free.

    Whoever holds a lane looks again when it is done; one whose holder died is found by looking once in a while.
    """
    may_leave = case((col(LaneRow.free_at) > col(EffectRow.due_at), LaneRow.free_at), else_=EffectRow.due_at)
    query = (
        select(func.min(may_leave))
        .select_from(EffectRow)
        .join(LaneRow, col(LaneRow.name) == col(EffectRow.lane))
        .where(col(EffectRow.state).in_(PENDING), col(LaneRow.holder).is_(None))
    )
    earliest: datetime | None = session.exec(query).one()
    return earliest


def pending_effects(session: Session, case_id: str | None = None) -> list[EffectRow]:
    """What has not left yet (of one case), oldest first."""
    query = select(EffectRow).where(col(EffectRow.state).in_(PENDING)).order_by(col(EffectRow.id))
    if case_id is not None:
        query = query.where(EffectRow.case_id == case_id)
    return list(session.exec(query))


def _lanes_with_work(session: Session, now: datetime, real_now: datetime) -> list[str]:
    query = (
        select(LaneRow.name)
        .join(EffectRow, col(EffectRow.lane) == col(LaneRow.name))
        .where(
            col(EffectRow.state).in_(PENDING),
            EffectRow.due_at <= now,
            _unheld(session, real_now),
            _may_leave(now),
        )
        .group_by(col(LaneRow.name))
        .order_by(func.min(EffectRow.priority), func.min(EffectRow.id))
        .limit(20)
    )
    return list(session.exec(query))


def _unheld(session: Session, real_now: datetime) -> ColumnElement[bool]:
    return or_(col(LaneRow.holder).is_(None), col(LaneRow.lease_until) < machine_now(session, real_now))


def _may_leave(now: datetime) -> ColumnElement[bool]:
    return or_(col(LaneRow.free_at).is_(None), col(LaneRow.free_at) <= now)


def _insert_unless_there(session: Session, row: LaneRow | EffectRow) -> bool:
    insert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    values = row.model_dump(exclude_none=True)
    inserted = insert(type(row)).values(**values).on_conflict_do_nothing().returning(literal(True))
    return session.exec(inserted).first() is not None  # PostgreSQL's driver does not tell how many rows there were
