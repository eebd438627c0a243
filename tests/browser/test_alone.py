"""The page of a sandbox without the desk: what any app's messages look like, and what can be done with them."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from sandbox.driver.client import SandboxClient
from sandbox.server import Sandbox
from tests.browser.window import Window

QUESTION = {
    "title": {"type": "plain_text", "text": "Delete everything?"},
    "text": {"type": "mrkdwn", "text": "It is *gone* then"},
    "confirm": {"type": "plain_text", "text": "Delete"},
    "deny": {"type": "plain_text", "text": "Keep"},
    "style": "danger",
}


def plain(text: str) -> dict[str, Any]:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def option(word: str) -> dict[str, Any]:
    """An option of a menu."""
    return {"text": plain(word), "value": word.lower()}


ROW = [
    {"type": "button", "action_id": "delete", "text": plain("Empty it"), "value": "1", "confirm": QUESTION},
    {
        "type": "static_select",
        "action_id": "pick",
        "placeholder": plain("Colour"),
        "options": [option("Red"), option("Blue")],
    },
    {"type": "overflow", "action_id": "more", "options": [option("Rename"), option("Move")]},
]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A workspace with a page, and nobody behind the app."""
    with Sandbox(page=True) as alone:
        yield alone


@pytest.fixture
def alice(browser: Browser, sandbox: Sandbox) -> Iterator[Window]:
    """Alice's window, in which the app has posted a row of elements."""
    body = {
        "channel": "C0SUPPORT",
        "text": "A row",
        "blocks": [{"type": "actions", "block_id": "row", "elements": ROW}],
    }
    headers = {"Authorization": "Bearer xoxb-sandbox"}
    posted = httpx.post(f"{sandbox.api_url}chat.postMessage", json=body, headers=headers).json()
    assert posted["ok"], posted
    window = Window(browser.new_page(), sandbox.url)
    window.goes("alice", "#support")
    yield window
    window.leaves()
    assert window.complaints == []


def test_slacks_own_question_comes_first(alice: Window) -> None:
    """“Keep” does nothing; “Delete” presses the button, and there is nobody to hear it."""
    row = alice.sees("Empty it")
    alice.presses("Empty it", on=row)
    expect(alice.modal).to_contain_text("It is gone then")
    alice.presses("Keep")
    expect(alice.modal).to_be_hidden()
    expect(alice.notice).not_to_contain_text("cannot be reached")
    alice.presses("Empty it", on=row)
    alice.presses("Delete")
    expect(alice.notice).to_contain_text("cannot be reached")


def test_a_menu_on_a_message_keeps_what_was_chosen(alice: Window, sandbox: Sandbox) -> None:
    """And the app would hear of it at once."""
    menu = alice.sees("Empty it").get_by_label("Colour")
    menu.select_option("Blue")
    expect(alice.notice).to_contain_text("cannot be reached")
    with SandboxClient(sandbox.url) as slack:
        (message,) = slack.person("alice").sees("#support")
    assert "[Blue]" in message.rendered
    expect(menu).to_have_value("blue")


def test_an_overflow_menu_opens_and_closes(alice: Window) -> None:
    """By its three dots; Escape closes it, an option is used."""
    row = alice.sees("Empty it").get_by_role("button", name="More actions").first
    row.click()
    expect(alice.page.get_by_role("menuitem", name="Rename")).to_be_visible()
    alice.page.keyboard.press("Escape")
    expect(alice.page.get_by_role("menuitem", name="Rename")).to_be_hidden()
    row.click()
    alice.page.get_by_role("menuitem", name="Move").click()
    expect(alice.notice).to_contain_text("cannot be reached")


def test_what_no_demo_knows_is_not_pretended(alice: Window, sandbox: Sandbox) -> None:
    """Without the demo behind it the page offers no tour and no desk to kill, and names no timer."""
    expect(alice.panel).to_contain_text("The next timer is not known here")
    expect(alice.panel.get_by_role("button", name="Play the tour")).to_be_hidden()
    alice.looks_at("Faults")
    expect(alice.panel).to_contain_text("it cannot be killed from here")
    alice.pulls("Take Zendesk down")
    expect(alice.panel.get_by_role("button", name="Bring Zendesk back")).to_be_visible()
    assert sandbox.vendors.zendesk.faults
    alice.pulls("Bring Zendesk back")
    expect(alice.panel.get_by_role("button", name="Take Zendesk down")).to_be_visible()
    assert not sandbox.vendors.zendesk.faults
