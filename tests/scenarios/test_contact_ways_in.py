"""How a request for contact arrives: by the ticket system, by a message in the channel, by hand."""

import pytest

from tests.scenarios.conftest import Worlds
from tests.scenarios.contact import CHANNEL, asks, card, cards, clicks, contacts, dms, feedback_issues, policy, thread
from tests.tickets import ticket
from tests.world import World
from workflows.contact import intake
from workflows.contact.events import ContactRequested
from workflows.contact.model import Source
from workflows.contract.values import IssueLink

NEGATIVE = "Negative feedback for ticket 123456 (manager contact requested)"


@pytest.fixture
def w(worlds: Worlds) -> World:
    """A world where Maria is the manager on duty."""
    return worlds(policy=policy())


def hook(w: World, request: ContactRequested, key: str = "zendesk:1") -> None:
    """What a webhook does once it is authentic."""
    intake.requested(w.desk.engine, request, key=key, now=w.clock.now())
    w.settle()


def test_by_hand_a_request_becomes_a_card_with_owner_and_due_time(w: World) -> None:
    """Who asked hears that it is open; the channel sees whose it is, until when, why then, and what comes next."""
    reply = asks(w, w.alice)
    assert "MC-1 is open for ticket 123456" in reply.rendered
    shown = card(w)
    assert "Owner: @maria" in shown.rendered
    assert "@maria" in shown.mentions
    assert "48 h Mon-Fri from Mon 09:00 UTC" in shown.rendered
    assert "Next: somebody claims it" in shown.rendered
    assert shown.buttons == ["Claim", "Contacted", "Reassign", "Snooze reminder", "Cancel", "Why?"]
    assert "<!date^" in str(shown.blocks)


def test_the_customers_words_go_to_the_owner_privately(w: World) -> None:
    """The public card has neither words nor names."""
    asks(w, w.alice, "123456 Ms Customer of ACME is furious")
    assert "furious" not in str(card(w).raw)
    (private,) = dms(w.maria)
    assert "Ms Customer of ACME is furious" in private.rendered
    assert private.buttons == card(w).buttons


@pytest.mark.parametrize("legacy", [True, False])
def test_an_integrations_message_is_taken_up(w: World, legacy: bool) -> None:  # noqa: FBT001 - a parameter
    """An incoming webhook or a modern bot: the card, and an answer in the thread of the message."""
    message = w.slack.integration("feedback-form", legacy=legacy).says(NEGATIVE, in_=CHANNEL)
    w.settle()
    assert "a message of an integration" in cards(w)[-1].rendered
    assert "Taken up as MC-1 (owner: @maria)" in w.marco.sees_thread(message)[-1].rendered


def test_a_persons_message_is_taken_up(w: World) -> None:
    """With a link to the ticket, in their own words."""
    w.alice.says("https://gitlab.zendesk.com/agent/tickets/123456 asks for contact, please", in_=CHANNEL)
    w.settle()
    assert "a message" in card(w).rendered
    assert "of @alice" in card(w).rendered


@pytest.mark.parametrize(
    "text",
    [
        "Negative feedback for ticket 123456, no contact requested",
        "Negative feedback for ticket 123456. Contact requested: no",
        "Could somebody look at ticket 123456?",
        "Who does manager contact this week?",
    ],
)
def test_other_messages_are_left_alone(w: World, text: str) -> None:
    """No ticket, no request, or one that says the contrary: nothing happens."""
    w.alice.says(text, in_=CHANNEL)
    w.settle()
    assert cards(w) == []


def test_other_channels_are_left_alone(w: World) -> None:
    """Only the channel of manager contact is read for requests."""
    w.alice.says(NEGATIVE, in_="#support")
    w.settle()
    assert cards(w) == []


def test_a_request_typed_while_slacks_api_is_away_is_saved(w: World) -> None:
    """The desk knows by the last answer which channel it is; the card follows once Slack is back."""
    w.alice.says("Good morning", in_=CHANNEL)
    w.settle()
    w.jump(minutes=11)
    w.slack.faults.status("*", 503, times=100_000)
    w.alice.says(NEGATIVE, in_=CHANNEL)
    w.settle()
    w.alice.says("Negative feedback for ticket 555555 (manager contact requested)", in_=CHANNEL)
    w.settle()
    assert [w.desk.engine.cases.read(case).ticket.number for case in ("MC-1", "MC-2")] == [123456, 555555]
    w.slack.faults.clear()
    w.advance(minutes=10)
    assert len(cards(w)) == 2


def test_edits_replies_and_the_desks_own_words_open_nothing(w: World) -> None:
    """One message, one request, however often it is edited or talked about."""
    message = w.alice.says(NEGATIVE, in_=CHANNEL)
    w.settle()
    w.alice.edits(message, "Negative feedback for ticket 555555 (manager contact requested)")
    w.alice.says("Negative feedback for ticket 777777 (manager contact requested)", in_=CHANNEL, thread=message)
    w.settle()
    assert len(cards(w)) == 1


def test_a_message_delivered_twice_is_one_request(w: World) -> None:
    """Slack may deliver an event again; the source is not noted twice either."""
    w.slack.faults.deliver_twice()
    w.alice.says(NEGATIVE, in_=CHANNEL)
    w.settle()
    assert card(w).rendered.count("of @alice") == 1


def test_the_ticket_systems_webhook_is_taken_up(w: World) -> None:
    """With the customer's words, which the draft restates."""
    hook(w, ContactRequested(Source.TICKETS, "tickets", ticket(123456), "Nobody answered.", field_says=True))
    assert "Asked by: the ticket system" in card(w).rendered
    clicks(w, w.maria, "Contacted")
    assert w.maria.modal is not None
    assert "You told us: Nobody answered." in w.maria.modal.values["What did you send or say?"]


def test_a_webhook_that_comes_again_changes_nothing(w: World) -> None:
    """The vendor's own id of the event is taken once, also after the request was closed."""
    request = ContactRequested(Source.TICKETS, "tickets", ticket(123456), field_says=True)
    hook(w, request)
    hook(w, request)
    contacts(w, w.maria)
    hook(w, request)
    assert len(cards(w)) == 1
    assert w.desk.engine.cases.read("MC-2") is None


def test_a_contradiction_between_label_and_form_is_flagged(w: World) -> None:
    """One says yes, one says no: it is a request, and the card says that somebody should look."""
    hook(w, ContactRequested(Source.TRACKER, "tracker", ticket(123456), label_says=True, field_says=False))
    assert "disagree about whether contact is wanted (label: yes, form: no)" in card(w).rendered


def test_a_contradiction_that_comes_later_is_flagged_too(w: World) -> None:
    """The label came first, the form says no afterwards."""
    hook(w, ContactRequested(Source.TRACKER, "tracker", ticket(123456), label_says=True))
    assert "disagree" not in card(w).rendered
    late = ContactRequested(Source.TICKETS, "tickets", ticket(123456), field_says=False, label_says=True)
    hook(w, late, key="zendesk:2")
    assert "disagree" in card(w).rendered


def test_the_same_ticket_by_two_ways_is_one_case_with_both_sources(w: World) -> None:
    """Who asks second hears who has it; both sources stand on the card and in the timeline."""
    integration = w.slack.integration("feedback-form").says(NEGATIVE, in_=CHANNEL)
    w.settle()
    reply = asks(w, w.alice, "https://support.gitlab.com/hc/en-us/requests/123456 They called me")
    assert "MC-1 is open for ticket 123456 already" in reply.rendered
    assert "@maria has it" in reply.rendered
    shown = cards(w)[-1].rendered
    assert "a message of an integration" in shown
    assert "/manager-contact of @alice" in shown
    assert "They called me" in dms(w.maria)[0].rendered
    lines = [entry.what for entry in w.desk.engine.cases.timeline("MC-1")]
    assert sum("asked" in what for what in lines) == 2
    assert len(w.marco.sees_thread(integration)) == 2


def test_an_issue_that_is_known_is_used(w: World) -> None:
    """The tracker's webhook names it: it is commented, labelled and closed, and no second one opened."""
    w.gitlab._open("gitlab-com/support/feedback", "Negative feedback for ticket 123456", "", ["SSAT::Contact"])
    number = feedback_issues(w)[0]["iid"]
    link = IssueLink(project="gitlab-com/support/feedback", number=number, title="Negative", url="https://x.example/2")
    hook(w, ContactRequested(Source.TRACKER, "tracker", ticket(123456), label_says=True, issue=link))
    contacts(w, w.maria)
    (issue,) = feedback_issues(w)
    assert issue["state"] == "closed"
    assert "ssat-manager-contacted-customer" in issue["labels"]


@pytest.mark.parametrize("text", ["", "help", "?"])
def test_help_says_how_it_is_used(w: World, text: str) -> None:
    """An empty command, too."""
    assert "/manager-contact 123456 what happened" in asks(w, w.alice, text).rendered
    assert cards(w) == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("please call ACME", "This is not a ticket."),
        ("https://evil.example/agent/tickets/123456 now", "evil.example is not one of our ticket systems"),
        ("0 nothing", "No ticket has this number"),
        ("99999999999999999999 too much", "No ticket has this number"),
        ("why", "Please name the request"),
        ("why nonsense", "Please name the request"),
        ("why MC-99", "I do not know the case"),
        ("why 123456", "There is no request for ticket 123456"),
    ],
)
def test_what_cannot_be_understood_comes_back_with_a_sentence(w: World, text: str, sentence: str) -> None:
    """And with what was typed; nothing is opened."""
    reply = asks(w, w.alice, text)
    assert sentence in reply.rendered
    assert cards(w) == []
    if "why" not in text:
        assert text.rsplit(maxsplit=1)[-1] in reply.rendered


def test_a_ticket_of_another_host_in_an_integrations_message_is_not_lost(w: World) -> None:
    """Nobody reads an integration's mistakes: the request is opened without a ticket, which a manager names."""
    text = "Negative feedback for https://evil.example/agent/tickets/123456 (contact requested)"
    w.slack.integration("feedback-form").says(text, in_=CHANNEL)
    w.settle()
    shown = cards(w)[-1]
    assert "a ticket nobody has named yet" in shown.rendered
    w.maria.clicks("Name the ticket", on=shown)
    w.maria.fills({"Ticket": "123456"})
    w.maria.submits()
    w.settle()
    assert "ticket #123456" in cards(w)[-1].rendered
    assert "Name the ticket" not in cards(w)[-1].buttons


def test_a_ticket_of_another_host_in_a_persons_message_is_answered(w: World) -> None:
    """In the thread, with what to do instead."""
    message = w.alice.says("https://evil.example/agent/tickets/123456 contact requested", in_=CHANNEL)
    w.settle()
    assert "evil.example is not one of our ticket systems" in w.alice.sees_thread(message)[-1].rendered
    assert w.desk.engine.cases.read("MC-1") is None


def test_several_tickets_in_one_message_are_several_requests(w: World) -> None:
    """Each has its own card and clock."""
    w.alice.says("Contact requested for ticket 123456 and ticket 123457", in_=CHANNEL)
    w.settle()
    assert len(cards(w)) == 2


def test_mass_mentions_and_markup_stay_harmless(w: World) -> None:
    """Nobody is called by what a customer wrote, and the tracker obeys none of it."""
    asks(w, w.alice, "123456 <!channel> @here *bold* <https://evil.example|click>\n/close\n/label ~bug")
    (private,) = dms(w.maria)
    assert "@channel" not in private.mentions
    assert "@here" not in private.mentions
    assert "<!channel>" not in str(private.raw["blocks"])
    contacts(w, w.maria, text="/label ~bug\n@all <!here>")
    (issue,) = feedback_issues(w)
    assert "bug" not in issue["labels"]


def test_a_very_long_text_is_cut_where_it_is_shown_and_kept_whole(w: World) -> None:
    """Slack shows the beginning; the case has all of it."""
    w.slack.integration("feedback-form").says(f"{NEGATIVE} {'very long ' * 3000}end", in_=CHANNEL)
    w.settle()
    assert "…" in dms(w.maria)[0].rendered
    assert w.desk.engine.cases.read("MC-1").origins[0].words.endswith("end")


def test_guests_and_strangers_start_nothing(w: World) -> None:
    """By command or by message, and what they typed comes back."""
    reply = asks(w, w.gus)
    assert "Only full members" in reply.rendered
    assert "Nobody answered for a week" in reply.rendered
    w.sandbox.app.workspace.place("support_escalations").members.append("U0GUS")
    w.gus.says(NEGATIVE, in_=CHANNEL)
    w.settle()
    assert cards(w) == []


def test_a_manager_may_ask_for_what_becomes_their_own(w: World) -> None:
    """Maria is on duty and asks herself: she owns it, claims it and closes it like any other."""
    asks(w, w.maria)
    assert "Owner: @maria" in card(w).rendered
    clicks(w, w.maria, "Claim")
    contacts(w, w.maria)
    assert "Contacted by @maria" in card(w).rendered
    assert thread(w) == []
