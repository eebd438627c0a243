"""A process that the desk does not have, registered by one line: command, card, timer, restart, and a weekly report."""

import pytest

from handlers.registry import PROCESSES
from tests.example_process.slack import LOAN, SHELF
from tests.scenarios.conftest import Worlds
from tests.world import World


@pytest.fixture
def lending(worlds: Worlds) -> World:
    """A desk that runs two more processes than ours."""
    return worlds(processes=(*PROCESSES, LOAN, SHELF), commands=["/borrow"])


def test_a_process_of_ones_own_is_played_through_command_card_timer_and_restart(lending: World) -> None:
    """Borrowed by a command, reminded after a week although the desk was restarted, returned by a button."""
    w = lending
    w.alice.runs("/borrow the projector", "#support")
    w.settle()
    assert any(message.text == "LN-1: the projector, lent" for message in w.alice.sees("#support"))

    w.restart()
    w.advance(days=7)
    assert "Please return the projector." in w.alice.dm()[-1].text
    card = next(message for message in w.alice.sees("#support") if message.text.startswith("LN-1:"))
    assert "overdue" in card.text

    w.alice.clicks("Return it", on=card)
    w.settle()
    card = next(message for message in w.alice.sees("#support") if message.text.startswith("LN-1:"))
    assert "returned" in card.text
    assert card.buttons == []
    assert w.desk.engine.cases.read("LN-1").is_over


def test_work_of_no_single_case_has_a_case_of_its_own(lending: World) -> None:
    """Each week the shelf asks for summaries of the loans and says what is out; a returned one lets it know."""
    w = lending
    for thing in ("the projector", "the laptop"):
        w.alice.runs(f"/borrow {thing}", "#support")
        w.settle()
    w.restart()
    w.alice.clicks("Return it", on=next(m for m in w.alice.sees("#support") if m.text.startswith("LN-2:")))
    w.settle()
    assert w.desk.engine.cases.read("SH-1").notices == ("LN-2 is back",)

    w.advance(days=7, minutes=1)
    assert [m.text for m in w.alice.sees("#support") if m.text.startswith("Out")] == ["Out this week: the projector"]
    assert w.desk.engine.cases.read("SH-2") is None, "the shelf is there once, however often the desk starts"
