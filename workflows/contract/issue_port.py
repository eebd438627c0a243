"""The issue tracker, as a protocol: see `workflows.contract`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Issue:
    """An issue of the tracker. `number` is per project; `state` is `opened` or `closed`."""

    project: str
    number: int
    title: str
    url: str
    state: str = "opened"
    labels: tuple[str, ...] = field(default=())


class IssueAddresses(Protocol):
    """How the tracker writes the addresses of issues. Nothing is asked of it, so a listener may read one."""

    host: str
    """Where the addresses are."""

    def of(self, number: int) -> str:
        """The address of an issue of the project that product feedback is about."""
        ...

    def read(self, text: str, project: str) -> Issue | None:
        """An issue by its number in `project`, or by its address, titled by what was read; None for any other text."""
        ...


@dataclass(frozen=True)
class Template:
    """A project's issue template."""

    name: str
    text: str


@dataclass(frozen=True)
class TrackerUser:
    """Somebody, by their user name in the tracker; None where it knows nobody."""

    username: str | None


@dataclass(frozen=True)
class Comment:
    """A comment on an issue. `author` is a user name, `name` how they are called; `is_own`: the desk wrote it."""

    id: int
    author: str
    name: str
    body: str
    at: datetime
    is_own: bool = False


@dataclass(frozen=True)
class IssueNews:
    """How an issue stands, and what was written there. `closed_by` is who closed it, where it is closed."""

    issue: Issue
    comments: tuple[Comment, ...] = ()
    closed_by: str = ""
    moved: bool = False
    """Whether it goes on in another project."""


class IssueReader(Protocol):
    """What the tracker (GitLab) is asked about issues, their templates and people."""

    def news(self, project: str, number: int, since: datetime) -> IssueNews:
        """How an issue stands, with its comments since then, the oldest first. `NotFound` when there is none."""
        ...

    def template(self, project: str, name: str) -> Template:
        """An issue template. `NotFound` when the project has none of this name."""
        ...

    def username(self, name: str) -> TrackerUser:
        """Who this is, by user name or e-mail address."""
        ...


class Issues(Protocol):
    """The issue tracker. `project` is a numeric id or a path such as `group/project`."""

    def search(self, project: str, words: str, *, limit: int) -> list[Issue]:
        """The best matching open issues, best first."""
        ...

    def read(self, project: str, number: int) -> Issue:
        """One issue. `NotFound` when there is none."""
        ...

    def find_titled(self, project: str, title: str) -> Issue | None:
        """The issue of exactly this title, an open one before a closed one, or None."""
        ...

    def create(
        self,
        project: str,
        title: str,
        description: str,
        *,
        mark: str,
        labels: Sequence[str] = (),
        assignee: str | None = None,
        confidential: bool = False,
        again: bool = False,
    ) -> Issue:
        """Open an issue; its description carries `mark`, hidden. What people typed cannot become a quick action.

        `assignee` is a user name, or the e-mail address of a user. A `confidential` one only the project's staff see.
        """
        ...

    def comment(
        self, project: str, number: int, body: str, *, mark: str, internal: bool = False, again: bool = False
    ) -> None:
        """Comment on an issue, never twice; an `internal` comment only the project's staff see."""
        ...

    def set_labels(self, project: str, number: int, *, add: Sequence[str], remove: Sequence[str] = ()) -> Issue:
        """Add and remove single labels; a scoped label (`key::value`) replaces the others of its key."""
        ...

    def close(self, project: str, number: int) -> Issue:
        """Close an issue (closing a closed one is fine)."""
        ...

    def reopen(self, project: str, number: int) -> Issue:
        """Reopen an issue."""
        ...

    def rename(self, project: str, number: int, title: str) -> Issue:
        """Give an issue another title."""
        ...

    def relate(self, project: str, number: int, other_project: str, other_number: int) -> None:
        """Make two issues related (doing it again is fine)."""
        ...

    def assign(self, project: str, number: int, assignee: str) -> Issue:
        """Make somebody (user name or e-mail address) the assignee. `NotFound` when the tracker knows no such user."""
        ...
