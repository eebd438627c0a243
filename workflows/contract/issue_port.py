"""The issue tracker, as a protocol: see `workflows.contract`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
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
        again: bool = False,
    ) -> Issue:
        """Open an issue; its description carries `mark`, hidden. What people typed cannot become a quick action.

        `assignee` is a user name, or the e-mail address of a user.
        """
        ...

    def comment(self, project: str, number: int, body: str, *, mark: str, again: bool = False) -> None:
        """Comment on an issue, never twice."""
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
