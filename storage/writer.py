"""Who writes when: on SQLite one after another, sharing commits; on PostgreSQL a few side by side."""

import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Final, Protocol

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from storage.turns import Turn, Turns, current_turn

log = structlog.get_logger(__name__)

LONGEST_GROUP_SECONDS: Final = 0.02
"""A commit is not put off for longer than this, however many wait to share it."""

SIDE_BY_SIDE: Final = 4
"""So many transactions of one process are open at a time on PostgreSQL."""

OUTGROWN_SECONDS: Final = 1.0
"""When writes wait for longer than this, the database is too slow for what the desk has to do."""

WARN_AGAIN_SECONDS: Final = 600.0


class Writer(Protocol):
    """Opens transactions in turn."""

    def transaction(self) -> AbstractContextManager[Connection]:
        """Everything inside is saved when the block ends, or nothing is."""
        ...

    @property
    def is_waited_for(self) -> bool:
        """Whether somebody waits for a turn."""
        ...


@contextmanager
def savepoint(connection: Connection, name: str = "part") -> Iterator[Connection]:
    """A part of a transaction that fails alone. As text: SQLAlchemy's own is compiled anew each time, and it shows."""
    connection.exec_driver_sql(f"SAVEPOINT {name}")
    try:
        yield connection
    except BaseException:
        with suppress(OperationalError):  # after a full disk, say, SQLite has ended the transaction
            connection.exec_driver_sql(f"ROLLBACK TO SAVEPOINT {name}")
            connection.exec_driver_sql(f"RELEASE SAVEPOINT {name}")
        raise
    connection.exec_driver_sql(f"RELEASE SAVEPOINT {name}")


class PooledWriter:
    """For PostgreSQL: a few transactions at a time, each with a connection and a commit of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turns = Turns(SIDE_BY_SIDE)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Everything inside is saved when the block ends, or nothing is."""
        self._turns.take(current_turn())
        try:
            with self._engine.begin() as connection:
                yield connection
        finally:
            self._turns.give_back()

    @property
    def is_waited_for(self) -> bool:
        """Whether somebody waits for a turn."""
        return self._turns.next() is not None


class _Group:
    """Blocks that share a commit. Each has a savepoint of its own, so one that fails takes nothing of the others."""

    def __init__(self, engine: Engine) -> None:
        self._began_at = time.monotonic()
        self._holds_answer = False
        self._over = threading.Event()
        self._error: BaseException | None = None
        self._connection: Connection = engine.connect()
        try:
            self._connection.begin()
        except BaseException:
            self._connection.close()
            raise

    def block(self) -> AbstractContextManager[Connection]:
        """A savepoint in what is saved together."""
        return savepoint(self._connection, "block")

    def add(self, turn: Turn) -> None:
        """A block is done and waits for the commit."""
        self._holds_answer |= turn is Turn.ANSWER

    def waits_for(self, turn: Turn) -> bool:
        """Whether a block of this turn may still join. Nobody's answer waits for what the desk does by itself."""
        is_young = time.monotonic() - self._began_at < LONGEST_GROUP_SECONDS
        return is_young and self._is_whole() and (turn is Turn.ANSWER or not self._holds_answer)

    def commit(self) -> None:
        """Save everything, and tell all who wait."""
        try:
            if not self._is_whole():
                raise LostTransactionError
            self._connection.commit()
        except BaseException as error:  # noqa: BLE001 - whoever waits for it has to hear it
            self._error = error
            self._connection.invalidate()  # in whatever state it is
        finally:
            self._connection.close()
            self._over.set()

    def saved(self) -> None:
        """Wait until everything is saved; raises what kept it from being."""
        self._over.wait()
        if self._error is not None:
            raise self._error

    def _is_whole(self) -> bool:
        """Whether the transaction still stands: after a full disk, say, SQLite ends it by itself."""
        return bool(self._connection.connection.dbapi_connection.in_transaction)  # type: ignore[union-attr]  # SQLite's


class LostTransactionError(OperationalError):
    """SQLite has rolled a transaction back by itself: the database's trouble, and trying again helps."""

    def __init__(self) -> None:
        super().__init__("COMMIT", None, RuntimeError("the transaction is gone"))


class GroupWriter:
    """For SQLite, where one writes at a time: blocks take turns, and those that wait share a commit and its fsync."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turns = Turns(1)
        self._group: _Group | None = None
        self._warned_at = -WARN_AGAIN_SECONDS

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Everything inside is saved when the block ends, or nothing is."""
        turn = current_turn()
        self._waited(self._turns.take(turn))
        group = self._joined()
        try:
            with group.block() as connection:
                yield connection
            group.add(turn)
        finally:
            self._pass_on(group)
        group.saved()

    @property
    def is_waited_for(self) -> bool:
        """Whether somebody waits for a turn."""
        return self._turns.next() is not None

    def _joined(self) -> _Group:
        if self._group is None:
            try:
                self._group = _Group(self._engine)
            except BaseException:
                self._turns.give_back()
                raise
        return self._group

    def _pass_on(self, group: _Group) -> None:
        """Let the next one join, or save what is done."""
        following = self._turns.next()
        if following is None or not group.waits_for(following):
            self._group = None
            group.commit()
        self._turns.give_back()

    def _waited(self, seconds: float) -> None:
        if seconds < OUTGROWN_SECONDS or time.monotonic() - self._warned_at < WARN_AGAIN_SECONDS:
            return
        self._warned_at = time.monotonic()
        log.warning(
            "sqlite_outgrown",
            waited_seconds=round(seconds, 1),
            hint="Writes queue up. Set DATABASE_URL to a PostgreSQL database.",
        )
