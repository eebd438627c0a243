"""Messages that may be requests: they are asked about in their thread, and the answer opens or drops them."""

import pytest

from sandbox.driver.observations import Shown
from tests.scenarios.conftest import Worlds
from tests.scenarios.contact import CHANNEL, asks, card, cards, clicks, policy
from tests.world import World

WISH = "The customer of ACME wants to be contacted"
MAYBE = "The customer of ticket 123456 mentioned a manager"


@pytest.fixture
def w(worlds: Worlds) -> World:
    """A world where Maria is the manager on duty."""
    return worlds(policy=policy())


def requests(w: World) -> list[Shown]:
    """The cards of the desk in the channel."""
    return [one for one in cards(w) if "Manager contact" in one.rendered]


def answers(w: World, message: Shown) -> list[Shown]:
    """What the desk said in the thread of a message."""
    return [one for one in w.marco.sees_thread(message)[1:] if one.user == "desk"]


def state(w: World, case: str = "MC-1") -> str:
    """Where a case stands."""
    return str(w.desk.engine.cases.read(case).state)


@pytest.mark.parametrize("reply", ["It's 123456", "https://gitlab.zendesk.com/agent/tickets/123456"])
def test_a_request_without_a_ticket_is_asked_for_it(w: World, reply: str) -> None:
    """Asked in the thread; the number in a reply opens it, and its clock counts from the message."""
    message = w.alice.says(WISH, in_=CHANNEL)
    w.settle()
    (asked,) = answers(w, message)
    assert "Which ticket is it? Reply here with its number, or edit your message." in asked.rendered
    assert asked.buttons == ["Open a request", "Not a request"]
    assert requests(w) == []
    w.advance(minutes=20)
    w.adam.says(reply, in_=CHANNEL, thread=message)
    w.settle()
    (shown,) = requests(w)
    assert "ticket #123456" in shown.rendered
    assert "48 h Mon-Fri from Mon 09:00 UTC" in shown.rendered
    done, taken = answers(w, message)
    assert "This is MC-1 now: ticket #123456" in done.rendered
    assert done.buttons == []
    assert "Taken up as MC-1" in taken.rendered


def test_the_number_is_taken_from_an_edit(w: World) -> None:
    """Also where another one stood in the text before."""
    message = w.alice.says(f"{WISH}, they wrote on 2026", in_=CHANNEL)
    w.settle()
    w.alice.edits(message, f"{WISH}, they wrote on 2026: ticket 123456")
    w.settle()
    (shown,) = requests(w)
    assert "ticket #123456" in shown.rendered


def test_nobody_names_it_and_it_is_opened_all_the_same(w: World) -> None:
    """After a business hour, without the number, which a reply brings later still; nothing is forgotten."""
    message = w.alice.says(WISH, in_=CHANNEL)
    w.advance(minutes=59)
    assert requests(w) == []
    w.restart()
    w.advance(minutes=2)
    assert "a ticket nobody has named yet" in requests(w)[0].rendered
    w.alice.says("#123456 and #123457", in_=CHANNEL, thread=message)
    w.settle()
    assert "Please reply with the one ticket" in answers(w, message)[-1].rendered
    w.alice.says("123456", in_=CHANNEL, thread=message)
    w.settle()
    assert "ticket #123456" in requests(w)[0].rendered
    assert "MC-1 is about ticket #123456" in answers(w, message)[-1].rendered


def test_a_reply_in_the_cards_own_thread_will_do(w: World) -> None:
    """And one that names a ticket that has a request already is answered."""
    asks(w, w.alice)
    w.slack.integration("feedback-form").says("A customer wants contact", in_=CHANNEL)
    w.settle()
    second = requests(w)[-1]
    w.adam.says("123456", in_=CHANNEL, thread=second)
    w.settle()
    assert "MC-1 is open for ticket 123456 already" in answers(w, second)[-1].rendered
    w.adam.says("123457", in_=CHANNEL, thread=second)
    w.settle()
    assert "ticket #123457" in requests(w)[-1].rendered


def test_where_it_cannot_be_told_two_buttons_ask(w: World) -> None:
    """One opens a request, the other says there is none, and can be taken back."""
    message = w.alice.says(MAYBE, in_=CHANNEL)
    w.settle()
    (asked,) = answers(w, message)
    assert "Does the customer of ticket #123456" in asked.rendered
    w.maria.opens_home()
    w.slack.settle()
    assert w.maria.home is not None
    assert "1 message waits for an answer" in w.maria.home.text
    assert "want to hear from a manager?" in asked.rendered
    clicks(w, w.adam, "Not a request", on=asked)
    (asked,) = answers(w, message)
    assert "@adam said that this is no request" in asked.rendered
    assert asked.buttons == ["Open a request"]
    assert requests(w) == []
    clicks(w, w.alice, "Open a request", on=asked)
    assert "of @alice" in card(w).rendered
    assert answers(w, message)[0].buttons == []


def test_a_question_about_a_ticket_that_has_a_request_adds_to_it(w: World) -> None:
    """One request a ticket: the answer is one more source of it."""
    asks(w, w.adam)
    message = w.alice.says(MAYBE, in_=CHANNEL)
    w.settle()
    clicks(w, w.alice, "Open a request", on=answers(w, message)[0])
    assert "Added to MC-1" in answers(w, message)[0].rendered
    (shown,) = requests(w)
    assert "of @alice" in shown.rendered
    assert state(w, "MC-2") == "dismissed"


def test_an_edit_says_what_was_meant(w: World) -> None:
    """Yes opens it, no drops it, another number corrects it; a deleted message is asked about no more."""
    message = w.alice.says(MAYBE, in_=CHANNEL)
    w.settle()
    w.alice.edits(message, "The customer of ticket 123456 does not want contact")
    w.settle()
    assert state(w) == "dismissed"
    other = w.alice.says("Ticket 123457 was escalated", in_=CHANNEL)
    w.settle()
    w.alice.edits(other, "Ticket 123457: contact requested")
    w.settle()
    w.alice.edits(other, "Ticket 123458: contact requested")
    w.settle()
    assert [one.rendered.count("ticket #123458") for one in requests(w)] == [1]
    gone = w.alice.says(WISH, in_=CHANNEL)
    w.settle()
    w.alice.deletes(gone)
    w.settle()
    assert state(w, "MC-3") == "dismissed"


def test_guests_answer_nothing(w: World) -> None:
    """Neither by a button nor by a reply."""
    w.sandbox.app.workspace.place("support_escalations").members.append("U0GUS")
    message = w.alice.says(WISH, in_=CHANNEL)
    w.settle()
    clicks(w, w.gus, "Open a request", on=answers(w, message)[0])
    w.gus.says("123456", in_=CHANNEL, thread=message)
    w.settle()
    assert state(w) == "question"
