"""Everything of the sandbox but the server: the workspace with what moves in it, put together."""

import threading
from collections.abc import Callable
from datetime import datetime

from sandbox.core.clock import DeskClock, MovedClock, real_seconds
from sandbox.core.faults import Faults
from sandbox.core.model import AppSettings, Json
from sandbox.core.rates import Rates
from sandbox.core.seed import fill
from sandbox.core.workspace import Workspace
from sandbox.slack.delivery import Ack, Kind, Transport
from sandbox.slack.events import Events
from sandbox.slack.events_api import HttpDelivery
from sandbox.slack.socket_mode import SocketMode
from sandbox.slack.web_api import WebApi
from sandbox.users.actions import UserActions
from sandbox.users.modals import Modals


class SandboxApp:
    """The parts, and how they know each other."""

    def __init__(
        self,
        app: AppSettings | None = None,
        *,
        clock: DeskClock | None = None,
        now: Callable[[], datetime] | None = None,
        real: Callable[[], float] = real_seconds,
        rate_limits: bool = True,
        request_url: str | None = None,
    ) -> None:
        """`now` is a clock the sandbox only reads; `clock` one it may move (the default).

        With a `request_url` everything is delivered there over HTTP, without one over Socket Mode.
        """
        self.clock = clock or (None if now else MovedClock())
        self.real_time = real_seconds
        self.stopping = threading.Event()
        moved = self.clock.now if self.clock else now
        assert moved is not None
        self.workspace = Workspace(app or AppSettings(), moved, real)
        self.real = real
        self.faults = Faults()
        self.rates = Rates(real, on=rate_limits)
        app = self.workspace.app
        self.sockets = SocketMode(app.app_id, self.faults, real)
        self.http: HttpDelivery | None = None
        if request_url:
            self.http = HttpDelivery(request_url, app.signing_secret, app.verification_token, self.faults, real)
        self.events = Events(self.workspace, self._transport)
        self.user_actions = UserActions(self.workspace, self.deliver)
        self.modals = Modals(self.user_actions)
        self.web_api = WebApi(self.workspace, self.faults, self.rates, self.sockets.open, real)
        fill(self.workspace)

    def _transport(self) -> Transport:
        return self.http or self.sockets

    def deliver(self, kind: Kind, payload: Json) -> Ack:
        """Hand a payload to the app and wait for its ack."""
        return self._transport().send(kind, payload).wait(self.stopping)

    def start(self) -> None:
        """Begin to deliver events."""
        self.events.start()

    def stop(self) -> None:
        """Stop delivering, and let go of whoever waits."""
        self.stopping.set()
        self.faults.clear()  # nothing new is held now
        self.faults.release()
        self.events.stop()
        if self.http:
            self.http.close()
