"""Slack carries out what the desk has stopped waiting for: in the end one message stands, and shows how things are."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.driver.observations import Shown
from sandbox.driver.people import SandboxPerson
from tests.scenarios import contact
from tests.scenarios.conftest import Worlds
from tests.scenarios.feedback import card, clicks, confirmation, confirms, notices, posted, sends, types
from tests.world import World
from workflows.contract.events import EffectSucceeded
from workflows.contract.process import Case
from workflows.engine.claims import EffectAttempt
from workflows.engine.dispatcher import Dispatcher

AREA = "Which area does FB-1 belong to?"
RUNNER = "Runner and CI/CD (#product-runner)"


def sends_with(w: World, trouble: Callable[..., None], **more: Any) -> None:
    """Send feedback; with the first try of each of its two messages something goes wrong."""
    types(w, w.alice)
    trouble("chat.postMessage", times=2, **more)
    confirms(w, w.alice)


def moves(w: World, on: Shown) -> None:
    """The product manager says that it is not theirs."""
    w.pia.clicks("Not ours", on=on)
    w.pia.fills({AREA: RUNNER})
    w.pia.submits()


def live(who: SandboxPerson, channel: str) -> list[list[str]]:
    """The buttons of each message of the desk in a channel."""
    return [message.buttons for message in posted(who, channel)]


def test_a_post_that_comes_late_stands_once(w: World) -> None:
    """Fourteen seconds late, after the next try has looked for it in vain: half a minute later one is left."""
    sends_with(w, w.slack.faults.late)
    w.advance(seconds=5)
    assert w.slack.faults.release() == 2
    assert (len(posted(w.pia, "#product")), len(w.alice.dm())) == (2, 2)
    w.advance(seconds=40)
    assert (len(posted(w.pia, "#product")), len(w.alice.dm())) == (1, 1)
    clicks(w, w.pia, "Acknowledge", on=card(w))
    assert "Acknowledged by @pia" in card(w).rendered
    assert "Acknowledged by @pia" in confirmation(w.alice).rendered


def test_a_post_that_comes_very_late_stands_once(w: World) -> None:
    """After the first look: there is a second one."""
    sends_with(w, w.slack.faults.late)
    w.advance(minutes=1)
    w.slack.faults.release()
    assert len(posted(w.pia, "#product")) == 2
    w.advance(minutes=2)
    assert (len(posted(w.pia, "#product")), len(w.alice.dm())) == (1, 1)


def test_an_update_that_comes_late_is_put_right(w: World) -> None:
    """An older state of the card is still on its way when the loop is closed: it does not look open for ever."""
    sends(w, w.alice)
    w.slack.faults.late("chat.update", times=2)
    clicks(w, w.alice, "Told the customer", on=confirmation(w.alice))
    w.advance(seconds=5)
    clicks(w, w.pia, "Acknowledge", on=card(w))
    assert card(w).buttons == []
    w.slack.faults.release()
    assert "Acknowledge" in card(w).buttons
    w.advance(minutes=3)
    assert card(w).buttons == []


def test_a_desk_that_wakes_after_its_lease_posts_nothing_that_stays(w: World) -> None:
    """Another one has posted the card meanwhile; the sleeper's own goes half a minute after it woke."""
    types(w, w.alice)
    really = w.desk.dispatcher.execute

    def falls_asleep(case: Case, attempt: EffectAttempt) -> EffectSucceeded:
        if attempt.effect.type == "show_card" and not slept:
            slept.append(attempt.mark)
            w.clock.skip_real(minutes=2)
            Dispatcher(w.desk.engine, really, w.clock, w.policy.delivery).drain()
            w.jump(minutes=5)  # it sleeps longer than anybody looks
        return really(case, attempt)

    slept: list[str] = []
    w.desk.dispatcher.execute = falls_asleep
    confirms(w, w.alice)
    assert slept
    assert len(posted(w.pia, "#product")) + len(w.alice.dm()) == 3
    w.advance(minutes=1)
    assert (len(posted(w.pia, "#product")), len(w.alice.dm())) == (1, 1)


# ------------------------------------------------------------------------ no longer wanted, answer lost


def test_a_card_that_was_moved_before_its_answer_was_known(w: World) -> None:
    """It stands, the desk does not know: *Not ours* moves it all the same, and the old one says where it went."""
    sends_with(w, w.slack.faults.drop)
    moves(w, posted(w.pia, "#product")[0])
    w.advance(minutes=5)
    assert live(w.pia, "#product") == [[]]
    assert live(w.pia, "#product-runner") == [["Acknowledge", "Link issue", "Not ours"]]
    assert len(notices(w.alice, "moved")) == 1
    assert "#product-runner" in confirmation(w.alice).rendered


def test_a_card_that_was_moved_while_it_was_being_posted(w: World) -> None:
    """The answer comes after the move: it must not take the card back."""
    types(w, w.alice)
    really = w.desk.dispatcher.execute

    def moved_meanwhile(case: Case, attempt: EffectAttempt) -> EffectSucceeded:
        done = really(case, attempt)
        if attempt.lane == "slack:#product":
            w.desk.dispatcher.execute = really
            moves(w, posted(w.pia, "#product")[0])
        return done

    w.desk.dispatcher.execute = moved_meanwhile
    confirms(w, w.alice)
    w.advance(minutes=5)
    assert live(w.pia, "#product") == [[]]
    assert live(w.pia, "#product-runner") == [["Acknowledge", "Link issue", "Not ours"]]


def test_a_card_that_lands_after_it_was_moved_goes(w: World) -> None:
    """Nobody saw it stand there: it is taken away again."""
    sends_with(w, w.slack.faults.late)
    case = w.desk.engine.cases.read("FB-1")
    w.slack.faults.late("chat.postMessage", times=1)
    w.advance(seconds=1)
    assert case.messages == {}
    w.slack.faults.clear()
    w.advance(seconds=10)
    moves(w, posted(w.pia, "#product")[0])
    w.settle()
    w.slack.faults.release()
    w.advance(minutes=5)
    assert live(w.pia, "#product") == [[]]
    assert live(w.pia, "#product-runner") == [["Acknowledge", "Link issue", "Not ours"]]


@pytest.mark.parametrize("trouble", ["drop", "late"])
def test_a_private_message_about_a_request_that_is_over_has_no_live_buttons(worlds: Worlds, trouble: str) -> None:
    """Its answer was lost, the customer was contacted before the next try: nobody can claim it any more."""
    w = worlds(policy=contact.policy())
    getattr(w.slack.faults, trouble)("chat.postMessage", times=4)
    contact.asks(w, w.alice)
    w.slack.faults.clear()
    w.advance(seconds=1)
    w.slack.faults.release()
    w.settle()
    request = next(one for one in contact.cards(w))
    w.maria.clicks("Contacted", on=request)
    w.maria.fills({contact.SENT: "Dear customer"})
    w.maria.submits()
    w.advance(minutes=5)
    assert "Claim" not in [button for message in contact.dms(w.maria) for button in message.buttons]
    assert len(contact.cards(w)) == 1
