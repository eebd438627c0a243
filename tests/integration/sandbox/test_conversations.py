"""conversations.*, users.* and usergroups.*: what the app may know."""

from typing import Any

import pytest

from sandbox.core.model import LEAST_SCOPES, AppSettings
from tests.integration.sandbox.conftest import Slack, StartSlack


def test_private_channels_are_listed_only_where_the_app_is_a_member(slack: Slack) -> None:
    """#secret does not exist for the app until it is invited."""

    def private() -> list[str]:
        listed = slack.web.conversations_list(types="private_channel")["channels"]
        return [channel["name"] for channel in listed]

    assert private() == []
    slack.driver.invites("desk", to="#secret")
    assert private() == ["secret"]


def test_public_channels_are_listed_with_membership(slack: Slack) -> None:
    """Archived ones too, unless left out."""
    listed = slack.web.conversations_list()["channels"]
    member = {channel["name"]: channel["is_member"] for channel in listed}
    assert (member["support"], member["not-invited"], "archived" in member) == (True, False, True)
    kept = slack.web.conversations_list(exclude_archived=True)["channels"]
    assert "archived" not in [channel["name"] for channel in kept]


@pytest.mark.parametrize(
    ("method", "key", "args"),
    [
        ("conversations.list", "channels", {}),
        ("conversations.history", "messages", {"channel": "C0SUPPORT"}),
        ("conversations.members", "members", {"channel": "C0SUPPORT"}),
        ("users.list", "members", {}),
    ],
)
def test_pages_follow_each_other_by_cursor(slack: Slack, method: str, key: str, args: Any) -> None:
    """Read in pages of two, a list is complete, in order, and ends."""
    for number in range(5):
        slack.web.chat_postMessage(channel="C0SUPPORT", text=f"Message {number}")
    whole = slack.web.api_call(method, json={"limit": 100, **args})[key]
    pages: list[Any] = []
    cursor = ""
    while True:
        page = slack.web.api_call(method, json={"limit": 2, "cursor": cursor, **args})
        assert len(page[key]) <= 2
        pages += page[key]
        more: dict[str, Any] = page.get("response_metadata") or {}
        cursor = more.get("next_cursor", "")
        if not cursor:
            break
    assert (pages, len(whole) > 4) == (whole, True)


def test_a_made_up_cursor_is_refused(slack: Slack) -> None:
    """Cursors are handed out, not guessed."""
    assert slack.refusal("users.list", cursor="guess!") == "invalid_cursor"


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("C0NOTINVITED", "not_in_channel"),
        ("C0SECRET", "channel_not_found"),
        ("#support", "channel_not_found"),
    ],
)
def test_history_is_for_members(slack: Slack, channel: str, error: str) -> None:
    """What the app is not in, it cannot read."""
    assert slack.refusal("conversations.history", channel=channel) == error


def test_history_is_bounded_by_oldest_and_latest(slack: Slack) -> None:
    """The bounds are outside unless `inclusive` is said."""
    times = [slack.web.chat_postMessage(channel="C0SUPPORT", text=str(n))["ts"] for n in range(4)]

    def between(**args: Any) -> list[str]:
        messages = slack.web.conversations_history(channel="C0SUPPORT", **args)["messages"]
        return [message["text"] for message in messages]

    assert between(oldest=times[0], latest=times[3]) == ["2", "1"]
    assert between(oldest=times[0], latest=times[3], inclusive=True) == ["3", "2", "1", "0"]


def test_replies_of_an_unknown_message_are_not_found(slack: Slack) -> None:
    """The ts has to be a message's."""
    assert slack.refusal("conversations.replies", channel="C0SUPPORT", ts="1.000001") == "thread_not_found"


def test_a_dm_is_opened_once(slack: Slack) -> None:
    """Opening again finds the same DM."""
    first = slack.web.conversations_open(users="U0ALICE")
    second = slack.web.conversations_open(users="U0ALICE", return_im=True)
    assert second["channel"]["id"] == first["channel"]["id"]
    assert (second["already_open"], second["channel"]["user"]) == (True, "U0ALICE")


@pytest.mark.parametrize(
    ("users", "error"),
    [
        ("", "users_list_not_supplied"),
        ("U0NOBODY", "user_not_found"),
        ("alice", "user_not_found"),
        ("U0DAVE", "user_disabled"),
        ("U0INTEGRATION", "cannot_dm_bot"),
        ("U0ALICE,U0ADAM", "missing_scope"),  # a group DM needs mpim:write
        (",".join(f"U{number}" for number in range(9)), "too_many_users"),
    ],
)
def test_a_dm_with_somebody_unreachable_is_refused(slack: Slack, users: str, error: str) -> None:
    """Each reason has Slack's own word."""
    assert slack.refusal("conversations.open", users=users) == error


def test_a_stranger_is_reached_only_through_a_shared_channel(slack: Slack) -> None:
    """Somebody of another organisation is visible where both are members."""
    assert slack.web.conversations_open(users="U0YUKI")["ok"]
    slack.driver.kicks("desk", from_="#partner-shared")
    assert slack.refusal("conversations.open", users="U0YUKI") == "user_not_visible"


def test_a_group_dm_has_several_people(start_slack: StartSlack) -> None:
    """With its scope, several users make an mpim."""
    slack = start_slack(AppSettings(scopes=LEAST_SCOPES | {"mpim:write", "mpim:read"}))
    channel = slack.web.conversations_open(users="U0ALICE,U0ADAM")["channel"]["id"]
    shown = slack.web.conversations_info(channel=channel)["channel"]
    assert shown["is_mpim"]


def test_joining_takes_a_scope_and_a_public_channel(start_slack: StartSlack) -> None:
    """The app lets itself in where it may."""
    slack = start_slack(AppSettings(scopes=LEAST_SCOPES | {"channels:join"}))
    slack.web.conversations_join(channel="C0NOTINVITED")
    assert slack.web.chat_postMessage(channel="#not-invited", text="Here")["ok"]
    assert slack.refusal("conversations.join", channel="C0ARCHIVED") == "is_archived"


def test_a_person_is_shown_with_zone_and_standing(slack: Slack) -> None:
    """Time zone offsets are those of the day; guests, strangers and the deactivated are told apart."""
    carol = slack.web.users_info(user="U0CAROL")["user"]
    assert (carol["tz"], carol["tz_offset"], carol["profile"]["email"]) == (
        "Asia/Singapore",
        8 * 3600,
        "carol@example.com",
    )
    assert slack.web.users_info(user="U0GUS")["user"]["is_restricted"]
    yuki = slack.web.users_info(user="U0YUKI")["user"]
    assert (yuki["is_stranger"], "email" in yuki["profile"]) == (True, False)
    dave = slack.web.users_info(user="U0DAVE")["user"]
    assert (dave["deleted"], "tz" in dave) == (True, False)
    assert slack.refusal("users.info", user="U0NOBODY") == "user_not_found"


@pytest.mark.parametrize("email", ["nobody@example.com", "dave@example.com", "yuki@partner.example"])
def test_nobody_deactivated_or_foreign_is_found_by_email(slack: Slack, email: str) -> None:
    """Only the active people of the team are."""
    assert slack.refusal("users.lookupByEmail", email=email) == "users_not_found"


def test_an_email_address_finds_its_owner_in_any_case(slack: Slack) -> None:
    """Addresses are compared as mail does in practice."""
    assert slack.web.users_lookupByEmail(email="Alice@Example.com")["user"]["id"] == "U0ALICE"


def test_user_groups_list_their_members(slack: Slack) -> None:
    """By the group, or all at once when asked for."""
    groups = slack.web.usergroups_list(include_users=True)["usergroups"]
    assert {group["handle"]: group["users"] for group in groups} == {
        "support-managers": ["U0MARIA", "U0MARCO"],
        "support-ops": ["U0OMAR"],
    }
    assert "users" not in slack.web.usergroups_list()["usergroups"][0]
    assert slack.web.usergroups_users_list(usergroup="S0SUPPORTOPS")["users"] == ["U0OMAR"]
    assert slack.refusal("usergroups.users.list", usergroup="S0NOBODY") == "no_such_subteam"


def test_a_deactivated_person_is_in_no_channel_and_no_group(slack: Slack) -> None:
    """Slack takes them out without an event."""
    slack.driver.deactivates("maria")
    assert "U0MARIA" not in slack.web.conversations_members(channel="C0SUPPORT")["members"]
    assert slack.web.usergroups_users_list(usergroup="S0SUPPORTMANAGERS")["users"] == ["U0MARCO"]
