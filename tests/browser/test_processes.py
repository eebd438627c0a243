"""A contact that two managers want, and an incident that pages."""

from playwright.sync_api import expect

from tests.browser.conftest import Windows

AT_ONCE = "(button, at) => setTimeout(() => button.click(), at - Date.now())"
"""Clicks at a moment: two windows of one machine have one clock."""


def test_of_two_who_claim_a_contact_one_gets_it(windows: Windows) -> None:
    """Both see the card and press at the same moment; who comes second is told privately who has it."""
    carol, maria, marco = (windows(name, "#support_escalations") for name in ("carol", "maria", "marco"))
    carol.types("/manager-contact 123457 wants to talk about the outage")
    carol.sees("Only visible to you", "is open for ticket 123457")
    buttons = [
        window.sees("Manager contact", "#123457").get_by_role("button", name="Claim") for window in (maria, marco)
    ]
    now: int = maria.page.evaluate("Date.now()")
    for button in buttons:
        button.evaluate(AT_ONCE, now + 500)
    card = carol.sees("Manager contact", "#123457", "Claimed by")
    first, second = ("maria", marco) if "Claimed by @maria" in card.inner_text() else ("marco", maria)
    second.sees("Only visible to you", f"@{first}")


def test_an_incident_nobody_answers_pages(windows: Windows) -> None:
    """After ten minutes PagerDuty has a page and the thread says so; who acknowledges it there is seen in Slack."""
    alice, omar = windows("alice", "#support"), windows("omar", "#support-operations")
    alice.types("/incident Triggers do not fire since noon")
    expect(alice.modal.get_by_label("Zendesk triggers")).to_be_checked()
    alice.modal.get_by_label("What is the impact").fill("No auto-replies go out")
    alice.presses("Start the clock")
    expect(alice.modal).to_be_hidden()
    omar.sees("Triggers do not fire since noon")
    omar.looks_at("Pages")
    omar.pulls("+10 min")
    page = omar.panel.get_by_role("article", name="Triggers do not fire since noon")
    expect(page).to_contain_text("triggered")
    omar.message("Triggers do not fire since noon").get_by_role("link", name="repl").click()
    expect(omar.page.get_by_role("log", name="Messages in the thread")).to_contain_text("Please stay available")
    omar.presses("Acknowledge", on=page)
    expect(page).to_contain_text("acknowledged")
    omar.sees("Triggers do not fire since noon", "acknowledged it")
