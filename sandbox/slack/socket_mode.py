"""Socket Mode: tickets, connections, envelopes and their acks."""

import asyncio
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from uuid import uuid4

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from sandbox.core.errors import SlackError
from sandbox.core.faults import Faults
from sandbox.core.model import Json
from sandbox.slack.delivery import Ack, Kind, Pending, Retry

MAX_CONNECTIONS = 10
CONNECTION_SECONDS = 18_060
HOST = "applink-sandbox"


@dataclass(eq=False)
class Connection:
    """One open socket of the app, and the envelopes on it that are not acknowledged yet."""

    socket: WebSocket
    loop: asyncio.AbstractEventLoop
    waiting: dict[str, Pending] = field(default_factory=dict)

    def send(self, message: Json) -> None:
        """Send from any thread."""
        asyncio.run_coroutine_threadsafe(self._send(message), self.loop)

    async def _send(self, message: Json) -> None:
        # RuntimeError is what starlette raises once the socket is closed; the ack window then decides.
        try:
            await self.socket.send_text(json.dumps(message))
        except (RuntimeError, WebSocketDisconnect):
            self.lose()

    def close(self) -> None:
        """Close from any thread."""
        asyncio.run_coroutine_threadsafe(self._close(), self.loop)

    async def _close(self) -> None:
        try:
            await self.socket.close()
        except RuntimeError:
            self.lose()

    def acknowledge(self, message: Json) -> None:
        """Take an ack: only on the connection the envelope went to."""
        pending = self.waiting.pop(str(message.get("envelope_id")), None)
        payload = message.get("payload")
        if pending is not None:
            pending.settle(Ack(ok=True, payload=payload if isinstance(payload, dict) else None))

    def lose(self) -> None:
        """The connection is gone: nothing on it will be acknowledged."""
        for pending in list(self.waiting.values()):
            pending.settle(Ack(ok=False, reason="connection_lost"))
        self.waiting.clear()


class SocketMode:
    """The app's connections; each envelope goes to one of them, in turn."""

    def __init__(self, app_id: str, faults: Faults, real: Callable[[], float]) -> None:
        self._app_id = app_id
        self._faults = faults
        self._real = real
        self._lock = Lock()
        self._tickets: set[str] = set()
        self._turn = 0
        self.connections: list[Connection] = []

    def open(self, base: str) -> str:
        """Return the address of a new connection on the server at `base`, with a ticket for one use."""
        if self._faults.refuse_connections:
            raise SlackError("internal_error")
        ticket = secrets.token_urlsafe(24)
        with self._lock:
            self._tickets.add(ticket)
        return f"{base.rstrip('/').replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={self._app_id}"

    def _redeem(self, ticket: str) -> bool:
        with self._lock:
            known = ticket in self._tickets and not self._faults.refuse_connections
            self._tickets.discard(ticket)
            return known

    def send(self, kind: Kind, payload: Json, retry: Retry | None = None) -> Pending:
        """Send an envelope to the next connection; without any, it fails at once."""
        pending = Pending(self._real)
        for _ in range(self._faults.copies()):
            envelope = self._envelope(kind, payload, retry)
            with self._lock:
                if not self.connections:
                    pending.settle(Ack(ok=False, reason="no_connection"))
                    return pending
                self._turn += 1
                connection = self.connections[self._turn % len(self.connections)]
                connection.waiting[envelope["envelope_id"]] = pending
            connection.send(envelope)
        return pending

    @staticmethod
    def _envelope(kind: Kind, payload: Json, retry: Retry | None) -> Json:
        answers = kind == "slash_commands" or payload.get("type") in {"view_submission", "block_suggestion"}
        envelope: Json = {
            "envelope_id": str(uuid4()),
            "payload": payload,
            "type": kind,
            "accepts_response_payload": answers,
        }
        if kind == "events_api":
            envelope["retry_attempt"] = retry.attempt if retry else 0
            envelope["retry_reason"] = retry.reason if retry else ""
        return envelope

    def disconnect(self, reason: str) -> None:
        """Send every connection a `disconnect`; all but a `warning` also close it."""
        for connection in self._current():
            connection.send({"type": "disconnect", "reason": reason, "debug_info": {"host": HOST}})
            if reason != "warning":
                connection.close()

    def drop(self) -> None:
        """Close every connection without a word."""
        for connection in self._current():
            connection.close()

    def drop_one(self) -> None:
        """Close the newest connection without a word; the others stay."""
        for connection in self._current()[-1:]:
            connection.close()

    def _current(self) -> list[Connection]:
        with self._lock:
            return list(self.connections)

    async def serve(self, socket: WebSocket, ticket: str) -> None:
        """Serve one connection until either side closes it."""
        if not self._redeem(ticket):
            await socket.close()  # before accepting: the handshake is refused with a 403
            return
        await socket.accept()
        connection = Connection(socket, asyncio.get_running_loop())
        with self._lock:
            full = len(self.connections) >= MAX_CONNECTIONS
            if not full:
                self.connections.append(connection)
            number = len(self.connections)
        if full:
            info = {"type": "disconnect", "reason": "too_many_websockets", "debug_info": {"host": HOST}}
            await socket.send_text(json.dumps(info))
            await socket.close()
            return
        try:
            await socket.send_text(json.dumps(self._hello(number)))
            await self._listen(connection)
        finally:
            with self._lock:
                self.connections.remove(connection)
            connection.lose()

    def _hello(self, number: int) -> Json:
        debug = {
            "host": HOST,
            "build_number": 1,
            "approximate_connection_time": CONNECTION_SECONDS,
        }
        return {
            "type": "hello",
            "num_connections": number,
            "debug_info": debug,
            "connection_info": {"app_id": self._app_id},
        }

    @staticmethod
    async def _listen(connection: Connection) -> None:
        try:
            while True:
                message = json.loads(await connection.socket.receive_text())
                if isinstance(message, dict):
                    connection.acknowledge(message)
        except (WebSocketDisconnect, ValueError, RuntimeError):
            return  # closed, or not the protocol: either way this connection is over


def router(socket_mode: SocketMode) -> APIRouter:
    """Return the route the tickets lead to."""
    routes = APIRouter()

    @routes.websocket("/link/")
    async def link(socket: WebSocket, ticket: str = "") -> None:
        await socket_mode.serve(socket, ticket)

    return routes
