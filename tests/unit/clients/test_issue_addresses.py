"""Addresses of issues: read as a browser reads them, and only on the tracker's own host."""

import pytest

from bot.clients.issue_addresses import IssueAddresses, check_project

PAGE = "https://gitlab.com/gitlab-org/gitlab/-/issues/new"
HERE = "https://gitlab.com"


@pytest.mark.parametrize(
    ("text", "project", "number"),
    [
        ("7", "gitlab-org/gitlab", 7),
        ("#7", "gitlab-org/gitlab", 7),
        (f"{HERE}/gitlab-org/gitlab/-/issues/7", "gitlab-org/gitlab", 7),
        (f"<{HERE}/gitlab-org/gitlab/issues/7/>", "gitlab-org/gitlab", 7),
        (f"{HERE}/a/b.c/d_e/-/work_items/12?x=1#note_5", "a/b.c/d_e", 12),
        ("HTTPS://GITLAB.COM/a/b/-/issues/1", "a/b", 1),
    ],
)
def test_an_issue_is_read(text: str, project: str, number: int) -> None:
    """By number, or by address in any of the tracker's forms."""
    found = IssueAddresses(PAGE).read(text, "gitlab-org/gitlab")
    assert found is not None
    assert (found.project, found.number) == (project, number)


@pytest.mark.parametrize(
    "text",
    [
        f"{HERE}/gitlab-org/gitlab/../../evil/public/-/issues/1",
        f"{HERE}/../evil/-/issues/1",
        f"{HERE}/a/./b/-/issues/1",
        f"{HERE}//evil.example/a/b/-/issues/1",
        f"{HERE}/a/%2e%2e/b/-/issues/1",
        f"{HERE}/a\\b/c/-/issues/1",
        f"{HERE}:8443/a/b/-/issues/1",
        "https://gitlab.com@evil.example/a/b/-/issues/1",
        "https://evil.example/a/b/-/issues/1",
        "https://gitlab.com.evil.example/a/b/-/issues/1",
        "https://me@gitlab.com/a/b/-/issues/1",
        "ftp://gitlab.com/a/b/-/issues/1",
        "javascript:alert(1)//gitlab.com/a/b/-/issues/1",
        "//gitlab.com/a/b/-/issues/1",
        f"{HERE}/a/-/issues/1",
        f"{HERE}/a/b/-/issues/0",
        f"{HERE}/a/b/-/issues/{'9' * 5000}",
        "9" * 5000,
        "http://[",
        "http://[::1",
        "https://gitlab.com/a/b/-/issues/٣",
        "\ud800",
        "",
    ],
)
def test_everything_else_is_none(text: str) -> None:
    """Nothing a browser would open elsewhere, and nothing that breaks the reading."""
    assert IssueAddresses(PAGE).read(text, "gitlab-org/gitlab") is None


def test_the_own_project_may_be_a_number() -> None:
    """An address of it is known by the page where its issues are opened."""
    found = IssueAddresses(PAGE).read(f"{HERE}/gitlab-org/gitlab/-/issues/7", "278964")
    assert found is not None
    assert found.project == "278964"


@pytest.mark.parametrize("name", ["gitlab", "a/..", "../a", "a/./b", "-a/b", "a//b", "a/b/"])
def test_what_is_no_project(name: str) -> None:
    """A path that leads elsewhere is none."""
    with pytest.raises(ValueError, match="A project is named by its path"):
        check_project(name)
