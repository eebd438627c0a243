"""Which clock judges leases: the database's own, where several machines share one.

Machines' clocks differ; a lease written by one and judged by another would end early, and everything be sent twice.
On SQLite there is one machine, and its time is handed in.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, DateTime, Interval, bindparam, func, select
from sqlmodel.sql.sqltypes import UTCDateTime

_CLOCK = func.clock_timestamp(type_=DateTime(timezone=True))
_NOW = select(_CLOCK)


def machine_now(dialect: str) -> ColumnElement[Any]:
    """The moment by which leases are written and judged, in SQL; its values are `machine_moments`."""
    return _CLOCK if dialect == "postgresql" else bindparam("machine_now", type_=UTCDateTime())


def machine_later(dialect: str) -> ColumnElement[Any]:
    """A lease later than `machine_now`, in SQL."""
    if dialect == "postgresql":
        return _CLOCK + bindparam("lease", type_=Interval())
    return bindparam("machine_later", type_=UTCDateTime())


def machine_moments(connection: Connection, real_now: datetime, lease: timedelta) -> dict[str, object]:
    """What the statements with these moments want to know."""
    if connection.dialect.name == "postgresql":
        return {"lease": lease}
    return {"machine_now": real_now, "machine_later": real_now + lease}


def clock_skew(connection: Connection, real_now: Callable[[], datetime]) -> timedelta:
    """How far this machine's clock is ahead of the database's, give or take the way there; nothing on SQLite."""
    if connection.dialect.name != "postgresql":
        return timedelta(0)
    before = real_now()
    theirs: datetime = connection.execute(_NOW).scalar_one()
    return before + (real_now() - before) / 2 - theirs
