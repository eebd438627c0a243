"""A customer has to be contacted: the review and the manager-contact request know of each other, and there is one."""

import pytest

from tests.scenarios import contact
from tests.scenarios.conftest import Worlds
from tests.scenarios.review import CONTACT, PROJECT, comments, issue, policy, presses, queue, rates, review, triages
from tests.world import World


@pytest.fixture
def w(worlds: Worlds) -> World:
    """A world where Maria is the manager on duty, and the vendors tell what happens in them."""
    return worlds(policy=policy(), webhooks=True)


def test_contact_requested_opens_one_card_linked_both_ways(w: World) -> None:
    """At once, by the form's field; the review waits for it."""
    rates(w, "bad", "Call me", contact=True)
    assert "Review: RV-1" in contact.card(w).rendered
    shown = queue(w, w.maria)
    assert "contact with the customer (MC-1)" in shown.text
    assert "Close" not in shown.buttons
    assert w.desk.engine.cases.read("MC-2") is None


def test_the_review_is_done_when_the_contact_is(w: World) -> None:
    """Labelled before: then nothing is left to do."""
    rates(w, "bad", "Call me", contact=True)
    queue(w, w.maria)
    presses(w, w.maria, "Triage")
    triages(w, w.maria)
    assert issue(w)["state"] == "opened"
    contact.contacts(w, w.maria)
    assert review(w).state == "closed"
    assert issue(w)["state"] == "closed"
    assert "ssat-manager-contacted-customer" in issue(w)["labels"]


def test_contacted_without_a_label_it_asks_for_the_label_only(w: World) -> None:
    """Exactly one label stands before it is closed, also then."""
    rates(w, "bad", "Call me", contact=True)
    contact.contacts(w, w.maria)
    assert "your triage" in queue(w, w.maria).text
    presses(w, w.maria, "Triage")
    triages(w, w.maria)
    assert review(w).state == "closed"


def test_a_manager_finds_that_the_customer_should_be_contacted(w: World) -> None:
    """The form's Yes opens the request; a second Yes opens no second card."""
    rates(w, "bad", "Nobody answered")
    queue(w, w.maria)
    presses(w, w.maria, "Triage")
    triages(w, w.maria, **{CONTACT: "Yes"})
    assert "a satisfaction review" in contact.card(w).rendered
    presses(w, w.maria, "Triage")
    triages(w, w.maria, **{CONTACT: "Yes"})
    assert len(contact.cards(w)) == 1
    assert "(Y/N)** Y" in comments(w)[0]


def test_a_request_that_is_cancelled_gives_the_review_back(w: World) -> None:
    """Its manager can close it then."""
    rates(w, "bad", "Call me", contact=True)
    queue(w, w.maria)
    presses(w, w.maria, "Triage")
    triages(w, w.maria)
    contact.clicks(w, w.maria, "Cancel")
    contact.submits(w, w.maria, **{contact.modal(w.maria).labels[0]: "They wrote that it is fine"})
    queue(w, w.maria)
    presses(w, w.maria, "Close")
    assert issue(w)["state"] == "closed"


def test_contact_asked_for_on_what_gets_no_survey_is_shown(w: World) -> None:
    """The rating is not acted on; the request is."""
    rates(w, "bad", "Call me", ticket=123459, contact=True)
    assert review(w).state == "recorded"
    assert "Review: RV-1" in contact.card(w).rendered


def test_the_label_that_asks_for_contact_on_an_adopted_issue(w: World) -> None:
    """Another tool opened the issue with it: one review, one card."""
    w.gitlab.open_issue(PROJECT, "Negative feedback for ticket 123456", ["SSAT::Contact"], by="bob")
    w.settle()
    assert len(contact.cards(w)) == 1
    assert "MC-1" in queue(w, w.maria).text
