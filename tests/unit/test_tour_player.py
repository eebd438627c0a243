"""A tour that waits for who watches it."""

import threading
from collections.abc import Callable, Iterator

import pytest

from bot.demo.chapters.narrator import Action, Observation
from bot.demo.chapters.script import DidNotHappen, Script
from bot.demo.player import TourPlayer

NOWHERE = "http://127.0.0.1:9"
PATIENCE_SECONDS = 10.0


@pytest.fixture
def player() -> Iterator[TourPlayer]:
    """A tour; stopped at the end, whatever it waits for."""
    tour = TourPlayer()
    yield tour
    tour.stop()


def until(look: Callable[[], bool]) -> None:
    """Look again and again, for a thread to come so far."""
    pause = threading.Event()
    for _ in range(int(PATIENCE_SECONDS / 0.01)):
        if look():
            return
        pause.wait(0.01)
    raise AssertionError("It did not come so far.")


def waits_at(player: TourPlayer, steps: int) -> None:
    """The tour has told so many steps, and waits."""
    until(lambda: player.state()["state"] == "waiting" and len(player.state()["steps"]) == steps)


def two_steps(script: Script) -> None:
    """A chapter with a action and what is then seen."""
    script.narrator.chapter("A chapter")
    script.narrator.acts(Action("alice", "presses [Send]", "#support"))
    script.narrator.shows(Observation("pia", "Slack shows pia", "a card", "#product"))
    script.narrator.happens("The ticket is tagged")


def test_it_waits_before_each_action_and_after_each_observation(player: TourPlayer) -> None:
    """Nothing is done before the reader asks for it."""
    player.start(lambda: NOWHERE, [two_steps])
    waits_at(player, 2)
    assert player.state()["steps"][-1] == {
        "kind": "acts",
        "person": "alice",
        "words": "presses [Send]",
        "place": "#support",
        "thread": None,
    }
    player.go_on()
    waits_at(player, 3)
    player.go_on()
    until(lambda: player.state()["state"] == "over")
    assert [step["kind"] for step in player.state()["steps"]] == ["chapter", "acts", "shows", "happens"]


def test_it_can_be_stopped_while_it_waits(player: TourPlayer) -> None:
    """And begun again, from the beginning."""
    player.start(lambda: NOWHERE, [two_steps])
    waits_at(player, 2)
    player.stop()
    assert player.state()["state"] == "stopped"
    player.start(lambda: NOWHERE, [two_steps])
    waits_at(player, 2)


def test_it_plays_on_by_itself_until_it_is_paused(player: TourPlayer) -> None:
    """Without a press for each step."""
    player.start(lambda: NOWHERE, [two_steps])
    waits_at(player, 2)
    player.by_itself(on=True)
    until(lambda: len(player.state()["steps"]) == 3)
    player.by_itself(on=False)
    waits_at(player, 3)


def test_a_step_that_does_not_happen_is_said(player: TourPlayer) -> None:
    """With the sentence of what did not."""

    def fails(_story: Script) -> None:
        raise DidNotHappen("The card did not come.")

    player.start(lambda: NOWHERE, [fails])
    until(lambda: player.state()["state"] == "failed")
    assert player.state()["trouble"] == "The card did not come."
