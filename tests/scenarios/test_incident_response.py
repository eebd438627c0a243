"""What counts as a response, and what does not."""

from datetime import UTC, datetime, timedelta

import pytest

from sandbox.driver.observations import Shown
from storage.cases import insert_case
from storage.tables import CaseRow
from tests.scenarios import incident
from tests.scenarios.conftest import Worlds
from tests.scenarios.incident import CHANNEL
from tests.world import MONDAY, World
from workflows.incident.model import KIND, IncidentCase, IncidentState


def asked_and_started(w: World) -> Shown:
    """Alice's message in the channel, its clock running."""
    message = incident.says(w, w.alice)
    incident.does(w, w.alice, "Confirm Zendesk triggers", incident.card(w, message))
    return message


def test_an_answer_of_a_responder_stops_the_clock(w: World) -> None:
    """Nobody is paged; the card says who answered, and how long before."""
    message = asked_and_started(w)
    w.advance(minutes=9)
    incident.answers(w, w.omar, message)
    assert "@omar responded Mar 2, 2026 at 09:09, 1 minute before a page" in incident.card(w, message).rendered
    w.advance(hours=3)
    assert not incident.pages(w)


def test_im_on_it_stops_the_clock_and_the_reporter_cannot_press_it(w: World) -> None:
    """It is for the responders."""
    message = asked_and_started(w)
    incident.does(w, w.alice, "I'm on it", incident.card(w, message))
    assert "somebody else has to take it on" in incident.whispers(w.alice)[-1]
    incident.does(w, w.omar, "I'm on it", incident.card(w, message))
    assert "On it: @omar" in incident.card(w, message).rendered
    w.advance(hours=3)
    assert not incident.pages(w)


def test_im_on_it_of_somebody_else_is_thanked_and_offers_to_ping_the_responders(w: World) -> None:
    """The clock runs on: nobody who can mend it has seen it."""
    message = asked_and_started(w)
    incident.does(w, w.pia, "I'm on it", incident.card(w, message))
    whisper = next(one for one in reversed(w.pia.sees(CHANNEL)) if one.ephemeral)
    assert "Thank you for helping! Only somebody of support-ops stops the timer" in whisper.rendered
    incident.does(w, w.pia, "Ping the responders", whisper)
    (call,) = incident.ping_rounds(w, "asks you to look at INC-1", message)
    assert "@support-ops" in call.mentions
    w.advance(minutes=10)
    assert len(incident.pages(w)) == 1
    incident.does(w, w.pia, "I'm on it", incident.card(w, message))
    assert incident.pages(w)[0]["status"] == "triggered"


def test_whoever_leads_responds_too(worlds: Worlds) -> None:
    """Maria is not in the group."""
    w = worlds(policy={"incident": {"leads": ["maria@example.com"]}})
    message = asked_and_started(w)
    incident.answers(w, w.maria, message)
    assert "@maria responded" in incident.card(w, message).rendered


def test_dont_page_by_the_reporter_keeps_the_ping_of_the_responders(w: World) -> None:
    """None of them has seen it yet; by one of them, nobody is pinged any more."""
    message = asked_and_started(w)
    incident.does(w, w.alice, "Don't page", incident.card(w, message))
    assert "I still ping the responders Mar 2, 2026 at 09:05" in incident.card(w, message).rendered
    w.advance(minutes=5)
    (half,) = incident.ping_rounds(w, "half of the time is over", message)
    assert half.mentions == ["@support-ops", "@alice"]
    assert "@alice said not to page: please have a look" in half.rendered
    assert "I still ping" not in incident.card(w, message).rendered
    w.advance(hours=2)
    assert not incident.pages(w)
    second = incident.says(w, w.alice)
    incident.does(w, w.omar, "Don't page", incident.card(w, second))
    w.advance(hours=2)
    assert not incident.ping_rounds(w, "half of the time is over", second)


def test_an_incident_nobody_resolves_is_asked_about_once_a_business_day(worlds: Worlds) -> None:
    """On Friday, on Monday, until somebody resolves it; the weekend stands still."""
    w = worlds(at=datetime(2026, 3, 5, 9, 0, tzinfo=UTC))  # a Thursday
    message = asked_and_started(w)
    incident.answers(w, w.omar, message)
    w.advance(days=1, minutes=1)
    (asked,) = incident.ping_rounds(w, "Still on it?", message)
    assert asked.mentions == ["@omar"]
    incident.does(w, w.omar, "I'm still on it", asked)
    assert "@omar is still on it" in incident.ping_rounds(w, "Still on it?", message)[0].rendered
    w.advance(days=2, hours=20)
    assert len(incident.ping_rounds(w, "Still on it?", message)) == 1
    w.advance(hours=5)
    assert len(incident.ping_rounds(w, "Still on it?", message)) == 2
    incident.resolves(w, w.omar, incident.ping_rounds(w, "Still on it?", message)[1])
    w.advance(days=7)
    assert len(incident.ping_rounds(w, "Still on it?", message)) == 2


def test_what_is_no_response_does_not_stop_the_clock(w: World) -> None:
    """A stranger to the group, a bot, an emoji, the reporter's own follow-ups, edits, and who joins."""
    message = asked_and_started(w)
    w.pia.reacts(message, "eyes")
    incident.answers(w, w.alice, message, "Anybody?")
    followed = incident.answers(w, w.alice, message, "Hello?")
    w.alice.edits(followed, "Hello??")
    incident.answers(w, w.pia, message, "Same here")
    w.omar.reacts(message, "eyes")
    w.slack.adds_person("zoe", channels=("support-operations",))
    incident.delivered(w)
    assert "I wait for a response" in incident.card(w, message).rendered
    w.advance(minutes=10)
    assert len(incident.pages(w)) == 1


def test_an_edit_by_a_responder_is_no_response(w: World) -> None:
    """Only a new message is: this one was written before the incident."""
    earlier = w.omar.says("Good morning", CHANNEL)
    incident.delivered(w)
    incident.does(w, w.omar, "Not an incident", incident.card(w, earlier))
    message = asked_and_started(w)
    w.omar.edits(earlier, "Good morning, what is it?")
    incident.delivered(w)
    w.advance(minutes=10)
    assert len(incident.pages(w)) == 1
    assert len(incident.ping_rounds(w, "Please stay available", message)) == 1


def test_a_deleted_response_does_not_restart_the_clock(w: World) -> None:
    """It was one when it was written."""
    message = asked_and_started(w)
    answer = incident.answers(w, w.omar, message)
    w.omar.deletes(answer)
    incident.delivered(w)
    w.advance(hours=1)
    assert not incident.pages(w)


@pytest.mark.parametrize("first", ["answer", "timer"])
def test_answered_in_the_second_the_timer_fires(w: World, first: str) -> None:
    """Either order is right; a page and an answer together are always explained."""
    message = asked_and_started(w)
    w.advance(minutes=9, seconds=59)
    if first == "answer":
        incident.answers(w, w.omar, message)
        w.advance(seconds=1)
        assert not incident.pages(w)
        assert "nobody is paged" in incident.card(w, message).rendered
        return
    w.omar.says("Looking into it", CHANNEL, thread=message)  # written at 09:09:59; the timer is first
    w.clock.at += w.next_due() - w.clock.at  # type: ignore[operator]  # the clock runs
    w.desk.engine.fire_due(w.clock.now())
    incident.delivered(w)
    shown = incident.card(w, message).rendered
    answered = not incident.pages(w)
    assert ("nobody is paged" in shown) == answered
    assert answered or "@omar answered" in shown


def test_an_empty_group_lets_anybody_but_the_reporter_answer(worlds: Worlds) -> None:
    """And the card says so."""
    w = worlds()
    w.sandbox.app.workspace.usergroups["S0SUPPORTOPS"].users.clear()
    message = asked_and_started(w)
    assert "the group support-ops is empty" in incident.card(w, message).rendered
    incident.answers(w, w.alice, message)
    assert "I wait for a response" in incident.card(w, message).rendered
    incident.answers(w, w.pia, message)
    assert "@pia responded" in incident.card(w, message).rendered


def test_a_group_that_does_not_exist_lets_anybody_but_the_reporter_answer(worlds: Worlds) -> None:
    """The card says that it cannot be read."""
    w = worlds(policy={"incident": {"responders": "no-such-group"}})
    message = asked_and_started(w)
    assert "I cannot read the group no-such-group" in incident.card(w, message).rendered
    incident.answers(w, w.pia, message)
    assert "@pia responded" in incident.card(w, message).rendered


def test_without_a_group_anybody_but_the_reporter_answers(worlds: Worlds) -> None:
    """The policy can leave it out."""
    w = worlds(policy={"incident": {"responders": None}})
    message = asked_and_started(w)
    incident.answers(w, w.pia, message)
    assert "@pia responded" in incident.card(w, message).rendered


def test_a_guest_is_no_responder_where_anybody_is(worlds: Worlds) -> None:
    """Guests and people of other organisations answer for nobody."""
    w = worlds(policy={"incident": {"responders": None}})
    message = asked_and_started(w)
    w.slack.invites("gus", to="support-operations")
    incident.answers(w, w.gus, message)
    assert "I wait for a response" in incident.card(w, message).rendered


def test_somebody_who_joined_the_group_meanwhile_is_a_responder(w: World) -> None:
    """The group is read again before an answer counts for nothing."""
    message = asked_and_started(w)
    w.sandbox.app.workspace.usergroups["S0SUPPORTOPS"].users.append("U0PIA")
    w.advance(minutes=6)  # what is known of the group is five minutes old at most
    incident.answers(w, w.pia, message)
    assert "@pia responded" in incident.card(w, message).rendered


def test_two_incidents_in_one_thread_are_both_answered_by_a_message(w: World) -> None:
    """A message answers all that is talked about there; I'm on it takes on just its own."""
    message = asked_and_started(w)
    reply = incident.answers(w, w.alice, message, "And the macros are gone, too")
    w.alice.uses_shortcut("Start incident timer", on=reply)
    w.alice.fills({incident.SYSTEMS: ["SLA policies"], incident.IMPACT: "All"})
    w.alice.submits()
    w.settle()
    second = incident.ping_rounds(w, "INC-2", message)[0]
    incident.does(w, w.omar, "I'm on it", second)
    assert "I wait for a response" in incident.card(w, message).rendered
    incident.picks(w, w.alice, "Set the clock again", incident.ping_rounds(w, "INC-2", message)[0])
    incident.answers(w, w.omar, message)
    for name in ("INC-1", "INC-2"):
        assert "@omar responded" in incident.ping_rounds(w, name, message)[0].rendered
    w.advance(hours=3)
    assert not incident.pages(w)


def test_two_unanswered_incidents_in_one_thread_page_each_once(w: World) -> None:
    """Each under its own key."""
    message = asked_and_started(w)
    reply = incident.answers(w, w.alice, message, "And SLAs are wrong")
    w.alice.uses_shortcut("Start incident timer", on=reply)
    w.alice.fills({incident.SYSTEMS: ["SLA policies"], incident.IMPACT: "All"})
    w.alice.submits()
    w.settle()
    w.advance(minutes=30)
    first, second = incident.pages(w)
    assert first["incident_key"] != second["incident_key"]


def test_an_answer_after_the_page_does_not_call_it_back(w: World) -> None:
    """The card says so, and that somebody has to acknowledge it."""
    message = asked_and_started(w)
    w.advance(minutes=12)
    incident.answers(w, w.omar, message)
    shown = incident.card(w, message).rendered
    assert "@omar answered Mar 2, 2026 at 09:12, after that. The page stays until somebody acknowledges it" in shown
    assert incident.pages(w)[0]["status"] == "triggered"


def test_an_answer_before_the_system_is_picked_counts(w: World) -> None:
    """The wait is the message's: whoever answers it has responded."""
    message = incident.says(w, w.alice, "Something is odd")
    incident.answers(w, w.omar, message)
    assert "@omar responded" in incident.card(w, message).rendered
    w.advance(hours=1)
    assert not incident.pages(w)


def test_an_answer_is_heard_however_many_incidents_are_answered_already(w: World) -> None:
    """A reply finds its incident by its thread, not among the oldest so many."""
    answered = [
        IncidentCase(id=f"INC-{number}", state=IncidentState.ANSWERED, opened_at=MONDAY - timedelta(days=number))
        for number in range(1000, 1700)
    ]
    with w.desk.database.transaction() as connection:
        for case in answered:
            row = CaseRow(
                id=case.id,
                kind=KIND,
                state=case.state,
                created_at=case.opened_at,
                updated_at=MONDAY,
                data=case.model_dump(mode="json"),
            )
            insert_case(connection, row.model_dump())
    message = asked_and_started(w)
    incident.answers(w, w.omar, message)
    assert "@omar responded" in incident.card(w, message).rendered
