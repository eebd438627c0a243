"""How the tracker, GitLab, writes projects and the addresses of issues. Nothing is asked of it."""

import re
from urllib.parse import SplitResult, urlsplit

from workflows.contract.issue_port import Issue

_SEGMENT = r"(?!\.{1,2}(?:/|$))[\w.][\w.-]*"
"""A part of a path; none begins with a hyphen, and none leads elsewhere, as `..` does."""
_PROJECT = re.compile(rf"[0-9]+|{_SEGMENT}(/{_SEGMENT})+", re.ASCII)
_NUMBER = re.compile(r"#?([1-9][0-9]{0,9})")
_ISSUE_PATH = re.compile(
    rf"/({_SEGMENT}(?:/{_SEGMENT})+?)(?:/-)?/(?:issues|work_items)/([1-9][0-9]{{0,9}})/?", re.ASCII
)
_NOT_IN_AN_ADDRESS = re.compile(r"[\s\\\x00-\x1f\x7f]")


def check_project(name: str) -> str:
    """A project's name as it stands in the policy; `ValueError` says how one is written."""
    if not _PROJECT.fullmatch(name):
        raise ValueError("A project is named by its path, such as gitlab-org/gitlab, or by its number in quotes")
    return name


class IssueAddresses:
    """Reads the addresses of issues on the host of `new_issue_url`, the page where an issue is opened."""

    def __init__(self, new_issue_url: str) -> None:
        self.issues = new_issue_url.removesuffix("/new")
        parts = urlsplit(new_issue_url)
        self.host = parts.netloc.lower()
        own = _ISSUE_PATH.fullmatch(f"{parts.path.removesuffix('/new')}/1")
        self._own_path = own[1] if own else None

    def of(self, number: int) -> str:
        """The address of an issue of the project whose issues are opened there."""
        return f"{self.issues}/{number}"

    def read(self, text: str, project: str) -> Issue | None:
        """An issue by its number in `project`, or by its address; None for any other text."""
        text = text.strip().strip("<>")
        if number := _NUMBER.fullmatch(text):
            return _issue(project, number[1], self.of(int(number[1])))
        address = _parts(text)
        path = _ISSUE_PATH.fullmatch(address.path) if address else None
        if address is None or path is None or address.netloc.lower() != self.host:
            return None
        known = project if path[1] == self._own_path else path[1]  # the policy may call its own by number
        return _issue(known, path[2], f"https://{self.host}{address.path.rstrip('/')}")


def _parts(text: str) -> SplitResult | None:
    """The parts of a web address; None for anything else, and where a browser would read another one."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    is_address = parts.scheme in {"http", "https"} and not _NOT_IN_AN_ADDRESS.search(text)
    return parts if is_address else None


def _issue(project: str, number: str, url: str) -> Issue:
    return Issue(project, int(number), f"{project}#{number}", url)
