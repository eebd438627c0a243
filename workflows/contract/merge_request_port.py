"""Merge requests of the tracker, as a protocol: see `workflows.contract`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pydantic import BaseModel, ConfigDict


class FileEdit(BaseModel):
    """A change of one file: `find` stands there exactly once and becomes `replace`.

    An empty `find`: `replace` is added at the end.
    """

    model_config = ConfigDict(frozen=True)

    path: str
    find: str
    replace: str


@dataclass(frozen=True)
class MergeRequest:
    """A merge request. `state` is `opened`, `closed`, `locked` or `merged`; `by` is who merged or closed it."""

    project: str
    number: int
    title: str
    url: str
    state: str = "opened"
    by: str = ""


class MergeRequests(Protocol):
    """Merge requests (GitLab). `project` is a numeric id or a path such as `group/project`."""

    def draft(
        self,
        project: str,
        into: str | None,
        branch: str,
        edit: FileEdit,
        title: str,
        description: str,
        *,
        reviewers: Sequence[str] = (),
    ) -> MergeRequest:
        """Make the branch with the edit, and open the merge request; what is there under `branch` is taken.

        `NotFound` when there is no such file; `Refused` when the edit does not fit the file as it is now, or breaks it.
        A reviewer the tracker does not know is mentioned in the description.
        """
        ...

    def merge_request(self, project: str, number: int) -> MergeRequest:
        """One merge request. `NotFound` when there is none."""
        ...
