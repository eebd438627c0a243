"""How an incident begins: a message in the channel, `/incident`, the message shortcut; and what is none."""

from tests.scenarios import incident
from tests.scenarios.conftest import Worlds
from tests.scenarios.incident import BROKEN, CHANNEL, PICK
from tests.world import World
from workflows.incident.events import Reported
from workflows.incident.model import KIND, Report

ODD = "Something is odd"
"""A report that names no system."""


def test_a_message_in_the_channel_starts_the_wait_when_it_is_written(w: World) -> None:
    """The system it names counts, until somebody picks another; the question stays."""
    message = incident.says(w, w.alice, "TRIGGERS do not fire")
    shown = incident.card(w, message)
    assert "INC-1 · Zendesk triggers · Mission Critical" in shown.rendered
    assert "until Mar 2, 2026 at 09:10" in shown.rendered
    assert "Is something broken? Pick the system." in shown.rendered
    assert "I read Zendesk triggers, so Mission Critical counts until somebody picks one" in shown.rendered
    assert {"Confirm Zendesk triggers", "Describe it", "Not an incident", "I'm on it"} <= set(shown.buttons)
    w.advance(minutes=10)
    assert len(incident.pages(w)) == 1


def test_a_message_that_names_no_system_waits_as_the_policy_says_and_then_pages(w: World) -> None:
    """Nobody does anything: the responders are pinged at half time and at the end, then somebody is paged."""
    message = incident.says(w, w.alice, ODD)
    assert "an unknown system · Business Critical" in incident.card(w, message).rendered
    assert "I read no system" in incident.card(w, message).rendered
    w.advance(minutes=15)
    (half,) = incident.ping_rounds(w, "half of the time is over", message)
    assert half.mentions == ["@support-ops"]
    assert "Not an incident" in half.buttons
    w.advance(minutes=14)
    assert not incident.pages(w)
    w.advance(minutes=1)
    (page,) = incident.pages(w)
    assert page["title"].endswith(ODD)
    (ping,) = incident.ping_rounds(w, "nobody has picked its system", message)
    assert ping.mentions == ["@support-ops"]
    w.advance(days=3)
    assert w.desk.engine.cases.read("INC-1").state == "paged"  # no timer ever dismisses it


def test_picking_corrects_the_clock_from_the_original_time(w: World) -> None:
    """Four minutes were lost before: six are left."""
    message = incident.says(w, w.alice, ODD)
    w.advance(minutes=4)
    w.alice.chooses(PICK, "Zendesk triggers", on=incident.card(w, message))
    w.settle()
    assert "until Mar 2, 2026 at 09:10" in incident.card(w, message).rendered
    assert "Reported by @alice" in incident.card(w, message).rendered
    assert "Pick the system" not in incident.card(w, message).rendered
    w.advance(minutes=6)
    assert incident.pages(w)[0]["title"].endswith(ODD)
    assert incident.ping_rounds(w, "Please stay available", message)


def test_picked_later_than_its_system_allows_it_pages_at_once(w: World) -> None:
    """Nobody has responded to the message for longer than that."""
    message = incident.says(w, w.alice, ODD)
    w.advance(minutes=15)
    assert not incident.pages(w)
    w.alice.chooses(PICK, "Zendesk triggers", on=incident.card(w, message))
    w.settle()
    assert len(incident.pages(w)) == 1
    assert "It is Mission Critical now, and was due already" in incident.card(w, message).rendered


def test_picking_a_less_critical_system_waits_longer(w: World) -> None:
    """From the message on: eight hours for a business operational one."""
    message = incident.says(w, w.alice, ODD)
    w.advance(minutes=20)
    w.alice.chooses(PICK, "Zendesk views", on=incident.card(w, message))
    w.settle()
    assert "until Mar 2, 2026 at 17:00" in incident.card(w, message).rendered
    w.advance(hours=7)
    assert not incident.pages(w)


def test_picked_after_the_page_the_page_stays(w: World) -> None:
    """Whoever was paged is not called back; the card names the system."""
    message = incident.says(w, w.alice, ODD)
    w.advance(minutes=30)
    w.alice.chooses(PICK, "Zendesk views", on=incident.card(w, message))
    w.settle()
    assert "INC-1 · Zendesk views" in incident.card(w, message).rendered
    assert len(incident.pages(w)) == 1


def test_small_talk_and_questions_start_no_wait_and_one_click_does(w: World) -> None:
    """The question stands below them all the same; the timer would count from the message."""
    message = incident.says(w, w.alice, "How do I rename a view?")
    asked = incident.card(w, message)
    assert "This looks like a question about how something is done, so no timer is running" in asked.rendered
    w.advance(days=2)
    assert not incident.pages(w)
    assert len(incident.thread(w, message)) == 2
    thanks = incident.says(w, w.alice, "Thank you all! :tada:")
    w.advance(minutes=4)
    w.alice.chooses(PICK, "Zendesk triggers", on=incident.card(w, thanks))
    w.settle()
    assert "until Mar 4, 2026 at 09:10" in incident.card(w, thanks).rendered


def test_what_a_responder_writes_starts_no_wait(w: World) -> None:
    """They answer incidents; one of theirs is one click away."""
    message = incident.says(w, w.omar, "Triggers will be down at noon for maintenance")
    assert "written by a responder" in incident.card(w, message).rendered
    incident.does(w, w.omar, "Start timer for Zendesk triggers", incident.card(w, message))
    w.advance(minutes=10)
    assert len(incident.pages(w)) == 1


def test_the_policy_switches_what_is_no_report(worlds: Worlds) -> None:
    """No question below small talk, which is heard all the same; and an integration that reports nothing."""
    w = worlds(policy={"incident": {"no_report": {"ask": False, "integrations": ["Deploy bot"]}}})
    message = incident.says(w, w.alice, "Thanks!")
    assert len(incident.thread(w, message)) == 1
    w.alice.edits(message, "Zendesk is down")
    incident.delivered(w)
    assert "until Mar 2, 2026 at 09:10" in incident.card(w, message).rendered
    quiet = incident.says(w, w.slack.integration("Deploy bot"), "Deployed; triggers changed")
    assert len(incident.thread(w, quiet)) == 1


def test_not_an_incident_stops_the_wait(w: World) -> None:
    """And it can be one after all: the clock starts anew."""
    message = incident.says(w, w.alice, ODD)
    incident.does(w, w.alice, "Not an incident", incident.card(w, message))
    assert "@alice said Mar 2, 2026 at 09:00 that this is no incident" in incident.card(w, message).rendered
    w.advance(days=2)
    assert not incident.pages(w)
    incident.does(w, w.alice, "It is one after all", incident.card(w, message))
    assert "until Mar 4, 2026 at 09:30" in incident.card(w, message).rendered


def test_without_the_switch_every_message_starts_the_wait(worlds: Worlds) -> None:
    """Thanks, too."""
    w = worlds(policy={"incident": {"no_report": {"enabled": False}}})
    message = incident.says(w, w.alice, "Thanks!")
    assert "I wait for a response" in incident.card(w, message).rendered


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
    incident.does(w, w.adam, "Confirm Ticket e-mail", asked)
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


def test_list_takes_what_one_looks_for(w: World) -> None:
    """Mine, unclaimed, overdue, a person's, a ticket's; and each shows how old it is. Other words are a report."""
    incident.reports(w, w.alice, what="Triggers do not fire on #123456")
    incident.reports(w, w.adam, what="The macros are gone", systems=["Zendesk macros"])
    w.advance(minutes=75)
    incident.does(w, w.omar, "I'm on it", incident.card(w))

    def found(words: str) -> set[str]:
        text = w.adam.runs(f"/incident list {words}", in_="#support").text
        return {name for name in ("INC-1", "INC-2") if name in text}

    assert "open for 1 h 15 min" in w.adam.runs("/incident list", in_="#support").text
    assert found("mine") == {"INC-2"}
    assert found("unclaimed") == {"INC-1"}
    assert found("overdue") == {"INC-1"}
    assert found("@omar") == {"INC-2"}
    assert found("alice@example.com") == {"INC-1"}
    assert found("#123456") == {"INC-1"}
    assert found("mine overdue") == set()
    assert w.adam.modal is None
    w.adam.runs("/incident list view is broken", in_="#support")
    assert w.adam.modal is not None


def test_export_sends_a_table_to_who_may_have_it(w: World) -> None:
    """A row for each incident of the period; small talk is none, and nothing typed becomes a formula."""
    incident.reports(w, w.alice, what="=HYPERLINK(1)", systems=["Zendesk triggers"])
    w.advance(minutes=4)
    incident.answers(w, w.omar, incident.card(w))
    incident.resolves(w, w.omar, incident.card(w))
    incident.says(w, w.alice, "Thanks!")
    assert "Only responders and managers" in w.alice.runs("/incident export", in_="#support").text
    assert "not a period" in w.omar.runs("/incident export fortnight", in_="#support").text
    assert "1 incidents as a table" in w.omar.runs("/incident export 2w", in_="#support").text
    w.settle()
    (file,) = [one for one in w.sandbox.app.workspace.files.values() if one.name.startswith("incidents-")]
    assert file.content is not None
    header, row, *rest = file.content.decode("utf-8-sig").splitlines()
    assert header.startswith("incident,state,reported_at,systems,criticality,what")
    assert row.startswith("INC-1,resolved,2026-03-02 09:00,Zendesk triggers,Mission Critical,'=HYPERLINK(1)")
    assert ",U0OMAR," in row
    assert ",4," in row
    assert rest == []


def test_a_table_that_cannot_be_sent_is_said_so(w: World) -> None:
    """Whoever asked for it does not wait for ever."""
    incident.reports(w, w.alice)
    w.slack.faults.error("files.getUploadURLExternal", "file_uploads_disabled")
    w.omar.runs("/incident export", in_="#support")
    w.settle()
    assert "I couldn't send you the table of incidents" in w.omar.dm()[-1].rendered


def test_a_long_list_has_pages(w: World) -> None:
    """Fifteen to a page, turned by buttons or by number; small talk is none of them."""
    for number in range(31):
        event = Reported("U0ALICE", Report(what=f"No {number}", impact="All"), ("views",))
        w.desk.engine.open(KIND, event, key=f"many:{number}", now=w.clock.now())
    incident.says(w, w.alice, "Thanks!")
    reply = w.adam.runs("/incident list @alice", in_="#support")
    assert reply.message is not None
    assert "Open incidents: 31" in reply.rendered
    assert "Page 1 of 3" in reply.rendered
    assert reply.message.buttons == ["Next page"]
    w.adam.clicks("Next page", on=reply.message)
    (shown,) = [one for one in w.adam.sees("#support") if one.ts == reply.message.ts]
    assert "Page 2 of 3" in shown.rendered
    assert shown.buttons == ["Previous page", "Next page"]
    assert "Page 3 of 3" in w.adam.runs("/incident list 9", in_="#support").rendered


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
