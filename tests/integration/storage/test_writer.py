"""Who writes when: people first, nobody for ever last, and those that wait share a commit."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event as database_event
from sqlalchemy.exc import IntegrityError, OperationalError
from structlog.testing import capture_logs

from storage import cases, writer
from storage.database import Database
from storage.turns import Turn, Turns, working_for
from storage.writer import LostTransactionError
from tests.integration.storage.rows import add_case
from tests.threads import PATIENCE_SECONDS

ROOT = Path(__file__).parents[3]
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Queue:
    """Threads that come one after another while somebody is writing, and what each of them then does."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.order: list[str] = []
        self.errors: dict[str, BaseException] = {}
        self._threads: list[threading.Thread] = []

    def comes(self, name: str, turn: Turn = Turn.ANSWER, act: Callable[[], object] | None = None) -> None:
        """Let somebody come, and wait until they stand in the queue."""

        def write() -> None:
            try:
                with working_for(turn), self.database.transaction() as connection:
                    add_case(connection, name)
                    if act:
                        act()
                self.order.append(name)
            except Exception as error:  # noqa: BLE001 - a test asks for it
                self.errors[name] = error

        before = self.waiting()
        thread = threading.Thread(target=write)
        thread.start()
        self._threads.append(thread)
        until = time.monotonic() + PATIENCE_SECONDS
        while self.waiting() == before and time.monotonic() < until:
            time.sleep(0.001)

    def writes_while_there_come(self, first: str, *more: str, act: Callable[[], object] | None = None) -> None:
        """Write a case of the name `first` while others come; the first of them does `act`."""
        with self.database.transaction() as connection:
            add_case(connection, "first")
            self.comes(first, act=act)
            for name in more:
                self.comes(name)

    def waiting(self) -> int:
        """How many stand in the queue."""
        return len(self.database._writer._turns._waiting)  # type: ignore[attr-defined]

    @contextmanager
    def commits(self) -> Iterator[list[None]]:
        """Count the commits inside."""
        counted: list[None] = []
        count = lambda _connection: counted.append(None)  # noqa: E731
        database_event.listen(self.database._engine, "commit", count)
        yield counted
        database_event.remove(self.database._engine, "commit", count)

    def end(self) -> None:
        """Wait until everybody has written."""
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS)

    def saved(self) -> set[str]:
        """The cases that are there."""
        with self.database.read_only() as connection:
            return {name for name in ("first", *(f"{n}" for n in range(9))) if cases.read_case(connection, name)}


@pytest.fixture
def queue(database: Database) -> Queue:
    """A queue at this database."""
    return Queue(database)


@ON_SQLITE
def test_an_answer_goes_before_an_effect_and_an_effect_before_the_sweep(queue: Queue) -> None:
    """Whoever came in which order: Slack's three seconds run for one of them only."""
    done: list[str] = []
    with queue.database.transaction():
        for turn in (Turn.SWEEP, Turn.EXECUTOR, Turn.ANSWER):
            queue.comes(turn.name, turn, lambda turn=turn: done.append(turn.name))  # type: ignore[misc]
    queue.end()
    assert done == ["ANSWER", "EXECUTOR", "SWEEP"]


def test_nobody_is_last_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep that has waited longer than its patience goes before an answer that has just come."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    turns, order = Turns(1), []
    turns.take(Turn.ANSWER)

    def waits(turn: Turn) -> None:
        turns.take(turn)
        order.append(turn)
        turns.give_back()

    threads = []
    for turn in (Turn.SWEEP, Turn.ANSWER):
        threads.append(threading.Thread(target=waits, args=(turn,)))
        threads[-1].start()
        while len(turns._waiting) < len(threads):
            pass
        now[0] += Turn.SWEEP.value + 0.1
    turns.give_back()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert order == [Turn.SWEEP, Turn.ANSWER]


@ON_SQLITE
def test_those_who_wait_share_a_commit(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six blocks, one fsync; and each hears that it is saved only when it is."""
    monkeypatch.setattr(writer, "LONGEST_GROUP_SECONDS", PATIENCE_SECONDS)
    with queue.commits() as commits:
        with queue.database.transaction() as connection:
            add_case(connection, "first")
            for number in range(5):
                queue.comes(f"{number}")
        queue.end()
    assert len(commits) == 1
    assert queue.saved() == {"first", *queue.order} == {"first", "0", "1", "2", "3", "4"}


@ON_SQLITE
def test_nobodys_answer_waits_for_what_the_desk_does_by_itself(queue: Queue) -> None:
    """An effect that waits does not join a group that holds an answer: the answer is saved first."""
    with queue.commits() as commits:
        with queue.database.transaction() as connection:
            add_case(connection, "first")
            queue.comes("1", Turn.EXECUTOR, lambda: seen.append(len(commits)))
            seen: list[int] = []
        queue.end()
    assert seen == [1]
    assert len(commits) == 2


@ON_SQLITE
def test_one_that_fails_takes_nothing_of_the_others(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its savepoint goes, the rest of the group is saved, and only its own caller hears of it."""
    monkeypatch.setattr(writer, "LONGEST_GROUP_SECONDS", PATIENCE_SECONDS)

    def fail() -> None:
        raise ZeroDivisionError

    with queue.database.transaction() as connection:
        add_case(connection, "first")
        queue.comes("1")
        queue.comes("2", act=fail)
        queue.comes("first")
        queue.comes("3")
    queue.end()
    assert queue.saved() == {"first", "1", "3"}
    assert {name: type(error) for name, error in queue.errors.items()} == {
        "2": ZeroDivisionError,
        "first": IntegrityError,
    }


@ON_SQLITE
def test_when_the_commit_fails_everybody_hears_it(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk at the commit: nothing is saved, and nobody is told that it is."""
    monkeypatch.setattr(writer, "LONGEST_GROUP_SECONDS", PATIENCE_SECONDS)

    def full(_connection: object) -> None:
        raise OperationalError("COMMIT", None, OSError("disk full"))

    database_event.listen(queue.database._engine, "commit", full)
    with pytest.raises(OperationalError):
        queue.writes_while_there_come("1")
    queue.end()
    database_event.remove(queue.database._engine, "commit", full)
    assert queue.saved() == set()
    assert set(queue.errors) == {"1"}
    with queue.database.transaction() as connection:
        add_case(connection, "2")
    assert queue.saved() == {"2"}


@ON_SQLITE
def test_a_transaction_that_sqlite_ended_by_itself_was_saved_for_nobody(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Out of memory, say: the whole transaction is gone with those who were done and waited for its commit."""
    monkeypatch.setattr(writer, "LONGEST_GROUP_SECONDS", PATIENCE_SECONDS)

    def rolled_back() -> None:
        connection = queue.database._writer._group._connection  # type: ignore[attr-defined]
        connection.connection.dbapi_connection.execute("ROLLBACK")

    with pytest.raises(LostTransactionError):
        queue.writes_while_there_come("1", "2", act=rolled_back)
    queue.end()
    assert set(queue.errors) == {"1"}
    assert queue.saved() == {"2"}


@ON_SQLITE
def test_long_waits_are_said(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits longer than a second leaves a line that names what to set; not one for each who waits."""
    monkeypatch.setattr(writer, "OUTGROWN_SECONDS", 0.0)
    with capture_logs() as logs:
        with queue.database.transaction() as connection:
            add_case(connection, "first")
            queue.comes("1")
            queue.comes("2")
        queue.end()
    (line,) = [line for line in logs if line["event"] == "sqlite_outgrown"]
    assert "DATABASE_URL" in line["hint"]


WRITES = """
import sys, threading

from storage.database import Database
from tests.integration.storage.rows import add_case
database = Database(sys.argv[1])
def write(thread):
    for number in range(100_000):
        name = f"T-{thread}-{number}"
        with database.transaction() as connection:
            add_case(connection, name)
        sys.stdout.write(name + "\\n")
        sys.stdout.flush()
for thread in range(6):
    threading.Thread(target=write, args=(thread,)).start()
"""


def test_killed_at_any_moment_what_was_acknowledged_is_saved(database: Database, database_url: str) -> None:
    """A true SIGKILL among six threads that share commits: whatever was said to be saved is there."""
    command = [sys.executable, "-c", WRITES, database_url]
    for lines in (1, 7, 40):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
            assert process.stdout is not None
            said = [process.stdout.readline().strip() for _ in range(lines)]
            process.send_signal(signal.SIGKILL)
            said += [line.strip() for line in process.stdout if line.endswith("\n")]
        with database.transaction() as connection:
            assert all(cases.read_case(connection, name) for name in said)
            connection.exec_driver_sql("DELETE FROM case_")
