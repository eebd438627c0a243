"""What cases follow of the world outside."""

from storage import inbox
from storage.database import Database
from tests.integration.storage.rows import NOW, add_case


def test_what_open_cases_follow_of_a_kind(database: Database) -> None:
    """Each once, and nothing of a case that is over; a subject of another kind is none."""
    with database.transaction() as connection:
        for number in (1, 2, 3):
            add_case(connection, f"T-{number}")
        inbox.follow(connection, "T-1", frozenset(), frozenset({"page:b", "page:a", "thread:C1:1", "pages:z"}))
        inbox.follow(connection, "T-2", frozenset(), frozenset({"page:a"}))
        add_case(connection, "T-4", closed_at=NOW)
        inbox.follow(connection, "T-4", frozenset(), frozenset({"page:c"}))
    with database.read_only() as connection:
        assert inbox.followed_by_open_cases(connection, "page:") == ["page:a", "page:b"]
