"""What axe, the accessibility checker, has against a page."""

from axe_playwright_python.sync_playwright import Axe

from tests.browser.window import Window


def broken(window: Window) -> list[str]:
    """What axe has against the page as it is now."""
    found = Axe().run(window.page).response
    assert len(found["passes"]) > 15
    return [
        f"{rule['id']}: {node['html'][:200]} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
