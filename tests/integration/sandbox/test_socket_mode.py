"""Socket Mode: a bolt app all the way through, and the protocol frame by frame."""

import json
from typing import Any

import httpx
import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.integration.sandbox.conftest import Peer, Slack

APP = {"Authorization": "Bearer xapp-sandbox"}

MODAL = {
    "type": "modal",
    "callback_id": "feedback",
    "title": {"type": "plain_text", "text": "Feedback"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "ticket",
            "label": {"type": "plain_text", "text": "Ticket"},
            "element": {"type": "plain_text_input", "action_id": "value"},
        }
    ],
}


def feedback_app(app: App) -> None:
    """Open a modal for /feedback, and post what is submitted."""

    @app.command("/feedback")
    def command(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=MODAL)
        ack()

    @app.view("feedback")
    def submitted(ack: Ack, view: dict[str, Any], client: WebClient) -> None:
        ticket = view["state"]["values"]["ticket"]["value"]["value"]
        client.chat_postMessage(channel="#product", text=f"Feedback on {ticket}")
        ack()


def test_a_command_opens_a_modal_whose_submission_becomes_a_message(slack: Slack) -> None:
    """From the command to the card, over Slack's own protocols."""
    slack.connects(feedback_app)
    alice = slack.driver.person("alice")

    assert alice.runs("/feedback", in_="#support").acked
    assert alice.modal is not None
    assert (alice.modal.title, alice.modal.labels) == ("Feedback", ["Ticket"])
    alice.fills({"Ticket": "123456"})
    assert alice.submits().acked

    assert alice.modal is None
    assert [message.text for message in alice.sees("#product")] == ["Feedback on 123456"]


def test_hello_tells_how_many_connections_there_are(slack: Slack) -> None:
    """And how long this one will last, and whose it is."""
    first, second = slack.socket(), slack.socket()
    assert (first.hello["type"], first.hello["num_connections"]) == ("hello", 1)
    assert second.hello["num_connections"] == 2
    assert second.hello["debug_info"]["approximate_connection_time"] == 18_060
    assert second.hello["connection_info"] == {"app_id": "A0DESK"}


def test_a_ticket_is_good_for_one_connection(slack: Slack) -> None:
    """A second use of the address is turned away, as is a made-up one."""
    url = slack.web.api_call("apps.connections.open", headers=APP)["url"]
    with connect(url) as socket:
        assert json.loads(socket.recv())["type"] == "hello"
        for address in (url, url.split("?")[0] + "?ticket=guess"):
            with pytest.raises(InvalidStatus), connect(address):
                pass


def test_the_address_is_on_the_host_the_request_came_to(slack: Slack) -> None:
    """So that it works through whatever name the app uses."""
    url = f"http://localhost:{slack.sandbox.port}/api/apps.connections.open"
    address = httpx.post(url, headers=APP).json()["url"]
    assert address.startswith(f"ws://localhost:{slack.sandbox.port}/link/?ticket=")


def test_the_eleventh_connection_is_turned_away(slack: Slack) -> None:
    """Ten are the most an app may have."""
    peers = [slack.socket() for _ in range(11)]
    assert [peer.hello["type"] for peer in peers] == ["hello"] * 10 + ["disconnect"]
    assert peers[10].hello["reason"] == "too_many_websockets"


def test_each_envelope_goes_to_one_connection_in_turn(slack: Slack) -> None:
    """Two messages, two connections: one each."""
    first, second = slack.socket(), slack.socket()
    alice = slack.driver.person("alice")
    said = {alice.says(text, in_="#support").ts for text in ("One", "Two")}
    received = {peer.receive()["payload"]["event"]["ts"] for peer in (first, second)}
    assert received == said


def test_an_ack_counts_only_on_the_connection_the_envelope_came_by(slack: Slack) -> None:
    """Another connection cannot speak for it."""
    first, second = slack.socket(), slack.socket()
    acting = slack.doing(lambda: slack.driver.person("alice").runs("/desk", in_="#support"))
    peers = {id(peer): peer for peer in (first, second)}
    receiver, envelope = _whoever_receives(first, second)
    (other,) = [peer for key, peer in peers.items() if key != id(receiver)]
    other.acks(envelope)
    other.socket.ping().wait(10)  # answered after the ack was read
    assert not acting.done()
    receiver.acks(envelope)
    assert acting.result(10).acked


def _whoever_receives(first: Peer, second: Peer) -> tuple[Peer, dict[str, Any]]:
    try:
        return first, first.receive(timeout=0.3)
    except TimeoutError:
        return second, second.receive()


def test_a_lost_connection_fails_what_was_on_it_at_once(slack: Slack) -> None:
    """The person does not wait for an app that hung up."""
    peer = slack.socket()
    acting = slack.doing(lambda: slack.driver.person("alice").runs("/desk", in_="#support"))
    peer.receive()
    peer.socket.close()
    assert acting.result(10).error == "dispatch_failed"


@pytest.mark.parametrize(
    ("reason", "then"), [("warning", "open"), ("refresh_requested", "closed"), ("link_disabled", "closed")]
)
def test_a_disconnect_says_why_and_all_but_a_warning_close(slack: Slack, reason: str, then: str) -> None:
    """A warning leaves ten seconds; the others end the connection."""
    peer = slack.socket()
    slack.driver.faults.disconnect(reason)
    message = peer.receive()
    assert (message["type"], message["reason"]) == ("disconnect", reason)
    if then == "closed":
        with pytest.raises(ConnectionClosed):
            peer.receive()
    else:
        slack.driver.person("alice").says("Still here?", in_="#support")
        assert peer.receive()["type"] == "events_api"


def test_dropped_sockets_and_refused_connections_come_back(slack: Slack) -> None:
    """An outage on demand."""
    peer = slack.socket()
    slack.driver.faults.refuse_connections()
    slack.driver.faults.drop_sockets()
    with pytest.raises(ConnectionClosed):
        peer.receive()
    answer = httpx.post(f"{slack.sandbox.api_url}apps.connections.open", headers=APP).json()
    assert (answer["ok"], answer["error"]) == (False, "internal_error")
    slack.driver.faults.refuse_connections(refuse=False)
    assert slack.socket().hello["num_connections"] == 1


def test_an_envelope_can_be_delivered_twice(slack: Slack) -> None:
    """The same event under two envelope ids, as when an ack is lost."""
    peer = slack.socket()
    slack.driver.faults.deliver_twice()
    slack.driver.person("alice").says("Once", in_="#support")
    first, second = peer.receive(), peer.receive()
    assert first["envelope_id"] != second["envelope_id"]
    assert first["payload"]["event_id"] == second["payload"]["event_id"]
    with pytest.raises(TimeoutError):
        peer.receive(timeout=0.1)


def test_pings_are_answered(slack: Slack) -> None:
    """The SDKs find a dead connection by their pings."""
    assert slack.socket().socket.ping().wait(10)


def test_bolt_reconnects_after_a_refresh(slack: Slack) -> None:
    """What Slack does every few hours: the SDK opens a new connection and goes on."""
    slack.connects(feedback_app)
    slack.driver.faults.disconnect("refresh_requested")
    opened = slack.driver.until(lambda: slack.driver.calls("apps.connections.open")[1:])
    assert opened
    slack.driver.until(lambda: slack.driver.state()["connections"] == 1)
    assert slack.driver.person("alice").runs("/feedback", in_="#support").acked
