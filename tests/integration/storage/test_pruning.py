"""What is long done goes, and nothing else."""

from datetime import timedelta

from sqlalchemy import Connection, bindparam, update

from storage import outbox, pruning, timers
from storage.database import Database
from storage.rows import every, table
from storage.tables import CaseRow, EffectRow, EffectState, LaneRow, TimerRow
from tests.integration.storage.rows import NOW, add_case, add_effect

DAY = timedelta(days=1)


def lanes(connection: Connection) -> set[str]:
    """The lanes that are there."""
    return {row.name for row in every(connection, LaneRow, table(LaneRow).select())}


def test_what_is_done_goes_with_the_lanes_that_held_nothing_else(database: Database) -> None:
    """What waits stays, however old, and so does its lane; what is done lately stays as long as the policy says."""
    with database.transaction() as connection:
        add_case(connection)
        add_effect(connection, "done", state=EffectState.DONE)
        add_effect(connection, "given up", state=EffectState.FAILED)
        add_effect(connection, "waits")
        assert not pruning.prune(connection, NOW)
        assert lanes(connection) == {"done", "given up", "waits"}
        assert not pruning.prune(connection, NOW + DAY)
        assert lanes(connection) == {"waits"}
        assert [row.lane for row in every(connection, EffectRow, table(EffectRow).select())] == ["waits"]


def test_what_was_said_once_is_remembered_while_its_case_is_open(database: Database) -> None:
    """It cannot be said again; when the case is long over, nobody would."""
    with database.transaction() as connection:
        add_case(connection)
        add_effect(connection, "a", once="told", state=EffectState.DONE)
        pruning.prune(connection, NOW + DAY)
        assert not add_effect(connection, "a", once="told")
        cases = table(CaseRow)
        connection.execute(update(cases).values(closed_at=bindparam("closed")), {"closed": NOW})
        pruning.prune(connection, NOW + DAY)
        assert add_effect(connection, "a", once="told")


def test_timers_that_went_off_or_were_cancelled_go(database: Database) -> None:
    """One that waits stays, and so does one that was cancelled before its time."""
    with database.transaction() as connection:
        add_case(connection)
        for name, due in (("fired", NOW), ("cancelled", NOW), ("waits", NOW), ("later", NOW + 9 * DAY)):
            timers.set_timer(connection, "T-1", name, due)
        timers.fire_timer(connection, next(one for one in timers.waiting_timers(connection) if one.name == "fired"))
        timers.cancel_timer(connection, "T-1", "cancelled")
        timers.cancel_timer(connection, "T-1", "later")
        assert not pruning.prune(connection, NOW + DAY)
        assert {row.name for row in every(connection, TimerRow, table(TimerRow).select())} == {"waits", "later"}


def test_a_batch_at_a_time(database: Database) -> None:
    """Whoever prunes is told whether there may be more, so that nobody waits long for it."""
    with database.transaction() as connection:
        add_case(connection)
        for number in range(pruning.BATCH + 1):
            add_effect(connection, "a", once=None if number % 2 else f"{number}", state=EffectState.DONE)
        connection.execute(table(CaseRow).update().values(closed_at=NOW))
        assert pruning.prune(connection, NOW + DAY)
        assert not pruning.prune(connection, NOW + DAY)
        assert outbox.pending_effects(connection) == []
        assert lanes(connection) == set()
