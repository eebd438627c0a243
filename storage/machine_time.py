"""Which clock judges leases: the database's own, where several machines share one.

Machines' clocks differ; a lease written by one and judged by another would end early, and everything be sent twice.
On SQLite there is one machine, and its time is handed in.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, DateTime, func, literal, select
from sqlmodel import Session

_MOMENT = DateTime(timezone=True)


def machine_now(session: Session, real_now: datetime) -> ColumnElement[Any]:
    """The moment by which leases are written and judged, in SQL."""
    return func.clock_timestamp(type_=_MOMENT) if _is_shared(session) else literal(real_now)


def machine_later(session: Session, real_now: datetime, length: timedelta) -> ColumnElement[Any]:
    """So much later than `machine_now`, in SQL."""
    if _is_shared(session):
        return func.clock_timestamp(type_=_MOMENT) + literal(length)
    return literal(real_now + length)


def clock_skew(session: Session, real_now: Callable[[], datetime]) -> timedelta:
    """How far this machine's clock is ahead of the database's, give or take the way there; nothing on SQLite."""
    if not _is_shared(session):
        return timedelta(0)
    before = real_now()
    theirs: datetime = session.connection().execute(select(func.clock_timestamp(type_=_MOMENT))).scalar_one()
    return before + (real_now() - before) / 2 - theirs


def _is_shared(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
