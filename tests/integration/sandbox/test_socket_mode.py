"""The thinnest way through: a bolt app on Socket Mode, a command, a modal, a message."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from tests.integration.sandbox.conftest import Slack

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
