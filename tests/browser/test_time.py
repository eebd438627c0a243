"""Time, and a desk that dies: what the right side of the page can do."""

from datetime import timedelta

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


def test_a_reminder_comes_when_time_is_moved_to_it(windows: Windows) -> None:
    """The next timer is named with its case and reason; moved there, its reminder stands in Alice's DM."""
    alice = windows("alice", "#support")
    sends_feedback(alice, 123460, "The runner forgets its tags")
    clock = alice.panel.get_by_role("region", name="The clock")
    reason = "reminds the submitter to tell the customer"
    expect(clock).to_contain_text(reason)
    alice.goes("alice", "dm")
    alice.sees("#123460", "tell the customer")
    reminders = alice.messages.get_by_role("article").filter(has_text="Have you told the customer")
    before = reminders.count()
    while not clock.get_by_role("paragraph").first.filter(has_text=reason).count():
        comes_next(alice)  # what other tests have left waiting comes first
    alice.pulls("to the next timer")
    expect(reminders).to_have_count(before + 1)


def comes_next(window: Window) -> None:
    """Move time to the next timer, and see it go."""
    timer = window.panel.get_by_role("region", name="The clock").get_by_role("paragraph").first
    told = timer.inner_text()
    window.pulls("to the next timer")
    expect(timer).not_to_have_text(told, use_inner_text=True)


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
