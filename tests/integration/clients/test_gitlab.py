"""GitLab's contract."""

from bot.clients.gitlab import GitLab

PRODUCT = "gitlab-org/gitlab"


def test_issues_are_found_by_words(gitlab: GitLab) -> None:
    """A word of the title finds the issue, whatever its case."""
    found = gitlab.search(PRODUCT, "dark mode", limit=5)
    assert [(issue.number, issue.title) for issue in found] == [(2, "Dark mode for the whole interface")]
