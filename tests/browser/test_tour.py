"""The tour, played in the page."""

from playwright.sync_api import expect

from tests.browser.axe import broken
from tests.browser.conftest import Windows


def test_the_tour_is_played_step_by_step(windows: Windows) -> None:
    """It begins in an empty workspace; each press plays one step, and the window looks where it happens."""
    window = windows("omar", "#support")
    window.pulls("Play the tour")
    tour = window.panel.get_by_role("region", name="The tour")
    expect(tour).to_contain_text("alice types in #support", timeout=25_000)
    expect(window.page.get_by_text("You are Alice Archer")).to_be_visible()
    window.pulls("Next step")
    expect(window.modal).to_contain_text("Send feedback")
    expect(tour).to_contain_text("Slack shows alice a form")
    assert broken(window) == []
    window.pulls("Play on by itself")
    window.pulls("Pause")
    window.pulls("Stop")
    expect(tour).to_contain_text("The tour was stopped")
    window.pulls("Play it again")
    expect(tour.get_by_role("button", name="Next step")).to_be_visible(timeout=25_000)
    window.pulls("Stop")
