"""Delivery over HTTP: signed, in Slack's encodings, retried, and believed only when answered with 200."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from slack_bolt import Ack, App, BoltRequest
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from tests.integration.sandbox.conftest import Slack, StartSlack
from tests.integration.sandbox.test_views import modal

Json = dict[str, Any]
HttpAnswer = tuple[int, dict[str, str], bytes]
OK: HttpAnswer = (200, {}, b"")


@dataclass
class Asked:
    """A request the app got."""

    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        """The body as a form."""
        return {key: values[0] for key, values in parse_qs(self.body.decode(), keep_blank_values=True).items()}


@dataclass
class Endpoint:
    """An app's request URL; `answers` is asked for each request."""

    answers: Callable[[Asked], HttpAnswer] = lambda _: OK
    asked: "Queue[Asked]" = field(default_factory=Queue)
    url: str = ""

    def next(self) -> Asked:
        """Return the next request."""
        return self.asked.get(timeout=10)


def handler_of(endpoint: Endpoint) -> type[BaseHTTPRequestHandler]:
    """Return a request handler that answers as the endpoint says."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked = Asked({key.lower(): value for key, value in self.headers.items()}, body)
            endpoint.asked.put(asked)
            status, headers, content = endpoint.answers(asked)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
            """Say nothing."""

    return Handler


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A request URL that answers 200 unless a test says otherwise."""
    listening = Endpoint()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(listening))
    listening.url = f"http://127.0.0.1:{server.server_port}/slack/events"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield listening
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def slack(start_slack: StartSlack, endpoint: Endpoint) -> Slack:
    """A sandbox that delivers to the endpoint."""
    return start_slack(request_url=endpoint.url)


def test_requests_are_signed_with_the_real_time(slack: Slack, endpoint: Endpoint) -> None:
    """The SDK's verifier, which looks at the wall clock, accepts them; another secret's does not."""
    slack.driver.person("alice").says("Hello", in_="#support")
    asked = endpoint.next()
    assert SignatureVerifier("sandbox-signing-secret").is_valid_request(asked.body, asked.headers)
    assert not SignatureVerifier("another-secret").is_valid_request(asked.body, asked.headers)


def test_events_travel_as_json(slack: Slack, endpoint: Endpoint) -> None:
    """With the whole wrapping as the body."""
    slack.driver.person("alice").says("Hello", in_="#support")
    asked = endpoint.next()
    assert asked.headers["content-type"] == "application/json"
    assert json.loads(asked.body)["event"]["text"] == "Hello"
    assert "x-slack-retry-num" not in asked.headers


def test_commands_travel_as_a_form_and_their_text_answer_is_shown(slack: Slack, endpoint: Endpoint) -> None:
    """Plain text is an ephemeral message."""
    endpoint.answers = lambda _: (200, {"Content-Type": "text/plain"}, b"Noted")
    reply = slack.driver.person("alice").runs("/feedback 1 & 2", in_="#support")
    form = endpoint.next().form
    assert (form["command"], form["text"], form["user_id"]) == ("/feedback", "1 &amp; 2", "U0ALICE")
    assert (reply.acked, reply.text) == (True, "Noted")


def test_interactions_travel_as_a_payload_field(slack: Slack, endpoint: Endpoint) -> None:
    """JSON inside a form; the JSON answer to a submission is honoured."""
    alice = slack.driver.person("alice")
    slack.web.views_open(trigger_id=slack.trigger(), view=modal())
    alice.fills({"Name": "Ada"})
    answer = {"response_action": "errors", "errors": {"name": "Not her."}}
    endpoint.answers = lambda _: (200, {"Content-Type": "application/json"}, json.dumps(answer).encode())
    alice.submits()
    payload = json.loads(endpoint.next().form["payload"])
    assert (payload["type"], alice.modal and alice.modal.errors) == ("view_submission", {"Name": "Not her."})


@pytest.mark.parametrize("status", [404, 500, 302])
def test_anything_but_success_fails(slack: Slack, endpoint: Endpoint, status: int) -> None:
    """The person is told that the app did not answer."""
    endpoint.answers = lambda _: (status, {}, b"")
    reply = slack.driver.person("alice").runs("/desk", in_="#support")
    assert (reply.acked, reply.error) == (False, "dispatch_failed")


def test_an_app_that_is_not_there_fails(start_slack: StartSlack) -> None:
    """Nobody listens at the request URL."""
    slack = start_slack(request_url="http://127.0.0.1:9/slack/events")
    assert slack.driver.person("alice").runs("/desk", in_="#support").error == "dispatch_failed"


def test_a_failed_event_is_retried_with_number_and_reason(slack: Slack, endpoint: Endpoint) -> None:
    """At once, after one minute, after five."""
    endpoint.answers = lambda _: (500, {}, b"")
    slack.driver.person("alice").says("Hello", in_="#support")
    tries = [endpoint.next(), endpoint.next()]
    for minutes in (1, 5):
        assert slack.driver.settle()
        slack.clocks.advance(minutes=minutes)
        tries.append(endpoint.next())
    numbers = [asked.headers.get("x-slack-retry-num") for asked in tries]
    reasons = {asked.headers.get("x-slack-retry-reason") for asked in tries[1:]}
    assert (numbers, reasons) == ([None, "1", "2", "3"], {"http_error"})
    assert len({json.loads(asked.body)["event_id"] for asked in tries}) == 1


def test_an_app_can_ask_for_no_retries(slack: Slack, endpoint: Endpoint) -> None:
    """x-slack-no-retry on a failure ends it."""
    endpoint.answers = lambda _: (500, {"X-Slack-No-Retry": "1"}, b"")
    slack.driver.person("alice").says("Hello", in_="#support")
    endpoint.next()
    assert slack.driver.until(lambda: slack.driver.state()["events_given_up"])
    assert endpoint.asked.empty()


def test_a_request_can_be_delivered_twice(slack: Slack, endpoint: Endpoint) -> None:
    """The same event id both times."""
    slack.driver.faults.deliver_twice()
    slack.driver.person("alice").says("Once", in_="#support")
    first, second = (json.loads(endpoint.next().body)["event_id"] for _ in range(2))
    assert first == second


def test_the_request_url_is_verified_by_its_challenge(slack: Slack, endpoint: Endpoint) -> None:
    """Only the app that returns the challenge is believed."""

    def returns_it(asked: Asked) -> HttpAnswer:
        challenge = json.loads(asked.body)["challenge"]
        return (200, {"Content-Type": "application/json"}, json.dumps({"challenge": challenge}).encode())

    def verified() -> bool:
        answer = httpx.post(f"{slack.sandbox.url}/control/request_url/verify")
        return bool(answer.json()["verified"])

    assert not verified()
    endpoint.answers = returns_it
    assert verified()


def test_bolt_over_http_understands_it_all(slack: Slack, endpoint: Endpoint) -> None:
    """A bolt app with the signing secret, behind the request URL: command, modal, submission."""
    app = App(
        client=WebClient(token="xoxb-sandbox", base_url=slack.sandbox.api_url),
        signing_secret="sandbox-signing-secret",
        process_before_response=True,
    )

    @app.command("/feedback")
    def command(ack: Ack, body: Json, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal(callback_id="ask"))
        ack()

    @app.view("ask")
    def submitted(ack: Ack, client: WebClient) -> None:
        client.chat_postMessage(channel="#product", text="Asked")
        ack()

    def bolt(asked: Asked) -> HttpAnswer:
        headers: dict[str, Any] = dict(asked.headers)
        response = app.dispatch(BoltRequest(body=asked.body.decode(), headers=headers))
        return response.status, {key: values[0] for key, values in response.headers.items()}, response.body.encode()

    endpoint.answers = bolt
    alice = slack.driver.person("alice")
    assert alice.runs("/feedback", in_="#support").acked
    alice.fills({"Name": "Ada"})
    assert alice.submits().acked
    assert [message.text for message in alice.sees("#product")] == ["Asked"]
