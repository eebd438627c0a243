"""The outbox: effects in lanes. One effect of a lane is executed at a time, by whoever holds the lane's lease.

So an effect that is `sending` while its lane is free was cut off: it may have gone out.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, bindparam, case, func, literal, or_, select, update

from storage.machine_time import machine_later, machine_moments, machine_now
from storage.rows import DIALECTS, every, first, table, upsert
from storage.tables import EffectRow, EffectState, LaneRow

_EFFECT, _LANE = table(EffectRow), table(LaneRow)
_ROW = _EFFECT.c.id == bindparam("row_id")
_THIS_LANE = _LANE.c.name == bindparam("lane")
_IS_PENDING = _EFFECT.c.finished_at.is_(None)  # as in the indices, which hold nothing that is done
_IS_DUE = _EFFECT.c.due_at <= bindparam("now", type_=_EFFECT.c.due_at.type)
_LEAVES_AT = case((_LANE.c.free_at > _EFFECT.c.due_at, _LANE.c.free_at), else_=_EFFECT.c.due_at)

_LANE_IS_THERE = (  # and stays, until what comes into it is saved
    select(literal(1)).where(_THIS_LANE).with_for_update(read=True, key_share=True)
)
_ADD_LANE = upsert(LaneRow)
_ADD = {dialect: insert.returning(literal(1)) for dialect, insert in upsert(EffectRow).items()}
_PUT_OFF = update(_EFFECT).where(_EFFECT.c.collapse_key == bindparam("key")).values(due_at=bindparam("until"))
_PENDING_MARK = select(literal(1)).where(_EFFECT.c.mark == bindparam("mark"), _IS_PENDING)
_NEXT = (
    select(_EFFECT)
    .where(_EFFECT.c.lane == bindparam("lane"), _IS_PENDING, _IS_DUE)
    .order_by(_EFFECT.c.state, _EFFECT.c.priority, _EFFECT.c.id)  # "sending" < "waiting"
    .limit(1)
)
_READ = select(_EFFECT).where(_ROW)
_TRY = update(_EFFECT).where(_ROW).values(state=EffectState.SENDING, attempts=_EFFECT.c.attempts + 1, collapse_key=None)
_END = update(_EFFECT).where(_ROW).values({name: bindparam(name) for name in ("state", "finished_at", "error")})
_WAIT = (
    update(_EFFECT)
    .where(_ROW)
    .values({name: bindparam(name) for name in ("collapse_key", "priority", "due_at", "error")})
    .values(state=EffectState.WAITING)
)
_UNDER_KEY = select(_EFFECT).where(_EFFECT.c.collapse_key == bindparam("key"))
_DROP = (
    update(_EFFECT)
    .where(_ROW)
    .values(state=EffectState.DROPPED, collapse_key=None, finished_at=bindparam("finished_at"))
)
_HOLDS = select(literal(1)).where(_THIS_LANE, _LANE.c.holder == bindparam("holder")).with_for_update(key_share=True)
_FREE = update(_LANE).where(_THIS_LANE).values(holder=None, free_at=bindparam("free_at"))  # the lease tells when it was
_LEAVE = update(_LANE).where(_THIS_LANE).values(holder=None)
_FREE_ALL = update(_LANE).values(holder=None, lease_until=None)
_NEXT_AT = (
    select(func.min(_LEAVES_AT))
    .select_from(_EFFECT)
    .join(_LANE, _LANE.c.name == _EFFECT.c.lane)
    .where(_IS_PENDING, _LANE.c.holder.is_(None))
)
_PENDING = select(_EFFECT).where(_IS_PENDING).order_by(_EFFECT.c.id)


def _first_due(dialect: str) -> Select[Any]:
    """The lane of the most urgent effect that may leave."""
    is_free = or_(_LANE.c.holder.is_(None), _LANE.c.lease_until < machine_now(dialect))
    may_leave = or_(_LANE.c.free_at.is_(None), _LANE.c.free_at <= bindparam("now", type_=_LANE.c.free_at.type))
    return (
        select(_LANE.c.name)
        .join(_EFFECT, _EFFECT.c.lane == _LANE.c.name)
        .where(_IS_PENDING, _IS_DUE, is_free, may_leave)
        .order_by(_EFFECT.c.priority, _EFFECT.c.id)
        .limit(1)
    )


def _claim(dialect: str) -> Any:  # noqa: ANN401 - an update that returns something has no short type
    """One that somebody is just changing is passed over."""
    lane = _first_due(dialect).with_for_update(of=_LANE, skip_locked=True, key_share=True)
    return (
        update(_LANE)
        .where(_LANE.c.name == lane.scalar_subquery())
        .values(holder=bindparam("holder_now"), lease_until=machine_later(dialect))
        .returning(_LANE.c.name)
    )


_FIRST_DUE = {dialect: _first_due(dialect) for dialect in DIALECTS}
_CLAIM = {dialect: _claim(dialect) for dialect in DIALECTS}
_RENEW = {
    dialect: update(_LANE)
    .where(_THIS_LANE, _LANE.c.holder == bindparam("held_by"))
    .values(lease_until=machine_later(dialect))
    for dialect in DIALECTS
}


def add_effect(connection: Connection, row: EffectRow) -> bool:
    """Put an effect into the outbox; False when one with its collapse key waits, or its once key was used."""
    if connection.execute(_LANE_IS_THERE, {"lane": row.lane}).first() is None:
        connection.execute(_ADD_LANE[connection.dialect.name], {"name": row.lane})
    values = row.model_dump(exclude={"id"})
    return connection.execute(_ADD[connection.dialect.name], values).first() is not None


def add_or_postpone(connection: Connection, row: EffectRow) -> None:
    """Put an effect into the outbox; one that waits under its collapse key already waits as long as this one."""
    if not add_effect(connection, row):
        connection.execute(_PUT_OFF, {"key": row.collapse_key, "until": row.due_at})


def is_pending(connection: Connection, mark: str) -> bool:
    """Whether the effect of this mark has still to leave."""
    return connection.execute(_PENDING_MARK, {"mark": mark}).first() is not None


def may_claim(connection: Connection, now: datetime, real_now: datetime) -> bool:
    """Whether there is a lane to take: found by reading, so that nobody takes a turn at writing for nothing."""
    moments = machine_moments(connection, real_now, timedelta(0))
    return connection.execute(_FIRST_DUE[connection.dialect.name], {"now": now, **moments}).first() is not None


def claim_lane(connection: Connection, holder: str, now: datetime, real_now: datetime, lease: timedelta) -> str | None:
    """Take a free lane that has something due, the most urgent first; its name, or None when there is none.

    `now` is the desk's time (what is due), `real_now` is real time (who still lives; see `storage.machine_time`). A
    lane somebody else is just changing is passed over: whoever that is may be frozen.
    """
    moments = machine_moments(connection, real_now, lease)
    return connection.execute(
        _CLAIM[connection.dialect.name], {"now": now, "holder_now": holder, **moments}
    ).scalar_one_or_none()


def renew_lease(connection: Connection, lane: str, holder: str, real_now: datetime, lease: timedelta) -> None:
    """Hold a lane for another lease, if it is still this holder's: what is executed takes long."""
    moments = machine_moments(connection, real_now, lease)
    connection.execute(_RENEW[connection.dialect.name], {"lane": lane, "held_by": holder, **moments})


def free_all_lanes(connection: Connection) -> None:
    """Give every lane back: only when no other process can be holding one."""
    connection.execute(_FREE_ALL)


def next_effect(connection: Connection, lane: str, now: datetime) -> EffectRow | None:
    """What this lane has to execute next: what was cut off first, then the most urgent, then the oldest."""
    return first(connection, EffectRow, _NEXT, lane=lane, now=now)


def begin_try(connection: Connection, row_id: int) -> None:
    """An effect is being sent: what is decided from now on waits under its collapse key anew."""
    connection.execute(_TRY, {"row_id": row_id})


def read_effect(connection: Connection, row_id: int) -> EffectRow | None:
    """An effect as it stands; None once it was pruned."""
    return first(connection, EffectRow, _READ, row_id=row_id)


def end_effect(
    connection: Connection, row_id: int, state: EffectState, now: datetime, error: str | None = None
) -> None:
    """Nothing more is tried."""
    connection.execute(_END, {"row_id": row_id, "state": state, "finished_at": now, "error": error})


def holds_lane(connection: Connection, lane: str, holder: str) -> bool:
    """Whether the lane's lease is still this holder's; the lane is held until the transaction ends.

    Others may still put effects into it: who does holds a case that we may want next.
    """
    return connection.execute(_HOLDS, {"lane": lane, "holder": holder}).first() is not None


def free_lane(connection: Connection, lane: str, free_at: datetime | None = None) -> None:
    """Give a lane back; nothing of it leaves before `free_at`."""
    connection.execute(_FREE, {"lane": lane, "free_at": free_at})


def leave_lane(connection: Connection, lane: str) -> None:
    """Give back a lane that was claimed for nothing: another one executed what there was."""
    connection.execute(_LEAVE, {"lane": lane})


def wait_again(
    connection: Connection, row: EffectRow, key: str | None, retry_at: datetime, error: str | None, now: datetime
) -> None:
    """Let an effect wait for its next try, under its collapse key again: it may have gone out.

    One that came under the key meanwhile is dropped. It would overtake this one and be sent beside it, and what is
    shown is made when it leaves anyway.
    """
    found = key and first(connection, EffectRow, _UNDER_KEY, key=key)
    newer = found if found and found.id != row.id else None  # one that was never tried still waits under its key
    if newer:
        connection.execute(_DROP, {"row_id": newer.id, "finished_at": now})
    priority = min(row.priority, newer.priority) if newer else row.priority
    values = {"collapse_key": key, "priority": priority, "due_at": retry_at, "error": error}
    connection.execute(_WAIT, {"row_id": row.id, **values})


def next_effect_at(connection: Connection) -> datetime | None:
    """When something of the outbox may leave next, or None when nothing waits in a lane that is free.

    Whoever holds a lane looks again when it is done; one whose holder died is found by looking once in a while.
    """
    return connection.execute(_NEXT_AT).scalar()


def pending_effects(connection: Connection, case_id: str | None = None) -> list[EffectRow]:
    """What has not left yet (of one case), oldest first."""
    query = _PENDING if case_id is None else _PENDING.where(_EFFECT.c.case_id == case_id)
    return every(connection, EffectRow, query)
