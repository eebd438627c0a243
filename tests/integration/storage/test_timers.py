"""Timers as rows: set, moved, cancelled, and claimed by one process only."""

from contextlib import ExitStack
from datetime import timedelta

import pytest

from storage import timers
from storage.database import Database
from tests.integration.storage.rows import NOW, add_case
from tests.threads import together

HOUR = timedelta(hours=1)


@pytest.fixture
def database(database: Database) -> Database:
    """A database with a case of two timers: `first` in an hour, `second` in two."""
    with database.transaction() as connection:
        add_case(connection, "T-1")
        add_case(connection, "T-2")
        timers.set_timer(connection, "T-1", "first", NOW + HOUR)
        timers.set_timer(connection, "T-1", "second", NOW + 2 * HOUR)
    return database


def waiting(database: Database) -> list[str]:
    """The names of the timers that wait, the next one first."""
    with database.read_only() as connection:
        return [row.name for row in timers.waiting_timers(connection)]


def test_a_timer_is_due_at_its_time_and_not_before(database: Database) -> None:
    """The second before, nothing is due."""
    with database.transaction() as connection:
        assert timers.claim_due_timer(connection, NOW + HOUR - timedelta(seconds=1)) is None
        due = timers.claim_due_timer(connection, NOW + HOUR)
        assert due is not None
        assert due.name == "first"


def test_setting_a_timer_again_moves_it(database: Database) -> None:
    """A case has a timer of a name once."""
    with database.transaction() as connection:
        timers.set_timer(connection, "T-1", "first", NOW + 3 * HOUR)
    assert waiting(database) == ["second", "first"]


def test_a_timer_that_went_off_can_be_set_anew(database: Database) -> None:
    """A reminder that repeats is one timer, set again each time; its failures are forgotten."""
    with database.transaction() as connection:
        first = timers.waiting_timers(connection)[0]
        timers.postpone_timer(connection, first, NOW + 9 * HOUR)
        timers.fire_timer(connection, first)
    assert waiting(database) == ["second"]
    with database.transaction() as connection:
        timers.set_timer(connection, "T-1", "first", NOW + 3 * HOUR)
    with database.read_only() as connection:
        row = timers.waiting_timers(connection)[-1]
        assert (row.name, row.failures, row.retry_at) == ("first", 0, NOW + 3 * HOUR)


def test_a_cancelled_timer_does_not_go_off(database: Database) -> None:
    """Cancelling one leaves the other; cancelling what is not there is fine."""
    with database.transaction() as connection:
        timers.cancel_timer(connection, "T-1", "first")
        timers.cancel_timer(connection, "T-1", "unheard of")
    assert waiting(database) == ["second"]


def test_all_timers_of_a_case_are_cancelled_at_once(database: Database) -> None:
    """Other cases keep theirs."""
    with database.transaction() as connection:
        timers.set_timer(connection, "T-2", "other", NOW + HOUR)
        timers.cancel_all_timers(connection, "T-1")
    assert waiting(database) == ["other"]


def test_the_next_timer_is_known(database: Database) -> None:
    """The time to look at a timer next, or None when none waits."""
    with database.transaction() as connection:
        assert timers.next_timer_at(connection) == NOW + HOUR
        timers.cancel_all_timers(connection, "T-1")
        assert timers.next_timer_at(connection) is None


def test_a_timer_is_claimed_by_one_of_many(database: Database) -> None:
    """Four processes empty the due timers at the same time: each timer goes off once."""
    with database.transaction() as connection:
        for number in range(20):
            timers.set_timer(connection, "T-2", f"timer {number}", NOW)

    def fire() -> list[str]:
        fired: list[str] = []
        while True:
            with database.transaction() as connection:
                row = timers.claim_due_timer(connection, NOW)
                if row is None:
                    return fired
                timers.fire_timer(connection, row)
                fired.append(row.name)

    fired = [name for names in together(*[fire] * 4) for name in names]
    assert sorted(fired) == sorted(f"timer {number}" for number in range(20))
    assert waiting(database) == ["first", "second"]


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.postgres
def test_a_timer_another_process_holds_is_passed_over(database: Database) -> None:
    """PostgreSQL: who comes second takes the next timer of another case instead of waiting for the first."""
    with database.transaction() as connection:
        timers.set_timer(connection, "T-2", "other", NOW + 2 * HOUR)
    with ExitStack() as stack:
        connections = [stack.enter_context(database.transaction()) for _ in range(3)]
        claimed = [timers.claim_due_timer(connection, NOW + 3 * HOUR) for connection in connections]
        assert [row and (row.case_id, row.name) for row in claimed] == [("T-1", "first"), ("T-2", "other"), None]
