"""What the desk will do next, told to the sandbox."""

from datetime import UTC, datetime

import httpx
import pytest

from bot.service.timers_api import due_routes, reason
from bot.service.web import WebServer, web_app
from storage.cases import insert_case
from storage.database import Database
from storage.tables import CaseRow
from storage.timers import cancel_timer, set_timer

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


def test_the_next_timers_are_told_with_their_case_and_reason(database: Database) -> None:
    """The soonest first; one that was cancelled is not told."""
    with database.transaction() as connection:
        case = CaseRow(
            id="FB-1", kind="feedback", state="open", created_at=MONDAY, updated_at=MONDAY, data={"of": "a test"}
        )
        insert_case(connection, case.model_dump())
        set_timer(connection, "FB-1", "tell_customer", TUESDAY)
        set_timer(connection, "FB-1", "acknowledge", MONDAY)
        set_timer(connection, "FB-1", "draft_expires", MONDAY)
        cancel_timer(connection, "FB-1", "draft_expires")
    web = WebServer(web_app(None, None, dict, [due_routes(database)]), "127.0.0.1", 0)
    web.start()
    reply = httpx.get(f"http://127.0.0.1:{web.port}/sandbox/timers").json()
    waiting = httpx.get(f"http://127.0.0.1:{web.port}/sandbox/waiting").json()
    web.stop()
    assert waiting == 0
    assert [(one["case"], one["kind"], one["name"]) for one in reply] == [
        ("FB-1", "feedback", "acknowledge"),
        ("FB-1", "feedback", "tell_customer"),
    ]
    assert reply[0]["reason"] == "reminds the product team to acknowledge it"
    assert datetime.fromisoformat(reply[0]["due_at"]) == MONDAY


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("remind:80", "reminds the owner: 80 % of the time is over"),
        ("a_new_one:3", "a new one 3"),
    ],
)
def test_a_timer_has_a_reason_in_words(name: str, words: str) -> None:
    """Also one that nobody has described yet."""
    assert reason(name) == words
