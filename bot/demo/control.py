"""What the demo lets the sandbox's page do to it: kill and start the desk, and play the tour.

A small web side of its own, on this machine; its address holds a secret that only the sandbox is told.
"""

import secrets
import threading
from collections.abc import Callable, Iterable
from typing import Any

from fastapi import APIRouter, FastAPI, HTTPException

from bot.demo.player import Chapter, TourPlayer
from bot.demo.stack import NotStarted, Stack
from bot.service.web import WebServer

HOST = "127.0.0.1"


class DemoControl:
    """Serves `url` from `start` until `stop`. One thing at a time happens to the processes."""

    def __init__(self, stack: Stack, chapters: Iterable[Chapter]) -> None:
        self.stack = stack
        self.chapters = list(chapters)
        self.player = TourPlayer()
        self._one_at_a_time = threading.Lock()
        self._doing = ""
        secret = secrets.token_urlsafe()
        self._web = WebServer(self._app(secret), HOST, 0)
        self.url = f"http://{HOST}:{self._web.port}/{secret}"

    def start(self) -> None:
        """Begin to serve."""
        self._web.start()

    def stop(self) -> None:
        """Stop the tour, and serving."""
        self.player.stop()
        self._web.stop()

    def _app(self, secret: str) -> FastAPI:
        routes = APIRouter(prefix=f"/{secret}")
        routes.get("/state")(self.state)
        for name, do in self._actions().items():
            routes.post(f"/{name}")(do)
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        app.include_router(routes)
        return app

    def state(self) -> dict[str, Any]:
        """The desk (`starting`, `running` or `down`), where its web side is, and the tour."""
        desk = self._doing or ("running" if self.stack.desk_runs else "down")
        return {"desk": desk, "desk_url": self.stack.desk_url, "tour": self.player.state()}

    def _actions(self) -> dict[str, Callable[[], dict[str, Any]]]:
        return {
            "desk/kill": lambda: self._does("", self.stack.kill_desk),
            "desk/start": lambda: self._does("starting", self.stack.start_desk),
            "tour/start": lambda: self._does("", lambda: self.player.start(self._afresh, self.chapters)),
            "tour/next": lambda: self._does("", self.player.go_on),
            "tour/play": lambda: self._does("", lambda: self.player.by_itself(on=True)),
            "tour/pause": lambda: self._does("", lambda: self.player.by_itself(on=False)),
            "tour/stop": lambda: self._does("", self.player.stop),
        }

    def _does(self, doing: str, do: Callable[[], None]) -> dict[str, Any]:
        with self._one_at_a_time:
            self._doing = doing
            try:
                do()
            except NotStarted as error:
                raise HTTPException(409, error.sentence) from error
            finally:
                self._doing = ""
        return self.state()

    def _afresh(self) -> str:
        """A workspace and a desk to which nothing has happened yet."""
        with self._one_at_a_time:
            self._doing = "starting"
            try:
                self.stack.start_afresh()
            finally:
                self._doing = ""
        return self.stack.url
