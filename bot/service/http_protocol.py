"""HTTP with limits: a caller that is slow, sends endless headers, or opens many connections, holds up nobody."""

import asyncio
from typing import Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_SECONDS: Final = 20.0
"""So long may a request take to come in, head and body; then its connection is closed."""

MOST_CONNECTIONS: Final = 256
"""Open at once. Slack and the vendors need a handful."""

LARGEST_HEAD: Final = 32 * 2**10
"""Bytes of a request's first line and headers."""

_STILL_COMES: Final = frozenset({h11.IDLE, h11.SEND_BODY})
"""What the other side is at while its request, or the next one, is not all here."""


class LimitedProtocol(H11Protocol):
    """Closes connections whose request does not come in, and those that are too many."""

    request_seconds = REQUEST_SECONDS
    most_connections = MOST_CONNECTIONS

    _began = 0.0
    _watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as its parent's
        """Take a connection, unless there are too many."""
        super().connection_made(transport)
        if len(self.connections) > self.most_connections:
            transport.abort()
            return
        self._began = self.loop.time()
        self._watch = self.loop.call_later(self.request_seconds, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop watching a connection that is over."""
        if self._watch is not None:
            self._watch.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Give the next request on this connection its own time."""
        self._began = self.loop.time()
        super().on_response_complete()

    def _look(self) -> None:
        left = self._began + self.request_seconds - self.loop.time()
        if left <= 0 and self.conn.their_state in _STILL_COMES:
            self.transport.abort()
            return
        self._watch = self.loop.call_later(left if left > 0 else self.request_seconds, self._look)
