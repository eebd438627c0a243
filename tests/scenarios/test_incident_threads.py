"""The message is edited or deleted, the card is deleted, the channel cannot be written to."""

from tests.scenarios import incident
from tests.scenarios.conftest import Worlds
from tests.world import World


def test_an_edited_message_is_what_is_read_by_who_is_paged(w: World) -> None:
    """The clock is what it was."""
    message = incident.says(w, w.alice)
    incident.does(w, w.alice, "Start the clock", incident.card(w, message))
    w.advance(minutes=5)
    w.alice.edits(message, "Triggers do not fire since 09:00")
    incident.delivered(w)
    w.advance(minutes=5)
    assert incident.pages(w)[0]["title"].endswith("Triggers do not fire since 09:00")


def test_an_edited_message_does_not_replace_what_was_described(w: World) -> None:
    """The form is the better description."""
    message = incident.says(w, w.alice)
    w.alice.clicks("Describe it", on=incident.card(w, message))
    w.alice.fills({incident.WHAT: "No trigger fires", incident.IMPACT: "All"})
    w.alice.submits()
    w.settle()
    w.alice.edits(message, "nvm, see below")
    incident.delivered(w)
    w.advance(minutes=10)
    assert incident.pages(w)[0]["title"].endswith("No trigger fires")


def test_a_deleted_question_is_over(w: World) -> None:
    """Nobody is asked any more."""
    message = incident.says(w, w.alice)
    shown = incident.card(w, message)
    w.alice.deletes(message)
    incident.delivered(w)
    w.advance(days=2)
    assert not incident.pages(w)
    (case,) = [case for case in [w.desk.engine.cases.read("INC-1")] if case]
    assert case.state == "dismissed"
    assert shown.buttons


def test_a_deleted_message_does_not_stop_the_clock(w: World) -> None:
    """It goes on in a thread of its own, which says so; an answer there counts."""
    message = incident.says(w, w.alice)
    incident.does(w, w.alice, "Start the clock", incident.card(w, message))
    w.alice.deletes(message)
    incident.delivered(w)
    moved = incident.top(w)
    assert moved.ts != message.ts
    assert "the message was deleted, and this goes on all the same" in moved.rendered
    assert incident.BROKEN in moved.rendered
    w.advance(minutes=5)
    assert incident.ping_rounds(w, "half of the time is over", moved)
    incident.answers(w, w.omar, moved)
    assert "@omar responded" in incident.card(w, moved).rendered
    w.advance(hours=1)
    assert not incident.pages(w)


def test_a_deleted_card_is_posted_again(w: World) -> None:
    """And its new thread is where an answer counts."""
    incident.reports(w, w.alice)
    first = incident.card(w)
    w.maria.deletes(first, as_admin=True)
    incident.delivered(w)
    w.advance(minutes=5)
    again = incident.card(w)
    assert again.ts != first.ts
    assert len(incident.ping_rounds(w, "half of the time is over")) == 1
    incident.answers(w, w.omar, again)
    assert "@omar responded" in incident.card(w).rendered


def test_a_channel_that_cannot_be_written_to_leaves_the_card_to_the_reporter(worlds: Worlds) -> None:
    """They are told how to invite the bot, the admins once; and the page goes out all the same."""
    w = worlds()
    w.slack.kicks("desk", from_="support-operations")
    incident.reports(w, w.alice)
    shown = w.alice.dm()[-1]
    assert "INC-1" in shown.rendered
    assert "/invite" in shown.rendered
    assert any("Something is set up wrongly" in message.rendered for message in w.omar.dm())
    w.advance(minutes=10)
    assert len(incident.pages(w)) == 1
