"""The web side over real HTTP: Slack's requests, and whether the desk is well."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from socket import create_connection, socket
from threading import Event
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from fastapi import APIRouter
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt import App
from slack_sdk.signature import SignatureVerifier

from bot.service.http_protocol import LARGEST_HEAD, LimitedProtocol
from bot.service.slack_app import installed_app
from bot.service.slack_requests import MalformedBodyError, read_body
from bot.service.web import LARGEST_BODY, WebServer, web_app
from sandbox.server import Sandbox
from workflows.contract.errors import Misconfigured

SECRET = "signing-secret"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass
class Web:
    """A running web side, and what its bolt app was told."""

    client: httpx.Client
    state: dict[str, Any] = field(default_factory=lambda: {"ready": True})
    events: list[tuple[str, Any]] = field(default_factory=list)

    def ready(self) -> dict[str, Any]:
        """Return the state, or break when there is none."""
        return {**self.state, "checked": self.state["ready"]}

    def send(self, body: str | bytes, kind: str = FORM, **headers: str) -> httpx.Response:
        """Send something signed, unless the headers say otherwise."""
        body = body.encode() if isinstance(body, str) else body
        now = str(int(time.clock_gettime(time.CLOCK_REALTIME)))
        return self.client.post("/slack/events", content=body, headers=signed(body, now, kind) | headers)


def signed(body: bytes, timestamp: str, kind: str = FORM) -> dict[str, str]:
    """Return the headers Slack would send with this body."""
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=timestamp, body=body.decode(errors="replace"))
    return {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature or "",
    }


def bolt_app(events: list[tuple[str, Any]]) -> App:
    """A bolt app that notes what it is told; nobody answers at its Slack's address."""
    app = installed_app("xoxb-sandbox", "http://127.0.0.1:9/api/")

    @app.command("/feedback")
    def command(ack: Callable[..., Any], command: dict[str, Any]) -> None:
        events.append(("command", command["text"]))
        ack(f"Taken: {command['text']}")

    @app.view("form")
    def form(ack: Callable[..., Any], view: dict[str, Any]) -> None:
        events.append(("view", view["id"]))
        ack(response_action="errors", errors={"b": "Too short"})

    @app.action("press")
    def press(ack: Callable[..., Any], action: dict[str, Any]) -> None:
        events.append(("action", action["value"]))
        ack()

    @app.event("message")
    def message(event: dict[str, Any], request: Any) -> None:
        events.append(("event", (event["text"], request.headers.get("x-slack-retry-num"))))

    @app.command("/broken")
    def broken() -> None:
        raise ValueError("Mr Customer")

    return app


@pytest.fixture
def web() -> Iterator[Web]:
    """The web side on a free port."""
    events: list[tuple[str, Any]] = []
    running = Web(httpx.Client(), events=events)
    server = WebServer(web_app(bolt_app(events), SECRET, running.ready), "127.0.0.1", 0)
    server.start()
    running.client = httpx.Client(base_url=f"http://127.0.0.1:{server.port}")
    yield running
    running.client.close()
    server.stop()


def slash(text: str, command: str = "/feedback") -> str:
    """The body of a slash command."""
    return urlencode({"command": command, "text": text, "team_id": "T1", "user_id": "U1", "trigger_id": "1.2"})


def interactive(**payload: Any) -> str:
    """The body of an interaction."""
    return urlencode({"payload": json.dumps({"team": {"id": "T1"}, "user": {"id": "U1"}, **payload})})


def event(text: str, user: str = "U1") -> str:
    """The body of an event: somebody wrote a message."""
    inner = {"type": "message", "text": text, "channel": "C1", "user": user, "ts": "1.2"}
    authorizations = [{"team_id": "T1", "user_id": "U0DESK", "is_bot": True}]
    payload = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "authorizations": authorizations}
    return json.dumps(payload | {"event": inner})


# ------------------------------------------------------------------------------------------ what Slack sends


@pytest.mark.parametrize("text", ["it is slow", "the payload is lost", "payload={}", "", "a&b=c %20 ü 🎉 {"])
def test_a_command_arrives_whatever_its_text(web: Web, text: str) -> None:
    """Also with the word payload in it, and the answer goes back in the same breath."""
    answer = web.send(slash(text))
    assert answer.status_code == 200
    assert web.events == [("command", text)]
    assert f"Taken: {text}" in (answer.json()["text"] if answer.headers["content-type"] == JSON else answer.text)


def test_a_view_submission_is_answered_with_its_errors(web: Web) -> None:
    """`response_action` goes back as JSON."""
    answer = web.send(interactive(type="view_submission", view={"id": "V1", "callback_id": "form", "type": "modal"}))
    assert answer.json() == {"response_action": "errors", "errors": {"b": "Too short"}}
    assert web.events == [("view", "V1")]


def test_a_click_is_answered_with_nothing(web: Web) -> None:
    """200 and an empty body."""
    action = {"action_id": "press", "value": "FB-1", "block_id": "b", "type": "button"}
    answer = web.send(interactive(type="block_actions", actions=[action]))
    assert (answer.status_code, answer.content) == (200, b"")
    assert web.events == [("action", "FB-1")]


@pytest.mark.parametrize(("headers", "retry"), [({}, None), ({"x-slack-retry-num": "2"}, ["2"])])
def test_an_event_arrives_with_its_retry_count(web: Web, headers: dict[str, str], retry: list[str] | None) -> None:
    """As it does over Socket Mode."""
    assert web.send(event("hello"), f"{JSON}; charset=utf-8", **headers).status_code == 200
    assert web.events == [("event", ("hello", retry))]


def test_what_the_bot_itself_wrote_reaches_the_listeners(web: Web) -> None:
    """They tell it apart themselves: bolt would drop the deletion of one of its cards, too."""
    assert web.send(event("an answer of mine", user="U0DESK"), JSON).status_code == 200
    assert web.events == [("event", ("an answer of mine", None))]


def test_the_challenge_is_answered(web: Web) -> None:
    """Slack asks it when the request URL is entered."""
    answer = web.send(json.dumps({"type": "url_verification", "challenge": "c", "token": "t"}), JSON)
    assert answer.json() == {"challenge": "c"}


def test_an_event_nobody_listens_to_is_taken(web: Web) -> None:
    """Otherwise Slack would send it again, and in the end switch events off."""
    assert web.send(event("hello").replace('"message"', '"team_join"'), JSON).status_code == 200
    assert web.events == []


def test_a_command_nobody_listens_to_and_what_breaks_is_no_success(web: Web) -> None:
    """So that Slack sends an event again, and shows a person that a command failed."""
    assert web.send(slash("", "/unknown")).status_code == 404
    broken = web.send(slash("", "/broken"))
    assert broken.status_code == 500
    assert "Customer" not in broken.text


# -------------------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Slack-Signature": "v0=0000"},
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0=\u00fc"},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "now"},
        {"X-Slack-Request-Timestamp": "9" * 400},
        {"X-Slack-Request-Timestamp": "1.5"},
    ],
)
def test_what_is_not_signed_is_refused(web: Web, headers: dict[str, str]) -> None:
    """401, and bolt never hears of it."""
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    body = slash("x").encode()
    right = signed(body, str(int(time.time())))
    both = [(name.encode(), value.encode()) for name, value in right.items() if name not in headers] + raw
    assert web.client.post("/slack/events", content=body, headers=both).status_code == 401
    assert web.client.post("/slack/events", content=body, headers={"Content-Type": FORM}).status_code == 401
    assert web.events == []


@pytest.mark.parametrize("minutes", [-6, 6, -60 * 24])
def test_a_stale_signature_is_refused(web: Web, minutes: int) -> None:
    """Somebody may have kept the request to send it again."""
    body = slash("x").encode()
    then = str(int(time.time()) + minutes * 60)
    assert web.client.post("/slack/events", content=body, headers=signed(body, then)).status_code == 401
    assert web.events == []


def test_a_changed_body_is_refused(web: Web) -> None:
    """The signature is of every byte."""
    headers = signed(slash("x").encode(), str(int(time.time())))
    assert web.client.post("/slack/events", content=slash("y"), headers=headers).status_code == 401


def test_the_signatures_age_is_real_time(web: Web) -> None:
    """A desk whose clock stands elsewhere still takes Slack's requests."""
    with freeze_time("2031-01-01", ignore=["httpx", "httpcore", "uvicorn", "asyncio"], tick=True):
        assert web.send(slash("x")).status_code == 200


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("", FORM),
        ("no form at all", FORM),
        ("payload=not%20json", FORM),
        ("payload=[1]", FORM),
        ("payload=" + "[" * 100_000, FORM),
        ("&".join(["a=1"] * 200), FORM),
        ("{", JSON),
        ("[]", JSON),
        ("[" * 100_000, JSON),
        ("null", JSON),
    ],
)
def test_a_malformed_body_is_refused(web: Web, body: str, kind: str) -> None:
    """400, signed or not: it is none of Slack's."""
    assert web.send(body, kind).status_code == 400
    assert web.events == []


def test_a_body_that_is_no_text_is_refused(web: Web) -> None:
    """The signature is of text."""
    assert web.send(b"\xff\xfe").status_code == 401


@pytest.mark.parametrize("chunked", [False, True])
def test_a_large_body_is_refused(web: Web, chunked: bool) -> None:  # noqa: FBT001 - a case of the table
    """413 as soon as it is too long, whether or not its length is said beforehand."""
    whole = b"x" * (LARGEST_BODY + 1)
    body = iter([whole]) if chunked else whole
    assert web.client.post("/slack/events", content=body, headers={"Content-Type": FORM}).status_code == 413


def test_a_client_that_goes_away_harms_nobody(web: Web) -> None:
    """Half a request, and the next one is answered."""
    host, port = web.client.base_url.host, web.client.base_url.port
    with create_connection((host, port or 80)) as line:
        line.sendall(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf")
    assert web.send(slash("x")).status_code == 200


def test_only_post_is_taken(web: Web) -> None:
    """405 for the rest; nothing else is shown."""
    assert web.client.get("/slack/events").status_code == 405
    assert web.client.get("/docs").status_code == 404
    assert web.client.get("/openapi.json").status_code == 404


def test_without_a_secret_there_is_nothing_for_slack() -> None:
    """In Socket Mode nobody can knock at that door."""
    server = WebServer(web_app(bolt_app([]), None, lambda: {"ready": True}), "127.0.0.1", 0)
    server.start()
    try:
        assert httpx.post(f"http://127.0.0.1:{server.port}/slack/events").status_code == 404
    finally:
        server.stop()


@given(st.binary(max_size=200), st.sampled_from([FORM, JSON, "", "text/plain"]))
def test_any_body_is_read_or_malformed(raw: bytes, kind: str) -> None:
    """Never another error, and always an object."""
    try:
        payload = read_body(raw, kind)
    except MalformedBodyError:
        payload = {}
    assert isinstance(payload, dict)


# ------------------------------------------------------------------------------------------- is the desk well?


def test_it_is_alive_whatever_the_rest_does(web: Web) -> None:
    """Restarting would not help: alive means only that the process answers."""
    web.state = {"ready": False}
    assert web.client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("state", "status"),
    [({"ready": True}, 200), ({"ready": False, "slack": "not connected"}, 503), ({}, 503), ({"ready": "yes"}, 503)],
)
def test_it_is_ready_when_it_says_so(web: Web, state: dict[str, Any], status: int) -> None:
    """With what it says of itself; a check that breaks is not ready."""
    web.state = state
    answer = web.client.get("/readyz")
    assert answer.status_code == status
    assert answer.json().items() >= (state or {"ready": False}).items()


# --------------------------------------------------------------------------------------------------- the server


HEAD = b"POST /slack/events HTTP/1.1\r\nHost: desk\r\n"


@pytest.mark.parametrize(
    "sent",
    [b"", b"POST /sla", HEAD, HEAD + b"Content-Length: 10\r\n\r\n12345", HEAD + b"Transfer-Encoding: chunked\r\n\r\n"],
    ids=["nothing", "a line", "no end of headers", "half a body", "no chunk"],
)
def test_a_request_that_does_not_come_in_is_hung_up_on(web: Web, monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    """Hundreds of such connections would use up what the desk may have open."""
    monkeypatch.setattr(LimitedProtocol, "request_seconds", 0.1)
    with create_connection(("127.0.0.1", port_of(web))) as caller:
        caller.sendall(sent)
        caller.settimeout(10)
        assert hung_up(caller)
    assert web.client.get("/healthz").status_code == 200


def test_a_slow_answer_is_not_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the request has to come in soon: an answer may take longer."""
    monkeypatch.setattr(LimitedProtocol, "request_seconds", 0.1)
    routes, came = APIRouter(), Event()

    @routes.get("/slow")
    def answer() -> str:
        came.wait(0.5)
        return "done"

    server = WebServer(web_app(None, None, None, [routes]), "127.0.0.1", 0)
    server.start()
    assert httpx.get(f"http://127.0.0.1:{server.port}/slow").text == '"done"'
    server.stop()


def test_endless_headers_are_refused(web: Web) -> None:
    """They would be kept in memory."""
    with create_connection(("127.0.0.1", port_of(web))) as caller:
        caller.sendall(HEAD + b"X-Long: " + b"x" * (LARGEST_HEAD + 1000))
        caller.settimeout(10)
        assert b" 400 " in caller.recv(1000)


def test_too_many_connections_are_hung_up_on(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that are open are served."""
    monkeypatch.setattr(LimitedProtocol, "most_connections", 3)
    with ExitStack() as stack:
        callers = [stack.enter_context(create_connection(("127.0.0.1", port_of(web)))) for _ in range(8)]
        for caller in callers:
            caller.settimeout(10)
        assert sum(served(caller) for caller in callers) in {2, 3}  # the test's own client may hold one


def port_of(web: Web) -> int:
    """Where the server listens."""
    port = web.client.base_url.port
    assert port is not None
    return port


def hung_up(caller: socket) -> bool:
    """Whether the server has closed the connection."""
    try:
        return caller.recv(1000) == b""
    except ConnectionError:
        return True


def served(caller: socket) -> bool:
    """Whether a request over this connection is answered."""
    try:
        caller.sendall(b"GET /healthz HTTP/1.1\r\nHost: desk\r\n\r\n")
        return b"200 OK" in caller.recv(1000)
    except ConnectionError:
        return False


def test_a_taken_port_is_said_so() -> None:
    """In a sentence, for the admin."""
    server = WebServer(web_app(None, None, lambda: {"ready": True}), "127.0.0.1", 0)
    with pytest.raises(Misconfigured, match=f"port {server.port}"):
        WebServer(web_app(None, None, lambda: {"ready": True}), "127.0.0.1", server.port)
    server.stop()


def test_a_server_starts_and_stops_at_once() -> None:
    """Nothing is left behind, and the port is free again."""
    server = WebServer(web_app(None, None, lambda: {"ready": True}), "127.0.0.1", 0)
    server.start()
    server.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{server.port}/healthz")


def test_a_workspace_reaches_the_desk_over_http() -> None:
    """Slack's own way from end to end: the challenge, then a command with the awkward word."""
    events: list[tuple[str, Any]] = []
    server = WebServer(web_app(bolt_app(events), "sandbox-signing-secret", lambda: {"ready": True}), "127.0.0.1", 0)
    server.start()
    try:
        with Sandbox(request_url=f"http://127.0.0.1:{server.port}/slack/events") as sandbox:
            assert sandbox.control.verify_url() == {"verified": True}
            said = sandbox.control.perform("alice", "runs", {"text": "/feedback the payload", "channel": "#support"})
            assert said["acked"]
        assert events == [("command", "the payload")]
    finally:
        server.stop()
