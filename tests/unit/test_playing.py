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
def playing() -> Iterator[TourPlayer]:
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


def waits_at(playing: TourPlayer, steps: int) -> None:
    """The tour has told so many steps, and waits."""
    until(lambda: playing.state()["state"] == "waiting" and len(playing.state()["steps"]) == steps)


def two_steps(story: Script) -> None:
    """A chapter with a deed and what is then seen."""
    story.teller.chapter("A chapter")
    story.teller.acts(Action("alice", "presses [Send]", "#support"))
    story.teller.shows(Observation("pia", "Slack shows pia", "a card", "#product"))
    story.teller.happens("The ticket is tagged")


def test_it_waits_before_each_deed_and_after_each_sight(playing: TourPlayer) -> None:
    """Nothing is done before the reader asks for it."""
    playing.start(lambda: NOWHERE, [two_steps])
    waits_at(playing, 2)
    assert playing.state()["steps"][-1] == {
        "kind": "acts",
        "person": "alice",
        "words": "presses [Send]",
        "place": "#support",
        "thread": None,
    }
    playing.go_on()
    waits_at(playing, 3)
    playing.go_on()
    until(lambda: playing.state()["state"] == "over")
    assert [step["kind"] for step in playing.state()["steps"]] == ["chapter", "acts", "shows", "happens"]


def test_it_can_be_stopped_while_it_waits(playing: TourPlayer) -> None:
    """And begun again, from the beginning."""
    playing.start(lambda: NOWHERE, [two_steps])
    waits_at(playing, 2)
    playing.stop()
    assert playing.state()["state"] == "stopped"
    playing.start(lambda: NOWHERE, [two_steps])
    waits_at(playing, 2)


def test_it_plays_on_by_itself_until_it_is_paused(playing: TourPlayer) -> None:
    """Without a press for each step."""
    playing.start(lambda: NOWHERE, [two_steps])
    waits_at(playing, 2)
    playing.by_itself(on=True)
    until(lambda: len(playing.state()["steps"]) == 3)
    playing.by_itself(on=False)
    waits_at(playing, 3)


def test_a_step_that_does_not_happen_is_said(playing: TourPlayer) -> None:
    """With the sentence of what did not."""

    def fails(_story: Script) -> None:
        raise DidNotHappen("The card did not come.")

    playing.start(lambda: NOWHERE, [fails])
    until(lambda: playing.state()["state"] == "failed")
    assert playing.state()["trouble"] == "The card did not come."
