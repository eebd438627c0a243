"""What managers do with a request, from the card and from their DMs, with the same effect."""

from typing import Any

import pytest

from sandbox.driver.people import SandboxPerson
from sandbox.vendors.base import VendorFault
from tests.scenarios.conftest import Worlds
from tests.scenarios.contact import (
    BRIEFED,
    BRIEFING,
    CHANNEL,
    HOW,
    SENT,
    WHO,
    asks,
    card,
    cards,
    clicks,
    comments,
    contacts,
    dms,
    feedback_issues,
    modal,
    policy,
    submits,
    thread,
    whispers,
)
from tests.world import World


@pytest.fixture
def w(worlds: Worlds) -> World:
    """A world where Maria is the manager on duty, and Alice has asked for contact."""
    live = worlds(policy=policy())
    asks(live, live.alice)
    return live


def test_claimed_contacted_closed(w: World) -> None:
    """The whole way: the card follows, the issue is written, labelled and closed, and who asked hears of it."""
    clicks(w, w.maria, "Claim")
    assert "Claimed by @maria" in card(w).rendered
    contacts(w, w.maria, text="Dear customer, I am sorry.")
    shown = card(w)
    assert "Contacted by @maria" in shown.rendered
    assert "(E-mail)" in shown.rendered
    assert "In time" in shown.rendered
    assert shown.buttons == ["Note an action", "Why?"]
    (issue,) = feedback_issues(w)
    assert issue["state"] == "closed"
    assert set(issue["labels"]) == {"SSAT::Contact", "satisfaction::bad", "ssat-manager-contacted-customer"}
    assert "> Dear customer, I am sorry." in comments(w, issue["iid"])[0]
    assert "@maria has contacted the customer" in dms(w.alice)[-1].rendered


def test_the_draft_is_offered(w: World) -> None:
    """Who I am, the ticket as the customer reads it, room for their words, and the page to book a call."""
    clicks(w, w.maria, "Contacted")
    offered = modal(w.maria).values[SENT]
    assert "My name is Maria Marques" in offered
    assert "https://support.gitlab.com/hc/requests/123456" in offered
    assert "{" not in offered
    assert modal(w.maria).values[HOW] == "E-mail"


def test_the_draft_offers_a_link_that_books_one_call(worlds: Worlds) -> None:
    """Made for who claims it, another for each request; while none can be made, the page is offered."""
    pages = {
        "maria@example.com": "https://calendly.com/maria-marques/30min",
        "marco@example.com": "https://calendly.com/nobody/30min",
    }
    w = worlds(policy=policy(single_use_links=True, scheduling_urls=pages), accounts=True)
    asks(w, w.alice)
    clicks(w, w.maria, "Claim")
    clicks(w, w.maria, "Contacted")
    made = w.calendly.links[0]["booking_url"]
    assert made in modal(w.maria).values[SENT]
    w.maria.closes()
    clicks(w, w.marco, "Contacted")
    assert pages["marco@example.com"] in modal(w.marco).values[SENT]
    asks(w, w.alice, "123457 And another")
    w.calendly.faults.append(VendorFault(times=1, status=503))
    clicks(w, w.maria, "Claim", cards(w)[1])
    clicks(w, w.maria, "Contacted", cards(w)[1])
    assert pages["maria@example.com"] in modal(w.maria).values[SENT]
    w.maria.closes()
    w.advance(minutes=5)
    clicks(w, w.maria, "Contacted", cards(w)[1])
    assert [one["booking_url"] in modal(w.maria).values[SENT] for one in w.calendly.links] == [False, True]


def test_the_draft_as_it_is_was_not_sent(w: World) -> None:
    """Saved with its gaps open, it is refused with the gaps named, and what was typed stays."""
    clicks(w, w.maria, "Contacted")
    offered = modal(w.maria).values[SENT]
    submits(w, w.maria, **{SENT: f"{offered} And some more."})
    wrong = modal(w.maria).errors[SENT]
    assert "[Validate it in your own words." in wrong
    assert "book a call with you]" in wrong
    assert modal(w.maria).values[SENT] == f"{offered} And some more."
    submits(w, w.maria, **{SENT: "Dear customer, [see the documentation]."})
    assert "Contacted by @maria" in card(w).rendered


def test_a_reply_on_the_ticket_asks_who_is_briefed(w: World) -> None:
    """The warning about reopening comes when it is chosen; what was typed stays; the engineer must be named."""
    clicks(w, w.maria, "Contacted")
    w.maria.fills({SENT: "I reopened it"})
    assert "reopen rate" not in modal(w.maria).text
    w.maria.fills({HOW: "Reply on the ticket"})
    assert "reopen rate" in modal(w.maria).text
    assert modal(w.maria).values[SENT] == "I reopened it"
    submits(w, w.maria)
    assert BRIEFED in modal(w.maria).errors
    submits(w, w.maria, **{BRIEFED: "alice", BRIEFING: "Please reproduce it, and write by Friday"})
    assert "@alice is briefed, and the ticket is assigned to them." in card(w).rendered
    assert "(Reply on the ticket)" in card(w).rendered
    (told,) = dms(w.alice, "asks you to go on with ticket #123456")
    assert "Please reproduce it, and write by Friday" in told.rendered
    assert "I reopened it" in told.rendered
    assert w.zendesk.users[w.zendesk.tickets[123456]["assignee_id"]]["email"] == "alice@example.com"


def test_what_was_not_done_is_not_said(w: World) -> None:
    """The ticket system knows no agent Adam: he is briefed, and Maria is told to assign the ticket by hand."""
    clicks(w, w.maria, "Contacted")
    w.maria.fills({HOW: "Reply on the ticket"})
    submits(w, w.maria, **{SENT: "I reopened it", BRIEFED: "adam"})
    assert "@adam is briefed, and the ticket is not assigned to them." in card(w).rendered
    (trouble,) = dms(w.maria, "I could not hand ticket #123456")
    assert "Please assign the ticket by hand." in trouble.rendered


def test_changing_ones_mind_takes_the_question_back(w: World) -> None:
    """Back to e-mail, nobody has to be briefed."""
    clicks(w, w.maria, "Contacted")
    w.maria.fills({HOW: "Reply on the ticket"})
    w.maria.fills({HOW: "Call"})
    assert BRIEFED not in modal(w.maria).labels
    submits(w, w.maria, **{SENT: "We spoke"})
    assert "(Call)" in card(w).rendered


def test_nothing_typed_is_said_below_the_field(w: World) -> None:
    """The modal stays open."""
    clicks(w, w.maria, "Contacted")
    submits(w, w.maria, **{SENT: " "})
    assert SENT in modal(w.maria).errors


def test_an_issue_that_exists_is_found_by_its_exact_title(w: World) -> None:
    """A similar one is not it; none is opened twice."""
    w.gitlab._open("gitlab-com/support/feedback", "Negative feedback for ticket 1234567", "", [])
    w.gitlab._open("gitlab-com/support/feedback", "Negative feedback for ticket 123456", "", ["satisfaction::bad"])
    contacts(w, w.maria)
    (issue,) = feedback_issues(w)
    assert issue["state"] == "closed"
    assert len(comments(w, issue["iid"])) == 1


def test_later_actions_are_noted_in_the_issue(w: World) -> None:
    """After it was closed, more than once, by any manager; it stays closed."""
    contacts(w, w.maria)
    for who, text in ((w.maria, "They renew"), (w.marco, "We met\n/reopen")):
        clicks(w, who, "Note an action")
        submits(w, who, **{"What came of the contact?": text})
    (issue,) = feedback_issues(w)
    assert [comment.splitlines()[2] for comment in comments(w, issue["iid"])[1:]] == ["> They renew", "> We met"]
    assert issue["state"] == "closed"


def test_from_a_dm_everything_has_the_same_effect(w: World) -> None:
    """Claim and Contacted on the private message: the card follows, and so does the message itself."""
    clicks(w, w.maria, "Claim", on=dms(w.maria)[0])
    assert "Claimed by @maria" in card(w).rendered
    assert "Claimed by @maria" in dms(w.maria)[0].rendered
    contacts(w, w.maria, on=dms(w.maria)[0])
    assert "Contacted by @maria" in card(w).rendered
    assert dms(w.maria)[0].buttons == ["Note an action", "Why?"]


def test_what_is_done_on_the_card_shows_in_the_dms(w: World) -> None:
    """Marco takes what Maria owns: her message says who has it."""
    clicks(w, w.marco, "Claim")
    (private,) = dms(w.maria)
    assert "Claimed by @marco" in private.rendered
    assert "Claim" not in private.buttons


def test_the_first_claim_wins_and_the_second_hears_who_has_it(w: World) -> None:
    """By name and time, privately; the button they pressed was of a moment ago."""
    before = card(w)
    w.maria.clicks("Claim", on=before)
    w.marco.clicks("Claim", on=before)
    w.settle()
    assert "@maria has MC-1 already, since" in whispers(w.marco)[-1]
    assert "Claimed by @maria" in card(w).rendered


def test_two_who_contact_at_once_the_second_keeps_what_they_typed(w: World) -> None:
    """The refusal stands on top of their modal, with name and time."""
    for who in (w.maria, w.marco):
        who.clicks("Contacted", on=card(w))
    submits(w, w.maria, **{SENT: "Mine"})
    submits(w, w.marco, **{SENT: "Also mine"})
    assert "@maria has contacted the customer of MC-1 already" in modal(w.marco).text
    w.marco.closes()
    assert modal(w.marco).values[SENT] == "Also mine"
    assert len(feedback_issues(w)) == 1


def test_handed_to_a_person_who_has_to_claim_it(w: World) -> None:
    """The new owner is mentioned and told; the due time stays; the old owner's message says whose it is."""
    due = w.desk.engine.cases.read("MC-1").due_at
    clicks(w, w.maria, "Claim")
    w.advance(hours=3)
    clicks(w, w.maria, "Reassign")
    submits(w, w.maria, **{WHO: "This person", "Person": "marco"})
    assert "Owner: @marco" in card(w).rendered
    assert "Claim" in card(w).buttons
    assert "@marco" in thread(w)[-1].mentions
    assert "this one is yours" in dms(w.marco)[-1].rendered
    assert "@marco has this now" in dms(w.maria)[0].rendered
    assert w.desk.engine.cases.read("MC-1").due_at == due


def test_handed_to_who_is_on_duty_now(w: World) -> None:
    """The schedule is asked again; it named Maria when it was created, and names Marco now."""
    w.pagerduty.set_on_duty("PSSATRM", ["marco@example.com"])
    w.advance(hours=1)
    assert "Owner: @maria" in card(w).rendered, "frozen until somebody hands it on"
    clicks(w, w.maria, "Reassign")
    submits(w, w.maria, **{WHO: "Whoever is on duty now"})
    assert "Owner: @marco" in card(w).rendered


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("gus", "can't be chosen: only full members"),
        ("dave", "can't be chosen: only full members"),
        ("yuki", "can't be chosen: only full members"),
        ("pia", "not one of the managers (@support-managers)"),
    ],
)
def test_nobody_can_be_made_owner_who_cannot_do_it(w: World, name: str, why: str) -> None:
    """Guests, people of other organisations, deactivated accounts, a product manager: said below the field."""
    clicks(w, w.maria, "Reassign")
    submits(w, w.maria, **{WHO: "This person", "Person": name})
    assert why in modal(w.maria).errors["Person"]
    assert "Owner: @maria" in card(w).rendered


def test_reassign_asks_for_the_person(w: World) -> None:
    """One that was forgotten is asked for; one that contradicts the choice, too."""
    clicks(w, w.maria, "Reassign")
    submits(w, w.maria, **{WHO: "This person"})
    assert "Person" in modal(w.maria).errors
    submits(w, w.maria, **{WHO: "Whoever is on duty now", "Person": "marco"})
    assert WHO in modal(w.maria).errors


def test_cancelled_with_a_reason(w: World) -> None:
    """The card says who; the reason goes privately to who asked and to the owner."""
    clicks(w, w.marco, "Cancel")
    submits(w, w.marco, **{"Why shall nobody contact the customer?": "Ms Customer withdrew it"})
    assert "Cancelled by @marco" in card(w).rendered
    assert "Ms Customer" not in str(card(w).raw)
    for who in (w.alice, w.maria):
        assert "Ms Customer withdrew it" in dms(who, "cancelled")[-1].rendered
    assert card(w).buttons == ["Why?"]
    assert feedback_issues(w) == []


def test_cancelling_needs_a_reason(w: World) -> None:
    """Blank is none."""
    clicks(w, w.maria, "Cancel")
    submits(w, w.maria, **{"Why shall nobody contact the customer?": "  "})
    assert "Please say why" in str(modal(w.maria).errors)


@pytest.mark.parametrize("button", ["Claim", "Contacted", "Reassign", "Snooze reminder", "Cancel"])
def test_only_managers_may_decide(w: World, button: str) -> None:
    """Others get a private explanation, and nothing changes."""
    clicks(w, w.adam, button)
    assert "Only the managers (@support-managers) can do this" in whispers(w.adam)[-1]
    assert w.adam.modal is None
    assert "Claim" in card(w).buttons


def test_managers_are_also_those_whom_the_policy_names(worlds: Worlds) -> None:
    """By e-mail address, without a group."""
    managers: dict[str, Any] = {"group": None, "users": ["adam@example.com"], "fallback": {"group": None, "people": []}}
    w = worlds(policy=policy() | {"managers": {**managers, "on_duty_schedule": "SSAT Reviewing Manager"}})
    asks(w, w.alice)
    clicks(w, w.marco, "Claim")
    assert "Only the managers can do this" in whispers(w.marco)[-1]
    clicks(w, w.adam, "Claim")
    assert "Claimed by @adam" in card(w).rendered


def test_an_owner_who_is_no_manager_may_decide(w: World) -> None:
    """The schedule named them."""
    w.pagerduty.set_on_duty("PSSATRM", ["omar@example.com"])
    clicks(w, w.maria, "Reassign")
    submits(w, w.maria, **{WHO: "Whoever is on duty now"})
    clicks(w, w.omar, "Claim", on=dms(w.omar)[0])
    assert "Claimed by @omar" in card(w).rendered


def test_guests_see_no_details(w: World) -> None:
    """Not even why."""
    w.sandbox.app.workspace.place("support_escalations").members.append("U0GUS")
    clicks(w, w.gus, "Why?")
    assert "Only full members" in whispers(w.gus)[-1]
    assert w.gus.modal is None


def test_why_explains_the_due_time_and_tells_the_story(w: World) -> None:
    """How it was counted, the reminders to come, and what happened; the words only for managers and who asked."""
    clicks(w, w.maria, "Claim")
    for who, reads in ((w.maria, True), (w.alice, True), (w.adam, False)):
        clicks(w, who, "Why?")
        text = modal(who).text
        assert "48 h Mon-Fri from Mon 09:00 UTC" in text
        assert "Reminder at 50 %" in text
        assert "@maria claimed it" in text
        assert ("Nobody answered for a week" in text) is reads


@pytest.mark.parametrize("named", ["MC-1", "mc 1", "123456", "https://gitlab.zendesk.com/agent/tickets/123456"])
def test_why_by_command(w: World, named: str) -> None:
    """By the request's number or the ticket, for who typed it."""
    reply = w.adam.runs(f"/manager-contact why {named}", in_="#support")
    assert "MC-1 is due" in reply.rendered
    assert "asked for contact" in reply.rendered
    assert "Nobody answered for a week" not in reply.rendered


def test_an_old_button_says_how_it_stands_now(w: World) -> None:
    """Pressed on what somebody still had on their screen."""
    before = card(w)
    contacts(w, w.maria)
    for button in ("Claim", "Snooze reminder", "Reassign", "Cancel"):
        w.marco.clicks(button, on=before) if button in card(w).buttons else press_old(w, w.marco, button)
        assert "@maria has contacted the customer of MC-1 already" in whispers(w.marco)[-1]


def press_old(w: World, who: SandboxPerson, button: str) -> None:
    """Press a button that was there a moment ago: the sandbox is shown the card as it was."""
    place = w.sandbox.app.workspace.place(CHANNEL)
    message = w.sandbox.app.workspace.find_message(place, card(w).ts, w.sandbox.app.workspace.person(who.name).id)
    assert message is not None
    now = message.blocks
    message.blocks = [{"type": "actions", "block_id": "old", "elements": [_old_button(button)]}]
    clicks(w, who, button)
    message.blocks = now


def _old_button(label: str) -> dict[str, object]:
    names = {"Snooze reminder": "snooze"}
    action = f"contact.{names.get(label, label.lower())}"
    return {"type": "button", "text": {"type": "plain_text", "text": label}, "action_id": action, "value": "MC-1"}
