"""The message is edited or deleted, the card is deleted, the channel cannot be written to."""

from tests.scenarios import incident
from tests.scenarios.conftest import Worlds
from tests.world import World


def test_an_edited_message_is_what_is_read_by_who_is_paged(w: World) -> None:
    """The clock is what it was: the edit names the same system."""
    message = incident.says(w, w.alice)
    incident.does(w, w.alice, "Confirm Zendesk triggers", incident.card(w, message))
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


def test_an_edited_message_is_read_again_from_the_original_time(w: World) -> None:
    """It was a wrong report, and is an outage: the wait is that of an outage, from when it was written."""
    message = incident.says(w, w.alice, "Explore report wrong")
    assert "Administrative" in incident.card(w, message).rendered
    w.advance(minutes=4)
    w.alice.edits(message, "Zendesk is down completely")
    incident.delivered(w)
    assert "INC-1 · Zendesk (as a whole) · Mission Critical" in incident.card(w, message).rendered
    assert "until Mar 2, 2026 at 09:10" in incident.card(w, message).rendered
    w.alice.edits(message, "It is down completely, see the screenshot")  # names none: takes nothing back
    incident.delivered(w)
    w.advance(minutes=6)
    assert len(incident.pages(w)) == 1


def test_edited_when_its_new_wait_is_over_already_it_pages_at_once(w: World) -> None:
    """The clock counts from the original time."""
    message = incident.says(w, w.alice, "Explore report wrong")
    w.advance(minutes=12)
    w.alice.edits(message, "Zendesk is down completely")
    incident.delivered(w)
    assert len(incident.pages(w)) == 1


def test_after_a_person_set_the_clock_an_edit_is_offered(w: World) -> None:
    """Nothing moves until somebody presses the button; then it counts from the original time, too."""
    message = incident.says(w, w.alice, "Explore report wrong")
    incident.does(w, w.alice, "Confirm Reports and dashboards", incident.card(w, message))
    w.advance(minutes=4)
    w.alice.edits(message, "Zendesk is down completely")
    incident.delivered(w)
    shown = incident.card(w, message)
    assert "Administrative" in shown.rendered
    assert "The message was edited and now names Zendesk (as a whole) (Mission Critical)" in shown.rendered
    incident.does(w, w.alice, "Switch to Zendesk (as a whole)", shown)
    assert "until Mar 2, 2026 at 09:10" in incident.card(w, message).rendered
    assert "was edited and now names" not in incident.card(w, message).rendered


def test_small_talk_that_becomes_a_report_by_an_edit_waits_from_the_edit(w: World) -> None:
    """Nobody could read of it before."""
    message = incident.says(w, w.alice, "Good morning!")
    w.advance(hours=2)
    w.alice.edits(message, "Zendesk is down completely")
    incident.delivered(w)
    assert "until Mar 2, 2026 at 11:10" in incident.card(w, message).rendered


def test_a_deleted_question_is_over(w: World) -> None:
    """It was no report, and nobody is asked any more."""
    message = incident.says(w, w.alice, "How do I rename a view?")
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
    incident.does(w, w.alice, "Confirm Zendesk triggers", incident.card(w, message))
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
    assert incident.card(w).ts != first.ts  # at once
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
    assert any("Something needs an admin" in message.rendered for message in w.omar.dm())
    w.advance(minutes=10)
    assert len(incident.pages(w)) == 1


def test_when_the_channel_can_be_written_to_again_the_incident_comes_back(w: World) -> None:
    """The card and the pings go on in the channel, in the thread of the message; the DM says where."""
    message = incident.says(w, w.alice, "SLAs are wrong")
    w.slack.kicks("desk", from_="support-operations")
    incident.does(w, w.alice, "Confirm SLA policies", incident.card(w, message))
    w.advance(minutes=10)
    assert "INC-1" in w.alice.dm()[-1].rendered
    w.slack.invites("desk", to="support-operations")
    w.advance(minutes=6)
    assert "INC-1 goes on in #support-operations, where I can write again" in w.alice.dm()[-1].rendered
    assert w.desk.engine.cases.read("INC-1").channel_trouble is None
    before = len(w.alice.dm())
    w.advance(minutes=14)
    assert len(incident.pages(w)) == 1
    assert incident.ping_rounds(w, "Please stay available", message)
    assert len(w.alice.dm()) == before


def test_an_incident_without_a_message_comes_back_with_a_card_of_its_own(w: World) -> None:
    """It was reported by the form while the desk was not in the channel."""
    w.slack.kicks("desk", from_="support-operations")
    incident.reports(w, w.alice)
    w.advance(minutes=4)
    w.slack.invites("desk", to="support-operations")
    w.advance(minutes=2)
    shown = incident.card(w)
    assert "INC-1" in shown.rendered
    incident.answers(w, w.omar, shown)
    assert "@omar responded" in incident.card(w).rendered
