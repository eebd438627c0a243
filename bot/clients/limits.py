"""Every call has a deadline of its own, and every answer a largest size.

A time-out of the libraries counts from one byte to the next, so a byte every few seconds would hold a call for ever.
Here the time that is left to the whole call is the time-out of each of its waits.
"""

import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

import httpcore
import httpx

DEADLINE_SECONDS: Final = 20.0
"""How long a call may take from its first to its last byte."""
LARGEST_ANSWER: Final = 32 * 2**20
"""Bytes. A hundred long issues are a tenth of it."""

_OF_THE_WIRE: Final = frozenset({"content-encoding", "content-length", "transfer-encoding"})
"""Headers that no longer hold once an answer is read."""

_ends_at: ContextVar[float | None] = ContextVar("call_ends_at", default=None)


class TooLarge(httpx.RequestError):
    """The answer is larger than anything a vendor has to say."""


def limited(client: httpx.Client) -> httpx.Client:
    """Give this client deadlines: what it calls by `fetch` ends in time, however slowly it is answered."""
    for transport in (client._transport, *client._mounts.values()):  # noqa: SLF001 - httpx has no other way to its sockets
        pool = getattr(transport, "_pool", None)
        if pool is not None:
            pool._network_backend = _Backend(pool._network_backend)  # noqa: SLF001 - as above
    return client


def fetch(
    client: httpx.Client,
    method: str,
    url: str,
    *,
    seconds: float = DEADLINE_SECONDS,
    largest: int = LARGEST_ANSWER,
    **request: Any,  # noqa: ANN401 - of httpx
) -> httpx.Response:
    """Make a call with a `limited` client, in at most so many seconds; the answer is read up to `largest` bytes.

    Raises what httpx does, and `TooLarge`.
    """
    chunks, size = [], 0
    with _until(seconds), client.stream(method, url, **request) as response:
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > largest:
                raise TooLarge("The answer is too large.", request=response.request)
            chunks.append(chunk)
    headers = [(name, value) for name, value in response.headers.multi_items() if name.lower() not in _OF_THE_WIRE]
    return httpx.Response(response.status_code, headers=headers, content=b"".join(chunks), request=response.request)


@contextmanager
def _until(seconds: float) -> Iterator[None]:
    token = _ends_at.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ends_at.reset(token)


def _left(timeout: float | None, over: type[httpcore.TimeoutException]) -> float | None:
    """The time-out of the next wait: what the library wants, or what is left of the call."""
    end = _ends_at.get()
    if end is None:
        return timeout
    left = end - time.monotonic()
    if left <= 0:
        raise over
    return left if timeout is None else min(timeout, left)


class _Stream(httpcore.NetworkStream):
    """A connection whose every wait ends with the call's deadline."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout, httpcore.ConnectTimeout)))

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - of httpcore
        return self._stream.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    """Opens such connections."""

    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        self._backend = backend

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._backend.connect_tcp(host, port, left, local_address, socket_options))

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._backend.connect_unix_socket(path, _left(timeout, httpcore.ConnectTimeout), socket_options))

    def sleep(self, seconds: float) -> None:
        self._backend.sleep(seconds)
