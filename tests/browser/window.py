"""A browser window, used by labels, roles and words: never by the inner names of the page."""

from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect

from sandbox.driver.client import SandboxClient

PATIENCE_MS = 10_000

expect.set_options(timeout=PATIENCE_MS)


class Window:
    """One window. `complaints` are the errors of the browser's console."""

    def __init__(self, page: Page, url: str, key: str = "") -> None:
        self.page = page
        self.url = url
        self.key = key
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    # ------------------------------------------------------------------------------------ where one is

    def goes(self, person: str, place: str) -> None:
        """Open the page as somebody, at a place: `#channel`, `dm` or `home`."""
        key = {"key": self.key} if self.key else {}
        self.page.goto(f"{self.url}/?{urlencode({'as': person, 'in': place} | key)}")
        expect(self.page.locator(".phx-connected")).to_be_attached()

    def leaves(self) -> None:
        """Close the window, and every form that somebody has open: the next test begins without."""
        with SandboxClient(self.url) as slack:
            people = [slack.person(user["name"]) for user in slack.state()["users"]]
            for person in people:
                if person.modal:
                    person.closes(everything=True)
        self.page.close()

    def becomes(self, name: str) -> None:
        """Be somebody else, by a click on their face."""
        self.page.get_by_role("navigation", name="Who you are").get_by_role("link", name=name).click()

    def opens(self, conversation: str) -> None:
        """Go to a conversation, by a click in the sidebar."""
        sidebar = self.page.get_by_role("navigation", name="Channels and direct messages")
        sidebar.get_by_role("link", name=conversation).first.click()

    # ------------------------------------------------------------------------------------ what one sees

    @property
    def messages(self) -> Locator:
        """The messages of the conversation."""
        return self.page.get_by_role("log", name="Messages in").first

    def message(self, *words: str) -> Locator:
        """The newest message with all these words."""
        found = self.messages.get_by_role("article")
        for word in words:
            found = found.filter(has_text=word)
        return found.last

    def sees(self, *words: str) -> Locator:
        """There is, or soon will be, a message with these words."""
        found = self.message(*words)
        expect(found).to_be_visible()
        return found

    @property
    def modal(self) -> Locator:
        """The open modal."""
        return self.page.get_by_role("dialog")

    @property
    def panel(self) -> Locator:
        """The right side."""
        return self.page.get_by_role("complementary", name="Behind the scenes")

    @property
    def notice(self) -> Locator:
        """What the page says went wrong."""
        return self.page.get_by_role("alert")

    # ----------------------------------------------------------------------------------- what one does

    def types(self, text: str) -> None:
        """Type into the message field, and send it."""
        field = self.page.get_by_label("Message #")
        field.fill(text)
        field.press("Enter")

    def presses(self, button: str, on: Locator | None = None) -> None:
        """Press a button."""
        (on or self.modal).get_by_role("button", name=button, exact=True).click()

    def pulls(self, button: str) -> None:
        """Press a button on the right side."""
        self.panel.get_by_role("button", name=button, exact=True).click()

    def looks_at(self, tab: str) -> None:
        """Look at the tickets, issues, pages or faults."""
        self.pulls(tab)
