"""Connections and transactions: who reads waits for nobody."""

from pathlib import Path

import pytest
from sqlalchemy import event as database_event

from storage import cases
from storage.database import Database
from tests.integration.storage.rows import add_case


def test_reading_waits_for_no_writer(database: Database) -> None:
    """While somebody writes, others read what was saved before."""
    with database.transaction() as connection:
        add_case(connection, "T-1")
    with database.transaction() as connection:
        add_case(connection, "T-2")
        with database.read_only() as reading:
            assert cases.read_case(reading, "T-1") is not None
            assert cases.read_case(reading, "T-2") is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_reading_takes_no_place_among_the_writers(database: Database) -> None:
    """On SQLite only who writes asks for the one write lock."""
    said: list[str] = []

    @database_event.listens_for(database._engine, "before_cursor_execute")
    def seen(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    with database.read_only() as connection:
        cases.read_case(connection, "T-1")
    assert said[0] == "BEGIN"


def test_its_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    """So are the log and the index beside it, in a folder anybody may read; a file that was there keeps its rights."""
    file, known = tmp_path / "desk.db", tmp_path / "known.db"
    known.touch(mode=0o640)
    for one in (file, known):
        database = Database(f"sqlite:///{one}")
        database.migrate()
        rights = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.glob(f"{one.stem}.db*")}
        database.close()
        assert len(rights) == 3
        assert set(rights.values()) == {0o600 if one is file else 0o640}
