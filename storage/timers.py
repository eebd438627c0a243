"""Timers as rows: what is due is found by a query, so a restart has nothing to restore."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, func, literal, select, update

from storage.rows import every, first, table, upsert
from storage.tables import CaseRow, TimerRow, TimerState

_TIMER, _CASE = table(TimerRow), table(CaseRow)
_WAITS = _TIMER.c.state == TimerState.WAITING
_OF_CASE = _TIMER.c.case_id == bindparam("of_case")
_NAMED = _TIMER.c.name == bindparam("named")

_SET = upsert(TimerRow, "case_id", "name", change=("state", "due_at", "retry_at", "failures"))
_CANCEL_ALL = update(_TIMER).where(_OF_CASE, _WAITS).values(state=TimerState.CANCELLED)
_CANCEL = _CANCEL_ALL.where(_NAMED)
_FIRE = update(_TIMER).where(_OF_CASE, _NAMED).values(state=TimerState.FIRED)
_POSTPONE = (
    update(_TIMER)
    .where(_OF_CASE, _NAMED)
    .values(retry_at=bindparam("retry_at"), failures=_TIMER.c.failures + 1, state=TimerState.WAITING)
)
_CLAIM_DUE = (
    select(_TIMER)
    .join(_CASE, _CASE.c.id == _TIMER.c.case_id)
    .where(_WAITS, _TIMER.c.retry_at <= bindparam("now"))
    .order_by(_TIMER.c.retry_at, _TIMER.c.case_id, _TIMER.c.name)
    .limit(1)
    .with_for_update(skip_locked=True, of=[_CASE, _TIMER])
)
_IS_DUE = select(literal(1)).where(_WAITS, _TIMER.c.retry_at <= bindparam("now")).limit(1)
_WAITING = select(_TIMER).where(_WAITS).order_by(_TIMER.c.due_at)
_NEXT_AT = select(func.min(_TIMER.c.retry_at)).where(_WAITS)


def set_timer(connection: Connection, case_id: str, name: str, due_at: datetime) -> None:
    """Have this timer go off at `due_at`. One that is set already moves; one that went off is set anew."""
    values = {"case_id": case_id, "name": name, "due_at": due_at, "retry_at": due_at}
    connection.execute(_SET[connection.dialect.name], {**values, "state": TimerState.WAITING, "failures": 0})


def cancel_timer(connection: Connection, case_id: str, name: str) -> None:
    """Make sure this timer does not go off."""
    connection.execute(_CANCEL, {"of_case": case_id, "named": name})


def cancel_all_timers(connection: Connection, case_id: str) -> None:
    """Make sure no timer of this case goes off any more."""
    connection.execute(_CANCEL_ALL, {"of_case": case_id})


def claim_due_timer(connection: Connection, now: datetime) -> TimerRow | None:
    """The timer that is due longest, held until the transaction ends; one held by another process is passed over.

    Its case is held with it, and first: whoever handles an event of a case holds the case and then its timers, and
    two that took them the other way round would wait for each other.
    """
    return first(connection, TimerRow, _CLAIM_DUE, now=now)


def fire_timer(connection: Connection, timer: TimerRow) -> None:
    """A timer has gone off."""
    connection.execute(_FIRE, {"of_case": timer.case_id, "named": timer.name})


def postpone_timer(connection: Connection, timer: TimerRow, retry_at: datetime) -> None:
    """A timer could not go off, and is tried again then."""
    connection.execute(_POSTPONE, {"of_case": timer.case_id, "named": timer.name, "retry_at": retry_at})


def is_due(connection: Connection, now: datetime) -> bool:
    """Whether a timer is due: found by reading, so that nobody takes a turn at writing for nothing."""
    return connection.execute(_IS_DUE, {"now": now}).first() is not None


def waiting_timers(connection: Connection, case_id: str | None = None) -> list[TimerRow]:
    """The timers that have not gone off yet (of one case), the next one first."""
    query = _WAITING if case_id is None else _WAITING.where(_TIMER.c.case_id == case_id)
    return every(connection, TimerRow, query)


def next_timer_at(connection: Connection) -> datetime | None:
    """When the next timer has to be looked at, or None when none waits."""
    return connection.execute(_NEXT_AT).scalar()
