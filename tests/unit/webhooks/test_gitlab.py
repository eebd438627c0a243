"""GitLab's webhooks: whose they are, and what they say."""

import contextlib
import hmac
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.webhooks.gitlab import GitLab
from bot.webhooks.receiver import MalformedError
from tests.unit.webhooks.delivering import NOW, delivery, gitlab_issue, labels_changed
from workflows.contract.facts import IncomingFact, IssueChange, IssueChanged, IssueCommented, MergeRequestChanged

TOKEN = "a token of our own"


@pytest.mark.parametrize(
    ("headers", "is_authentic"),
    [
        ({"x-gitlab-token": TOKEN}, True),
        ({"x-gitlab-token": TOKEN + "x"}, False),
        ({"x-gitlab-token": TOKEN[:-1]}, False),
        ({"x-gitlab-token": ""}, False),
        ({"x-gitlab-token": "\xe4"}, False),
        ({}, False),
    ],
)
def test_the_token_is_compared_whole(headers: dict[str, str], *, is_authentic: bool) -> None:
    """Only exactly our token will do."""
    assert GitLab(TOKEN).is_authentic(delivery({}, headers)) is is_authentic


SIGNING = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"object_kind":"issue"}'
STAMP = str(int(NOW.timestamp()))


def signed(token: str = SIGNING, stamp: str = STAMP, name: str = "msg_1", body: bytes = BODY) -> dict[str, str]:
    """The headers of a signed delivery, by the standard: the key is what the token encodes behind its prefix."""
    key = b64decode(token.removeprefix("whsec_")) if token.startswith("whsec_") else token.encode()
    mac = b64encode(hmac.new(key, f"{name}.{stamp}.".encode() + body, sha256).digest()).decode()
    return {"webhook-id": name, "webhook-timestamp": stamp, "webhook-signature": f"v1a,abc v1,{mac}"}


@pytest.mark.parametrize(
    ("tokens", "signing", "headers", "is_authentic"),
    [
        ("", SIGNING, signed(), True),
        ("", f"whsec_b2xk,{SIGNING}", signed(), True),
        ("", "plain words", signed("plain words"), True),
        (TOKEN, SIGNING, signed(), True),
        (TOKEN, SIGNING, {"x-gitlab-token": TOKEN}, True),
        (f"new,{TOKEN}", "", {"x-gitlab-token": TOKEN}, True),
        (TOKEN, "", signed(), False),
        ("", SIGNING, {"x-gitlab-token": ""}, False),
        ("", SIGNING, signed("whsec_b2xk"), False),
        ("", SIGNING, signed(stamp=str(int(NOW.timestamp()) - 1801)), False),
        ("", SIGNING, signed(stamp="soon"), False),
        ("", SIGNING, signed(stamp="9" * 400), False),
        ("", SIGNING, signed() | {"webhook-id": "msg_2"}, False),
        ("", SIGNING, signed(body=BODY + b" "), False),
        ("", SIGNING, {}, False),
        (" , ", " , ", {"x-gitlab-token": ""}, False),
    ],
)
def test_a_signature_is_as_good_as_a_token(
    tokens: str, signing: str, headers: dict[str, str], *, is_authentic: bool
) -> None:
    """While a webhook moves from the secret token to the signing token both hold, and while either is replaced."""
    assert GitLab(tokens, signing).is_authentic(delivery(BODY, headers)) is is_authentic


def read(body: Any, **headers: str) -> list[IncomingFact]:
    """What a delivery says."""
    return list(GitLab(TOKEN).read(delivery(body, {name.replace("_", "-"): value for name, value in headers.items()})))


def changed(incoming: IncomingFact) -> IssueChanged:
    """The fact of it."""
    assert isinstance(incoming.fact, IssueChanged)
    return incoming.fact


@pytest.mark.parametrize(
    ("action", "change"),
    [("open", IssueChange.OPENED), ("close", IssueChange.CLOSED), ("reopen", IssueChange.REOPENED)],
)
def test_what_people_do_to_issues_is_understood(action: str, change: IssueChange) -> None:
    """Opened, closed, reopened: with the issue's names, its labels, and who did it when."""
    (incoming,) = read(gitlab_issue(action))
    assert incoming.fact == IssueChanged(
        at=datetime(2026, 11, 20, 9, 59, 58, tzinfo=UTC),
        by="María García",
        project="gitlab-com/support/feedback",
        project_id=278965,
        number=23,
        title="Negative feedback for ticket 123456",
        url="https://gitlab.example.com/gitlab-com/support/feedback/-/issues/23",
        change=change,
        labels=("satisfaction::bad",),
        description=gitlab_issue(action)["object_attributes"]["description"],
    )
    assert incoming.fact.subjects == ("issue:gitlab-com/support/feedback#23", "issue:278965#23")


def test_labels_are_told_by_what_was_added_and_taken_off() -> None:
    """What stayed is no change."""
    body = gitlab_issue("update", changes=labels_changed(["bad", "old"], ["bad", "SSAT::Contact"]))
    (incoming,) = read(body)
    fact = changed(incoming)
    assert (fact.change, fact.added, fact.removed) == (IssueChange.LABELLED, ("SSAT::Contact",), ("old",))
    assert fact.sentence == "labelled gitlab-com/support/feedback#23: +SSAT::Contact, -old"


def test_an_edited_description_is_told() -> None:
    """With its beginning, as it is now."""
    body = gitlab_issue("update", changes={"description": {"previous": "a", "current": "b"}})
    body["object_attributes"]["description"] = "b" * 20_000
    (incoming,) = read(body)
    fact = changed(incoming)
    assert (fact.change, len(fact.description)) == (IssueChange.EDITED, 10_000)
    assert fact.sentence == "edited gitlab-com/support/feedback#23"


def test_one_delivery_may_say_two_things() -> None:
    """Closed and labelled in one go: two facts, each with a key of its own."""
    body = gitlab_issue("close", changes=labels_changed([], ["done"]))
    incoming = read(body, idempotency_key="k")
    assert [changed(one).change for one in incoming] == [IssueChange.LABELLED, IssueChange.CLOSED]
    assert [one.key for one in incoming] == ["gitlab:k:labelled", "gitlab:k:closed"]


def test_an_issue_that_is_opened_with_labels_says_one_thing() -> None:
    """GitLab names the labels among the changes, too."""
    (incoming,) = read(gitlab_issue("open", changes=labels_changed([], ["satisfaction::bad"])))
    assert changed(incoming).change is IssueChange.OPENED


PROJECT = {"id": 278965, "path_with_namespace": "gitlab-com/support/feedback"}
OMAR = {"name": "Omar Haddad", "username": "omar"}


def gitlab_note(issue: Any = {"iid": 23}, **attributes: Any) -> dict[str, Any]:  # noqa: B006 - it is only read
    """A comment, as GitLab tells of it."""
    known = {"id": 7, "note": "Which form?", "noteable_type": "Issue", "created_at": "2026-11-20 09:59:58 UTC"}
    told = {"user": OMAR, "project": PROJECT, "object_attributes": known | attributes}
    return {"object_kind": "note", **told, **({"issue": issue} if issue else {})}


def gitlab_merge_request(action: str, state: str = "opened") -> dict[str, Any]:
    """A change of a merge request, as GitLab tells of it."""
    attributes = {"iid": 4, "state": state, "action": action, "updated_at": "2026-11-20 09:59:58 UTC"}
    return {"object_kind": "merge_request", "user": OMAR, "project": PROJECT, "object_attributes": attributes}


@pytest.mark.parametrize(("words", "is_own"), [("Which form?", False), ("Done.\n\n<!-- desk:m1 -->", True)])
def test_a_comment_on_an_issue_is_told(words: str, *, is_own: bool) -> None:
    """Who wrote what to which issue; the desk's own are known by their mark."""
    (incoming,) = read(gitlab_note(note=words), idempotency_key="k")
    fact = incoming.fact
    assert isinstance(fact, IssueCommented)
    assert (fact.author, fact.by, fact.words, fact.comment, fact.is_own) == ("omar", "Omar Haddad", words, 7, is_own)
    assert fact.subjects == ("issue:gitlab-com/support/feedback#23", "issue:278965#23")
    assert incoming.key == "gitlab:k:comment"


def test_a_merge_request_is_told_by_how_it_stands() -> None:
    """Merged, closed or reopened."""
    (incoming,) = read(gitlab_merge_request("merge", "merged"))
    fact = incoming.fact
    assert isinstance(fact, MergeRequestChanged)
    assert (fact.state, fact.by) == ("merged", "Omar Haddad")
    assert fact.subjects == ("merge_request:gitlab-com/support/feedback!4", "merge_request:278965!4")


@pytest.mark.parametrize(
    "body",
    [
        {},
        gitlab_note(noteable_type="Commit", issue=None),
        gitlab_note(system=True),
        gitlab_note(internal=True),
        gitlab_note(confidential=True),
        gitlab_merge_request("approved"),
        {"object_kind": "push"},
        gitlab_issue("update"),
        gitlab_issue("update", changes={"title": {"previous": "a", "current": "b"}}),
        gitlab_issue("update", changes=labels_changed(["a"], ["a"])),
        gitlab_issue("dance"),
    ],
)
def test_what_is_none_of_ours_is_ignored(body: Any) -> None:
    """Other objects, other changes, actions nobody knows yet."""
    assert read(body) == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", {"object_kind": "issue"}, gitlab_issue("open", project={})])
def test_what_cannot_be_read_is_called_malformed(body: Any) -> None:
    """It is said so, and nothing of it is quoted."""
    with pytest.raises(MalformedError):
        read(body)


@given(st.binary(max_size=200))
def test_nothing_that_is_sent_breaks_the_reading(body: bytes) -> None:
    """Any body is read, ignored or malformed."""
    with contextlib.suppress(MalformedError):
        read(body)


def test_the_key_is_the_same_over_retries() -> None:
    """GitLab's own key where it sends one; else the event's with the body."""
    body = gitlab_issue("open")
    assert read(body, idempotency_key="k", x_gitlab_event_uuid="1")[0].key == "gitlab:k:opened"
    assert read(body, webhook_id="k")[0].key == "gitlab:k:opened"
    first, again = (read(body, x_gitlab_event_uuid="1")[0].key for _ in range(2))
    assert first == again != read(body, x_gitlab_event_uuid="2")[0].key


@pytest.mark.parametrize(
    ("stamp", "at"),
    [
        ("2026-11-20T09:59:58Z", datetime(2026, 11, 20, 9, 59, 58, tzinfo=UTC)),
        ("2026-11-20 10:59:58 +0100", datetime(2026, 11, 20, 9, 59, 58, tzinfo=UTC)),
        ("soon", NOW),
        (None, NOW),
    ],
)
def test_every_form_of_a_time_is_read(stamp: str | None, at: datetime) -> None:
    """GitLab's versions write times differently; one that cannot be read is the time it came."""
    body = gitlab_issue("open")
    body["object_attributes"]["updated_at"] = stamp
    assert read(body)[0].fact.at == at


def test_an_issue_the_desk_opened_itself_is_known_by_its_mark() -> None:
    """So that the desk does not take its own label for somebody's request."""
    body = gitlab_issue("open")
    assert changed(read(body)[0]).is_own is False
    body["object_attributes"]["description"] = "Text\n\n<!-- desk:0123abcd -->"
    assert changed(read(body)[0]).is_own is True
