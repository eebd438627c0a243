"""GitLab's contract."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.clients.gitlab import GitLab
from sandbox.vendors.base import VendorFault
from sandbox.vendors.gitlab import TOKEN
from tests.integration.clients.conftest import Outside
from workflows.contract.errors import Misconfigured, NotFound, Refused, RetryLater

PRODUCT = "gitlab-org/gitlab"
FEEDBACK = "gitlab-com/support/feedback"
QUICK_ACTIONS = [
    "/close",
    "Fine so far\n/label ~urgent\nand on",
    "  /assign @bob",
    "\r\n/title Gotcha\r\n",
    "/unlabel",
    "```\nnot closed here\n```\n/close",
    "/confidential\n/due tomorrow",
]


def issues(outside: Outside, project: str) -> list[dict[str, Any]]:
    """Return the issues of a project, oldest first."""
    return outside.vendors.gitlab.issues[project]


def notes(outside: Outside, project: str, number: int) -> list[str]:
    """Return the comments on an issue, oldest first."""
    gitlab = outside.vendors.gitlab
    return [note["body"] for note in gitlab.notes[gitlab.issue(project, number)["id"]]]


def writes(outside: Outside) -> list[str]:
    """Return the calls that were not reads."""
    return [call for call in outside.vendors.gitlab.calls if not call.startswith("GET")]


# ---------------------------------------------------------------------------------------------- search


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("DARK Mode", [2]),
        ("runner times out", [1, 5]),
        ("the pipeline schedules of our colleague do not start any more since they left", [3, 4]),
        ("zebra", []),
        ("?!", []),
    ],
)
def test_issues_are_found_by_what_people_type(gitlab: GitLab, words: str, numbers: list[int]) -> None:
    """Words or whole sentences, in any case, best first."""
    found = [issue.number for issue in gitlab.search(PRODUCT, words, limit=5)]
    assert found[: len(numbers)] == numbers
    assert numbers or not found


def test_only_open_issues_are_found_and_not_too_many(gitlab: GitLab, outside: Outside) -> None:
    """A closed one is no place for more feedback."""
    outside.vendors.gitlab.set_state(PRODUCT, 1, "closed")
    assert [issue.number for issue in gitlab.search(PRODUCT, "runner", limit=9)] == [5]
    assert len(gitlab.search(PRODUCT, "pipeline", limit=1)) == 1


# ---------------------------------------------------------------------------------------------- create


def test_an_issue_is_opened_with_labels_and_assignee(gitlab: GitLab, outside: Outside) -> None:
    """It carries our mark where people do not see it."""
    labels = ["satisfaction::bad", "feedback"]
    made = gitlab.create(FEEDBACK, "Negative feedback", "Slow.", mark="m1", labels=labels, assignee="@maria")
    issue = issues(outside, FEEDBACK)[-1]
    assert issue["description"] == "Slow.\n\n<!-- desk:m1 -->"
    assert issue["assignees"][0]["username"] == "maria"
    assert made == gitlab.read(FEEDBACK, made.number)
    assert (made.project, made.state, made.labels) == (FEEDBACK, "opened", ("feedback", "satisfaction::bad"))
    assert made.url == f"{outside.url}/vendors/gitlab/{FEEDBACK}/-/issues/{made.number}"


def test_an_unknown_assignee_does_not_keep_an_issue_from_being_opened(gitlab: GitLab, outside: Outside) -> None:
    """Nothing is dropped: the issue says who was meant."""
    gitlab.create(FEEDBACK, "Negative feedback", "Slow.", mark="m1", assignee="nobody")
    issue = issues(outside, FEEDBACK)[-1]
    assert issue["assignees"] == []
    assert "To be assigned to nobody" in issue["description"]


def test_a_long_title_is_cut(gitlab: GitLab) -> None:
    """GitLab takes 255 characters."""
    assert len(gitlab.create(FEEDBACK, "x" * 300, "", mark="m1").title) == 255


@pytest.mark.parametrize("lag", [False, True])
def test_an_issue_whose_answer_was_lost_is_not_opened_twice(gitlab: GitLab, outside: Outside, *, lag: bool) -> None:
    """It is looked for first, even where the search does not know it yet, and even when it is closed by now."""
    outside.vendors.gitlab.index_lag = lag
    outside.vendors.gitlab.faults.append(VendorFault(drop=True))
    with pytest.raises(RetryLater):
        gitlab.create(FEEDBACK, "Negative feedback", "Slow.", mark="m1")
    outside.vendors.gitlab.set_state(FEEDBACK, 2, "closed")
    found = gitlab.create(FEEDBACK, "Negative feedback", "Slow.", mark="m1", again=True)
    assert (found.number, len(issues(outside, FEEDBACK))) == (2, 2)


def test_an_old_issue_is_found_by_its_mark(gitlab: GitLab, outside: Outside) -> None:
    """Closed, and with more than a page of newer ones."""
    first = gitlab.create(FEEDBACK, "Negative feedback", "Slow.", mark="m0")
    outside.vendors.gitlab.set_state(FEEDBACK, first.number, "closed")
    for number in range(1, 102):
        gitlab.create(FEEDBACK, "Another", "", mark=f"m{number}")
    found = gitlab.create(FEEDBACK, "Negative feedback", "Slow.", mark="m0", again=True)
    assert found.number == first.number


def test_an_issue_that_never_arrived_is_opened_again(gitlab: GitLab, outside: Outside) -> None:
    """Another issue of ours is not taken for it, though its mark begins alike."""
    gitlab.create(FEEDBACK, "First", "", mark="m11")
    assert gitlab.create(FEEDBACK, "Second", "", mark="m1", again=True).title == "Second"
    assert len(issues(outside, FEEDBACK)) == 3


def test_what_a_customer_said_is_for_the_projects_members(gitlab: GitLab, outside: Outside) -> None:
    """A confidential issue, and an internal note; others are neither."""
    for hidden in (True, False):
        made = gitlab.create(FEEDBACK, "Feedback", "x", mark=f"m{hidden}", confidential=hidden)
        gitlab.comment(FEEDBACK, made.number, "y", mark=f"n{hidden}", internal=hidden)
        issue = outside.vendors.gitlab.issue(FEEDBACK, made.number)
        assert issue["confidential"] is hidden
        assert [note["internal"] for note in outside.vendors.gitlab.notes[issue["id"]]] == [hidden]


@pytest.mark.parametrize("text", QUICK_ACTIONS)
def test_what_people_typed_is_not_obeyed_in_an_issue(gitlab: GitLab, outside: Outside, text: str) -> None:
    """The issue is just as it was asked for, and the words are still there."""
    made = gitlab.create(FEEDBACK, "Feedback", text, mark="m1", labels=["feedback"], assignee="maria")
    issue = issues(outside, FEEDBACK)[-1]
    assert (issue["title"], issue["state"], issue["labels"]) == ("Feedback", "opened", ["feedback"])
    assert [user["username"] for user in issue["assignees"]] == ["maria"]
    assert (issue["confidential"], issue.get("due_date")) == (False, None)
    for word in text.replace("/", " ").split():
        assert word in issue["description"]
    assert made.state == "opened"


# -------------------------------------------------------------------------------------------- comments


@pytest.mark.parametrize("text", QUICK_ACTIONS)
def test_what_people_typed_is_not_obeyed_in_a_comment(gitlab: GitLab, outside: Outside, text: str) -> None:
    """The issue stays as it is."""
    before = dict(issues(outside, PRODUCT)[0])
    gitlab.comment(PRODUCT, 1, text, mark="m1")
    assert issues(outside, PRODUCT)[0] == before
    assert len(notes(outside, PRODUCT, 1)) == 1


@pytest.mark.parametrize("text", QUICK_ACTIONS)
def test_the_sandbox_would_obey_it(outside: Outside, text: str) -> None:
    """Sent as it is, each of these texts does something: without this the tests above prove nothing."""
    before = dict(issues(outside, PRODUCT)[0])
    httpx.post(
        f"{outside.url}/vendors/gitlab/api/v4/projects/{outside.vendors.gitlab.projects[PRODUCT]}/issues/1/notes",
        json={"body": text},
        headers={"PRIVATE-TOKEN": TOKEN},
    ).raise_for_status()
    assert issues(outside, PRODUCT)[0] != before


def test_a_comment_whose_answer_was_lost_is_not_written_twice(gitlab: GitLab, outside: Outside) -> None:
    """It is looked for before it is written again."""
    outside.vendors.gitlab.faults.append(VendorFault(drop=True))
    with pytest.raises(RetryLater):
        gitlab.comment(PRODUCT, 1, "Another customer asks.", mark="m1")
    gitlab.comment(PRODUCT, 1, "Another customer asks.", mark="m1", again=True)
    assert notes(outside, PRODUCT, 1) == ["Another customer asks.\n\n<!-- desk:m1 -->"]


def test_a_comment_that_never_arrived_is_written_again(gitlab: GitLab, outside: Outside) -> None:
    """Another comment of ours is not taken for it."""
    gitlab.comment(PRODUCT, 1, "First", mark="m1")
    gitlab.comment(PRODUCT, 1, "Second", mark="m2", again=True)
    assert len(notes(outside, PRODUCT, 1)) == 2


# ---------------------------------------------------------------------------------- labels and states


@pytest.mark.parametrize("paid", [False, True])
def test_a_scoped_label_replaces_the_others_of_its_key(gitlab: GitLab, outside: Outside, *, paid: bool) -> None:
    """With and without the paid tier, in which GitLab does it by itself; other labels stay."""
    outside.vendors.gitlab.scoped_labels = paid
    old = ["bug", "feedback::docs", "feedback::product", "feedback::product::ui", "satisfaction::bad"]
    issues(outside, FEEDBACK)[0]["labels"] = old
    found = gitlab.set_labels(FEEDBACK, 1, add=["feedback::process", "seen"], remove=["bug"])
    expected = ("feedback::process", "feedback::product::ui", "satisfaction::bad", "seen")
    assert found.labels == tuple(issues(outside, FEEDBACK)[0]["labels"]) == expected


@pytest.mark.parametrize("paid", [False, True])
def test_of_two_scoped_labels_of_one_key_the_last_is_set(gitlab: GitLab, outside: Outside, *, paid: bool) -> None:
    """As GitLab does."""
    outside.vendors.gitlab.scoped_labels = paid
    assert gitlab.set_labels(PRODUCT, 6, add=["a::1", "a::2"], remove=["type::feature"]).labels == ("a::2",)


def test_labels_that_are_set_are_not_written_again(gitlab: GitLab, outside: Outside) -> None:
    """Every write notifies people."""
    gitlab.set_labels(PRODUCT, 1, add=["type::bug"], remove=["not there"])
    assert writes(outside) == []


def test_an_issue_is_closed_and_reopened(gitlab: GitLab) -> None:
    """Closing a closed one is fine."""
    states = [gitlab.close(PRODUCT, 1), gitlab.close(PRODUCT, 1), gitlab.reopen(PRODUCT, 1), gitlab.read(PRODUCT, 1)]
    assert [issue.state for issue in states] == ["closed", "closed", "opened", "opened"]


def test_somebody_is_found_by_user_name(gitlab: GitLab) -> None:
    """With or without the at sign; nobody is None."""
    found = gitlab.user("@Maria")
    assert found is not None
    assert (found.username, found.name) == ("maria", "María García")
    assert gitlab.user("nobody") is None


# --------------------------------------------------------------------------------------- what is wrong


def test_a_project_is_given_by_path_or_number(gitlab: GitLab, outside: Outside) -> None:
    """A path is one encoded part of the address."""
    number = str(outside.vendors.gitlab.projects[PRODUCT])
    assert gitlab.read(PRODUCT, 1).url == gitlab.read(number, 1).url
    assert outside.vendors.gitlab.calls[0] == "GET /projects/gitlab-org%2Fgitlab/issues/1"


@pytest.mark.parametrize("project", ["", "gitlab", "../users", "a/../b", "a/b?c", "a b/c", "/a/b", "a/b/", "a%2Fb"])
def test_what_is_no_project_is_not_called(gitlab: GitLab, outside: Outside, project: str) -> None:
    """A name cannot lead to another part of the API."""
    with pytest.raises(Refused, match="not a GitLab project"):
        gitlab.read(project, 1)
    assert outside.vendors.gitlab.calls == []


def test_what_does_not_exist_is_not_found(gitlab: GitLab) -> None:
    """The sentence names it."""
    with pytest.raises(NotFound, match="no issue gitlab-org/gitlab#99"):
        gitlab.read(PRODUCT, 99)
    with pytest.raises(NotFound, match="no project no/such"):
        gitlab.create("no/such", "Title", "", mark="m1")


def test_a_wrong_token_is_a_wrong_setting_and_not_quoted(outside: Outside) -> None:
    """The admin has to act."""
    client = GitLab(f"{outside.url}/vendors/gitlab", "wrong-token", now=outside.clock.now)
    with pytest.raises(Misconfigured, match="check its token") as caught:
        client.read(PRODUCT, 1)
    assert "wrong-token" not in repr(caught.value)
    client.disconnect()


def test_it_waits_until_gitlab_says(gitlab: GitLab, outside: Outside) -> None:
    """GitLab names the time, not the number of seconds; its body is plain text."""
    reset = str(int(outside.clock.now().timestamp()) + 60)
    fault = VendorFault(status=429, body="Retry later\n", headers={"RateLimit-Reset": reset})
    outside.vendors.gitlab.faults.append(fault)
    with pytest.raises(RetryLater) as caught:
        gitlab.read(PRODUCT, 1)
    assert caught.value.wait == timedelta(seconds=60)


def test_a_limit_of_the_application_names_no_time(gitlab: GitLab, outside: Outside) -> None:
    """Then the dispatcher chooses."""
    outside.vendors.gitlab.faults.append(VendorFault(status=429, body={"message": {"error": "Too many notes"}}))
    with pytest.raises(RetryLater) as caught:
        gitlab.comment(PRODUCT, 1, "Hello", mark="m1")
    assert caught.value.wait is None
