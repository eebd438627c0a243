"""What requests ask of GitLab: news of an issue, templates, a drafted merge request; against the strict stand-in."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.clients.gitlab import GitLab
from bot.clients.gitlab_merge_requests import GitLabMergeRequests
from bot.clients.gitlab_reader import GitLabReader
from sandbox.vendors import gitlab as sandbox_gitlab
from sandbox.vendors.base import VendorFault
from tests.integration.clients.conftest import Outside
from workflows.contract.errors import Misconfigured, NotFound, Refused, RetryLater
from workflows.contract.merge_request_port import FileEdit, MergeRequest

TEAM, TRACKER = "gitlab-com/support/team", "gitlab-com/gl-security/corp/cust-support-ops/issue-tracker"
FILE = "data/support-team.yml"
EDIT = FileEdit(path=FILE, find="- name: Adam Abara", replace="- name: Adam A. Abara")


@pytest.fixture
def reader(gitlab: GitLab) -> GitLabReader:
    """What is read besides."""
    return GitLabReader(gitlab)


@pytest.fixture
def merge_requests(gitlab: GitLab) -> GitLabMergeRequests:
    """Merge requests."""
    return GitLabMergeRequests(gitlab)


def draft(client: GitLabMergeRequests, edit: FileEdit = EDIT, **more: Any) -> MergeRequest:
    """Draft one; `more` may name reviewers."""
    return client.draft(TEAM, None, "desk/req-1", edit, "Adam's name", "Why\n/close", **more)


def test_news_of_an_issue_are_its_state_and_its_newer_comments(outside: Outside, reader: GitLabReader) -> None:
    """The oldest first, without what only members may read; who closed it; the desk's own are known."""
    vendor = outside.vendors.gitlab
    issue = vendor.open_issue(TRACKER, "Triggers", ["Stage::Triage"])
    vendor.comment(TRACKER, 1, "Long ago")
    outside.clock.move(hours=1)
    since = outside.clock.time
    for number in range(101):
        vendor.comment(TRACKER, 1, f"Comment {number}", by="omar")
    vendor.note(issue, "Mine\n\n<!-- desk:m1 -->", sandbox_gitlab.DESK)
    vendor.note(issue, "Only for members?", vendor.user("omar"), internal=True)
    vendor.set_state(TRACKER, 1, "closed", by="omar")
    news = reader.news(TRACKER, 1, since)
    assert (news.issue.state, news.closed_by, news.issue.labels) == ("closed", "Omar Haddad", ("Stage::Triage",))
    assert [one.body for one in news.comments[:2]] == ["Comment 0", "Comment 1"]
    assert len(news.comments) == 102
    assert [(one.author, one.is_own) for one in news.comments[-2:]] == [("omar", False), ("desk", True)]
    assert reader.news(TRACKER, 1, since + timedelta(hours=1)).comments == ()
    with pytest.raises(NotFound):
        reader.news(TRACKER, 99, since)


def test_a_template_and_a_person_are_read_by_name(reader: GitLabReader) -> None:
    """By e-mail address, too; nobody for whom GitLab does not know."""
    assert "### Steps to reproduce" in reader.template(TRACKER, "Bug").text
    with pytest.raises(NotFound):
        reader.template(TRACKER, "Bugg")
    assert reader.username("omar@example.com").username == "omar"
    assert reader.username("nobody@example.com").username is None


def test_a_merge_request_is_drafted_once(outside: Outside, merge_requests: GitLabMergeRequests) -> None:
    """Whatever the answers that were lost; what people typed is no quick action; who reviews is asked."""
    repository = outside.vendors.gitlab.repository
    for lost in range(6):
        for _ in range(lost):
            outside.vendors.gitlab.faults.append(VendorFault(times=1))
        outside.vendors.gitlab.faults.append(VendorFault(times=1, drop=True))
        with pytest.raises(RetryLater):
            draft(merge_requests, reviewers=("omar", "nobody"))
        outside.vendors.gitlab.faults.clear()
        if repository.merge_requests:
            break
    found = draft(merge_requests, reviewers=("omar",))
    (made,) = repository.merge_requests[TEAM]
    assert (found.number, found.state, made["target_branch"]) == (1, "opened", "main")
    assert "Adam A. Abara" in repository.files[TEAM]["desk/req-1"][FILE]
    assert "Adam A. Abara" not in repository.files[TEAM]["main"][FILE]
    assert [one["username"] for one in made["reviewers"]] == ["omar"]
    assert "\n/close" not in made["description"]
    repository.set_state(TEAM, 1, "merged", by="omar")
    merged = merge_requests.merge_request(TEAM, 1)
    assert (merged.state, merged.by) == ("merged", "Omar Haddad")


def test_what_cannot_be_drafted_is_said(outside: Outside, merge_requests: GitLabMergeRequests) -> None:
    """No such file, an edit that does not fit, no Developer: nothing is left behind."""
    for edit, error in (
        (FileEdit(path="no.yml", find="", replace="x"), NotFound),
        (FileEdit(path=FILE, find="nobody", replace="x"), Refused),
    ):
        with pytest.raises(error):
            draft(merge_requests, edit)
    outside.vendors.gitlab.access_levels[TEAM] = 20
    with pytest.raises(Misconfigured):
        draft(merge_requests)
    assert list(outside.vendors.gitlab.repository.files[TEAM]) == ["main"]


G = "/vendors/gitlab/api/v4/projects/gitlab-com%2Fsupport%2Fteam"
COMMIT = {"branch": "b", "start_branch": "main", "commit_message": "m", "actions": [{"action": "update"}]}
UPDATE = {"action": "update", "file_path": FILE, "content": "- x\n"}


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/repository/files/data%2Fsupport-team.yml?ref=main", None, 200),
        ("GET", "/repository/files/data%2Fsupport-team.yml", None, 400),
        ("GET", "/repository/files/data%2Fsupport-team.yml?ref=no", None, 404),
        ("GET", "/repository/files/no.yml?ref=main", None, 404),
        ("POST", "/repository/commits", {**COMMIT, "branch": ""}, 400),
        ("POST", "/repository/commits", {**COMMIT, "branch": "main"}, 400),
        ("POST", "/repository/commits", {**COMMIT, "start_branch": "no"}, 400),
        ("POST", "/repository/commits", {**COMMIT, "actions": [{**UPDATE, "action": "replace"}]}, 400),
        ("POST", "/repository/commits", {**COMMIT, "actions": [{**UPDATE, "file_path": "no.yml"}]}, 400),
        ("POST", "/repository/commits", {**COMMIT, "actions": [{**UPDATE, "last_commit_id": "old"}]}, 400),
        ("POST", "/repository/commits", {**COMMIT, "actions": [UPDATE]}, 201),
        ("POST", "/merge_requests", {"source_branch": "no", "target_branch": "main", "title": "t"}, 400),
        ("POST", "/merge_requests", {"source_branch": "main", "target_branch": "main"}, 400),
        ("GET", "/merge_requests?state=all", None, 200),
        ("GET", "/merge_requests?state=any", None, 400),
        ("GET", "/merge_requests/1", None, 404),
        ("GET", "/templates/issues/Bug", None, 404),
    ],
)
def test_the_stand_in_is_as_strict(outside: Outside, method: str, path: str, body: Any, status: int) -> None:
    """A client that is wrong gets nowhere with it."""
    headers = {"private-token": sandbox_gitlab.TOKEN}
    assert httpx.request(method, f"{outside.url}{G}{path}", headers=headers, json=body).status_code == status
