"""What keeps one desk on PostgreSQL from holding up the others: a frozen process, a lost host, a lock nobody frees."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import InternalError, OperationalError

TROUBLE = (OperationalError, InternalError)
"""The database's trouble, not ours: away, busy, or it has ended a transaction that stood still. Trying again helps."""


@dataclass(frozen=True)
class TimeOuts:
    """How long is waited for what. Slack waits three seconds for an answer, so nobody waits longer for a lock."""

    lock: timedelta = timedelta(seconds=2)
    idle_in_transaction: timedelta = timedelta(seconds=5)
    """A desk that is frozen in the middle of a transaction loses it, and what it held is free."""
    statement: timedelta = timedelta(seconds=30)


NETWORK: dict[str, int] = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""A host that is gone without a word is noticed in half a minute, not in two hours."""


def postgresql_engine(url: str, time_outs: TimeOuts) -> Engine:
    """Connections that do not wait for ever."""
    engine = create_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args=dict(NETWORK))
    settings = {
        "lock_timeout": time_outs.lock,
        "idle_in_transaction_session_timeout": time_outs.idle_in_transaction,
        "statement_timeout": time_outs.statement,
    }

    @event.listens_for(engine, "connect")
    def _limit(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection
        with connection.cursor() as cursor:  # not as start-up options: a pooler between us would refuse them
            for name, length in settings.items():
                cursor.execute("SELECT set_config(%s, %s, false)", (name, f"{length // timedelta(milliseconds=1)}ms"))
        connection.commit()

    return engine
