"""What people type and paste: links to tickets' data, organisations, projects, choices."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.csm import parsing
from tests.policies import company_policy
from workflows.policy.csm import Notice

POLICY = company_policy({"tickets": {"accounts": {"emea": {"hosts": ["emea.zendesk.com"]}}}})
LINK = "https://gitlab.zendesk.com/api/v2/tickets/123456.json"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (LINK, ["123456"]),
        (f"<{LINK}>", ["123456"]),
        (f"look: <{LINK}|the ticket>, please.", ["123456"]),
        (f"{LINK} and {LINK}", ["123456"]),
        ("https://emea.zendesk.com/api/v2/tickets/7.json", ["emea#7"]),
        (f"<{LINK}> <https://emea.zendesk.com/api/v2/tickets/7.json>", ["123456", "emea#7"]),
        ("https://gitlab.zendesk.com/api/v2/tickets/123456", ["123456"]),
        ("HTTPS://GITLAB.ZENDESK.COM/api/v2/tickets/1.json", ["1"]),
        ("http://gitlab.zendesk.com/api/v2/tickets/1.json?include=users", ["1"]),
        ("https://gitlab.zendesk.com/agent/tickets/123456", []),
        ("https://other.zendesk.com/api/v2/tickets/1.json", []),
        ("https://gitlab.zendesk.com.evil.example/api/v2/tickets/1.json", []),
        ("https://evil.example/gitlab.zendesk.com/api/v2/tickets/1.json", []),
        ("https://me@gitlab.zendesk.com/api/v2/tickets/1.json", []),
        ("https://gitlab.zendesk.com:444/api/v2/tickets/1.json", []),
        ("https://gitlab.zendesk.com/api/v2/tickets/1.json/comments", []),
        ("https://gitlab.zendesk.com/api/v2/tickets/1/comments.json", []),
        ("https://gitlab.zendesk.com/api/v2/tickets/0.json", []),
        ("https://gitlab.zendesk.com/api/v2/tickets/99999999999999999999.json", []),
        (f"`{LINK}`", []),
        (f"```{LINK}```", []),
        (f"```\ncurl <{LINK}>\n```", []),
        (f"``` {LINK} but never closed", []),
        (f"`code` {LINK} `code`", ["123456"]),
        ("", []),
    ],
)
def test_links_to_data_are_found_on_our_hosts_and_nowhere_else(text: str, found: list[str]) -> None:
    """Each once; code is left alone, and so are addresses that only look like ours."""
    assert [str(one) for one in parsing.data_links(text, POLICY)] == found


@given(st.text(st.sampled_from(f"`<>|/.:{LINK} @123\n"), max_size=200))
def test_no_text_breaks_the_reading_of_links(text: str) -> None:
    """And what is found is a ticket of an account of ours."""
    assert {one.account for one in parsing.data_links(text, POLICY)} <= {"main", "emea"}


def test_a_hostile_text_is_read_in_no_time() -> None:
    """Forty thousand characters that begin an address again and again."""
    assert parsing.data_links("https://" * 5_000, POLICY) == ()
    assert parsing.data_links("`" * 40_000, POLICY) == ()


def event(**more: Any) -> dict[str, Any]:
    """A message event."""
    return {"channel": "C1", "user": "U1", "text": LINK, "ts": "5.0", **more}


def test_whose_message_it_is_and_where_it_hangs() -> None:
    """A reply is answered in its thread, an edit as the message it changes; bots and deletions are left alone."""
    reply = parsing.of_message(event(thread_ts="4.0"), POLICY)
    assert reply is not None
    assert (reply.root, reply.in_thread) == ("4.0", True)
    edit = {"subtype": "message_changed", "channel": "C1", "ts": "9.0", "message": event()}
    edited = parsing.of_message(edit, POLICY)
    assert edited is not None
    assert (edited.ts, edited.by, edited.in_thread) == ("5.0", "U1", False)
    for other in (
        event(bot_id="B1"),
        event(subtype="channel_join"),
        event(user=None),
        {"subtype": "message_deleted", "channel": "C1", "deleted_ts": "5.0"},
        {"subtype": "message_changed", "channel": "C1", "message": event(subtype="tombstone")},
    ):
        assert parsing.of_message(other, POLICY) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("11111111", ("main", 11111111, "")),
        ("#201", ("main", 201, "")),
        ("https://gitlab.zendesk.com/agent/organizations/11111111/tickets", ("main", 11111111, "")),
        ("<https://emea.zendesk.com/agent/organizations/5>", ("emea", 5, "")),
        ("ACME Inc.", ("main", None, "ACME Inc.")),
        ("https://other.example/agent/organizations/5", "isn't on one of our hosts"),
        ("https://gitlab.zendesk.com/agent/tickets/5", "isn't a link to an organisation"),
        ("https://[", "can't be read"),
        ("x" * 300, "Write its name"),
    ],
)
def test_an_organisation_is_a_number_a_link_or_a_name(text: str, found: Any) -> None:
    """Of one of our hosts."""
    read = parsing.of_organization(text, POLICY)
    if isinstance(read, str):
        assert found in read
    else:
        assert (read.account, read.id, read.name) == found


@pytest.mark.parametrize(
    ("text", "project"),
    [
        ("17735787", "17735787"),
        ("https://gitlab.com/group/project", "group/project"),
        ("<https://gitlab.com/group/project/-/issues/5|here>", "group/project"),
        ("/group/project/", "group/project"),
        (" ", None),
    ],
)
def test_a_project_is_a_number_a_path_or_a_link(text: str, project: str | None) -> None:
    """As the tracker knows it."""
    assert parsing.of_project(text) == project


def test_choices_are_read_from_a_command_and_from_the_form() -> None:
    """One word for all, a name before it for one; what no form of ours holds is left out."""
    assert parsing.of_notify("") == parsing.NotifyOrder()
    assert parsing.of_notify("Digest") == parsing.NotifyOrder("", Notice.DIGEST)
    assert parsing.of_notify("ACME Inc. off") == parsing.NotifyOrder("ACME Inc.", Notice.NONE)
    assert isinstance(parsing.of_notify("ACME sometimes"), str)
    values = {
        "default": {"default": {"selected_option": {"value": "digest"}}},
        "account:001": {"account:001": {"selected_option": {"value": "none"}}},
        "account:002": {"account:002": {"selected_option": None}},
        "account:003": {"account:003": {"selected_option": {"value": "forged"}}},
    }
    assert parsing.of_choices({"state": {"values": values}}) == (Notice.DIGEST, {"001": Notice.NONE})


@pytest.mark.parametrize("value", ["", "main", "main|x|ACME", "gone|1|ACME", "main|1|", "PL-1", "x" * 3000])
def test_a_button_that_is_none_of_ours_names_no_organisation(value: str) -> None:
    """And ours does, whatever stands in the name."""
    assert parsing.of_change(value, POLICY) is None
    found = parsing.of_change(parsing.change_value("main", "201", "A|B"), POLICY)
    assert found is not None
    assert (found.id, found.name) == (201, "A|B")
    assert found.url == "https://gitlab.zendesk.com/agent/organizations/201/tickets"
