"""How the sandbox is served: routes that are built when they are asked for, and a server that stops at once."""

import asyncio
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress

import uvicorn
from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

TICK_SECONDS = 0.1
"""So often uvicorn looks whether it should stop, and writes the date for its answers."""


def application(title: str, routes: Sequence[BaseRoute]) -> FastAPI:
    """An application of these routes, without pages about them."""
    made = FastAPI(title=title, docs_url=None, redoc_url=None, openapi_url=None)
    made.router.routes.extend(routes)  # they are built already: `include_router` would build each once more
    return made


class Lazily:
    """Routes below an address that are built with the first request for one: a test asks for few of a sandbox's."""

    def __init__(self, make: Callable[[], Sequence[APIRouter]]) -> None:
        self._make = make
        self._made: FastAPI | None = None

    def below(self, address: str) -> Route:
        """The route that stands for all of them."""
        return Route(f"{address}{{path:path}}", endpoint=self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, by the routes that are built by now."""
        if self._made is None:
            self._made = application("Sandbox", [route for router in self._make() for route in router.routes])
        await self._made(scope, receive, send)


class Server(uvicorn.Server):
    """A server that is told to stop instead of looking now and then, and cuts the connections that are left."""

    _loop: asyncio.AbstractEventLoop | None = None

    def ask_to_stop(self) -> None:
        """Stop; from any thread, and as often as one likes."""
        self.should_exit = True
        if self._loop is not None:
            with suppress(RuntimeError):  # it has stopped, and its loop is closed
                self._loop.call_soon_threadsafe(self._asked.set)

    async def main_loop(self) -> None:
        """Tick until asked to stop."""
        self._asked = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        counter = 0
        while not await self.on_tick(counter):
            counter += 1
            with suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), TICK_SECONDS)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen no more, and end what is open: whoever is still connected sees a connection that broke."""
        for server in self.servers:
            server.close()
        for listening in sockets or ():
            listening.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
