"""The outbox: what waits twice is sent once, and what was said once is never said again."""

from contextlib import suppress
from datetime import timedelta

import pytest

from storage import outbox
from storage.database import Database
from storage.tables import EffectRow, EffectState
from tests.databases import SQLiteFiles, let_leases_run_out
from tests.integration.storage.rows import LEASE, NOW, REAL, add_case, add_effect, claim, free
from tests.threads import together

MINUTE = timedelta(minutes=1)


@pytest.fixture
def database(database: Database) -> Database:
    """A database with a case."""
    with database.transaction() as connection:
        add_case(connection)
    return database


def test_effects_that_wait_under_one_key_are_one(database: Database) -> None:
    """The second refresh of a card adds nothing while the first one waits."""
    with database.transaction() as connection:
        assert add_effect(connection, "slack:#a", collapse="card")
        assert not add_effect(connection, "slack:#a", collapse="card")
        assert add_effect(connection, "slack:#a", collapse="other card")
        assert len(outbox.pending_effects(connection)) == 2


def test_what_is_on_its_way_does_not_swallow_a_newer_one(database: Database) -> None:
    """A refresh asked for while an older one is being sent is sent as well."""
    with database.transaction() as connection:
        add_effect(connection, "slack:#a", collapse="card")
        claim(connection)
        row = outbox.next_effect(connection, "slack:#a", NOW)
        assert row is not None
        outbox.begin_try(connection, row.id or 0)
        assert add_effect(connection, "slack:#a", collapse="card")


def test_what_is_put_off_before_it_was_tried_still_waits(database: Database) -> None:
    """It finds itself under its own collapse key, and must not drop itself as a newer one."""
    with database.transaction() as connection:
        add_effect(connection, "slack:#a", collapse="card")
        row = outbox.pending_effects(connection)[0]
        outbox.wait_again(connection, row, "card", NOW + MINUTE, None, NOW)
        assert [one.id for one in outbox.pending_effects(connection)] == [row.id]
        assert outbox.next_effect(connection, "slack:#a", NOW + MINUTE) is not None


def test_what_is_said_once_is_never_said_again(database: Database) -> None:
    """The key stays used, also when the effect is long done."""
    with database.transaction() as connection:
        assert add_effect(connection, "slack:@admin", once="token revoked")
        row = outbox.pending_effects(connection)[0]
        outbox.end_effect(connection, row.id or 0, EffectState.DONE, NOW)
        assert not add_effect(connection, "slack:@admin", once="token revoked")


def test_a_key_of_a_transaction_that_failed_is_free_again(database: Database) -> None:
    """What was not saved was not said."""
    with suppress(ZeroDivisionError), database.transaction() as connection:
        add_effect(connection, "slack:@admin", once="token revoked")
        raise ZeroDivisionError
    with database.transaction() as connection:
        assert add_effect(connection, "slack:@admin", once="token revoked")


def test_one_of_many_writers_says_it_once(database: Database) -> None:
    """Eight writers find the same fault at the same time: one notice waits."""

    def notice() -> bool:
        with database.transaction() as connection:
            return add_effect(connection, "slack:@admin", once="token revoked")

    assert sum(together(*[notice] * 8)) == 1


def test_what_is_pending_is_listed_oldest_first(database: Database) -> None:
    """Waiting and sending count, done and failed do not; of one case or of all."""
    with database.transaction() as connection:
        for state in EffectState:
            add_effect(connection, f"lane:{state}", state=state)
        assert [row.lane for row in outbox.pending_effects(connection, "T-1")] == ["lane:waiting", "lane:sending"]
        assert outbox.pending_effects(connection, "T-2") == []


def test_the_next_effect_is_known(database: Database) -> None:
    """Not before it is due, and not before its lane is free."""
    with database.transaction() as connection:
        assert outbox.next_effect_at(connection) is None
        add_effect(connection, "a", due_at=NOW + 9 * MINUTE)
        assert outbox.next_effect_at(connection) == NOW + 9 * MINUTE
        add_effect(connection, "b", due_at=NOW)
        assert claim(connection) == "b"
        free(connection, "b", free_at=NOW + 5 * MINUTE)
        assert outbox.next_effect_at(connection) == NOW + 5 * MINUTE


# ---------------------------------------------------------------------------------------------- lanes


def test_a_lane_has_one_holder_at_a_time(database: Database) -> None:
    """Eight dispatchers want the same lane at the same moment: one gets it."""
    with database.transaction() as connection:
        add_effect(connection, "a")

    def take() -> str | None:
        with database.transaction() as connection:
            return claim(connection)

    assert sorted(together(*[take] * 8), key=str) == [None] * 7 + ["a"]


def test_each_of_many_dispatchers_gets_a_lane_of_its_own(database: Database) -> None:
    """Nobody goes away empty while a lane with work is free, and no lane is given to two."""
    lanes = [f"lane {number}" for number in range(8)]
    with database.transaction() as connection:
        for lane in lanes:
            add_effect(connection, lane)

    def take() -> str | None:
        with database.transaction() as connection:
            return claim(connection)

    assert sorted(together(*[take] * 8), key=str) == lanes


def test_the_most_urgent_lane_goes_first_then_the_oldest(database: Database) -> None:
    """An escalation overtakes what was decided before it."""
    with database.transaction() as connection:
        for lane, priority in (("chore", 30), ("old", 20), ("young", 20), ("escalation", 0)):
            add_effect(connection, lane, priority=priority)
        assert [claim(connection) for _ in range(5)] == ["escalation", "old", "young", "chore", None]


def test_within_a_lane_the_most_urgent_goes_first_then_the_oldest(database: Database) -> None:
    """The order people would expect who wait at one counter with an emergency among them."""
    with database.transaction() as connection:
        for priority in (30, 20, 20, 0):
            add_effect(connection, "a", priority=priority)
        claim(connection)
        order = []
        while (row := outbox.next_effect(connection, "a", NOW)) is not None:
            order.append((row.priority, row.id))
            outbox.end_effect(connection, row.id or 0, EffectState.DONE, NOW)
        assert order == sorted(order)
        assert [priority for priority, _ in order] == [0, 20, 20, 30]


def test_an_effect_that_was_cut_off_comes_back_first(database: Database) -> None:
    """What may have gone out is settled before anything else of its lane leaves, however urgent."""
    with database.transaction() as connection:
        add_effect(connection, "a", priority=30, state=EffectState.SENDING)
        add_effect(connection, "a", priority=0)
        row = outbox.next_effect(connection, "a", NOW)
        assert row is not None
        assert row.state == EffectState.SENDING


def test_a_lease_that_ran_out_is_taken_over(database: Database) -> None:
    """Real time decides who still lives; moving the desk's clock takes nothing away from anybody."""
    with database.transaction() as connection:
        add_effect(connection, "a")
        assert claim(connection, "first") == "a"
    with database.transaction() as connection:
        assert claim(connection, "second", now=NOW + timedelta(days=9)) is None
    let_leases_run_out(database)
    with database.transaction() as connection:
        assert claim(connection, "second") == "a"
        assert not outbox.holds_lane(connection, "a", "first")
        assert outbox.holds_lane(connection, "a", "second")


def test_a_lease_lasts_as_long_as_it_says_and_renewed_longer(sqlite_files: SQLiteFiles) -> None:
    """To the second; and who lost it cannot renew it."""
    database = Database(sqlite_files.migrated())
    with database.transaction() as connection:
        add_case(connection)
        add_effect(connection, "a")
        assert claim(connection, "first") == "a"
        assert claim(connection, "second", real=REAL + LEASE) is None
        outbox.renew_lease(connection, "a", "first", REAL + LEASE, LEASE)
        assert claim(connection, "second", real=REAL + 2 * LEASE) is None
        assert claim(connection, "second", real=REAL + 2 * LEASE + timedelta(seconds=1)) == "a"
        outbox.renew_lease(connection, "a", "first", REAL + 9 * LEASE, LEASE)
        assert claim(connection, "third", real=REAL + 9 * LEASE) == "a"
    database.close()


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.parametrize("ahead", [-70, 70])
def test_machines_whose_clocks_differ_agree_on_leases(database: Database, ahead: int) -> None:
    """On PostgreSQL the database's clock judges: a machine 70 seconds ahead takes nothing from one that lives."""
    with database.transaction() as connection:
        add_effect(connection, "a")
        assert claim(connection, "first", real=REAL) == "a"
    with database.transaction() as connection:
        assert claim(connection, "second", real=REAL + timedelta(seconds=ahead)) is None


def test_lanes_of_a_desk_that_was_killed_are_given_back_at_once(database: Database) -> None:
    """Where no other process can hold one, nobody has to wait for a lease to run out."""
    with database.transaction() as connection:
        add_effect(connection, "a")
        assert claim(connection, "killed") == "a"
        assert claim(connection, "new") is None
        outbox.free_all_lanes(connection)
        assert claim(connection, "new") == "a"


def test_a_lane_rests_until_it_is_free(database: Database) -> None:
    """Pacing, or what a 429 asked for: in the desk's time, and for this lane only."""
    with database.transaction() as connection:
        add_effect(connection, "a")
        add_effect(connection, "b", priority=30)
        assert claim(connection) == "a"
        free(connection, "a", free_at=NOW + MINUTE)
        assert claim(connection) == "b"
        assert claim(connection) is None
        assert claim(connection, now=NOW + MINUTE) == "a"


def test_a_lane_without_due_work_is_not_taken(database: Database) -> None:
    """What has to wait does not keep anybody busy."""
    with database.transaction() as connection:
        add_effect(connection, "a", due_at=NOW + MINUTE)
        add_effect(connection, "b", state=EffectState.DONE)
        assert claim(connection) is None
        assert claim(connection, now=NOW + MINUTE) == "a"


def test_more_held_lanes_than_are_looked_at_hide_no_free_one(database: Database) -> None:
    """Thirty lanes are busy; the work of the thirty-first is found all the same."""
    with database.transaction() as connection:
        for number in range(31):
            add_effect(connection, f"lane {number:02}")
        assert [claim(connection) for _ in range(31)] == [f"lane {number:02}" for number in range(31)]


def test_marks_are_never_shared(database: Database) -> None:
    """An effect is looked for by its mark: no two effects carry the same."""
    with database.transaction() as connection:
        add_effect(connection, "a")
        add_effect(connection, "a")
        marks = {row.mark for row in outbox.pending_effects(connection)}
        assert len(marks) == 2
        first = outbox.pending_effects(connection)[0]
        copy = EffectRow.model_validate({**first.model_dump(), "id": None, "collapse_key": None})
        assert not outbox.add_effect(connection, copy)
