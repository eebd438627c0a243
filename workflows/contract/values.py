"""Values that the cases of several processes hold: who did what when, an issue, how far a vendor's work is."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from workflows.contract.issue_port import Issue
from workflows.lib.markup import web_address


class Progress(StrEnum):
    """How far something is that a vendor has to do."""

    NOT_WANTED = "not_wanted"
    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


class Frozen(BaseModel):
    """A value that cannot be changed, and knows all its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


WebAddress = Annotated[str, AfterValidator(web_address)]
"""An address that a vendor gave, fit to stand in a link."""


class IssueLink(Frozen):
    """An issue of the tracker that a case belongs to."""

    project: str
    number: int
    title: str
    url: WebAddress

    @classmethod
    def of(cls, issue: Issue) -> "IssueLink":
        """The link to an issue of the tracker."""
        return cls(project=issue.project, number=issue.number, title=issue.title, url=issue.url)


class VendorTask(Frozen):
    """Something a vendor has to do for the case, and how far it is. `trouble` is a sentence for a person."""

    progress: Progress = Progress.NOT_WANTED
    trouble: str | None = None


PENDING = VendorTask(progress=Progress.PENDING)
DONE = VendorTask(progress=Progress.DONE)


def failed(trouble: str) -> VendorTask:
    """A job that was given up, and why."""
    return VendorTask(progress=Progress.FAILED, trouble=trouble)


class Stamp(Frozen):
    """Who did something, and when."""

    by: str
    at: datetime
