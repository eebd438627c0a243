"""What the three vendors have in common: a call, an answer, a refusal, and faults to order."""

import asyncio
import json
import re
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from starlette.datastructures import Headers, QueryParams
from starlette.types import Receive, Scope, Send

Now = Callable[[], datetime]
METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]


@dataclass(frozen=True)
class Call:
    """What came in. `path` is still percent-encoded, `body` is the JSON object sent, `site` our own address."""

    method: str
    path: str
    query: QueryParams
    headers: Headers
    body: dict[str, Any]
    site: str


@dataclass(frozen=True)
class VendorResponse:
    """What goes out: JSON, or plain text when the body is a str."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Refusal(Exception):  # noqa: N818 - the vendor's word for it
    """The vendor says no."""

    def __init__(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(body)
        self.answer = VendorResponse(body, status, headers or {})


@dataclass
class VendorFault:
    """Something that goes wrong, `times` times: an odd answer, a delay, or a lost answer.

    `status` answers without doing anything; `hang` waits so many (real) seconds first; `drop` does what was
    asked and then loses the connection.
    """

    times: int = 1
    status: int | None = None
    body: Any = "sandbox fault"
    headers: dict[str, str] = field(default_factory=dict)
    hang: float = 0.0
    drop: bool = False


class Dropped(Response):
    """An answer that breaks off: the connection closes before the promised body came."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send less than was promised."""
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]},
        )
        await send({"type": "http.response.body", "body": b"{", "more_body": True})


Handler = Callable[..., VendorResponse]
Route = tuple[str, str, Handler]


class Vendor:
    """One vendor: its state, its routes, its faults. All of it runs on the server's one event loop."""

    prefix = ""

    def __init__(self, now: Now) -> None:
        self.now = now
        self.faults: deque[VendorFault] = deque()
        self.calls: list[str] = []
        """Every call that came in: method and path with query."""

    def routes(self) -> list[Route]:
        """Method, pattern of the encoded path, and what answers; groups are handed over decoded."""
        raise NotImplementedError

    def admit(self, call: Call) -> None:
        """Refuse a call whose credentials or headers are wrong."""
        raise NotImplementedError

    def unknown(self) -> Refusal:
        """Refuse a path there is nothing at."""
        raise NotImplementedError

    def state(self) -> dict[str, Any]:
        """Everything in it, for people and tests to look at."""
        raise NotImplementedError

    def stamp(self) -> str:
        """Now, as vendors write it: UTC to the second."""
        return self.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def answer(self, call: Call) -> VendorResponse:
        """Do what is asked, or refuse it."""
        try:
            self.admit(call)
            for method, pattern, handler in self.routes():
                match = re.fullmatch(pattern, call.path)
                if match and method == call.method:
                    return handler(call, *map(unquote, match.groups()))
            raise self.unknown()
        except Refusal as refusal:
            return refusal.answer

    def next_fault(self) -> VendorFault:
        """Return the fault that is due, or one that is none."""
        if not self.faults:
            return VendorFault(times=0)
        fault = self.faults[0]
        fault.times -= 1
        if fault.times <= 0:
            self.faults.popleft()
        return fault

    def router(self) -> APIRouter:
        """Serve this vendor under its prefix."""
        router = APIRouter()

        router.add_route(self.prefix + "/{path:path}", self._serve, methods=METHODS)
        return router

    async def _serve(self, request: Request) -> Response:
        path = request.scope["raw_path"].decode().split("?")[0].split(self.prefix, 1)[1]
        self.calls.append(f"{request.method} {path}?{request.url.query}".rstrip("?"))
        fault = self.next_fault()
        await asyncio.sleep(fault.hang)
        if fault.status is not None:
            return _response(VendorResponse(fault.body, fault.status, fault.headers))
        answer = self._answer_to(request, path, await request.body())
        return Dropped() if fault.drop else _response(answer)

    def _answer_to(self, request: Request, path: str, raw: bytes) -> VendorResponse:
        try:
            body = json.loads(raw) if raw else {}
        except ValueError:
            return VendorResponse("Malformed JSON", 400)
        if not isinstance(body, dict):
            return VendorResponse("A JSON object is expected", 400)
        site = str(request.base_url).rstrip("/")
        return self.answer(Call(request.method, path, request.query_params, request.headers, body, site))


def _response(answer: VendorResponse) -> Response:
    headers = dict(answer.headers)
    if isinstance(answer.body, str):
        kind = "text/html" if answer.body.startswith("<") else "text/plain"
        return PlainTextResponse(answer.body, answer.status, headers, media_type=kind)
    return JSONResponse(answer.body, answer.status, headers)


def json_only(call: Call, refusal: Refusal) -> None:
    """Refuse a call with a body that does not say it is JSON."""
    if call.method in {"POST", "PUT"} and not call.headers.get("content-type", "").startswith("application/json"):
        raise refusal


def whole(call: Call, name: str, default: int, refusal: Refusal) -> int:
    """Read a whole number of the query."""
    value = call.query.get(name, str(default))
    if not value.isdecimal():
        raise refusal
    return int(value)
