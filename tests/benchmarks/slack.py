"""A Slack that answers at once: Socket Mode, the Web API, and requests over HTTP; and how long its answers took.

It costs as little as can be, so that what is measured is the app at the other end.
"""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Self
from urllib.parse import parse_qs, urlencode

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

HOST = "127.0.0.1"
SIGNING_SECRET = "bench"
TEAM, APP, BOT = "T1", "A1", "UBOT"
PATIENCE_SECONDS = 120

Envelope = tuple[str, dict[str, Any]]
"""What an envelope holds: its type, and its payload."""


def command(number: int) -> Envelope:
    """`/manager-contact`, for a ticket of its own each: a new case."""
    return "slash_commands", {
        "command": "/manager-contact",
        "text": f"{1_000_000 + number} They ask for the third time.",
        "user_id": f"U{number % 50}",
        "team_id": TEAM,
        "channel_id": "C1",
        "trigger_id": f"trigger-{number}-{time.monotonic_ns()}",
        "api_app_id": APP,
    }


def message(number: int) -> Envelope:
    """A message in a channel that concerns nobody."""
    ts = f"{time.time():.6f}"  # Slack's own clock
    event = {"type": "message", "channel": "C9", "user": f"U{number % 50}", "text": "Lunch?", "ts": ts}
    return "events_api", {
        "type": "event_callback",
        "team_id": TEAM,
        "api_app_id": APP,
        "event": event,
        "event_id": f"Ev{number}",
        "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True}],
    }


@dataclass
class SlackStandIn:
    """One Slack for one app. Use it as an async context manager."""

    hangs: set[str] = field(default_factory=set)
    """Methods of the Web API, and paths of vendors, that do not answer."""
    called: dict[str, list[float]] = field(default_factory=dict)
    """When each method was called, by `perf_counter`."""
    _sockets: list[ServerConnection] = field(default_factory=list)
    _waiting: dict[str, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)
    _ids: Any = field(default_factory=count)
    _connected: asyncio.Event = field(default_factory=asyncio.Event)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def __aenter__(self) -> Self:
        self._ws: Server = await serve(self._socket, HOST, 0, compression=None)
        self._http = await asyncio.start_server(self._request, HOST, 0)
        self._ws_port = next(iter(self._ws.sockets)).getsockname()[1]
        self.port: int = self._http.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._ws.close()
        self._http.close()

    @property
    def api_url(self) -> str:
        """The Web API."""
        return f"http://{HOST}:{self.port}/api/"

    async def connected(self) -> None:
        """Wait until the app has opened its connection."""
        await asyncio.wait_for(self._connected.wait(), PATIENCE_SECONDS)

    async def has_connections(self, number: int) -> None:
        """Wait until so many connections are open."""
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(lambda: len(self._sockets) >= number), PATIENCE_SECONDS)

    # ---------------------------------------------------------------------------------------- Socket Mode

    async def _socket(self, connection: ServerConnection) -> None:
        await connection.send(json.dumps({"type": "hello", "num_connections": 1}))
        self._sockets.append(connection)
        self._connected.set()
        async with self._changed:
            self._changed.notify_all()
        try:
            async for text in connection:
                answer = json.loads(text)
                waiting = self._waiting.pop(answer.get("envelope_id", ""), None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(answer.get("payload") or {})
        except ConnectionClosed:
            pass  # it was killed
        finally:
            self._sockets.remove(connection)

    async def asks(self, envelope: Envelope) -> dict[str, Any]:
        """Send one envelope over one of the connections, and wait for what comes back."""
        kind, payload = envelope
        number = next(self._ids)
        envelope_id = f"E{number}"
        waiting = self._waiting[envelope_id] = asyncio.get_running_loop().create_future()
        sent = {"envelope_id": envelope_id, "type": kind, "payload": payload, "accepts_response_payload": True}
        await self._sockets[number % len(self._sockets)].send(json.dumps(sent))
        return await asyncio.wait_for(waiting, PATIENCE_SECONDS)

    # -------------------------------------------------------------------------------------------- the Web API

    async def _request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            path = head.split(" ", 2)[1]
            length = next((line[15:] for line in head.lower().split("\r\n") if line.startswith("content-length:")), "0")
            body = await reader.readexactly(int(length))
            name = path.removeprefix("/api/").partition("?")[0]
            self.called.setdefault(name, []).append(time.perf_counter())
            if name in self.hangs or (path.startswith("/vendor") and "vendors" in self.hangs):
                await asyncio.sleep(PATIENCE_SECONDS)
            answer = json.dumps({"ok": True, **self._answer(name, body)}).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n")
            writer.write(b"Content-Length: %d\r\n\r\n%s" % (len(answer), answer))
            await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass  # the app has gone
        finally:
            writer.close()

    def _answer(self, name: str, body: bytes) -> dict[str, Any]:
        match name:
            case "apps.connections.open":
                return {"url": f"ws://{HOST}:{self._ws_port}/"}
            case "auth.test":
                return {"team_id": TEAM, "user_id": BOT, "bot_id": "B1", "team": "T", "user": "bot", "url": "x"}
            case "users.info":
                user = parse_qs(body.decode()).get("user", ["U0"])[0]
                return {
                    "user": {"id": user, "team_id": TEAM, "name": user, "profile": {"email": f"{user}@example.com"}}
                }
            case "usergroups.list":
                return {"usergroups": [{"id": "S1", "handle": "support-managers", "users": ["U1", "U2"]}]}
            case "conversations.info":
                return {"channel": {"id": "C9", "name": "random"}}
            case "conversations.open":
                return {"channel": {"id": "D1"}}
            case "chat.postMessage":
                return {"channel": "C1", "ts": f"{time.time():.6f}"}
        return {}


# -------------------------------------------------------------------------------------------------- over HTTP


class HttpSlack:
    """Slack's requests over HTTP, signed, over connections that stay open."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def asks(self, envelope: Envelope) -> dict[str, Any]:
        """Send one request, and wait for what comes back."""
        kind, payload = envelope
        is_form = kind == "slash_commands"
        body = (urlencode(payload) if is_form else json.dumps(payload)).encode()
        stamp = str(int(time.time()))
        digest = hmac.new(SIGNING_SECRET.encode(), b"v0:%s:%s" % (stamp.encode(), body), hashlib.sha256).hexdigest()
        head = (
            f"POST /slack/events HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {len(body)}\r\n"
            f"Content-Type: application/{'x-www-form-urlencoded' if is_form else 'json'}\r\n"
            f"X-Slack-Request-Timestamp: {stamp}\r\nX-Slack-Signature: v0={digest}\r\n\r\n"
        )
        reader, writer = self._free.pop() if self._free else await asyncio.open_connection(HOST, self.port)
        writer.write(head.encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        assert answer.startswith("http/1.1 200"), answer
        length = next(line[15:] for line in answer.split("\r\n") if line.startswith("content-length:"))
        text = (await reader.readexactly(int(length))).decode()
        self._free.append((reader, writer))
        return dict(json.loads(text)) if text.startswith("{") else {"text": text}


# ----------------------------------------------------------------------------------------------- how long it took


@dataclass(frozen=True)
class Timings:
    """How long each answer took, in seconds, and how many came a second."""

    seconds: tuple[float, ...]
    per_second: float

    def at(self, share: float) -> float:
        """Below this stayed this share of the answers (0.99: all but the slowest hundredth), in milliseconds."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(int(len(ordered) * share), len(ordered) - 1)]


async def drive(
    slack: SlackStandIn | HttpSlack, make: Callable[[int], Envelope], numbers: range, at_once: int, expect: str = ""
) -> Timings:
    """Ask for all of these numbers, so many at once; each answer has to hold the expected text."""
    ahead, took = iter(numbers), []

    async def one_after_another() -> None:
        for number in ahead:
            start = time.perf_counter()
            answer = await slack.asks(make(number))
            took.append(time.perf_counter() - start)
            assert expect in str(answer.get("text", "")), answer

    start = time.perf_counter()
    await asyncio.gather(*(one_after_another() for _ in range(at_once)))
    return Timings(tuple(took), len(took) / (time.perf_counter() - start))
