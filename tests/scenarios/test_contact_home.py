"""The App Home: what is overdue, due soon, mine, unclaimed; with the same buttons."""

import pytest

from tests.scenarios.conftest import Worlds
from tests.scenarios.contact import asks, cards, modal, policy
from tests.world import World


@pytest.fixture
def w(worlds: Worlds) -> World:
    """A world with three requests: one overdue, one due soon, one fresh; Maria has claimed the first."""
    live = worlds(policy=policy(due_soon="12h"))
    asks(live, live.alice, "1 The first")
    live.maria.clicks("Claim", on=cards(live)[0])
    live.advance(hours=44)
    asks(live, live.alice, "2 The second")
    live.advance(hours=5)
    asks(live, live.adam, "3 The third")
    live.advance(hours=32)
    return live


def home(w: World, name: str) -> str:
    """What somebody's App Home says."""
    person = w.slack.person(name)
    person.opens_home()
    w.settle()
    shown = person.home
    assert shown is not None
    return shown.text


def test_a_manager_sees_everything_by_what_it_needs(w: World) -> None:
    """Overdue first, then due soon, mine, unclaimed."""
    shown = home(w, "maria")
    order = [shown.index(title) for title in ("Overdue (1)", "Due soon (1)", "Mine (3)", "Unclaimed (2)")]
    assert order == sorted(order)
    assert "MC-1" in shown[order[0] : order[1]]
    assert "MC-2" in shown[order[1] : order[2]]


def test_another_manager_has_their_own_list(w: World) -> None:
    """Marco owns none of them."""
    shown = home(w, "marco")
    assert "Overdue (1)" in shown
    assert "Mine" not in shown


def test_others_see_what_they_asked_for(w: World) -> None:
    """Alice asked for two, Adam for one, Carol for none."""
    assert "You asked for (2)" in home(w, "alice")
    assert "MC-3" not in home(w, "alice")
    assert "You asked for (1)" in home(w, "adam")
    assert "MC-" not in home(w, "carol")


def test_the_buttons_work_from_there(w: World) -> None:
    """Claimed from the App Home: it leaves the list at once, and the card follows."""
    home(w, "marco")
    w.marco.clicks("Claim", on="home", nth=0)
    w.settle()
    assert w.marco.home is not None
    assert "Unclaimed (1)" in w.marco.home.text
    assert sum("Claimed by @marco" in one.rendered for one in cards(w)) == 1


@pytest.mark.parametrize("code", ["ratelimited", "internal_error"])
def test_what_was_pressed_is_done_although_slack_does_not_take_the_new_home(w: World, code: str) -> None:
    """Nobody is told that it failed; the card says that it did not, and so does the App Home when it opens again."""
    home(w, "marco")
    w.slack.faults.error("views.publish", code)
    reply = w.marco.clicks("Claim", on="home", nth=0)
    assert reply.acked
    assert reply.error is None
    w.settle()
    assert sum("Claimed by @marco" in one.rendered for one in cards(w)) == 1
    assert "Unclaimed (1)" in home(w, "marco")


def test_a_refusal_from_there_is_shown_in_a_modal(w: World) -> None:
    """The App Home has no thread to whisper in."""
    home(w, "alice")
    w.alice.clicks("Claim", on="home", nth=0)
    w.settle()
    assert "Only the managers" in modal(w.alice).text


def test_many_requests_fit(worlds: Worlds) -> None:
    """Slack shows a hundred blocks; of each list the most urgent are shown, and how many more there are."""
    w = worlds(policy=policy())
    for ticket in range(1, 13):
        asks(w, w.alice, f"{ticket} Again")
    shown = home(w, "maria")
    assert "Unclaimed (12)" in shown
    assert "… and 8 more" in shown
