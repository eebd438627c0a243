"""Slack over Socket Mode: a WebSocket the desk opens, so that it needs no public address.

Slack's own client for threads spins while a vanished server does not answer, needs half a minute to come back, and
answers over another connection than the question came by. So the connection is the `websockets` library's, which
keeps itself alive, and what is here is the protocol: tickets, hello, disconnect, envelopes and their answers.
"""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import chain
from typing import Any, Final

import structlog
from slack_bolt import App, BoltResponse
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import ClientConnection, connect

from bot.clients import slack_calls
from bot.service.slack_requests import dispatch
from workflows.contract.errors import EffectError, RetryLater
from workflows.lib import outside_json

log = structlog.get_logger(__name__)

CONCURRENCY: Final = 10
CONNECTIONS: Final = 2
"""As Slack advises; it allows ten for an app, over all its processes."""

PING_SECONDS: Final = 5.0
"""Between two pings, and how long to wait for the answer: a vanished server is noticed within ten seconds."""

OPEN_SECONDS: Final = 10.0
HELLO_SECONDS: Final = 3.0
CLOSE_SECONDS: Final = 1.0
FIRST_PAUSE_SECONDS: Final = 0.5
LONGEST_PAUSE_SECONDS: Final = 5.0
STEADY_SECONDS: Final = 10.0
"""A connection that lasted shorter is not simply replaced at once: that would be a storm."""

LARGEST_MESSAGE: Final = 8 * 2**20
_OK: Final = 200


class SocketMode:
    """Keeps a connection to Slack open, and hands what comes over it to bolt."""

    def __init__(
        self, app: App, app_token: str, *, concurrency: int = CONCURRENCY, ping_seconds: float = PING_SECONDS
    ) -> None:
        self._app = app
        self._web = slack_calls.web_client(app_token, app.client.base_url)
        self._ping_seconds = ping_seconds
        self._pool = ThreadPoolExecutor(concurrency, thread_name_prefix="slack")
        self._keeper = threading.Thread(target=self._reconnect_loop, name="slack-socket", daemon=True)
        self._stopping = threading.Event()
        self._changed = threading.Event()
        self._lock = threading.Lock()
        self._connections: dict[ClientConnection, threading.Thread] = {}
        self._current: ClientConnection | None = None
        self._opened_at = 0.0

    @property
    def connected(self) -> bool:
        """Whether Slack can reach the desk now."""
        return self._current is not None

    def start(self) -> None:
        """Connect, or go on trying in the background when Slack cannot be reached.

        `Misconfigured` when Slack refuses the token.
        """
        try:
            self._open()
        except RetryLater as error:
            log.warning("slack_not_connected", reason=error.sentence)
        except EffectError:
            self._pool.shutdown()
            raise
        self._keeper.start()

    def stop(self) -> None:
        """Take nothing new, answer what was taken, and close."""
        self._stopping.set()
        self._changed.set()
        if self._keeper.is_alive():
            self._keeper.join()
        self._current = None
        self._pool.shutdown(wait=True)
        with self._lock:
            connections = dict(self._connections)
        for connection, reader in connections.items():
            connection.close()
            reader.join()

    # --------------------------------------------------------------------------------- the connection

    def _reconnect_loop(self) -> None:
        pauses = _pauses()
        while not self._stopping.is_set():
            asked_for = self._reopen() if self._current is None else 0.0
            if self._current is not None:
                self._changed.wait()
                self._changed.clear()
                if time.monotonic() - self._opened_at >= STEADY_SECONDS:
                    pauses = _pauses()
                    continue
            self._stopping.wait(max(next(pauses), asked_for))

    def _reopen(self) -> float:
        """Try to connect; returns for how many seconds Slack wants to be left alone."""
        try:
            self._open()
        except RetryLater as error:
            log.warning("slack_not_connected", reason=error.sentence)
            return error.wait.total_seconds() if error.wait else 0.0
        except EffectError as error:
            log.error("slack_not_connected", reason=error.sentence)  # noqa: TRY400 - the sentence says it all
        except Exception:  # whatever it was, a desk that has stopped trying is deaf
            log.exception("slack_not_connected")
        return 0.0

    def _open(self) -> None:
        answer = slack_calls.ask(self._web.apps_connections_open, "a Socket Mode connection", app_token=self._web.token)
        connection = self._connect(slack_calls.read(answer, "url"))
        try:
            first = _hello(connection)
        except BaseException:
            connection.close()
            raise
        reader = threading.Thread(target=self._read, args=(connection, first), name="slack-reader", daemon=True)
        with self._lock:
            self._connections[connection] = reader
            self._current = connection
            self._opened_at = time.monotonic()
        reader.start()
        log.info("slack_connected")

    def _connect(self, url: str) -> ClientConnection:
        """Open a WebSocket; the address holds a ticket and is never shown."""
        try:
            return connect(
                url,
                legacy=True,
                open_timeout=OPEN_SECONDS,
                close_timeout=CLOSE_SECONDS,
                ping_interval=self._ping_seconds,
                ping_timeout=self._ping_seconds,
                max_size=LARGEST_MESSAGE,
            )
        except (OSError, WebSocketException) as error:
            raise RetryLater(f"Slack's Socket Mode cannot be reached ({type(error).__name__}).") from None

    def _read(self, connection: ClientConnection, first: str | bytes) -> None:
        try:
            for text in chain([first], connection):
                self._take(connection, text)
        except ConnectionClosed:
            pass  # it ended without a goodbye
        except Exception:
            log.exception("slack_connection_broke")
        finally:
            connection.close()
            self._leave(connection, "closed")
            with self._lock:
                self._connections.pop(connection, None)

    def _leave(self, connection: ClientConnection, reason: str) -> None:
        """Ask for another connection; this one is read for as long as Slack keeps it open."""
        with self._lock:
            if self._current is not connection:
                return
            self._current = None
        if not self._stopping.is_set():
            log.info("slack_reconnects", reason=reason)
        self._changed.set()

    # ---------------------------------------------------------------------------------- the envelopes

    def _take(self, connection: ClientConnection, text: str | bytes) -> None:
        message = _object(text)
        if message.get("type") == "disconnect":
            self._leave(connection, str(message.get("reason")))
        elif message.get("envelope_id") and not self._stopping.is_set():
            with suppress(RuntimeError):  # the pool has just been shut: Slack sends it again elsewhere
                self._pool.submit(self._handle, connection, message)

    def _handle(self, connection: ClientConnection, envelope: dict[str, Any]) -> None:
        try:
            payload = envelope.get("payload")
            answer = dispatch(
                self._app,
                payload if isinstance(payload, dict) else {},
                retry=envelope.get("retry_attempt"),
                reason=envelope.get("retry_reason"),
            )
            if answer.status == _OK:
                connection.send(json.dumps({"envelope_id": envelope["envelope_id"], **_payload(answer)}))
            else:
                log.warning("slack_not_answered", status=answer.status, kind=envelope.get("type"))
        except ConnectionClosed:
            log.warning("slack_answer_lost", kind=envelope.get("type"))  # Slack asks again, and is told the same
        except Exception:
            log.exception("slack_not_answered", kind=envelope.get("type"))


class SocketModeConnections:
    """Several connections: Slack sends each request over one of them.

    So neither a refresh, which Slack asks for every few hours, nor a drop is deafness: commands and clicks that nobody
    hears are not sent again.
    """

    def __init__(self, app: App, app_token: str, number: int = CONNECTIONS) -> None:
        self._all = [SocketMode(app, app_token) for _ in range(number)]

    @property
    def connected(self) -> bool:
        """Whether Slack can reach the desk now."""
        return any(one.connected for one in self._all)

    def start(self) -> None:
        """Connect; `Misconfigured` when Slack refuses the token, and then nothing is left running."""
        for number, one in enumerate(self._all):
            try:
                one.start()
            except EffectError:
                for started in self._all[:number]:
                    started.stop()
                raise

    def stop(self) -> None:
        """Take nothing new, answer what was taken, and close."""
        for one in self._all:
            one.stop()


def _pauses() -> Iterator[float]:
    """Seconds between one try and the next."""
    pause = FIRST_PAUSE_SECONDS
    while True:
        yield pause
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)


def _hello(connection: ClientConnection) -> str | bytes:
    """What Slack says first: hello. A server that says something else at once, or nothing, is heard all the same."""
    try:
        text = connection.recv(timeout=HELLO_SECONDS)
    except TimeoutError:
        return ""
    except ConnectionClosed:
        text = '{"type": "disconnect"}'
    if (message := _object(text)).get("type") == "disconnect":
        reason = str(message.get("reason") or "without a word")
        raise RetryLater(f"Slack closed the Socket Mode connection at once ({reason[:80]}).")
    return text


def _object(text: str | bytes) -> dict[str, Any]:
    try:
        message = outside_json.read(text)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


def _payload(answer: BoltResponse) -> dict[str, Any]:
    """What the answer to an envelope carries besides its id."""
    if not answer.body:
        return {}
    is_json = str(answer.headers.get("content-type", [""])[0]).startswith("application/json")
    return {"payload": json.loads(answer.body) if is_json else {"text": answer.body}}
