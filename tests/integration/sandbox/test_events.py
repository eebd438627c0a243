"""Events: which the app hears of, in which shape, and what happens when it does not acknowledge."""

from typing import Any

import pytest

from sandbox.core.model import DEFAULT_EVENTS, LEAST_SCOPES, AppSettings
from tests.integration.sandbox.conftest import Peer, Slack, StartSlack

Json = dict[str, Any]


def received(peer: Peer) -> Json:
    """Acknowledge the next event and return its envelope."""
    envelope = peer.receive()
    peer.acks(envelope)
    return envelope


def event(peer: Peer) -> Json:
    """Acknowledge the next event and return it."""
    body: Json = received(peer)["payload"]["event"]
    return body


def test_a_message_arrives_in_slacks_wrapping(slack: Slack) -> None:
    """Event id and time, team, app, authorisations."""
    peer = slack.socket()
    said = slack.driver.person("alice").says("It broke", in_="#support")
    payload = received(peer)["payload"]
    assert (payload["type"], payload["team_id"], payload["api_app_id"]) == ("event_callback", "T0SANDBOX", "A0DESK")
    assert payload["event_time"] == int(slack.clocks.now().timestamp())
    assert payload["event_id"].startswith("Ev")
    assert payload["authorizations"][0]["user_id"] == "U0DESK"
    expected = {
        "type": "message",
        "channel": "C0SUPPORT",
        "channel_type": "channel",
        "user": "U0ALICE",
        "text": "It broke",
        "ts": said.ts,
        "event_ts": said.ts,
        "team": "T0SANDBOX",
    }
    assert payload["event"] == expected


def test_typed_text_arrives_marked_up_and_escaped(slack: Slack) -> None:
    """Mentions, channels and links in Slack's form; the three characters escaped."""
    peer = slack.socket()
    slack.driver.person("alice").says(
        "@adam @support-ops see #product & https://x.example/a?b=1&c=2, a < b @here", in_="#support"
    )
    assert event(peer)["text"] == (
        "<@U0ADAM> <!subteam^S0SUPPORTOPS> see <#C0PRODUCT|> &amp; <https://x.example/a?b=1&amp;c=2>, a &lt; b <!here>"
    )


def test_a_reply_names_its_thread(slack: Slack) -> None:
    """thread_ts and the parent's author."""
    peer, alice, adam = slack.socket(), slack.driver.person("alice"), slack.driver.person("adam")
    parent = alice.says("It broke", in_="#support")
    event(peer)
    adam.says("On it", in_="#support", thread=parent)
    reply = event(peer)
    assert (reply["thread_ts"], reply["parent_user_id"]) == (parent.ts, "U0ALICE")
    assert [message.text for message in alice.sees_thread(parent)] == ["It broke", "On it"]
    assert alice.sees("#support")[0].reply_count == 1


def test_an_edit_and_a_deletion_arrive_as_subtypes(slack: Slack) -> None:
    """With the message before, and after."""
    peer, alice = slack.socket(), slack.driver.person("alice")
    said = alice.says("It borke", in_="#support")
    event(peer)
    alice.edits(said, "It broke")
    changed = event(peer)
    assert (changed["subtype"], changed["message"]["text"]) == ("message_changed", "It broke")
    assert (changed["previous_message"]["text"], changed["message"]["edited"]["user"]) == ("It borke", "U0ALICE")
    alice.deletes(said)
    deleted = event(peer)
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", said.ts)


def test_a_mention_is_an_event_of_its_own_but_not_in_dms(slack: Slack) -> None:
    """app_mention beside the message; in a DM only the message."""
    peer, alice = slack.socket(), slack.driver.person("alice")
    alice.says("@desk help", in_="#support")
    assert {event(peer)["type"], event(peer)["type"]} == {"message", "app_mention"}
    alice.says("@desk help", in_="dm")
    dm = event(peer)
    assert (dm["type"], dm["channel_type"]) == ("message", "im")
    with pytest.raises(TimeoutError):
        peer.receive(timeout=0.1)


def test_a_legacy_integration_posts_as_bot_message(slack: Slack) -> None:
    """Without a user; a modern one with user and bot id."""
    peer = slack.socket()
    slack.driver.integration().says("Negative feedback for <https://x.example|123456>", in_="#support")
    legacy = event(peer)
    assert (legacy["subtype"], legacy["bot_id"], "user" in legacy) == ("bot_message", "B0INTEGRATION", False)
    slack.driver.integration("surveys", legacy=False).says("Modern", in_="#support")
    modern = event(peer)
    assert (modern["user"], modern["bot_id"], "subtype" in modern) == ("U0SURVEYS", "B0SURVEYS", False)


def test_the_app_hears_its_own_messages(slack: Slack) -> None:
    """As from Slack: it has to tell them apart itself."""
    peer = slack.socket()
    slack.web.chat_postMessage(channel="#support", text="Mine")
    assert event(peer)["bot_id"] == "B0DESK"


@pytest.mark.parametrize("channel", ["#not-invited", "#secret"])
def test_nothing_is_heard_from_where_the_app_is_not(slack: Slack, channel: str) -> None:
    """Membership first."""
    peer, alice = slack.socket(), slack.driver.person("alice")
    alice.says("@desk are you there?", in_=channel)
    with pytest.raises(TimeoutError):
        peer.receive(timeout=0.1)


@pytest.mark.parametrize(
    "app",
    [
        AppSettings(events=DEFAULT_EVENTS - {"message.channels"}),
        AppSettings(scopes=LEAST_SCOPES - {"channels:history"}),
    ],
)
def test_nothing_is_heard_without_subscription_and_scope(start_slack: StartSlack, app: AppSettings) -> None:
    """Either alone is not enough."""
    slack = start_slack(app)
    peer = slack.socket()
    slack.driver.person("alice").says("Hello", in_="#support")
    with pytest.raises(TimeoutError):
        peer.receive(timeout=0.1)


def test_joining_reacting_and_opening_the_home_are_heard_when_subscribed(start_slack: StartSlack) -> None:
    """The other events, each with its scope."""
    events = frozenset({"member_joined_channel", "reaction_added", "app_home_opened"})
    slack = start_slack(AppSettings(events=events, scopes=LEAST_SCOPES | {"reactions:read"}))
    peer, alice = slack.socket(), slack.driver.person("alice")
    slack.driver.invites("desk", to="#not-invited")
    joined = event(peer)
    assert (joined["type"], joined["user"], joined["channel"]) == ("member_joined_channel", "U0DESK", "C0NOTINVITED")
    said = alice.says("Look", in_="#support")
    slack.driver.person("adam").reacts(said, "eyes")
    reacted = event(peer)
    assert (reacted["type"], reacted["reaction"], reacted["item"]["ts"]) == ("reaction_added", "eyes", said.ts)
    alice.opens_home()
    opened = event(peer)
    assert (opened["type"], opened["user"], opened["tab"]) == ("app_home_opened", "U0ALICE", "home")


def test_an_unacknowledged_event_is_retried_at_once_after_a_minute_and_after_five(slack: Slack) -> None:
    """By the desk's clock; the same event id each time, and then no more."""
    peer = slack.socket()
    slack.driver.person("alice").says("Hello?", in_="#support")
    tries = [peer.receive()]
    for minutes in (0, 1, 5):
        slack.clocks.seconds += 3.0
        if minutes:
            with pytest.raises(TimeoutError):
                peer.receive(timeout=0.2)
            slack.clocks.advance(minutes=minutes)
        tries.append(peer.receive())
    assert [(envelope["retry_attempt"], envelope["retry_reason"]) for envelope in tries] == [
        (0, ""),
        (1, "timeout"),
        (2, "timeout"),
        (3, "timeout"),
    ]
    assert len({envelope["payload"]["event_id"] for envelope in tries}) == 1
    slack.clocks.seconds += 3.0
    assert slack.driver.until(lambda: slack.driver.state()["events_given_up"])
    slack.clocks.advance(hours=1)
    with pytest.raises(TimeoutError):
        peer.receive(timeout=0.2)


def test_an_acknowledged_event_is_not_retried(slack: Slack) -> None:
    """One delivery, one ack, done."""
    peer = slack.socket()
    slack.driver.person("alice").says("Hello?", in_="#support")
    event(peer)
    assert slack.driver.settle()
    slack.clocks.seconds += 60.0
    slack.clocks.advance(hours=1)
    with pytest.raises(TimeoutError):
        peer.receive(timeout=0.2)


def test_an_event_while_the_app_is_away_is_delivered_when_it_is_back(slack: Slack) -> None:
    """No connection counts as a failed attempt; the retry after a minute arrives."""
    slack.driver.person("alice").says("Anybody?", in_="#support")
    assert slack.driver.settle()
    peer = slack.socket()
    slack.clocks.advance(minutes=1)
    envelope = received(peer)
    assert (envelope["retry_attempt"], envelope["payload"]["event"]["text"]) == (2, "Anybody?")
