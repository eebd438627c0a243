"""A vendor that answers a byte now and then, or without end: every call has a deadline, every answer a largest size."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter
from slack_bolt import Ack, BoltRequest
from slack_sdk import WebClient

from bot.clients.http import Call, Http
from bot.clients.limits import TooLarge, fetch, limited
from bot.clients.slack_calls import AT_ONCE_SECONDS, ask
from bot.clients.slack_web import TimedWebClient
from bot.service.slack_app import installed_app
from workflows.contract.errors import RetryLater

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
NOW = datetime(2026, 11, 20, 17, 55, tzinfo=UTC)
SECONDS = 0.3
"""The deadline here; a byte comes four times as often."""


@contextmanager
def server(at_once: bytes, slowly: bytes = b" " * 1000) -> Iterator[str]:
    """Somebody who answers the first part at once, and the rest a byte at a time."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        over = threading.Event()

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                try:
                    connection.sendall(at_once)
                    for byte in slowly:
                        if over.wait(SECONDS / 4):
                            return
                        connection.sendall(bytes([byte]))
                except OSError:
                    return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            over.set()
            thread.join(5)


@pytest.mark.parametrize(("at_once", "slowly"), [(HEAD, b" " * 1000), (b"", HEAD), (HEAD[:40], HEAD[40:])])
def test_a_byte_now_and_then_holds_no_call(at_once: bytes, slowly: bytes) -> None:
    """In the body, in the head, from the first byte on: no time-out from byte to byte ends that."""
    with server(at_once, slowly) as url:
        http = Http("Vendor", url, headers={}, secrets=(), wait=lambda _headers, _now: None, now=lambda: NOW)
        http.seconds = SECONDS
        started = time.perf_counter()
        with pytest.raises(RetryLater, match="did not answer in time"):
            http.send(Call("x", "GET", "/x", "x"), TypeAdapter(dict[str, Any]))
        assert time.perf_counter() - started < SECONDS * 6
        http.disconnect()


@pytest.mark.parametrize(("at_once", "slowly"), [(HEAD, b" " * 1000), (b"", HEAD)])
def test_a_byte_now_and_then_does_not_hold_a_call_to_slack(at_once: bytes, slowly: bytes) -> None:
    """Nobody knows what became of it then."""
    with server(at_once, slowly) as url:
        web = TimedWebClient(token="xoxb-x", base_url=f"{url}/api/", timeout=SECONDS)  # type: ignore[arg-type]  # less than a second
        started = time.perf_counter()
        with pytest.raises(RetryLater, match="did not answer in time") as caught:
            ask(web.auth_test, "the token")
        assert caught.value.unsure
        assert time.perf_counter() - started < SECONDS * 6


def test_an_answer_has_a_largest_size() -> None:
    """What is larger is not read to its end."""
    with server(HEAD + b" " * 5000) as url, limited(httpx.Client()) as client, pytest.raises(TooLarge):
        fetch(client, "GET", url, largest=1000)


def test_what_a_listener_calls_slack_with_has_a_deadline_too() -> None:
    """Bolt makes a client for each request: it is one of ours, with the token, and as patient as a click allows."""
    app, given = installed_app("xoxb-x", "http://127.0.0.1:9/api/"), []

    @app.command("/x")
    def listen(ack: Ack, client: WebClient) -> None:
        given.append((type(client), client.token, client.timeout))
        ack()

    body = {"command": "/x", "team_id": "T1", "user_id": "U1", "channel_id": "C1", "text": ""}
    answer = app.dispatch(BoltRequest(body=body, mode="socket_mode"))
    assert answer.status == 200
    assert given == [(TimedWebClient, "xoxb-x", AT_ONCE_SECONDS)]
