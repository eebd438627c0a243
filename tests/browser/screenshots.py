"""`python -m tests.browser.screenshots`: the pictures of docs/screenshots, taken of the demo as it is now."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import typer
from PIL import Image
from playwright.sync_api import Browser, ViewportSize, expect, sync_playwright

from bot.demo.session import started
from sandbox.driver.client import SandboxClient
from sandbox.driver.people import SandboxPerson
from tests.browser.chromium import FLAGS, NONE_HERE, chromium
from tests.browser.window import Window

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
SIZE: ViewportSize = {"width": 1440, "height": 860}
COLOURS = 160
"""So few colours make a picture of a page a third as large, and nobody sees it."""

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def main() -> int:
    """Take all pictures; 1 without a browser."""
    found = chromium()
    if found is None:
        typer.echo(NONE_HERE, err=True)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="desk-screenshots-") as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        with started(Path(folder), 0) as both, SandboxClient(both.url, both.page_key) as slack:
            slack.clock.set(MONDAY)
            take_all(browser, slack)
        browser.close()
    return 0


def take_all(browser: Browser, slack: SandboxClient) -> None:
    """Play a morning, and take a picture of each view on the way."""
    alice, adam, pia = (slack.person(name) for name in ("alice", "adam", "pia"))
    sends(slack, adam, "123457 The runner forgets its tags after an upgrade")
    sends(slack, alice, "123456 Choosing who runs a schedule should not need an admin")
    card = slack.until(lambda: next((one for one in pia.sees("#product") if "Choosing who" in one.rendered), None))
    pia.says("Thank you @alice! We have just talked about this in planning.", in_="#product", thread=card)
    with window(browser, slack, "alice", "#support") as looking:
        looking.types("/feedback 123458")
        looking.presses("Continue")
        expect(looking.modal.get_by_label("What did the customer say?")).to_be_focused()
        take(looking, "form")
    with window(browser, slack, "pia", "#product") as looking:
        looking.presses("Acknowledge", on=looking.sees("The runner forgets"))
        looking.sees("The runner forgets", "Acknowledged by")
        looking.sees("Choosing who").get_by_role("link", name="1 reply").click()
        take(looking, "channel")
    contact(browser, slack)
    incident(browser, slack)
    tour(browser, slack)


def sends(slack: SandboxClient, person: SandboxPerson, what: str) -> None:
    """Send feedback, from the command to the preview."""
    person.runs(f"/feedback {what}", in_="#support")
    person.submits()
    slack.until(lambda: person.modal and "found" in person.modal.text)
    person.submits()


def contact(browser: Browser, slack: SandboxClient) -> None:
    """A manager's home with a contact that is hers."""
    maria = slack.person("maria")
    slack.person("adam").runs("/manager-contact 123459 Three slow answers in a row, they are upset", in_="#support")
    slack.until(lambda: any("MC-1" in one.rendered for one in maria.sees("#support_escalations")))
    with window(browser, slack, "maria", "home") as looking:
        expect(looking.page.get_by_role("region", name="App home")).to_contain_text("MC-1")
        looking.looks_at("Faults")
        take(looking, "home")


def incident(browser: Browser, slack: SandboxClient) -> None:
    """An incident that has paged, by night."""
    alice = slack.person("alice")
    alice.runs("/incident Zendesk triggers do not fire", in_="#support")
    alice.fills({"What is the impact on users and customers?": "No ticket is routed, in all regions"})
    alice.submits()
    with window(browser, slack, "omar", "#support-operations", dark=True) as looking:
        looking.sees("Zendesk triggers do not fire").get_by_role("link", name="Reply in thread").click()
        replies = looking.page.get_by_role("log", name="Messages in the thread")
        for minutes, words in (("+1 min", ""), ("+10 min", "Please stay available")):
            looking.pulls(minutes)
            expect(replies).to_contain_text(words)
        looking.looks_at("Pages")
        take(looking, "incident")


def tour(browser: Browser, slack: SandboxClient) -> None:
    """The tour, a few steps in."""
    with window(browser, slack, "alice", "#support") as looking:
        looking.pulls("Play the tour")
        card = looking.panel.get_by_role("region", name="The tour")
        for words in ("types in #support", "a form", "answers", "presses [Continue]", "a form"):
            expect(card.get_by_role("listitem").last).to_contain_text(words, timeout=30_000)
            looking.pulls("Next step")
        expect(looking.modal).to_contain_text("This will be posted")
        take(looking, "tour")
        looking.pulls("Stop")


@contextmanager
def window(browser: Browser, slack: SandboxClient, person: str, place: str, *, dark: bool = False) -> Iterator[Window]:
    """A window for one picture."""
    context = browser.new_context(color_scheme="dark" if dark else "light", viewport=SIZE, reduced_motion="reduce")
    looking = Window(context.new_page(), slack.url, slack.page_key)
    looking.goes(person, place)
    yield looking
    looking.leaves()
    context.close()


def take(looking: Window, name: str) -> None:
    """Take a picture, in few colours."""
    looking.page.wait_for_timeout(600)  # the last change fades in
    picture = Image.open(BytesIO(looking.page.screenshot()))
    path = FOLDER / f"{name}.png"
    picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    typer.echo(f"{path.relative_to(FOLDER.parents[1])}: {path.stat().st_size // 1024} kB")


if __name__ == "__main__":
    raise SystemExit(main())
