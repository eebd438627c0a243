"""The sandbox is for one's own machine: no web page elsewhere reads it, writes into it, or is loaded by it.

A page on the internet can make a browser call 127.0.0.1, under its own name (so the Host is looked at, against DNS
rebinding) or across sites (so the Origin is). The page is shown to who has its printed address, with its key.
"""

from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from secrets import compare_digest
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OWN_NAMES: Final = ("127.0.0.1", "localhost", "[::1]")
KEY: Final = "key"
PAGE: Final = ("/", "/live")
"""What only the printed address opens: the page, and its connection."""

POLICY: Final = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self' {own}; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class Guard:
    """Stands before everything of the sandbox. Without a `key` the page is shown to everybody on this machine."""

    def __init__(self, app: ASGIApp, key: str = "") -> None:
        self._app = app
        self._key = key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        refusal = self._refusal(scope, headers, host)
        if refusal is None:
            await self._app(scope, receive, _with_policy(send, host))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await refusal(scope, receive, _with_policy(send, host))

    def _refusal(self, scope: Scope, headers: Headers, host: str) -> Response | None:
        if host.rpartition(":")[0] not in OWN_NAMES and host not in OWN_NAMES:
            return PlainTextResponse("This sandbox answers on this machine only.\n", 403)
        origin = headers.get("origin")
        if origin is not None and origin not in {f"http://{host}", f"ws://{host}"}:
            return PlainTextResponse("This sandbox takes nothing from other sites.\n", 403)
        path = str(scope["path"])
        is_page = path == PAGE[0] or path.startswith(PAGE[1])
        return self._to_the_page(scope, headers) if self._key and is_page else None

    def _to_the_page(self, scope: Scope, headers: Headers) -> Response | None:
        """None for who has been let in; who comes by the printed address is given a cookie."""
        name = f"sandbox_{(scope.get('server') or ('', ''))[1]}"
        if self._is_key(_cookies(headers).get(name, "")):
            return None
        asked = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        if not self._is_key(asked.pop(KEY, "")):
            return PlainTextResponse("Open the address that was printed when the demo started, with its key.\n", 403)
        answer = RedirectResponse(f"/?{urlencode(asked)}" if asked else "/", 303)
        answer.set_cookie(name, self._key, httponly=True, samesite="strict")
        return answer

    def _is_key(self, given: str) -> bool:
        return compare_digest(given.encode(), self._key.encode())


def _cookies(headers: Headers) -> Mapping[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(headers.get("cookie", "")).items()}
    except CookieError:
        return {}


def _with_policy(send: Send, host: str) -> Send:
    """Say with every answer what a browser may load and run of it."""

    async def say(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["content-security-policy"] = POLICY.format(own=f"ws://{host}")
            headers["x-content-type-options"] = "nosniff"
            headers["referrer-policy"] = "no-referrer"
        await send(message)

    return say
