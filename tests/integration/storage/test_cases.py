"""Numbers, events and the people Slack told us of."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from storage import cases
from storage.database import Database
from storage.tables import CaseRow
from tests.integration.storage.rows import NOW, add_case
from tests.threads import together


def test_numbers_are_never_given_twice(database: Database) -> None:
    """Eight writers draw numbers at the same time: each number goes to one of them, without a gap."""
    with database.transaction() as connection:
        assert cases.next_number(connection, "FB") == 1

    def draw() -> list[int]:
        drawn = []
        for _ in range(10):
            with database.transaction() as connection:
                drawn.append(cases.next_number(connection, "FB"))
        return drawn

    drawn = [number for numbers in together(*[draw] * 8) for number in numbers]
    assert sorted(drawn) == list(range(2, 82))


def test_each_kind_counts_for_itself(database: Database) -> None:
    """FB-1 and INC-1 are different cases."""
    with database.transaction() as connection:
        assert [cases.next_number(connection, name) for name in ("FB", "INC", "FB")] == [1, 1, 2]


def test_a_number_of_a_transaction_that_failed_is_given_again(database: Database) -> None:
    """What was not saved leaves no gap."""
    with suppress(ZeroDivisionError), database.transaction() as connection:
        cases.next_number(connection, "FB")
        raise ZeroDivisionError
    with database.transaction() as connection:
        assert cases.next_number(connection, "FB") == 1


def test_nothing_is_kept_of_a_transaction_that_fails(database: Database) -> None:
    """The case, its timeline and its event go together."""
    with suppress(ZeroDivisionError), database.transaction() as connection:
        add_case(connection)
        cases.add_note(connection, "T-1", NOW, "desk", "was opened")
        cases.claim_event_key(connection, "key", NOW)
        raise ZeroDivisionError
    with database.read_only() as connection:
        assert cases.read_case(connection, "T-1") is None
        assert cases.timeline(connection, "T-1") == []
        assert cases.claimed_event_key(connection, "key") is None


def test_an_event_is_taken_once(database: Database) -> None:
    """The second delivery of an event is told that it was taken."""
    with database.transaction() as connection:
        cases.claim_event_key(connection, "key", NOW)
    with pytest.raises(IntegrityError), database.transaction() as connection:
        cases.claim_event_key(connection, "key", NOW)


def test_one_of_many_deliveries_takes_the_event(database: Database) -> None:
    """The same event comes eight times at once: one delivery passes."""

    def take() -> bool:
        try:
            with database.transaction() as connection:
                cases.claim_event_key(connection, "key", NOW)
        except IntegrityError:
            return False
        return True

    assert sum(together(*[take] * 8)) == 1


def test_old_events_are_forgotten_and_young_ones_kept(database: Database) -> None:
    """Keys are kept as long as a delivery may come again, and no longer."""
    with database.transaction() as connection:
        for days in range(10):
            cases.claim_event_key(connection, f"day {days}", NOW - timedelta(days=days))
    with database.transaction() as connection:
        assert cases.forget_events(connection, before=NOW - timedelta(days=7), limit=9) == 2
    with database.read_only() as connection:
        assert cases.claimed_event_key(connection, "day 7") is not None
        assert cases.claimed_event_key(connection, "day 8") is None


def test_the_timeline_keeps_its_order(database: Database) -> None:
    """What happened in the same moment stands in the order in which it was written."""
    with database.transaction() as connection:
        add_case(connection)
        for what in ("opened", "tagged", "closed"):
            cases.add_note(connection, "T-1", NOW, "desk", what)
    with database.read_only() as connection:
        assert [row.what for row in cases.timeline(connection, "T-1")] == ["opened", "tagged", "closed"]


def test_the_newest_case_of_a_person_is_found(database: Database) -> None:
    """Only this kind, this state and this owner count."""
    with database.transaction() as connection:
        for number, (state, owner) in enumerate([("draft", "U1"), ("draft", "U1"), ("draft", "U2"), ("open", "U1")]):
            at = NOW + timedelta(minutes=number)
            row = CaseRow(id=f"T-{number}", kind="toy", state=state, owner=owner, created_at=at, updated_at=at, data={})
            cases.insert_case(connection, row.model_dump())
    with database.read_only() as connection:
        newest = cases.newest_case(connection, "toy", "draft", "U1")
        assert newest is not None
        assert newest.id == "T-1"


def test_a_queue_is_read_page_by_page(database: Database) -> None:
    """An owner's cases and nobody's, the lowest rank first and then the oldest; no other's, and none that waits not."""
    rows = [("U1", 1, 5), ("U1", 0, 9), (None, 0, 7), ("U2", 0, 1), ("U1", 0, 8), ("U1", None, 2)]
    with database.transaction() as connection:
        for number, (owner, rank, minutes) in enumerate(rows):
            times: dict[str, Any] = {
                "created_at": NOW,
                "updated_at": NOW,
                "queue_since": NOW + timedelta(minutes=minutes),
            }
            row = CaseRow(id=f"T-{number}", kind="toy", state="open", owner=owner, queue_rank=rank, data={}, **times)
            cases.insert_case(connection, row.model_dump())
    with database.read_only() as connection:
        assert cases.queue_counts(connection, "toy", "U1") == {0: 3, 1: 1}
        pages = [cases.queued_cases(connection, "toy", "U1", 3, offset) for offset in (0, 3, 6)]
        assert [[row.id for row in page] for page in pages] == [["T-2", "T-4", "T-1"], ["T-0"], []]


def test_times_come_back_aware_and_in_utc(database: Database) -> None:
    """Both databases give the moment back that was stored, whatever zone it was written in."""
    with database.transaction() as connection:
        add_case(connection)
    with database.read_only() as connection:
        row = cases.read_case(connection, "T-1")
        assert row is not None
        assert row.created_at == NOW
        assert row.created_at.utcoffset() == timedelta(0)


def test_what_slack_said_last_of_a_person_is_remembered(database: Database) -> None:
    """A later answer replaces an earlier one, and an e-mail address finds whom it belongs to now."""
    with database.transaction() as connection:
        cases.remember_person(connection, "U1", "ada@example.com", {"name": "Ada"}, NOW)
        cases.remember_person(connection, "U1", "ada@example.com", {"name": "Ada L."}, NOW + timedelta(hours=1))
        cases.remember_person(connection, "U2", "ada@example.com", {"name": "Ada II"}, NOW + timedelta(hours=2))
    with database.read_only() as connection:
        person = cases.remembered_person(connection, "U1")
        assert person is not None
        assert person.data == {"name": "Ada L."}
        by_email = cases.remembered_person_by_email(connection, "ada@example.com")
        assert by_email is not None
        assert by_email.id == "U2"
