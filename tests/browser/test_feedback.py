"""Feedback, as people see it happen in the page."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Windows


def test_a_customers_feedback_travels_from_one_window_to_the_other(windows: Windows) -> None:
    """Alice types the command and sends the preview; Pia's window shows the card by itself, and she acknowledges it."""
    alice, pia = windows("alice", "#support"), windows("pia", "#product")
    alice.types("/feedback 123459 The merge train view is too slow")
    expect(alice.modal.get_by_label("Ticket")).to_have_value("123459")
    alice.presses("Continue")
    expect(alice.modal).to_contain_text("Ticket #123459 found")
    alice.presses("Send")
    expect(alice.modal).to_be_hidden()
    card = pia.sees("The merge train view is too slow", "Waits for the product team")
    expect(card.get_by_role("link", name="#123459")).to_be_visible()
    pia.presses("Acknowledge", on=card)
    pia.sees("The merge train view is too slow", "Acknowledged by @pia")
    alice.opens("desk")
    alice.sees("#123459", "Acknowledged by @pia")
    expect(alice.panel.get_by_role("article", name="Ticket 123459")).to_contain_text("feedback")


def test_a_message_becomes_feedback_by_its_shortcut(windows: Windows) -> None:
    """The menu of a message holds the app's shortcuts; the form is filled with what was said."""
    alice = windows("alice", "#support")
    alice.types("The customer of 123456 finds the editor slow")
    message = alice.sees("finds the editor slow")
    message.hover()
    alice.presses("More actions", on=message)
    message.get_by_role("menuitem", name="Send as feedback").click()
    expect(alice.modal.get_by_label("What did the customer say?")).to_have_value(
        "The customer of 123456 finds the editor slow"
    )
    alice.presses("Cancel")
    expect(alice.modal).to_be_hidden()


def test_what_is_wrong_in_a_form_stands_at_its_field(windows: Windows) -> None:
    """The field is marked, described by the sentence, and has the focus; what was typed elsewhere is still there."""
    adam = windows("adam", "#support")
    adam.types("/feedback")
    adam.modal.get_by_label("What did the customer say?").fill("The sidebar hides the search")
    ticket = adam.modal.get_by_label("Ticket")
    ticket.fill("no number")
    adam.presses("Continue")
    expect(ticket).to_have_attribute("aria-invalid", "true")
    expect(ticket).to_have_accessible_description(re.compile("This is not a ticket"))
    expect(ticket).to_be_focused()
    expect(adam.modal.get_by_label("What did the customer say?")).to_have_value("The sidebar hides the search")
    ticket.fill("123456")
    adam.presses("Continue")
    expect(adam.modal).to_contain_text("This will be posted in #product")
    adam.presses("Cancel")


def test_a_command_is_offered_while_it_is_typed(windows: Windows) -> None:
    """With what may follow it; Tab takes it into the field."""
    alice = windows("alice", "#support")
    field = alice.page.get_by_label("Message #support")
    field.press_sequentially("/fee")
    offered = alice.page.get_by_role("group", name="Commands")
    expect(offered).to_contain_text("[ticket] [what the customer said]")
    field.press("Tab")
    expect(field).to_have_value("/feedback ")
    field.fill("")
