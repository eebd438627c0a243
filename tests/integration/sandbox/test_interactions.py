"""What people do reaches the app in Slack's shapes, and what it answers is honoured or refused."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from sandbox.core.errors import Impossible
from sandbox.core.model import AppSettings
from sandbox.driver.client import Modal, Reply
from tests.integration.sandbox.conftest import Peer, Slack, StartSlack
from tests.integration.sandbox.test_views import modal

Json = dict[str, Any]


def envelope_of(slack: Slack, peer: Peer, act: Callable[[], Reply], answer: Json | None = None) -> tuple[Json, Reply]:
    """Let somebody act, answer as the app, and return the envelope and what came of it."""
    acting = slack.doing(act)
    envelope = peer.receive()
    peer.acks(envelope, answer)
    return envelope, acting.result(10)


def button(label: str, action_id: str) -> Json:
    """Return a button."""
    return {"type": "button", "action_id": action_id, "value": "7", "text": {"type": "plain_text", "text": label}}


AREA = {
    "type": "static_select",
    "action_id": "area",
    "placeholder": {"type": "plain_text", "text": "Area"},
    "options": [{"text": {"type": "plain_text", "text": text}, "value": text.lower()} for text in ("Runner", "Editor")],
}
MENU = {"type": "overflow", "action_id": "menu", "options": AREA["options"]}
CARD = [{"type": "actions", "block_id": "card", "elements": [button("Claim", "claim"), AREA, MENU]}]


def test_a_command_carries_slacks_fields(slack: Slack) -> None:
    """Everything is text, as in a form; what was typed is escaped like all text."""
    peer, alice = slack.socket(), slack.driver.person("alice")
    envelope, reply = envelope_of(slack, peer, lambda: alice.runs("/feedback 123456 a <b> & c", in_="#support"))
    payload = envelope["payload"]
    assert (envelope["type"], envelope["accepts_response_payload"], reply.acked) == ("slash_commands", True, True)
    expected = {
        "team_id": "T0SANDBOX",
        "team_domain": "example-support",
        "channel_id": "C0SUPPORT",
        "channel_name": "support",
        "user_id": "U0ALICE",
        "user_name": "alice",
        "command": "/feedback",
        "text": "123456 a &lt;b&gt; &amp; c",
        "api_app_id": "A0DESK",
        "is_enterprise_install": "false",
    }
    assert {key: payload[key] for key in expected} == expected
    assert set(payload) == {*expected, "token", "response_url", "trigger_id"}


def test_a_commands_answer_is_shown_to_the_person_only(slack: Slack) -> None:
    """Unless it says in_channel."""
    peer, alice, adam = slack.socket(), slack.driver.person("alice"), slack.driver.person("adam")
    _, reply = envelope_of(slack, peer, lambda: alice.runs("/desk", in_="#support"), {"text": "Psst"})
    assert (reply.text, reply.message and reply.message.ephemeral, adam.sees("#support")) == ("Psst", True, [])
    loud = {"text": "All!", "response_type": "in_channel"}
    envelope_of(slack, peer, lambda: alice.runs("/desk", in_="#support"), loud)
    assert [message.text for message in adam.sees("#support")] == ["All!"]


def test_a_commands_invalid_answer_is_refused(slack: Slack) -> None:
    """Blocks beyond the limits are not shown."""
    peer, alice = slack.socket(), slack.driver.person("alice")
    _, reply = envelope_of(slack, peer, lambda: alice.runs("/desk", in_="#support"), {"blocks": [{"type": "nonsense"}]})
    assert (reply.error, alice.sees("#support")) == ("invalid_command_response", [])


def test_a_command_nobody_acks_times_out_after_three_seconds(slack: Slack) -> None:
    """The person is told; a late ack changes nothing."""
    peer, alice = slack.socket(), slack.driver.person("alice")
    acting = slack.doing(lambda: alice.runs("/desk", in_="#support"))
    envelope = peer.receive()
    slack.clocks.seconds += 3.0
    reply = acting.result(10)
    peer.acks(envelope, {"text": "Late"})
    assert (reply.acked, reply.error) == (False, "operation_timeout")
    assert alice.sees("#support") == []


def test_a_command_without_any_connection_fails_at_once(slack: Slack) -> None:
    """The app is not there."""
    reply = slack.driver.person("alice").runs("/desk", in_="#support")
    assert (reply.acked, reply.error) == (False, "dispatch_failed")


@pytest.mark.parametrize(
    ("person", "channel"), [("dave", "#support"), ("gus", "#product"), ("adam", "#secret"), ("alice", "#archived")]
)
def test_nobody_acts_where_they_cannot(slack: Slack, person: str, channel: str) -> None:
    """Deactivated, a guest elsewhere, not a member, archived."""
    with pytest.raises(Impossible):
        slack.driver.person(person).runs("/desk", in_=channel)


def test_a_click_on_a_message_carries_the_message_and_its_state(slack: Slack) -> None:
    """Container, message, action, state, response URL and trigger."""
    peer = slack.socket()
    ts = slack.web.chat_postMessage(channel="#support", text="Card", blocks=CARD)["ts"]
    peer.acks(peer.receive())
    alice = slack.driver.person("alice")
    (card,) = alice.sees("#support")
    envelope, _ = envelope_of(slack, peer, lambda: alice.clicks("Claim", on=card))
    payload = envelope["payload"]
    assert (envelope["type"], payload["type"]) == ("interactive", "block_actions")
    assert payload["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": "C0SUPPORT",
        "is_ephemeral": False,
    }
    (action,) = payload["actions"]
    assert {key: action[key] for key in ("type", "block_id", "action_id", "value")} == {
        "type": "button",
        "block_id": "card",
        "action_id": "claim",
        "value": "7",
    }
    assert payload["message"]["ts"] == ts
    assert payload["state"]["values"] == {"card": {"area": {"type": "static_select", "selected_option": None}}}
    assert payload["channel"] == {"id": "C0SUPPORT", "name": "support"}
    assert {"response_url", "trigger_id", "user", "team", "action_ts"} <= {*payload, *action}


def test_a_choice_in_a_select_and_in_an_overflow_menu_carry_the_option(slack: Slack) -> None:
    """And the state keeps what was selected."""
    peer, alice = slack.socket(), slack.driver.person("alice")
    slack.web.chat_postMessage(channel="U0ALICE", text="Card", blocks=CARD)
    peer.acks(peer.receive())
    (card,) = alice.dm()
    envelope, _ = envelope_of(slack, peer, lambda: alice.chooses("Area", "Runner", on=card))
    chosen = {"text": {"type": "plain_text", "text": "Runner"}, "value": "runner"}
    assert envelope["payload"]["actions"][0]["selected_option"] == chosen
    assert envelope["payload"]["state"]["values"]["card"]["area"]["selected_option"] == chosen
    assert envelope["payload"]["channel"]["name"] == "directmessage"
    envelope, _ = envelope_of(slack, peer, lambda: alice.picks_overflow("Editor", on=card))
    assert envelope["payload"]["actions"][0]["selected_option"]["value"] == "editor"
    assert envelope["payload"]["actions"][0]["type"] == "overflow"


def test_a_click_on_an_ephemeral_message_carries_no_message(slack: Slack) -> None:
    """Slack does not keep it: handlers cannot read it back."""
    peer, alice = slack.socket(), slack.driver.person("alice")
    slack.web.chat_postEphemeral(channel="C0SUPPORT", user="U0ALICE", text="Psst", blocks=CARD)
    (card,) = alice.sees("#support")
    envelope, _ = envelope_of(slack, peer, lambda: alice.clicks("Claim", on=card))
    assert envelope["payload"]["container"]["is_ephemeral"]
    assert "message" not in envelope["payload"]


def test_a_button_that_is_not_there_cannot_be_clicked(slack: Slack) -> None:
    """Nor one of two alike without saying which; nor one somebody else sees."""
    slack.web.chat_postMessage(
        channel="#support",
        text="Card",
        blocks=[{"type": "actions", "elements": [button("Go", "a"), button("Go", "b")]}],
    )
    (card,) = slack.driver.person("alice").sees("#support")
    with pytest.raises(Impossible, match="'Go'"):
        slack.driver.person("alice").clicks("Stop", on=card)
    with pytest.raises(Impossible, match="say which"):
        slack.driver.person("alice").clicks("Go", on=card)
    with pytest.raises(Impossible, match="cannot see"):
        slack.driver.person("yuki").clicks("Go", on=card)


def open_modal(slack: Slack, **more: Any) -> Modal:
    """Open a modal for alice and return what she sees."""
    slack.web.views_open(trigger_id=slack.trigger(), view=modal(**more))
    shown = slack.driver.person("alice").modal
    assert shown is not None
    return shown


def test_a_submission_carries_state_hash_and_root(slack: Slack) -> None:
    """The view as it stands, with what was entered."""
    peer, alice = slack.socket(), slack.driver.person("alice")
    shown = open_modal(slack, callback_id="ask", private_metadata="case 7")
    alice.fills({"Name": "Ada & co"})
    envelope, reply = envelope_of(slack, peer, alice.submits)
    view = envelope["payload"]["view"]
    assert envelope["accepts_response_payload"]
    assert reply.acked
    assert view["state"]["values"] == {"name": {"value": {"type": "plain_text_input", "value": "Ada & co"}}}
    assert (view["id"], view["root_view_id"], view["previous_view_id"]) == (
        shown.raw["id"],
        shown.raw["id"],
        None,
    )
    assert (view["hash"], view["callback_id"], view["private_metadata"]) == (shown.raw["hash"], "ask", "case 7")
    assert envelope["payload"]["response_urls"] == []
    assert alice.modal is None


def test_a_required_input_left_empty_never_reaches_the_app(slack: Slack) -> None:
    """Slack's client stops it."""
    peer, alice = slack.socket(), slack.driver.person("alice")
    open_modal(slack)
    assert alice.submits().error == "missing_inputs"
    assert alice.modal is not None
    assert list(alice.modal.errors) == ["Name"]
    with pytest.raises(TimeoutError):
        peer.receive(timeout=0.1)


def test_errors_stand_at_their_inputs_until_the_next_try(slack: Slack) -> None:
    """response_action errors keeps the modal open."""
    peer, alice = slack.socket(), slack.driver.person("alice")
    open_modal(slack)
    alice.fills({"Name": "Ada"})
    answer = {"response_action": "errors", "errors": {"name": "Not her."}}
    envelope_of(slack, peer, alice.submits, answer)
    assert alice.modal is not None
    assert alice.modal.errors == {"Name": "Not her."}
    envelope_of(slack, peer, alice.submits)
    assert alice.modal is None


def test_update_replaces_push_stacks_and_clear_closes_everything(slack: Slack) -> None:
    """The other answers to a submission."""
    peer, alice = slack.socket(), slack.driver.person("alice")
    open_modal(slack)
    seen = []
    for action, title in (("update", "Second"), ("push", "Third"), ("clear", "")):
        alice.fills({"Name": "Ada"})
        answer = {"response_action": action} | ({"view": modal(title)} if title else {})
        envelope_of(slack, peer, alice.submits, answer)
        shown = alice.modal
        seen.append((shown.title, shown.depth) if shown else None)
    assert seen == [("Second", 1), ("Third", 2), None]


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "Wrong."}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "update", "view": modal("A title of more than 24 chars")},
        {"response_action": "push"},
        {"response_action": "dance"},
    ],
)
def test_an_answer_slack_would_not_understand_shows_trouble(slack: Slack, answer: Json) -> None:
    """The modal stays open, with Slack's own sentence."""
    peer, alice = slack.socket(), slack.driver.person("alice")
    open_modal(slack)
    alice.fills({"Name": "Ada"})
    envelope_of(slack, peer, alice.submits, answer)
    assert alice.modal is not None
    assert alice.modal.trouble == "We had some trouble connecting. Try again?"


def test_a_submission_nobody_acks_shows_trouble_and_can_be_tried_again(slack: Slack) -> None:
    """After three seconds; what was entered stays."""
    peer, alice = slack.socket(), slack.driver.person("alice")
    open_modal(slack)
    alice.fills({"Name": "Ada"})
    acting = slack.doing(alice.submits)
    peer.receive()
    slack.clocks.seconds += 3.0
    assert acting.result(10).error == "operation_timeout"
    assert alice.modal is not None
    assert (alice.modal.trouble is None, alice.modal.values) == (False, {"Name": "Ada"})
    envelope_of(slack, peer, alice.submits)
    assert alice.modal is None


def test_closing_is_told_only_when_asked_for(slack: Slack) -> None:
    """notify_on_close; is_cleared when the whole stack went."""
    peer, alice = slack.socket(), slack.driver.person("alice")
    open_modal(slack)
    assert alice.closes().acked
    open_modal(slack, notify_on_close=True)
    envelope, _ = envelope_of(slack, peer, alice.closes)
    assert (envelope["payload"]["type"], envelope["payload"]["is_cleared"]) == ("view_closed", False)
    open_modal(slack, notify_on_close=True)
    envelope, _ = envelope_of(slack, peer, lambda: alice.closes(everything=True))
    assert envelope["payload"]["is_cleared"]


def test_a_click_in_a_modal_carries_the_view_and_a_trigger_to_push(slack: Slack) -> None:
    """No channel and no response URL there."""
    peer, alice = slack.socket(), slack.driver.person("alice")
    blocks = [*modal()["blocks"], {"type": "actions", "elements": [button("Retry", "retry")]}]
    shown = open_modal(slack, blocks=blocks)
    envelope, _ = envelope_of(slack, peer, lambda: alice.clicks("Retry"))
    payload = envelope["payload"]
    assert payload["container"] == {"type": "view", "view_id": shown.raw["id"]}
    assert "response_url" not in payload
    assert "channel" not in payload
    slack.web.views_push(trigger_id=payload["trigger_id"], view=modal("Pushed"))
    assert alice.modal is not None
    assert alice.modal.title == "Pushed"


def test_an_input_tells_the_app_only_when_it_dispatches(slack: Slack) -> None:
    """dispatch_action makes a choice an action."""
    peer, alice = slack.socket(), slack.driver.person("alice")
    label = {"type": "plain_text", "text": "Area"}
    quiet = {"type": "input", "block_id": "area", "label": label, "element": AREA}
    open_modal(slack, blocks=[quiet])
    alice.fills({"Area": "Runner"})
    with pytest.raises(TimeoutError):
        peer.receive(timeout=0.1)
    open_modal(slack, blocks=[quiet | {"dispatch_action": True}])
    envelope, _ = envelope_of(slack, peer, lambda: alice.fills({"Area": "Editor"}))
    assert envelope["payload"]["actions"][0]["selected_option"]["value"] == "editor"


def test_an_external_select_offers_what_the_app_suggests(slack: Slack) -> None:
    """The app hears what was typed and answers with options."""
    peer, alice = slack.socket(), slack.driver.person("alice")
    element = {"type": "external_select", "action_id": "issue", "min_query_length": 1}
    label = {"type": "plain_text", "text": "Issue"}
    open_modal(slack, blocks=[{"type": "input", "block_id": "i", "label": label, "element": element}])
    options = [{"text": {"type": "plain_text", "text": "Crash on save"}, "value": "12"}]
    envelope, _ = envelope_of(slack, peer, lambda: alice.fills({"Issue": "Crash on save"}), {"options": options})
    assert (envelope["payload"]["type"], envelope["payload"]["value"]) == ("block_suggestion", "Crash on save")
    assert alice.modal is not None
    assert alice.modal.values == {"Issue": "Crash on save"}


def test_shortcuts_go_by_the_manifests_names(start_slack: StartSlack) -> None:
    """A message shortcut carries the message; a global one has neither channel nor response URL."""
    slack = start_slack(AppSettings(shortcuts={"Send as feedback": "send_feedback", "New case": "new"}))
    peer, alice = slack.socket(), slack.driver.person("alice")
    said = slack.driver.person("adam").says("It broke", in_="#support")
    peer.acks(peer.receive())
    envelope, _ = envelope_of(slack, peer, lambda: alice.uses_shortcut("Send as feedback", on=said))
    payload = envelope["payload"]
    assert (payload["type"], payload["callback_id"]) == ("message_action", "send_feedback")
    assert (payload["message"]["text"], payload["message_ts"]) == ("It broke", said.ts)
    assert "response_url" in payload
    envelope, _ = envelope_of(slack, peer, lambda: alice.uses_shortcut("New case"))
    assert envelope["payload"]["type"] == "shortcut"
    assert {"channel", "response_url"}.isdisjoint(envelope["payload"])
    with pytest.raises(Impossible):
        alice.uses_shortcut("Unregistered")


def test_an_unregistered_command_does_not_exist(start_slack: StartSlack) -> None:
    """What the manifest does not name, nobody can run."""
    slack = start_slack(AppSettings(commands=frozenset({"/feedback"})))
    with pytest.raises(Impossible, match="not a valid command"):
        slack.driver.person("alice").runs("/feedbak", in_="#support")


def test_an_ephemeral_message_has_no_shortcuts(slack: Slack) -> None:
    """Slack does not offer them there."""
    slack.web.chat_postEphemeral(channel="C0SUPPORT", user="U0ALICE", text="Psst")
    (psst,) = slack.driver.person("alice").sees("#support")
    with pytest.raises(Impossible, match="no shortcuts"):
        slack.driver.person("alice").uses_shortcut("any", on=psst)


# ------------------------------------------------------------------------------------------ response URLs


def url_of_a_click(slack: Slack, *, ephemeral: bool = False) -> str:
    """Post a card, click it, and return the response URL."""
    peer, alice = slack.socket(), slack.driver.person("alice")
    if ephemeral:
        slack.web.chat_postEphemeral(channel="C0SUPPORT", user="U0ALICE", text="Card", blocks=CARD)
    else:
        slack.web.chat_postMessage(channel="#support", text="Card", blocks=CARD)
        peer.acks(peer.receive())
    (card,) = alice.sees("#support")
    envelope, _ = envelope_of(slack, peer, lambda: alice.clicks("Claim", on=card))
    return str(envelope["payload"]["response_url"])


def test_a_response_url_works_five_times(slack: Slack, http: httpx.Client) -> None:
    """The sixth use is refused."""
    url = url_of_a_click(slack)
    answers = [http.post(url, json={"text": "Noted"}).status_code for _ in range(6)]
    assert answers == [200] * 5 + [404]
    assert http.post(url, json={"text": "Noted"}).json()["error"] == "used_url"


def test_a_response_url_works_for_half_an_hour(slack: Slack, http: httpx.Client) -> None:
    """By real time, since the app may lag behind."""
    url = url_of_a_click(slack)
    slack.clocks.seconds += 1800
    assert http.post(url, json={"text": "Noted"}).status_code == 200
    slack.clocks.seconds += 1
    assert http.post(url, json={"text": "Noted"}).json()["error"] == "expired_url"


def test_a_response_is_ephemeral_unless_it_says_otherwise(slack: Slack, http: httpx.Client) -> None:
    """in_channel is for everybody, replace_original changes the card, delete_original removes it."""
    url, adam = url_of_a_click(slack), slack.driver.person("adam")
    http.post(url, json={"text": "Psst"})
    assert [message.text for message in adam.sees("#support")] == ["Card"]
    http.post(url, json={"text": "All!", "response_type": "in_channel"})
    http.post(url, json={"text": "Claimed", "replace_original": True})
    assert [message.text for message in adam.sees("#support")] == ["Claimed", "All!"]
    http.post(url, json={"delete_original": True})
    assert [message.text for message in adam.sees("#support")] == ["All!"]


def test_a_response_url_can_replace_an_ephemeral_message(slack: Slack, http: httpx.Client) -> None:
    """The only way to change one."""
    url = url_of_a_click(slack, ephemeral=True)
    http.post(url, json={"text": "Done", "replace_original": True})
    (message,) = slack.driver.person("alice").sees("#support")
    assert (message.text, message.ephemeral) == ("Done", True)


@pytest.mark.parametrize(
    ("body", "error"),
    [({}, "no_text"), ({"blocks": [{"type": "nonsense"}]}, "invalid_blocks"), ([], "invalid_payload")],
)
def test_an_invalid_response_is_refused(slack: Slack, http: httpx.Client, body: Any, error: str) -> None:
    """With a status that is not 200."""
    answer = http.post(url_of_a_click(slack), json=body)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
