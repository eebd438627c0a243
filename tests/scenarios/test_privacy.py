"""What the desk keeps of people: for how long, and what it says and forgets when somebody asks."""

import json
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from bot.__main__ import app
from handlers.kit.process import rules_of
from handlers.registry import PROCESSES
from tests import forging
from tests.forging import Use
from tests.scenarios import contact, feedback
from tests.scenarios.conftest import Worlds
from tests.world import World
from workflows.engine.privacy import Privacy

WORDS = "The merge train view is too slow for Jürgen"
ALICE = ("U0ALICE", "alice@example.com")


@pytest.fixture
def w(worlds: Worlds) -> World:
    """Alice's feedback is closed, and so is nothing else: a request of hers is still with Maria."""
    w = worlds(policy=contact.policy() | {"privacy": {"keep_for_of": {"contact": "10 weeks"}}})
    feedback.sends(w, w.alice, WORDS)
    feedback.clicks(w, w.pia, "Acknowledge", on=feedback.card(w))
    feedback.clicks(w, w.alice, "Told the customer", on=feedback.confirmation(w.alice))
    contact.asks(w, w.alice, "234567 Nobody answered Jürgen")
    return w


def privacy(w: World) -> Privacy:
    """What the desk's housekeeping calls."""
    return Privacy(w.desk.database, rules_of(PROCESSES), w.policy)


def kept(w: World, table: str) -> str:
    """Everything in a table, as text."""
    with w.desk.database.read_only() as connection:
        return json.dumps([*map(list, connection.execute(text(f'SELECT * FROM "{table}"')))], default=str)


def everything(w: World) -> dict[str, str]:
    """Every table but that of the people: whom the desk asks about anew it knows anew."""
    tables = ("case_", "timeline", "effect", "event", "inbox", "follow", "timer")
    return {table: kept(w, table) for table in tables}


def ran(w: World, *order: str) -> Any:
    """The command line, on the desk's database."""
    settings = w.settings
    environ = {
        "SLACK_BOT_TOKEN": "xoxb-sandbox",
        "SLACK_APP_TOKEN": "xapp-sandbox",
        "DATABASE_URL": settings.database_url.get_secret_value(),
    }
    return CliRunner().invoke(app, order, env=environ)


def test_a_closed_case_is_emptied_in_time(w: World) -> None:
    """After a year and a half: words, names and ticket are gone; it can be counted, and the rest is as it was."""
    w.jump(weeks=77)
    assert privacy(w).remove_old(w.clock.now()) == 0
    w.jump(weeks=2)
    w.desk.engine.forget(w.clock.now())
    assert privacy(w).remove_old(w.clock.now()) == 1
    left = everything(w)
    assert WORDS not in str(left)
    assert "merge train" not in str(left)
    assert '"FB-1", "feedback", "closed"' in left["case_"]
    assert "Nobody answered J" in left["case_"], "the open request is kept, however old"
    assert "U0ALICE" not in kept(w, "person")


def test_an_emptied_case_is_unknown_to_its_buttons(w: World) -> None:
    """And a message that Slack still shows may have some."""
    w.jump(weeks=79)
    privacy(w).remove_old(w.clock.now())
    for use in (Use("feedback.link_issue", "button"), Use("feedback.link", "form")):
        answer = forging.sends(w, {"id": "U0PIA"}, use, "FB-1")
        assert "I do not know the case “FB-1”" in forging.said(w, answer, 0)


def test_each_process_has_its_time(w: World) -> None:
    """Requests go after ten weeks here."""
    contact.clicks(w, w.maria, "Cancel")
    contact.submits(w, w.maria, **{"Why shall nobody contact the customer?": "withdrawn"})
    w.jump(weeks=11)
    assert privacy(w).remove_old(w.clock.now()) == 1
    left = kept(w, "case_")
    assert "withdrawn" not in left
    assert "merge train" in left


def test_somebody_is_told_what_is_kept_of_them(w: World) -> None:
    """By member id or by address: the same."""
    by_id, by_address = (json.loads(ran(w, "people", "export", name).stdout) for name in ALICE)
    assert by_id == by_address
    assert by_id["person"][0]["email"] == ALICE[1]
    assert {case["id"] for case in by_id["cases"]} >= {"FB-1", "MC-1"}
    assert by_id["timeline"]


def test_somebody_is_forgotten(w: World) -> None:
    """Everywhere; the cases go on with nobody in their place."""
    said = ran(w, "people", "forget", ALICE[1], "--yes")
    assert said.exit_code == 0, said.output
    left = everything(w)
    assert not [name for name, rows in left.items() if any(alice in rows for alice in ALICE)]
    assert ALICE[0] not in kept(w, "person")
    assert "merge train" in left["case_"]
    w.settle()
    w.advance(hours=30)  # its reminders come all the same
    assert "MC-1" in contact.card(w).rendered


def test_who_owns_an_open_case_is_not_forgotten(w: World) -> None:
    """It would be left to nobody."""
    said = ran(w, "people", "forget", "U0MARIA", "--yes")
    assert said.exit_code == 1
    assert "MC-1 would lose their owner" in said.output
    assert "named by Slack member id" in ran(w, "people", "forget", "a", "--yes").output


def test_a_ticket_is_forgotten(w: World) -> None:
    """When its cases are closed, and not before."""
    assert "MC-1 about ticket 234567 is still open" in ran(w, "tickets", "forget", "234567", "--yes").output
    assert "Forgotten: 1 cases" in ran(w, "tickets", "forget", "#123456", "--yes").output
    assert "merge train" not in str(everything(w))
    assert "not a ticket" in ran(w, "tickets", "forget", "nonsense", "--yes").output
