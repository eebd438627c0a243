"""chat.*: what may be said where, changed by whom, and seen by whom."""

from typing import Any

import pytest

from tests.integration.sandbox.conftest import Slack

BUTTON = {
    "type": "actions",
    "elements": [{"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}],
}


def post(slack: Slack, channel: str = "#support", **args: Any) -> str:
    """Post as the app, and return the ts."""
    return str(slack.web.chat_postMessage(channel=channel, **({"text": "Hello"} | args))["ts"])


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("#not-invited", "not_in_channel"),
        ("#nowhere", "channel_not_found"),
        ("C0NOWHERE", "channel_not_found"),
        ("#secret", "channel_not_found"),  # private: to one who is not in it, it does not exist
        ("#archived", "is_archived"),
        ("U0DAVE", "channel_not_found"),  # deactivated, and there is no DM yet
        ("U0INTEGRATION", "channel_not_found"),  # another bot
    ],
)
def test_posting_is_refused_where_the_app_cannot_post(slack: Slack, channel: str, error: str) -> None:
    """Each reason has Slack's own word."""
    assert slack.refusal("chat.postMessage", channel=channel, text="Hello") == error


def test_a_channel_may_be_given_by_name_only_where_slack_takes_one(slack: Slack) -> None:
    """chat.postMessage takes a name; the others want the id."""
    ts = post(slack, "#support")
    assert slack.refusal("chat.update", channel="#support", ts=ts, text="x") == "channel_not_found"
    assert slack.refusal("conversations.history", channel="support") == "channel_not_found"


def test_a_message_to_a_user_id_arrives_in_the_dm(slack: Slack) -> None:
    """A user id stands for the DM with that person."""
    post(slack, "U0ALICE")
    assert [message.text for message in slack.driver.person("alice").dm()] == ["Hello"]


def test_a_message_into_the_dm_of_a_deactivated_person_is_taken(slack: Slack) -> None:
    """As Slack does, without a word: only opening the DM tells that nobody will read it."""
    channel = slack.web.conversations_open(users="U0ADAM")["channel"]["id"]
    slack.driver.deactivates("adam")
    assert slack.web.chat_postMessage(channel=channel, text="Anybody?")["ok"]
    assert slack.web.chat_postMessage(channel="U0ADAM", text="Anybody?")["ok"]
    assert slack.refusal("conversations.open", users="U0ADAM") == "user_disabled"
    error = slack.refusal("chat.postEphemeral", channel=channel, user="U0ADAM", text="Psst")
    assert error == "user_not_in_channel"


@pytest.mark.parametrize("args", [{}, {"text": ""}, {"blocks": []}])
def test_a_message_needs_something_to_say(slack: Slack, args: dict[str, Any]) -> None:
    """Neither text nor blocks is refused."""
    assert slack.refusal("chat.postMessage", channel="#support", **args) == "no_text"


def test_invalid_blocks_are_refused_with_the_reason(slack: Slack) -> None:
    """Block Kit's limits hold, and nothing is posted."""
    answer = slack.driver.person("alice")
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]
    assert slack.refusal("chat.postMessage", channel="#support", text="a", blocks=blocks) == "invalid_blocks"
    assert answer.sees("#support") == []


def test_a_very_long_text_is_cut_and_a_long_update_refused(slack: Slack) -> None:
    """Posting cuts above 40 000 characters, updating refuses above 4000."""
    ts = post(slack, text="x" * 40_001)
    (message,) = slack.driver.person("alice").sees("#support")
    assert len(message.text) == 40_000
    assert slack.refusal("chat.update", channel="C0SUPPORT", ts=ts, text="x" * 4001) == "msg_too_long"


def test_message_times_are_unique_and_rise_while_the_clock_stands(slack: Slack) -> None:
    """The ts is a key: two messages in one microsecond still differ."""
    times = [float(post(slack)) for _ in range(5)]
    assert times == sorted(set(times))


@pytest.mark.parametrize(
    "metadata",
    [
        {"event_type": "desk"},
        {"event_payload": {}},
        {"event_type": 1, "event_payload": {}},
        {"event_type": "desk", "event_payload": []},
        "desk",
    ],
)
def test_invalid_metadata_is_refused(slack: Slack, metadata: Any) -> None:
    """An event type and a payload object are needed."""
    error = slack.refusal("chat.postMessage", channel="#support", text="a", metadata=metadata)
    assert error == "invalid_metadata_format"


def test_metadata_is_returned_only_when_asked_for_and_survives_updates(slack: Slack) -> None:
    """The desk finds its own messages again by metadata."""
    mark = {"event_type": "desk", "event_payload": {"id": "E1"}}
    ts = post(slack, metadata=mark)
    slack.web.chat_update(channel="C0SUPPORT", ts=ts, text="Changed")
    asked = slack.web.conversations_history(channel="C0SUPPORT", include_all_metadata=True)["messages"]
    plain = slack.web.conversations_history(channel="C0SUPPORT")["messages"]
    assert (asked[0]["metadata"], "metadata" in plain[0]) == (mark, False)
    slack.web.chat_update(channel="C0SUPPORT", ts=ts, text="Again", metadata={})
    emptied = slack.web.conversations_history(channel="C0SUPPORT", include_all_metadata=True)["messages"]
    assert "metadata" not in emptied[0]


def test_a_reply_joins_the_thread_also_when_it_answers_a_reply(slack: Slack) -> None:
    """A reply's ts leads to its parent; replies are not in the channel's history."""
    parent = post(slack)
    reply = post(slack, thread_ts=parent, text="One")
    post(slack, thread_ts=reply, text="Two")
    replies = slack.web.conversations_replies(channel="C0SUPPORT", ts=parent)["messages"]
    assert [message["text"] for message in replies] == ["Hello", "One", "Two"]
    assert replies[0]["reply_count"] == 2
    history = slack.web.conversations_history(channel="C0SUPPORT")["messages"]
    assert [message["ts"] for message in history] == [parent]


def test_a_broadcast_reply_shows_in_the_channel_too(slack: Slack) -> None:
    """reply_broadcast puts a reply into the channel's history."""
    parent = post(slack)
    post(slack, thread_ts=parent, reply_broadcast=True, text="Look")
    history = slack.web.conversations_history(channel="C0SUPPORT")["messages"]
    assert [message["text"] for message in history] == ["Look", "Hello"]


def test_a_reply_to_nothing_is_refused(slack: Slack) -> None:
    """The parent has to exist."""
    error = slack.refusal("chat.postMessage", channel="#support", text="a", thread_ts="1.000001")
    assert error == "thread_not_found"


def test_text_without_blocks_removes_the_blocks(slack: Slack) -> None:
    """An update says everything anew."""
    ts = post(slack, blocks=[BUTTON])
    slack.web.chat_update(channel="C0SUPPORT", ts=ts, text="Only text")
    (message,) = slack.driver.person("alice").sees("#support")
    assert (message.text, message.blocks, message.edited) == ("Only text", [], True)


def test_only_ones_own_messages_can_be_changed(slack: Slack) -> None:
    """People's and other bots' messages are theirs."""
    theirs = slack.driver.person("alice").says("Mine", in_="#support").ts
    other = slack.driver.integration().says("Ours", in_="#support").ts
    for ts in (theirs, other):
        assert slack.refusal("chat.update", channel="C0SUPPORT", ts=ts, text="x") == "cant_update_message"
        assert slack.refusal("chat.delete", channel="C0SUPPORT", ts=ts) == "cant_delete_message"


def test_a_deleted_message_cannot_be_found_again(slack: Slack) -> None:
    """Neither update nor delete nor a link works on what is gone."""
    ts = post(slack)
    slack.driver.person("pia").deletes(slack.driver.person("pia").sees("#support")[0], as_admin=True)
    assert slack.refusal("chat.update", channel="C0SUPPORT", ts=ts, text="x") == "message_not_found"
    assert slack.refusal("chat.delete", channel="C0SUPPORT", ts=ts) == "message_not_found"
    assert slack.refusal("chat.getPermalink", channel="C0SUPPORT", message_ts=ts) == "message_not_found"


def test_a_deleted_parent_leaves_a_tombstone_that_cannot_be_changed(slack: Slack) -> None:
    """The thread stays; its parent says it was deleted."""
    ts = post(slack)
    post(slack, thread_ts=ts, text="Reply")
    slack.web.chat_delete(channel="C0SUPPORT", ts=ts)
    (parent,) = slack.web.conversations_history(channel="C0SUPPORT")["messages"]
    assert (parent["subtype"], parent["text"]) == ("tombstone", "This message was deleted.")
    assert slack.refusal("chat.update", channel="C0SUPPORT", ts=ts, text="x") == "message_not_found"


def test_a_message_in_an_archived_channel_cannot_be_changed(slack: Slack) -> None:
    """Archived is read-only."""
    ts = post(slack)
    slack.driver.archives("#support")
    assert slack.refusal("chat.update", channel="C0SUPPORT", ts=ts, text="x") == "is_inactive"


@pytest.mark.parametrize("user", ["U0YUKI", "U0DAVE", "U0NOBODY", "U0ADAM"])
def test_an_ephemeral_message_goes_to_active_members_only(slack: Slack, user: str) -> None:
    """A stranger elsewhere, a deactivated person, nobody, a member who left the team: all refused alike."""
    slack.driver.deactivates("adam")
    error = slack.refusal("chat.postEphemeral", channel="C0SUPPORT", user=user, text="Psst")
    assert error == "user_not_in_channel"


def test_an_ephemeral_message_is_seen_by_one_and_never_in_the_history(slack: Slack) -> None:
    """Only its reader sees it, and chat.update does not know it."""
    answer = slack.web.chat_postEphemeral(channel="C0SUPPORT", user="U0ALICE", text="Psst")
    (seen,) = slack.driver.person("alice").sees("#support")
    assert (seen.text, seen.ephemeral) == ("Psst", True)
    assert slack.driver.person("adam").sees("#support") == []
    assert slack.web.conversations_history(channel="C0SUPPORT")["messages"] == []
    ts = answer["message_ts"]
    assert slack.refusal("chat.update", channel="C0SUPPORT", ts=ts, text="x") == "message_not_found"


def test_a_permalink_names_message_and_thread(slack: Slack) -> None:
    """A link to a reply says which thread it is in."""
    parent = post(slack)
    reply = post(slack, thread_ts=parent)
    top = slack.web.chat_getPermalink(channel="C0SUPPORT", message_ts=parent)["permalink"]
    deep = slack.web.chat_getPermalink(channel="C0SUPPORT", message_ts=reply)["permalink"]
    assert top == f"https://example-support.slack.com/archives/C0SUPPORT/p{parent.replace('.', '')}"
    assert deep.endswith(f"?thread_ts={parent}&cid=C0SUPPORT")


def test_another_name_needs_a_scope_of_its_own(slack: Slack) -> None:
    """Posting under a made-up name is not part of chat:write."""
    error = slack.refusal("chat.postMessage", channel="#support", text="a", username="Somebody")
    assert error == "missing_scope"
