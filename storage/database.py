"""Connections and transactions, on SQLite and on PostgreSQL."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import cache
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import configure_mappers

from storage.postgresql import TimeOuts, postgresql_engine
from storage.writer import GroupWriter, PooledWriter, Writer

MIGRATION_LOCK = 727_370  # any number; the same in every process
BUSY_TIMEOUT_MS = 10_000
SWITCH_AGAIN_MS = 20


class Database:
    """A database by its URL: `sqlite:///desk.db` or `postgresql+psycopg://...`.

    On SQLite there is one writer at a time and a transaction takes its place at the start (`BEGIN IMMEDIATE`):
    one that reads first and writes later could otherwise be refused half-way. `synchronous=FULL`, because an
    answer "saved" must survive a power cut.
    """

    def __init__(self, url: str, time_outs: TimeOuts | None = None) -> None:
        configure_mappers()  # rows are values of mapped classes, and the first of all may be one that is read
        self.is_sqlite = url.startswith("sqlite")
        self._engine = _sqlite_engine(url) if self.is_sqlite else postgresql_engine(url, time_outs or TimeOuts())
        self._reader = self._engine.execution_options(
            **{"read_only": True} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}  # spares BEGIN and ROLLBACK
        )
        self._writer: Writer = GroupWriter(self._engine) if self.is_sqlite else PooledWriter(self._engine)

    def transaction(self) -> AbstractContextManager[Connection]:
        """Everything inside is saved when the block ends, or nothing is.

        Threads take turns, as `storage.turns` says: inside, nothing but the database may be waited for.
        """
        return self._writer.transaction()

    @property
    def is_waited_for(self) -> bool:
        """Whether somebody of this process waits for a turn at writing: who does many things at once makes way."""
        return self._writer.is_waited_for

    @contextmanager
    def read_only(self) -> Iterator[Connection]:
        """For reading: it holds up no writer."""
        with self._reader.connect() as connection:
            yield connection

    def migrate(self) -> None:
        """Bring the tables up to date. Safe when several processes start at once: one does it, the others wait."""
        with self._engine.begin() as connection:
            if not self.is_sqlite:
                for limit in ("lock_timeout", "statement_timeout"):  # a migration takes as long as it takes
                    connection.execute(text(f"SET LOCAL {limit} = 0"))
                connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
            if not _is_current(connection):
                command.upgrade(_alembic(connection), "head")

    def is_current(self) -> bool:
        """Whether the tables are those of this version; `CommandError` when a newer version has made them."""
        with self._reader.connect() as connection:
            return _is_current(connection)

    def trouble(self) -> str | None:
        """What keeps the database from being asked, as it says itself, in a line; None when it answers."""
        try:
            with self.read_only() as connection:
                connection.execute(text("SELECT 1"))
        except OperationalError as error:
            return str(error.orig).strip().partition("\n")[0]
        return None

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()


def _is_current(connection: Connection) -> bool:
    applied = MigrationContext.configure(connection).get_current_heads()
    for revision in applied:
        _migrations().get_revision(revision)
    return set(applied) == set(_migrations().get_heads())


@cache
def _migrations() -> ScriptDirectory:
    """The migrations of this version, read once."""
    return ScriptDirectory.from_config(_config())


def _alembic(connection: Connection) -> Config:
    config = _config()
    config.attributes["connection"] = connection
    return config


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    return config


def _make_private(url: str) -> None:
    """Make the file so that only its owner may read it, before SQLite does; its log and index get the same rights."""
    name = make_url(url).database
    if not name or name == ":memory:" or name.startswith("file:"):
        return
    with suppress(OSError):  # where it cannot be made, SQLite says so; what is there keeps its rights
        os.close(os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _sqlite_engine(url: str) -> Engine:
    _make_private(url)
    engine = create_engine(url, hide_parameters=True, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection
        connection.isolation_level = None  # the driver must not begin transactions by itself
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get("read_only", False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def _write_ahead(connection: Any) -> None:  # noqa: ANN401 - the driver's own connection
    """Switch to the write-ahead log. While another connection does the same, SQLite refuses at once and never waits."""
    for _ in range(BUSY_TIMEOUT_MS // SWITCH_AGAIN_MS):
        with suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode=WAL")
            return
        time.sleep(SWITCH_AGAIN_MS / 1000)
    connection.execute("PRAGMA journal_mode=WAL")
