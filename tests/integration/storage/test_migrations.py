"""The tables are made and brought up to date, whoever starts first."""

import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

from storage import cases
from storage.database import Database, _alembic
from tests.integration.storage.rows import add_case
from tests.threads import together

MIGRATE = """
import sys
from storage.database import Database
database = Database(sys.argv[1])
sys.stdin.readline()
database.migrate()
"""


@pytest.fixture
def empty(empty_database_url: str) -> str:
    """The address of a database without tables."""
    return empty_database_url


def test_the_tables_are_made_from_nothing(empty: str) -> None:
    """A database without tables can hold a case after the migration."""
    database = Database(empty)
    database.migrate()
    with database.transaction() as connection:
        add_case(connection)
    with database.read_only() as connection:
        assert cases.read_case(connection, "T-1") is not None
    database.close()


def test_migrating_again_changes_nothing(empty: str) -> None:
    """A second start finds the tables as they should be and keeps what is in them."""
    for _ in range(2):
        database = Database(empty)
        database.migrate()
        database.close()
    with database.transaction() as connection:
        add_case(connection)
    database.migrate()
    with database.read_only() as connection:
        assert cases.read_case(connection, "T-1") is not None
    database.close()


def test_the_migrations_make_what_the_models_say(empty: str) -> None:
    """Alembic finds no difference between the migrated tables and the models."""
    database = Database(empty)
    database.migrate()
    with database.read_only() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    database.close()


def test_reviews_that_wait_already_get_their_place_in_the_queue(empty: str) -> None:
    """A desk that is brought up to date shows what waited before: bad before good, and nothing that is over."""
    database = Database(empty)
    database.migrate()
    engine = sa.create_engine(empty)
    with engine.begin() as connection:
        command.downgrade(_alembic(connection), "0003")
        for name, state, tone in (("RV-1", "open", "good"), ("RV-2", "discussing", "bad"), ("RV-3", "closed", "bad")):
            data = {"tone": tone, "asked_who": True, "rated_at": None, "opened_at": "2026-03-02T10:00:00+01:00"}
            row = {"id": name, "kind": "review", "state": state, "version": 1, "data": json.dumps(data)}
            columns = "id, kind, state, version, data, created_at, updated_at"
            values = ":id, :kind, :state, :version, :data, '2026-03-02 09:00:00', '2026-03-02 09:00:00'"
            connection.execute(sa.text(f"INSERT INTO case_ ({columns}) VALUES ({values})"), row)
    engine.dispose()
    database.migrate()
    with database.read_only() as connection:
        rows = cases.queued_cases(connection, "review", "U1", 10, 0)
        at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        assert [(row.id, row.queue_since) for row in rows] == [("RV-2", at), ("RV-1", at)]
    database.close()


def test_several_threads_may_migrate_at_once(empty: str) -> None:
    """Desks that start in one process at the same moment all find their tables."""
    databases = [Database(empty) for _ in range(4)]
    together(*(database.migrate for database in databases))
    for database in databases:
        assert database.trouble() is None
        with database.read_only() as connection:
            assert cases.read_case(connection, "T-1") is None
        database.close()


def test_several_processes_may_migrate_at_once(empty: str) -> None:
    """Two programs that start at the same moment on an empty database both come up."""
    command = [sys.executable, "-c", MIGRATE, empty]
    programs = [subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("go\n")
        program.stdin.flush()
    errors = [program.communicate(timeout=30)[1] for program in programs]
    assert [program.returncode for program in programs] == [0, 0], errors


def test_a_database_that_is_gone_does_not_answer(empty: str) -> None:
    """Readiness can be asked of a database that cannot be reached."""
    database = Database(f"{empty}/nowhere" if empty.startswith("sqlite") else empty.replace("/desk_", "/gone_"))
    assert database.trouble()
    database.close()
