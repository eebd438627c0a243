"""A sandbox of one's own for each test, with clocks the test moves."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import httpx
import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from websockets.sync.client import ClientConnection, connect

from sandbox.core.model import AppSettings
from sandbox.driver.client import SandboxClient
from sandbox.server import Sandbox

T = TypeVar("T")
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@dataclass
class Clocks:
    """The desk's time and real seconds, both standing still until moved."""

    desk: datetime = START
    seconds: float = 1000.0

    def now(self) -> datetime:
        """Return the desk's time."""
        return self.desk

    def real(self) -> float:
        """Return real seconds."""
        return self.seconds

    def advance(self, **by: float) -> None:
        """Move the desk's clock, by minutes or whatever timedelta takes."""
        self.desk += timedelta(**by)


@dataclass
class Peer:
    """An app's end of a Socket Mode connection, frame by frame."""

    socket: ClientConnection
    hello: dict[str, Any] = field(default_factory=dict)

    def receive(self, timeout: float = 10.0) -> dict[str, Any]:
        """Return the next message; TimeoutError when there is none within real seconds."""
        message: dict[str, Any] = json.loads(self.socket.recv(timeout))
        return message

    def acks(self, envelope: dict[str, Any], payload: dict[str, Any] | None = None) -> None:
        """Acknowledge an envelope, with an answer if there is one."""
        answer = {"envelope_id": envelope["envelope_id"]} | ({"payload": payload} if payload else {})
        self.socket.send(json.dumps(answer))


@dataclass
class Slack:
    """A running sandbox, its driver, a Web API client, and the clocks."""

    sandbox: Sandbox
    driver: SandboxClient
    web: WebClient
    clocks: Clocks
    pool: ThreadPoolExecutor
    apps: list[SocketModeHandler] = field(default_factory=list)
    sockets: ExitStack = field(default_factory=ExitStack)

    def id(self, name: str) -> str:
        """Return the id of a channel (`#name`) or person."""
        workspace = self.sandbox.app.workspace
        return workspace.place(name).id if name.startswith("#") else workspace.person(name).id

    def refusal(self, method: str, **args: Any) -> str:
        """Call a method that is refused, and return the error code."""
        with pytest.raises(SlackApiError) as refused:
            self.web.api_call(method, json=args)
        return str(refused.value.response["error"])

    def trigger(self, name: str = "alice") -> str:
        """Return a fresh trigger id, as an interaction of this person would carry."""
        return self.sandbox.app.workspace.triggers.issue(self.id(name))

    def socket(self) -> "Peer":
        """Open a Socket Mode connection without any SDK."""
        answer = httpx.post(
            f"{self.sandbox.api_url}apps.connections.open", headers={"Authorization": "Bearer xapp-sandbox"}
        )
        peer = Peer(self.sockets.enter_context(connect(answer.json()["url"])))
        peer.hello = peer.receive()
        return peer

    def doing(self, act: Callable[[], T]) -> "Future[T]":
        """Do something that waits for an ack, while the test goes on as the app."""
        return self.pool.submit(act)

    def connects(self, prepare: Callable[[App], None]) -> App:
        """Connect a bolt app over Socket Mode."""
        app = App(client=WebClient(token="xoxb-sandbox", base_url=self.sandbox.api_url))
        prepare(app)
        handler = SocketModeHandler(app, "xapp-sandbox", trace_enabled=False)
        self.apps.append(handler)
        handler.connect()  # type: ignore[no-untyped-call]  # bolt leaves it untyped
        return app


StartSlack = Callable[..., Slack]


@pytest.fixture
def start_slack() -> Iterator[StartSlack]:
    """Start sandboxes with what a test asks for; all are stopped at the end."""
    running: list[Slack] = []

    def start(app: AppSettings | None = None, **options: Any) -> Slack:
        clocks = Clocks()
        options = {"now": clocks.now, "real": clocks.real, "rate_limits": False, **options}
        sandbox = Sandbox(app, **options).start()
        web = WebClient(token="xoxb-sandbox", base_url=sandbox.api_url)
        running.append(Slack(sandbox, SandboxClient(sandbox.url), web, clocks, ThreadPoolExecutor(4)))
        return running[-1]

    yield start
    for slack in running:
        slack.driver.close()
        # The SDK's client reads with a time-out of three seconds: the sandbox hangs up first, to be quick.
        for handler in slack.apps:
            handler.client.auto_reconnect_enabled = False
        slack.sandbox.stop()
        slack.pool.shutdown()
        slack.sockets.close()
        for handler in slack.apps:
            handler.close()  # type: ignore[no-untyped-call]  # bolt leaves it untyped


@pytest.fixture
def slack(start_slack: StartSlack) -> Slack:
    """A sandbox with standing clocks and without rate limits."""
    return start_slack()


@pytest.fixture
def http(slack: Slack) -> Iterator[httpx.Client]:
    """A plain HTTP client at the sandbox."""
    with httpx.Client(base_url=slack.sandbox.url) as client:
        yield client
