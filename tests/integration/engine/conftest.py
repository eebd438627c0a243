"""The desk of these tests."""

from collections.abc import Callable, Iterator, MutableMapping
from typing import Any

import pytest
from structlog.testing import capture_logs

from storage.database import Database
from tests.integration.engine.desk import ErrandDesk


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[MutableMapping[str, Any]]]:
    """What was logged, instead of printing it."""
    with capture_logs() as logged:
        yield logged


@pytest.fixture
def desk(database: Database) -> ErrandDesk:
    """A desk that runs errands, on SQLite and on PostgreSQL."""
    return ErrandDesk(database)


@pytest.fixture
def another(desk: ErrandDesk, database_url: str) -> Iterator[Callable[[], ErrandDesk]]:
    """Makes further desks on the same database, as other processes would be, under the same clocks and outside."""
    opened: list[Database] = []

    def make() -> ErrandDesk:
        opened.append(Database(database_url))
        return ErrandDesk(opened[-1], desk.clock, desk.outside)

    yield make
    for database in opened:
        database.close()
