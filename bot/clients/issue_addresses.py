"""How the tracker, GitLab, writes projects and the addresses of issues. Nothing is asked of it."""

import re
from urllib.parse import urlsplit

from workflows.contract.issue_port import Issue

_PROJECT = re.compile(r"[0-9]+|[\w.-]+(/[\w.-]+)+", re.ASCII)
_NUMBER = re.compile(r"#?([1-9][0-9]{0,9})")
_ISSUE_PATH = re.compile(r"/([\w./-]+?)(?:/-)?/(?:issues|work_items)/([1-9][0-9]{0,9})/?")


def check_project(name: str) -> str:
    """A project's name as it stands in the policy; `ValueError` says how one is written."""
    if not _PROJECT.fullmatch(name):
        raise ValueError("A project is named by its path, such as gitlab-org/gitlab, or by its number in quotes")
    return name


class IssueAddresses:
    """Reads the addresses of issues on the host of `new_issue_url`, the page where an issue is opened."""

    def __init__(self, new_issue_url: str) -> None:
        self.issues = new_issue_url.removesuffix("/new")
        self.host = urlsplit(new_issue_url).netloc

    def of(self, number: int) -> str:
        """The address of an issue of the project whose issues are opened there."""
        return f"{self.issues}/{number}"

    def read(self, text: str, project: str) -> Issue | None:
        """An issue by its number in `project`, or by its address; None for any other text."""
        text = text.strip().strip("<>")
        if number := _NUMBER.fullmatch(text):
            return _issue(project, number[1], self.of(int(number[1])))
        address = urlsplit(text)
        path = _ISSUE_PATH.fullmatch(address.path)
        if path is None or address.scheme not in {"http", "https"} or address.netloc.lower() != self.host:
            return None
        return _issue(path[1], path[2], f"https://{self.host}{address.path.rstrip('/')}")


def _issue(project: str, number: str, url: str) -> Issue:
    return Issue(project, int(number), f"{project}#{number}", url)
