"""The driver: people in the sandbox's workspace, from Python, over the control API.

    with SandboxClient(url) as sandbox:
        alice = sandbox.person("alice")
        alice.runs("/feedback 123456", in_="#support")
        alice.fills({"Kind of feedback": "Product feedback"})
        alice.submits()
        card = sandbox.until(lambda: alice.sees("#product"))[-1]

Nothing here sleeps: `until` looks again whenever something changed.
"""

from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from sandbox.core.clock import real_seconds
from sandbox.core.tls import tls
from sandbox.driver.controls import ClockControls, FaultControls, answer_of
from sandbox.driver.observations import Home, Json, Modal, Reply, Shown
from sandbox.driver.people import Integration, SandboxPerson

__all__ = ["Home", "Integration", "Modal", "Reply", "SandboxClient", "SandboxPerson", "Shown"]

T = TypeVar("T")
PATIENCE_SECONDS = 10.0


class SandboxClient:
    """A connection to a running sandbox. Close it, or use it in a `with`."""

    def __init__(self, url: str, page_key: str = "") -> None:
        """`page_key` opens the page at `url`, for who looks at it beside."""
        # A person waits for an ack of three seconds, or as long as a hanging call lasts.
        self._http = httpx.Client(base_url=url, timeout=60.0, verify=tls())
        self.url = url
        self.page_key = page_key
        self.faults = FaultControls(self._http)
        self.clock = ClockControls(self._http)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def person(self, name: str) -> SandboxPerson:
        """Return somebody by name."""
        return SandboxPerson(self._http, name)

    def integration(self, name: str = "integration", *, legacy: bool = True) -> Integration:
        """Return an integration, a new one if need be; a legacy one posts as incoming webhooks do."""
        return Integration(self._http, name, legacy=legacy)

    def _post(self, address: str, **body: Any) -> Json:
        answer: Json = answer_of(self._http.post(f"/control/{address}", json=body))
        return answer

    def adds_person(self, name: str, *, tz: str = "Europe/London", channels: tuple[str, ...] = ()) -> SandboxPerson:
        """Add a person to the workspace and to these channels."""
        self._post("people", name=name, tz=tz, channels=channels)
        return self.person(name)

    def changes_person(self, name: str, **changes: Any) -> None:
        """Change a person: deleted, is_restricted, is_ultra_restricted, is_stranger, tz, email, real_name."""
        self._post("people/change", name=name, **changes)

    def deactivates(self, name: str) -> None:
        """Deactivate a person."""
        self.changes_person(name, deleted=True)

    def creates_channel(self, name: str, members: list[str], *, private: bool = False) -> str:
        """Create a channel of these members (the bot only if it is named) and return its id."""
        return str(self._post("channels", name=name, members=members, private=private)["id"])

    def archives(self, channel: str, *, archived: bool = True) -> None:
        """Archive a channel, or take it back."""
        self._post("channels/archive", channel=channel, archived=archived)

    def invites(self, name: str, to: str) -> None:
        """Invite a person or bot into a channel."""
        self._post("channels/invite", channel=to, name=name)

    def kicks(self, name: str, from_: str) -> None:
        """Remove a person or bot from a channel."""
        self._post("channels/kick", channel=from_, name=name)

    def customer_opens(self, subject: str) -> int:
        """Let a customer of ACME open a ticket; its number."""
        return int(self._post("vendors/zendesk/tickets", subject=subject)["id"])

    def rate_limits(self, *, on: bool) -> None:
        """Switch the rate limits on or off."""
        self._post("rate_limits", on=on)

    def calls(self, method: str | None = None) -> list[Json]:
        """Return the app's Web API calls so far: method, args, at, status, error."""
        params = {"method": method} if method else {}
        calls: list[Json] = answer_of(self._http.get("/control/calls", params=params))
        return calls

    def state(self) -> Json:
        """Return everything there is."""
        state: Json = answer_of(self._http.get("/control/state"))
        return state

    def settle(self, seconds: float = PATIENCE_SECONDS) -> bool:
        """Wait until no event is on its way to the app; False when that took too long."""
        params: dict[str, str | float] = {"idle": "true", "seconds": seconds}
        return bool(answer_of(self._http.get("/control/wait", params=params))["idle"])

    def until(self, look: Callable[[], T | None], seconds: float = PATIENCE_SECONDS) -> T:
        """Look again at every change until there is something to see, and return it."""
        deadline, version = real_seconds() + seconds, -1
        while not (seen := look()):
            left = deadline - real_seconds()
            if left <= 0:
                raise AssertionError(f"Nothing came to be seen in {seconds:g} s.")
            params: dict[str, float] = {"after": version, "seconds": min(left, 0.5)}
            version = answer_of(self._http.get("/control/wait", params=params))["version"]
        return seen
