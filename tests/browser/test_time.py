"""Time, and a desk that dies: what the right side of the page can do."""

from datetime import datetime, timedelta

import httpx
from playwright.sync_api import expect

from bot.demo.stack import Stack
from sandbox.driver.client import SandboxClient
from tests.browser.conftest import Windows
from tests.browser.window import Window


def sends_feedback(window: Window, ticket: int, text: str) -> None:
    """Send feedback, from the command to the closed preview."""
    window.types(f"/feedback {ticket} {text}")
    window.presses("Continue")
    expect(window.modal).to_contain_text("found")
    window.presses("Send")
    expect(window.modal).to_be_hidden()


def test_a_reminder_comes_when_time_is_moved_to_it(windows: Windows, demo: Stack) -> None:
    """The next timer is named with its case and reason; moved there, its reminder stands in Alice's DM."""
    alice = windows("alice", "#support")
    with SandboxClient(demo.url) as slack:  # away from the hours at which others' timers go off
        slack.clock.advance(timedelta(hours=3, minutes=37))
    sends_feedback(alice, 123460, "The runner forgets its tags")
    alice.goes("alice", "dm")
    alice.sees("#123460", "tell the customer")
    case = comes_close(demo, "tell_customer")
    timer = alice.panel.get_by_role("region", name="The clock").get_by_role("paragraph").first
    expect(timer).to_contain_text(case)
    expect(timer).to_contain_text("reminds the submitter to tell the customer")
    alice.pulls("to the next timer")
    reminder = alice.messages.get_by_role("article").filter(has_text="Have you told the customer")
    expect(reminder.filter(has_text="123460")).to_have_count(1)


def comes_close(demo: Stack, name: str) -> str:
    """Move time to a minute before the newest timer of this name, past what others have left waiting; its case."""
    timers = httpx.get(f"{demo.desk_url}/sandbox/timers").raise_for_status().json()
    due_at, case = max((datetime.fromisoformat(one["due_at"]), one["case"]) for one in timers if one["name"] == name)
    with SandboxClient(demo.url) as slack:
        slack.clock.set(due_at - timedelta(minutes=1))
    return str(case)


def test_monday_at_nine_is_one_press_away(windows: Windows) -> None:
    """In the zone of who is looked through: Pia's is Copenhagen's."""
    pia = windows("pia", "#product")
    pia.pulls("to Monday 09:00")
    expect(pia.page.get_by_text("Copenhagen")).to_contain_text("Mon")
    expect(pia.page.get_by_text("Copenhagen")).to_contain_text("09:00")


def test_a_desk_killed_and_started_again_has_lost_nothing(windows: Windows, demo: Stack) -> None:
    """While it is dead Slack says so; afterwards the old card still works, and what came due meanwhile is done."""
    alice, pia = windows("alice", "#support"), windows("pia", "#product")
    sends_feedback(alice, 123461, "Invoices cannot be searched")
    card = pia.sees("Invoices cannot be searched", "Waits for the product team")
    alice.looks_at("Faults")
    try:
        alice.pulls("Kill it")
        expect(alice.panel).to_contain_text("killed")
        pia.presses("Acknowledge", on=card)
        expect(pia.notice.filter(has_text="cannot be reached")).to_be_visible()
        with SandboxClient(demo.url) as slack:
            slack.clock.advance(timedelta(days=10))
        alice.pulls("Start it again")
        expect(alice.panel).to_contain_text("running")
    finally:
        demo.start_desk()
    card.get_by_role("link", name="repl").click()
    expect(pia.page.get_by_role("log", name="Messages in the thread")).to_contain_text("has waited")
    pia.presses("Acknowledge", on=card)
    pia.sees("Invoices cannot be searched", "Acknowledged by @pia")
