"""The web side: Slack over HTTP, and whether the desk is well. Webhooks are added to the same app."""

import threading
from collections.abc import Callable, Iterable, Mapping
from socket import AF_INET, AF_INET6, create_server
from typing import Annotated, Any, Final

import structlog
import uvicorn
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from slack_bolt import App, BoltResponse
from slack_sdk.signature import Clock, SignatureVerifier
from starlette.requests import ClientDisconnect

from bot.service.clock import SystemClock
from bot.service.http_protocol import LARGEST_HEAD, LimitedProtocol
from bot.service.slack_requests import MalformedBodyError, dispatch, read_body
from workflows.contract.errors import Misconfigured

log = structlog.get_logger(__name__)

LARGEST_BODY: Final = 2**20
"""Bytes. Slack's own requests stay far below."""

GRACE_SECONDS: Final = 5
"""How long answers that are under way may take when the server stops."""

Ready = Callable[[], Mapping[str, Any]]
"""Says whether the desk does its work: `{"ready": True, ...}`, with what a person wants to know of it."""


async def limited_body(request: Request) -> bytes:
    """The body of a request, up to a mebibyte; for endpoints that need it as it came. Answers 413 or 400."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_BODY:
                raise HTTPException(413)
    except ClientDisconnect:
        raise HTTPException(400) from None
    return bytes(body)


Body = Annotated[bytes, Depends(limited_body)]


def web_app(
    bolt_app: App | None, signing_secret: str | None, ready: Ready | None, more: Iterable[APIRouter] = ()
) -> FastAPI:
    """The web side. Without a signing secret Slack's requests are not taken: there is nothing at /slack/events.

    `more` are the webhooks, or the metrics; without `ready` there is nothing at /readyz.
    """
    app = FastAPI(title="Escalation desk", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(_health(ready))
    for routes in more:
        app.include_router(routes)
    if bolt_app is not None and signing_secret:
        app.include_router(_slack(bolt_app, signing_secret))
    return app


def _health(ready: Ready | None) -> APIRouter:
    routes = APIRouter()

    @routes.get("/healthz")
    def is_alive() -> dict[str, str]:
        return {"status": "ok"}

    if ready is None:
        return routes

    @routes.get("/readyz")
    def is_ready() -> JSONResponse:
        try:
            state = dict(ready())
        except Exception:  # whatever it is, the desk is not ready
            log.exception("not_ready")
            state = {"ready": False}
        return JSONResponse(state, 200 if state.get("ready") is True else 503)

    return routes


# ------------------------------------------------------------------------------------------ Slack over HTTP


class _RealTime(Clock):
    """Signatures are checked against real time: the desk's may be moved."""

    def now(self) -> float:
        return SystemClock().real_now().timestamp()


def _slack(bolt_app: App, signing_secret: str) -> APIRouter:
    routes = APIRouter()
    verifier = SignatureVerifier(signing_secret, _RealTime())

    @routes.post("/slack/events")
    def take(request: Request, body: Body) -> Response:
        if not _is_signed(verifier, body, request.headers):
            raise HTTPException(401)
        try:
            payload = read_body(body, request.headers.get("content-type", ""))
        except MalformedBodyError:
            raise HTTPException(400) from None
        answer = dispatch(
            bolt_app,
            payload,
            retry=request.headers.get("x-slack-retry-num"),
            reason=request.headers.get("x-slack-retry-reason"),
        )
        return _response(answer)

    return routes


def _is_signed(verifier: SignatureVerifier, body: bytes, headers: Mapping[str, str]) -> bool:
    try:
        return verifier.is_valid_request(body, headers)
    except (ValueError, TypeError, OverflowError):  # a time that is no number, a signature or body that is no text
        return False


def _response(answer: BoltResponse) -> Response:
    return Response(answer.body, answer.status, answer.first_headers_without_set_cookie())


# ----------------------------------------------------------------------------------------------- the server


class WebServer:
    """Serves the web side from a thread of its own. Port 0 takes a free one; `port` is the real one."""

    def __init__(self, app: FastAPI, host: str, port: int) -> None:
        try:
            self._socket = create_server((host, port), family=AF_INET6 if ":" in host else AF_INET)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise Misconfigured(f"The web side cannot listen on {host}, port {port}: {reason}.") from None
        self.host = host
        self.port: int = self._socket.getsockname()[1]
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                lifespan="off",
                ws="none",
                http=LimitedProtocol,
                h11_max_incomplete_event_size=LARGEST_HEAD,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._thread = threading.Thread(target=self._serve, name="web", daemon=True)

    def start(self) -> None:
        """Start. The socket listens already, so a request may come at once."""
        self._thread.start()
        log.info("web_started", host=self.host, port=self.port)

    def stop(self) -> None:
        """Finish the answers that are under way, and close."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        self._server.run(sockets=[self._socket])
