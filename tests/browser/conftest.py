"""One demo and one real browser for the tests of the page (for each of xdist's workers); each test has its own windows.

The demo is the one people start, with both processes, and lives through all tests: what a test finds by its words, it
made itself.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from bot.demo.session import started
from bot.demo.stack import Stack
from tests.browser.chromium import FLAGS, chromium
from tests.browser.window import Window

collect_ignore_glob = [] if chromium() else ["test_*.py"]
"""Without a browser nothing is collected here; the suite says so at its end, once."""

Windows = Callable[[str, str], Window]


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let `-m "not browser"` leave them out."""
    item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, without a screen."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def demo(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The demo. Only where there is a browser: without one nobody looks."""
    assert browser.is_connected()
    with started(tmp_path_factory.mktemp("demo"), 0) as both:
        yield both


@pytest.fixture
def windows(browser: Browser, demo: Stack) -> Iterator[Windows]:
    """Opens windows: `windows("pia", "#product")`. What their consoles complain of fails the test."""
    opened: list[Window] = []

    def open_window(person: str, place: str) -> Window:
        window = Window(browser.new_page(viewport={"width": 1440, "height": 900}), demo.url, demo.page_key)
        opened.append(window)
        window.goes(person, place)
        return window

    yield open_window
    for window in opened:
        window.leaves()
    assert [complaint for window in opened for complaint in window.complaints] == []
