"""The sandbox is for one's own machine: other sites' pages in the same browser get nothing from it."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from sandbox.page.reading import link
from sandbox.server import Sandbox

KEY = "the-key-of-this-test"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One with its page."""
    with Sandbox(page=True, page_key=KEY) as running:
        yield running


@pytest.mark.parametrize("path", ["/", "/control/state", "/api/auth.test", "/vendors/zendesk/api/v2/tickets/1.json"])
def test_another_name_of_this_machine_is_refused(sandbox: Sandbox, path: str) -> None:
    """A name on the internet that is made to lead here would let its page read everything."""
    for host in ("evil.example", f"evil.example:{sandbox.port}", "127.0.0.1.evil.example", ""):
        assert httpx.get(f"{sandbox.url}{path}", headers={"host": host}).status_code in {400, 403}, host


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:1", "null", "http://localhost"])
def test_another_site_writes_nothing(sandbox: Sandbox, origin: str) -> None:
    """A form or script of its page may send a request, and it is not taken."""
    before = sandbox.app.workspace.now()
    for path in ("/control/clock", "/control/people/alice/says", "/api/chat.postMessage"):
        answer = httpx.post(f"{sandbox.url}{path}", json={"advance": 60}, headers={"origin": origin})
        assert answer.status_code == 403
    assert (sandbox.app.workspace.now() - before).total_seconds() < 60


def test_another_site_opens_no_connection(sandbox: Sandbox) -> None:
    """Browsers let a WebSocket go anywhere."""
    for path in ("/live/websocket", "/link"):
        with pytest.raises(InvalidStatus, match="403"):
            connect(f"ws://127.0.0.1:{sandbox.port}{path}", origin=Origin("https://evil.example"))


def test_the_page_opens_by_its_printed_address(sandbox: Sandbox) -> None:
    """With the key, once; then by a cookie that no other site's request carries."""
    with httpx.Client(base_url=sandbox.url) as browser:
        assert browser.get("/").status_code == 403
        assert browser.get("/?key=wrong").status_code == 403
        opened = browser.get(f"/?key={KEY}&as=pia&in=%23product")
        assert (opened.status_code, opened.headers["location"]) == (303, "/?as=pia&in=%23product")
        cookie = opened.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert browser.get("/?as=pia").status_code == 200
        assert browser.get("/page/page.js").status_code == 200


def test_the_page_runs_only_its_own(sandbox: Sandbox) -> None:
    """Whatever a message holds: no script of it, nothing from elsewhere, and no other site around it."""
    with httpx.Client(base_url=sandbox.url, follow_redirects=True) as browser:
        policy = browser.get(f"/?key={KEY}").headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", " https://x", "vbscript:x", ""])
def test_a_link_that_is_no_web_address_is_words(address: str) -> None:
    """A click on it would run in the page."""
    shown: Any = link(address, "click me")
    assert str(shown) == "<span>click me</span>"
    assert "href" in str(link("https://example.com", "click me"))
