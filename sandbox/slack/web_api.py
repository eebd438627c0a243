"""The Web API over HTTP: `/api/METHOD`, as forms or JSON, with the token in the header or the body."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request, Response

from sandbox.core.errors import SlackError
from sandbox.core.faults import Fault, Faults
from sandbox.core.model import Json
from sandbox.core.rates import Rates
from sandbox.core.scopes import RULES, Rule
from sandbox.core.workspace import Workspace
from sandbox.slack.methods import METHODS, Call
from sandbox.slack.methods.call import missing_scope

NOT_FOR_LOGS = {"token"}


@dataclass(frozen=True)
class CallRecord:
    """One call the app made, for tests and the control API: never with the token. `at` is the desk's time."""

    method: str
    args: Json
    at: datetime
    status: int
    error: str | None


@dataclass
class ApiResponse:
    """An HTTP answer to be."""

    body: Json
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    malformed: bool = False


class WebApi:
    """Checks and carries out the calls of Web API methods."""

    def __init__(
        self,
        workspace: Workspace,
        faults: Faults,
        rates: Rates,
        open_socket: Callable[[str], str],
        real: Callable[[], float],
    ) -> None:
        """`open_socket` turns this server's base address into a socket's; `real` tells real seconds."""
        self.workspace = workspace
        self.faults = faults
        self.rates = rates
        self.open_socket = open_socket
        self.real = real
        self.calls: list[CallRecord] = []

    def call(
        self, method: str, args: Json, token: str | None, base: str, hang_up: Callable[[], None] = lambda: None
    ) -> ApiResponse:
        """Answer one call, as Slack would or as a fault says; `hang_up` cuts the caller's connection."""
        fault = self.faults.next_for(method)
        if fault is not None and fault.kind in {"hang", "late"}:
            with self.faults.held() as wait:
                self._keep_waiting(fault, wait, hang_up)
                return self._noted(method, args, self._carry_out(method, args, token, base))
        answer = self._refused(fault) or self._carry_out(method, args, token, base)
        if fault is not None:
            answer.malformed = fault.kind == "malformed"
        self._noted(method, args, answer)
        if fault is not None and fault.kind == "drop":
            hang_up()
        return answer

    def _keep_waiting(
        self, fault: Fault, wait: Callable[[Callable[[], bool]], None], hang_up: Callable[[], None]
    ) -> None:
        if fault.kind == "late":
            hang_up()
            wait(lambda: False)
            return
        end = self.real() + float(fault.value)
        with self.workspace.changing():
            pass  # those who wait for a call to hang look again
        wait(lambda: self.real() >= end)

    def _noted(self, method: str, args: Json, answer: ApiResponse) -> ApiResponse:
        with self.workspace.changing():
            shown = {key: value for key, value in args.items() if key not in NOT_FOR_LOGS}
            error = answer.body.get("error")
            self.calls.append(CallRecord(method, shown, self.workspace.now(), answer.status, error))
        return answer

    def _refused(self, fault: Fault | None) -> ApiResponse | None:
        if fault is None:
            return None
        if fault.kind == "ratelimited":
            return _ratelimited(int(fault.value))
        if fault.kind == "status":
            return ApiResponse({"error": f"HTTP {fault.value}"}, status=int(fault.value))
        if fault.kind == "error":
            return ApiResponse({"ok": False, "error": str(fault.value)})
        return None

    def _carry_out(self, method: str, args: Json, token: str | None, base: str) -> ApiResponse:
        try:
            rule = self._admit(method, token)
            with self.workspace.lock:
                channel = self._rate_channel(args) if rule.by_channel else None
                wait = self.rates.seconds_to_wait(method, rule, channel)
                if wait:
                    return _ratelimited(wait)
                call = Call(self.workspace, args, lambda: self.open_socket(base))
                body = {"ok": True, **METHODS[method](call)}
        except SlackError as error:
            body = error.body()
        scopes = ",".join(sorted(self.workspace.app.scopes))
        return ApiResponse(body, headers={"X-OAuth-Scopes": scopes})

    def _rate_channel(self, args: Json) -> str:
        named = self.workspace.channel_named(str(args.get("channel", "")))
        return named.id if named else str(args.get("channel", ""))

    def _admit(self, method: str, token: str | None) -> Rule:
        """Check method, token and scopes, in Slack's order."""
        rule = RULES.get(method)
        if rule is None or method not in METHODS:
            raise SlackError("unknown_method", req_method=method)
        app = self.workspace.app
        if method == "api.test":
            return rule
        if not token:
            raise SlackError("not_authed")
        if token not in {app.bot_token, app.app_token}:
            raise SlackError("invalid_auth")
        if rule.token and token != (app.app_token if rule.token == "xapp" else app.bot_token):
            raise SlackError("not_allowed_token_type")
        if rule.token == "xoxb" and rule.any_of and not app.scopes & set(rule.any_of):
            raise missing_scope(self.workspace, *rule.any_of)
        return rule


def _ratelimited(seconds: int) -> ApiResponse:
    body = {"ok": False, "error": "ratelimited"}
    return ApiResponse(body, status=429, headers={"Retry-After": str(seconds)})


def read_args(request: Request, raw: bytes) -> Json:
    """Return the arguments of a request: from the query, and from a form or JSON body."""
    args: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        try:
            body = json.loads(raw or b"{}")
        except ValueError as error:
            raise SlackError("invalid_json") from error
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        return args | body
    if kind == "application/x-www-form-urlencoded":
        return args | dict(parse_qsl(raw.decode(), keep_blank_values=True))
    if raw and kind != "multipart/form-data":
        raise SlackError("invalid_post_type")
    return args


def read_token(request: Request, args: Json) -> str | None:
    """Return the token from the Authorization header, or from the arguments."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and value:
        return value.strip()
    return args.get("token")


async def raw_body(request: Request) -> bytes:
    """Return the request's body as it came."""
    return await request.body()


def router(api: WebApi, drop_connection: Callable[[Any], None]) -> APIRouter:
    """Return the routes. `drop_connection` cuts the connection of a request's client."""
    routes = APIRouter()

    @routes.api_route("/api/{method}", methods=["GET", "POST"])
    def web_api_method(method: str, request: Request, raw: Annotated[bytes, Depends(raw_body)]) -> Response:
        try:
            args = read_args(request, raw)
            token, base = read_token(request, args), str(request.base_url)
            answer = api.call(method, args, token, base, lambda: drop_connection(request.client))
        except SlackError as error:
            answer = ApiResponse(error.body())
        content = json.dumps(answer.body)
        if answer.malformed:
            content = content[: len(content) // 2]
        return Response(content, answer.status, answer.headers, media_type="application/json; charset=utf-8")

    return routes
