"""The sandbox as a server in a thread of its own."""

import socket
import threading
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import uvicorn
from fastapi import FastAPI
from starlette.routing import BaseRoute

from sandbox.control.app import SandboxApp
from sandbox.control.control import Control
from sandbox.control.routes import router as control_router
from sandbox.core.clock import DeskClock, real_seconds
from sandbox.core.guard import Guard
from sandbox.core.model import AppSettings
from sandbox.core.serving import Lazily, Server, application
from sandbox.slack import responses, socket_mode, uploads, web_api
from sandbox.vendors import Vendors

HOST = "127.0.0.1"


class Sandbox:
    """A Slack workspace of one's own, at `url`; `with Sandbox() as sandbox:` starts and stops it.

    See SandboxApp for `clock`, `now`, `real`, `rate_limits` and `request_url`. Port 0 takes a free one. With `page` the
    workspace can be used in a browser, at `url`; an address instead of True is where that page can have the app killed
    and started. With a `page_key` only its address with the key opens the page.

    A test that freezes Python's clocks builds the sandbox before: FastAPI imports pydantic.v1 with its first
    route, which fails on frozen dates.
    """

    def __init__(  # noqa: PLR0913 - each is a setting of its own
        self,
        app: AppSettings | None = None,
        *,
        clock: DeskClock | None = None,
        now: Callable[[], datetime] | None = None,
        real: Callable[[], float] = real_seconds,
        rate_limits: bool = True,
        request_url: str | None = None,
        port: int = 0,
        page: bool | str = False,
        page_key: str = "",
    ) -> None:
        self.app = SandboxApp(app, clock=clock, now=now, real=real, rate_limits=rate_limits, request_url=request_url)
        self.control = Control(self.app)
        self.vendors = Vendors(self.app.workspace.now)
        config = uvicorn.Config(
            Guard(self._application(page=page), page_key),
            log_config=None,
            access_log=False,
            lifespan="off",
            ws_ping_interval=10.0,
            timeout_graceful_shutdown=2,
        )
        self._server = Server(config)
        self._socket = _listen(port)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://{HOST}:{self.port}"
        self.api_url = f"{self.url}/api/"
        self.app.workspace.response_urls.base = self.url
        self.vendors.gitlab.site = self.url
        self._thread = threading.Thread(target=self._run, name="sandbox-server", daemon=True)

    def _application(self, *, page: bool | str) -> FastAPI:
        routes = [
            *web_api.router(self.app.web_api, self._drop_connection).routes,
            *responses.router(self.app.workspace).routes,
            *uploads.router(self.app.workspace).routes,
            *socket_mode.router(self.app.sockets).routes,
            Lazily(lambda: [self.vendors.router()]).below("/vendors/"),
            Lazily(lambda: [self.vendors.control()]).below("/control/vendors"),
            *control_router(self.control).routes,
        ]
        return application("Sandbox", [*routes, *(self._page(page if isinstance(page, str) else "") if page else ())])

    def _page(self, demo_control: str) -> list[BaseRoute]:
        # Only here is the extra `page` needed.
        from sandbox.page.context import PageContext  # noqa: PLC0415
        from sandbox.page.demo_control import DemoControl  # noqa: PLC0415
        from sandbox.page.routes import page_routes  # noqa: PLC0415
        from sandbox.page.unread import Unread  # noqa: PLC0415

        unread = Unread(self.app.workspace)
        return page_routes(PageContext(self.app, self.control, self.vendors, unread, DemoControl(demo_control)))

    def _drop_connection(self, client: Any) -> None:
        """Cut the TCP connection of a client (host, port) without a word."""
        connections: list[Any] = list(self._server.server_state.connections)
        for connection in connections:
            if client is not None and connection.client == (client.host, client.port):
                connection.loop.call_soon_threadsafe(connection.transport.abort)

    def _run(self) -> None:
        self._server.run(sockets=[self._socket])

    def start(self) -> Self:
        """Start; the socket listens already, so the first request may come at once."""
        self.app.start()
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop, and close every connection."""
        self.app.stop()
        self.vendors.hooks.stop()
        self._server.ask_to_stop()
        self._thread.join()
        self._socket.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _listen(port: int) -> socket.socket:
    """Listen on this machine. Only where the protocol is named does asyncio send small answers at once."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()
    except OSError:
        listening.close()
        raise
    return listening
