"""What cases follow of the world outside."""

from storage import inbox
from storage.database import Database
from tests.integration.storage.rows import NOW, add_case


def test_what_open_cases_follow_of_a_kind(database: Database) -> None:
    """Each once, and nothing of a case that is over; a subject of another kind is none."""
    with database.transaction() as session:
        for number in (1, 2, 3):
            add_case(session, f"T-{number}")
        inbox.follow(session, "T-1", frozenset({"page:b", "page:a", "thread:C1:1", "pages:z"}))
        inbox.follow(session, "T-2", frozenset({"page:a"}))
        over = add_case(session, "T-4")
        over.closed_at = NOW
        inbox.follow(session, "T-4", frozenset({"page:c"}))
    with database.read_only() as session:
        assert inbox.followed_by_open_cases(session, "page:") == ["page:a", "page:b"]
