"""Whether this machine's clock agrees with the database's.

Leases go by the database's clock alone. What is due goes by each desk's own: with clocks that differ, reminders come
early or late, and a message waits that another desk has paced.
"""

from datetime import timedelta

import structlog

from storage.database import Database
from storage.machine_time import clock_skew
from storage.postgresql import TROUBLE
from workflows.contract.clock import Clock
from workflows.lib.durations import Duration

log = structlog.get_logger(__name__)


def most_skew(lease: Duration) -> timedelta:
    """By how much the clocks may differ before somebody has to look at it: a quarter of a lease."""
    return lease.length / 4


def skew_of(database: Database, clock: Clock) -> timedelta:
    """How far this machine's clock is ahead of the database's."""
    with database.read_only() as connection:
        return clock_skew(connection, clock.real_now)


def warn_of_skew(database: Database, clock: Clock, lease: Duration) -> None:
    """Say it in the log when the clocks differ by too much."""
    try:
        skew = skew_of(database, clock)
    except TROUBLE:  # whoever needs the database says so
        return
    if abs(skew) > most_skew(lease):
        log.warning("clock_skewed", ahead_seconds=round(skew.total_seconds(), 1))
