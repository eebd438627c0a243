"""Slack's own client of its Web API, with a deadline for each call and a largest size for each answer.

Its time-out counts from one byte to the next; a watch closes the connection when the call's time is up.
"""

import http.client
import socket
import ssl
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any
from urllib.error import HTTPError

from slack_sdk import WebClient
from slack_sdk.errors import SlackRequestError

from bot.clients.limits import LARGEST_ANSWER

_connections = threading.local()
"""The sockets of the call that this thread makes."""


class TimedWebClient(WebClient):
    """A Web API client whose calls take as long as its time-out says, and no longer."""

    def _perform_urllib_http_request_internal(self, url: str, req: urllib.request.Request) -> dict[str, Any]:
        """Make the call; the name is the library's, which has no other place for a transport."""
        if not url.lower().startswith("http"):
            raise SlackRequestError("The address of Slack is not a web address.")
        with _watched(self.timeout) as is_over:
            try:
                answer = _answer(_open(req, self.timeout))
            except (OSError, http.client.HTTPException):
                if is_over():
                    raise TimeoutError from None
                raise
            if is_over():  # a body that was cut off looks like one that has ended
                raise TimeoutError
            return answer


def _open(req: urllib.request.Request, seconds: float) -> Any:  # noqa: ANN401 - urllib's answers and refusals are alike
    try:
        return _opener().open(req, timeout=seconds)
    except HTTPError as refused:
        return refused


def _answer(response: Any) -> dict[str, Any]:  # noqa: ANN401 - urllib's answers and refusals are alike
    body = response.read(LARGEST_ANSWER + 1)
    if len(body) > LARGEST_ANSWER:
        raise ValueError
    charset = response.headers.get_content_charset() or "utf-8"
    return {"status": response.code, "headers": dict(response.headers.items()), "body": body.decode(charset)}


@contextmanager
def _watched(seconds: float) -> Iterator[Callable[[], bool]]:
    """Cut off what this thread has open after so many seconds; tells whether that happened."""
    opened: list[socket.socket] = []
    over = threading.Event()

    def cut() -> None:
        over.set()
        for one in opened:
            with suppress(OSError):
                socket.socket.shutdown(one, socket.SHUT_RDWR)

    _connections.opened = opened
    watch = threading.Timer(seconds, cut)
    watch.daemon = True
    watch.start()
    try:
        yield over.is_set
    finally:
        watch.cancel()


def _note(sock: socket.socket) -> None:
    _connections.opened.append(sock)


class _HTTP(http.client.HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _note(self.sock)


class _HTTPS(http.client.HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        _note(self.sock)


class _HTTPHandler(urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_HTTP, req)


class _HTTPSHandler(urllib.request.HTTPSHandler):
    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_HTTPS, req, context=_tls())


@cache
def _tls() -> ssl.SSLContext:
    """How Slack's certificate is checked: the authorities are read once, not once a call."""
    return ssl.create_default_context()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Slack's API sends nobody elsewhere, and the token goes nowhere else."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:  # noqa: ANN401 - of urllib
        return None


@cache
def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_HTTPHandler, _HTTPSHandler, _NoRedirect)
