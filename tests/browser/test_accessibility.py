"""The page for those who use no mouse, or no screen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.axe import broken
from tests.browser.conftest import Windows
from tests.browser.window import Window


def in_a_channel(window: Window) -> None:
    """A card with its buttons, its thread beside it, and the command that is being typed."""
    window.types("/feedback 123456 The diff is hard to read")
    window.presses("Continue")
    window.presses("Send")
    window.opens("product")
    card = window.sees("The diff is hard to read")
    card.hover()
    card.get_by_role("link", name="Reply in thread").click()
    window.page.get_by_label("Message #product").press_sequentially("/feed")
    expect(window.page.get_by_role("group", name="Commands")).to_be_visible()


def in_a_form(window: Window) -> None:
    """A modal with something wrong in it."""
    window.types("/feedback")
    said = window.modal.get_by_label("What did the customer say?")
    said.fill("")  # an unsent form of another test comes back
    window.presses("Continue")
    expect(said).to_have_attribute("aria-invalid", "true")


def in_a_long_form(window: Window) -> None:
    """A modal with boxes to tick."""
    window.types("/incident")
    expect(window.modal).to_contain_text("Which systems?")


def at_home(window: Window) -> None:
    """The app's home, with the faults on the right."""
    window.opens("desk")
    window.page.get_by_role("link", name="Home", exact=True).click()
    expect(window.page.get_by_role("region", name="App home")).to_be_visible()
    window.looks_at("Faults")


def at_the_vendors(window: Window) -> None:
    """Issues, and a refusal: a guest may not use the app."""
    window.becomes("Gus Gast")
    window.looks_at("Issues")
    window.types("/feedback")
    window.looks_at("Pages")


VIEWS = (in_a_channel, in_a_form, in_a_long_form, at_home, at_the_vendors)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__)
def test_axe_finds_nothing(windows: Windows, view: Callable[[Window], None]) -> None:
    """No rule of axe is broken, by day or by night: names, roles, focus, contrast."""
    window = windows("alice", "#support")
    view(window)
    assert broken(window) == []
    window.page.emulate_media(color_scheme="dark")
    assert broken(window) == []


def test_feedback_is_sent_by_keyboard_alone(windows: Windows) -> None:
    """Tab and Enter go through the form; Escape closes it, and the focus is back in the message field."""
    alice = windows("alice", "#support")
    field, keyboard = alice.page.get_by_label("Message #support"), alice.page.keyboard
    field.focus()
    keyboard.type("/feedback 123458 Typed without a mouse")
    keyboard.press("Enter")
    expect(alice.modal.get_by_label("Ticket")).to_be_focused()
    keyboard.press("Tab")
    expect(alice.modal.get_by_label("Product feedback")).to_be_focused()
    keyboard.press("ArrowDown")
    expect(alice.modal.get_by_label("Bug")).to_be_checked()
    keyboard.press("Escape")
    expect(alice.modal).to_be_hidden()
    expect(field).to_be_focused()


def test_what_lies_under_a_form_cannot_be_reached(windows: Windows) -> None:
    """The workspace is inert under a modal, the clock and the other people are not."""
    alice = windows("alice", "#support")
    alice.types("/feedback")
    expect(alice.modal).to_be_visible()
    reached = set()
    for _ in range(60):
        alice.page.keyboard.press("Tab")
        reached.add(alice.page.evaluate("document.activeElement.closest('.slack') ? 'slack' : 'elsewhere'"))
    assert reached == {"elsewhere"}
