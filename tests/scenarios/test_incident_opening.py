"""How an incident begins: a message in the channel, `/incident`, the message shortcut; and what is none."""

from tests.scenarios import incident
from tests.scenarios.conftest import Worlds
from tests.scenarios.incident import BROKEN, CHANNEL, PICK
from tests.world import World


def test_a_message_in_the_channel_is_asked_about_in_its_thread(w: World) -> None:
    """Is something broken? No clock runs until somebody picks the system, or says that it is no incident."""
    message = incident.says(w, w.alice, "Something is odd")
    asked = incident.card(w, message)
    assert "Is something broken? Pick the system." in asked.rendered
    assert "No clock runs yet" in asked.rendered
    assert asked.buttons == ["Describe it", "Not an incident"]
    w.advance(minutes=9)
    assert not incident.pages(w)


def test_the_clock_counts_from_the_message_when_the_system_is_picked(w: World) -> None:
    """Four minutes were lost before: six are left."""
    message = incident.says(w, w.alice, "Something is odd")
    w.advance(minutes=4)
    w.alice.chooses(PICK, "Zendesk triggers", on=incident.card(w, message))
    w.settle()
    assert "until Mar 2, 2026 at 09:10" in incident.card(w, message).rendered
    assert "Reported by @alice" in incident.card(w, message).rendered
    w.advance(minutes=6)
    assert incident.pages(w)[0]["title"].endswith("Something is odd")
    assert incident.ping_rounds(w, "Please stay available", message)


def test_a_system_named_in_the_message_is_offered_with_one_button(w: World) -> None:
    """Read by its aliases, in capitals or not; nothing starts by itself."""
    message = incident.says(w, w.alice, "TRIGGERS do not fire")
    asked = incident.card(w, message)
    assert "I read: Zendesk triggers. That is Mission Critical: I wait 10 minutes" in asked.rendered
    incident.does(w, w.alice, "Start the clock", asked)
    assert "Mission Critical" in incident.card(w, message).rendered


def test_a_message_that_is_no_incident_is_left_alone(w: World) -> None:
    """And can be one after all."""
    message = incident.says(w, w.alice, "Thank you all!")
    incident.does(w, w.alice, "Not an incident", incident.card(w, message))
    assert "@alice said Mar 2, 2026 at 09:00 that this is no incident" in incident.card(w, message).rendered
    w.advance(days=2)
    assert not incident.pages(w)
    incident.does(w, w.alice, "It is one after all", incident.card(w, message))
    assert "Pick the system" in incident.card(w, message).rendered


def test_picked_after_the_time_is_over_it_pages_at_once(w: World) -> None:
    """Nobody has responded to the message for longer than its system allows."""
    message = incident.says(w, w.alice, "Something is odd")
    w.advance(minutes=15)
    w.alice.chooses(PICK, "Zendesk triggers", on=incident.card(w, message))
    w.settle()
    assert len(incident.pages(w)) == 1
    assert "The wait was over when somebody picked the system" in incident.card(w, message).rendered


def test_nobody_picks_a_system_reminds_once_and_then_takes_it_as_none(w: World) -> None:
    """The reporter is mentioned; after a day it is over."""
    message = incident.says(w, w.alice, "Something is odd")
    w.advance(minutes=10)
    (reminder,) = incident.ping_rounds(w, "Nobody has picked a system yet", message)
    assert reminder.mentions == ["@alice"]
    w.advance(hours=25)
    assert len(incident.ping_rounds(w, "Nobody has picked a system yet", message)) == 1
    assert "I took this as no incident" in incident.card(w, message).rendered


def test_a_question_somebody_answers_is_not_reminded(w: World) -> None:
    """Somebody is talking about it: nothing is lost."""
    message = incident.says(w, w.alice, "How do I rename a view?")
    incident.answers(w, w.omar, message)
    assert "@omar answered" in incident.card(w, message).rendered
    w.advance(hours=2)
    assert not incident.ping_rounds(w, "Nobody has picked a system yet", message)
    w.alice.chooses(PICK, "Zendesk views", on=incident.card(w, message))
    w.settle()
    assert "@omar responded" in incident.card(w, message).rendered
    w.advance(days=3)
    assert not incident.pages(w)


def test_a_system_that_is_not_in_the_sheet_counts_as_the_level_that_pages_soonest(w: World) -> None:
    """And the card asks how critical it is."""
    message = incident.says(w, w.alice, "The frobnicator is gone")
    w.alice.chooses(PICK, "Another system, or I am not sure", on=incident.card(w, message))
    w.settle()
    shown = incident.card(w, message)
    assert "Not in the sheet: it counts as Mission Critical until somebody says how critical it is" in shown.rendered
    incident.changes(w, w.alice, shown, "Administrative")
    assert "Not in the sheet" not in incident.card(w, message).rendered
    w.advance(hours=1)
    assert not incident.pages(w)


def test_the_form_takes_the_name_of_another_system(w: World) -> None:
    """A name of the sheet is known by it; one of the two has to be told."""
    w.alice.runs("/incident It is odd", in_="#support")
    w.alice.fills({incident.IMPACT: "Nobody knows"})
    w.alice.submits()
    assert w.alice.modal is not None
    assert "Please choose a system" in w.alice.modal.errors[incident.SYSTEMS]
    w.alice.fills({incident.OTHER: "frobnicator"})
    w.alice.submits()
    w.settle()
    assert "INC-1 · frobnicator · Mission Critical" in incident.card(w).rendered
    incident.reports(w, w.alice, what="It is odd, too", other="macros")
    assert "INC-2 · Zendesk macros · Business Operational" in incident.card(w).rendered


def test_the_form_says_what_is_missing_and_keeps_what_was_typed(w: World) -> None:
    """The impact is asked for."""
    w.alice.runs(f"/incident {BROKEN}", in_="#support")
    w.alice.submits()
    assert w.alice.modal is not None
    assert incident.IMPACT in w.alice.modal.errors or w.alice.modal.trouble
    assert w.alice.modal.values[incident.WHAT] == BROKEN


def test_the_shortcut_starts_the_timer_on_a_message(w: World) -> None:
    """In the thread of the message; the one who wrote it is the reporter, the other one started the clock."""
    message = incident.says(w, w.alice, "Something is odd")
    w.adam.uses_shortcut("Start incident timer", on=message)
    w.adam.fills({incident.SYSTEMS: ["Zendesk triggers"], incident.IMPACT: "All"})
    w.adam.submits()
    w.settle()
    assert "Reported by @alice" in incident.card(w, message).rendered
    w.adam.uses_shortcut("Start incident timer", on=message)
    assert "INC-1 is open for this message already" in incident.whispers(w.adam)[-1]


def test_the_shortcut_in_another_channel_reports_in_the_channel_of_incidents(w: World) -> None:
    """With a link to the message."""
    message = w.alice.says("Triggers do not fire", "#support")
    w.adam.uses_shortcut("Start incident timer", on=message)
    w.adam.fills({incident.IMPACT: "All"})
    w.adam.submits()
    w.settle()
    shown = incident.card(w)
    assert shown.channel_name == CHANNEL.removeprefix("#")
    assert "Reported by @alice" in shown.rendered
    assert message.ts.replace(".", "") in str(shown.blocks)


def test_a_message_by_an_integration_has_no_reporter(w: World) -> None:
    """Whoever knows more says so; anybody's answer may count."""
    message = incident.says(w, w.slack.integration(), "ALERT: ticket e-mail is delayed")
    asked = incident.card(w, message)
    incident.does(w, w.adam, "Start the clock", asked)
    assert "Reported by an integration" in incident.card(w, message).rendered
    w.advance(minutes=10)
    (notice,) = incident.ping_rounds(w, "An integration reported this: who knows more", message)
    incident.does(w, w.adam, "I'm here", notice)
    assert incident.ping_rounds(w, "@adam is here", message)
    incident.does(w, w.omar, "I'm on it", incident.card(w, message))
    assert incident.pages(w)[0]["status"] == "acknowledged"


def test_integrations_can_be_left_out(worlds: Worlds) -> None:
    """By the policy."""
    w = worlds(policy={"incident": {"question": {"integrations": False}}})
    message = incident.says(w, w.slack.integration(), "ALERT: ticket e-mail is delayed")
    assert len(incident.thread(w, message)) == 1


def test_other_channels_and_the_bots_own_messages_are_not_asked_about(w: World) -> None:
    """Nor is what somebody does besides talking."""
    message = w.alice.says(BROKEN, "#support")
    incident.delivered(w)
    assert len(w.alice.sees_thread(message)) == 1
    incident.reports(w, w.alice)
    assert len(incident.thread(w)) == 1


def test_a_guest_starts_nothing(w: World) -> None:
    """Neither with the command nor with a message; what they typed comes back."""
    reply = w.gus.runs(f"/incident {BROKEN}", in_="#support")
    assert "Only full members" in reply.text
    assert BROKEN in reply.text
    w.slack.invites("gus", to="support-operations")
    message = incident.says(w, w.gus)
    assert len(incident.thread(w, message)) == 1


def test_list_and_home_show_what_is_open(w: World) -> None:
    """And nothing that is over."""
    assert "No incident is open" in w.alice.runs("/incident list", in_="#support").text
    incident.reports(w, w.alice)
    incident.reports(w, w.adam, what="The macros are gone", systems=["Zendesk macros"])
    listed = w.maria.runs("/incident list", in_="#support").rendered
    assert "Open incidents: 2" in listed
    assert "INC-1 Zendesk triggers (Mission Critical): Triggers do not fire" in listed
    w.adam.opens_home()
    w.slack.settle()
    assert w.adam.home is not None
    assert w.adam.home.text.index("INC-2") < w.adam.home.text.index("INC-1")  # one's own first
    incident.resolves(w, w.adam, incident.card(w))
    assert "INC-2" not in w.maria.runs("/incident list", in_="#support").rendered


def test_help_says_how_long_is_waited(w: World) -> None:
    """From the policy."""
    text = w.alice.runs("/incident help", in_="#support").rendered
    assert "Mission Critical: 10 minutes, day and night" in text
    assert "Administrative: 24 hours, in support hours" in text


def test_twice_delivered_it_is_asked_about_once(w: World) -> None:
    """Slack may deliver a message again."""
    w.slack.faults.deliver_twice(times=4)
    message = incident.says(w, w.alice)
    assert len(incident.thread(w, message)) == 2


def test_what_was_typed_after_the_command_is_in_the_form_as_it_was(w: World) -> None:
    """Slack escapes three characters on the way; people see what they typed."""
    w.alice.runs("/incident a < b & c > d", in_="#support")
    modal = w.alice.modal
    assert modal is not None
    assert "a < b & c > d" in modal.values.values()
