"""What is removed, and what stays: on SQLite and on PostgreSQL."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from storage import cases, inbox, privacy, timers
from storage.database import Database
from storage.tables import CaseRow
from tests.integration.storage.rows import NOW, add_case, add_effect

ALICE = "U0ALICE"
NAMES = (ALICE, "alice_b@example.com")


def closed(connection: Connection, case_id: str, days: int, data: dict[str, Any] | None = None) -> None:
    """A case that was closed so many days ago."""
    add_case(connection, case_id)
    row = cases.lock_case(connection, case_id)
    assert row is not None
    changed = {
        "closed_at": NOW - timedelta(days=days),
        "owner": ALICE,
        "ticket": "main/7",
        "data": data or {"words": "é <@U0ALICE>"},
    }
    cases.change_case(connection, row, changed)
    cases.add_note(connection, case_id, NOW, ALICE, "said é")


def test_an_emptied_case_is_only_counted(database: Database) -> None:
    """Number, kind, state and dates stay; whoever looks for it finds nothing."""
    with database.transaction() as connection:
        closed(connection, "T-1", 10)
        timers.set_timer(connection, "T-1", "late", NOW)
        inbox.follow(connection, "T-1", frozenset(), frozenset({"ticket:main/7"}))
    with database.transaction() as connection:
        assert privacy.closed_before(connection, "toy", NOW - timedelta(days=9), 10) == ["T-1"]
        assert privacy.closed_before(connection, "toy", NOW - timedelta(days=11), 10) == []
        privacy.empty_case(connection, "T-1")
    with database.read_only() as connection:
        assert cases.read_case(connection, "T-1") is None
        assert cases.timeline(connection, "T-1") == []
        assert cases.cases_of_ticket(connection, "toy", "main/7") == []
        assert cases.cases_to_summarize(connection, ["toy"], None, None) == []
        assert inbox.followers(connection, ("ticket:main/7",)) == []
        assert timers.waiting_timers(connection) == []
        assert privacy.closed_before(connection, "toy", NOW, 10) == []
        (left,) = connection.execute(CaseRow.__table__.select()).mappings()  # type: ignore[attr-defined]
    assert (left["id"], left["kind"], left["closed_at"]) == ("T-1", "toy", NOW - timedelta(days=10))
    assert (left["data"], left["owner"], left["ticket"]) == ({}, None, None)


def test_a_case_for_which_something_waits_is_left(database: Database) -> None:
    """It is looked at again when that has left."""
    with database.transaction() as connection:
        closed(connection, "T-1", 10)
        add_effect(connection, "a")
        assert privacy.closed_before(connection, "toy", NOW, 10) == []


def test_a_person_is_found_by_id_and_address(database: Database) -> None:
    """In cases, stories and effects; `_` and `%` in an address stand for themselves."""
    with database.transaction() as connection:
        closed(connection, "T-1", 1)
        closed(connection, "T-2", 1, {"words": "alicexb@example.com, U0ALICIA"})
        cases.remember_person(connection, ALICE, NAMES[1], {"name": "Alice"}, NOW)
    with database.transaction() as connection:
        assert [row.id for row in privacy.people_called(connection, NAMES[1])] == [ALICE]
        assert [row.id for row in privacy.cases_about(connection, NAMES)] == ["T-1", "T-2"]  # its story names her
        assert len(privacy.lines_about(connection, NAMES)) == 2
        privacy.drop_traces(connection, NAMES)
        assert privacy.people_called(connection, ALICE) == []
