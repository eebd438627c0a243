"""What is asked of the tracker, and changed there: see `effects`."""

from typing import ClassVar, Literal

from workflows.contract.effect_base import EffectBase


class FindIssues(EffectBase):
    """Look for existing issues."""

    type: Literal["find_issues"] = "find_issues"
    project: str
    words: str
    limit: int

    LANE: ClassVar[str] = "tracker:read"
    """Questions somebody waits for do not stand behind chores."""


class OpenIssue(EffectBase):
    """Open an issue in the tracker."""

    type: Literal["open_issue"] = "open_issue"
    project: str
    title: str
    description: str
    labels: tuple[str, ...] = ()
    assignee: str | None = None
    """Who it is assigned to: a user name in the tracker, or an e-mail address."""
    confidential: bool = False
    """Whether only the project's own staff see it, though the project is public."""

    LANE: ClassVar[str] = "tracker:write"
    """Writes to the tracker."""


class CommentOnIssue(EffectBase):
    """Add a comment to an issue."""

    type: Literal["comment_on_issue"] = "comment_on_issue"
    project: str
    number: int
    body: str
    internal: bool = False
    """Whether only the project's own staff see it."""

    LANE: ClassVar[str] = "tracker:write"
    """Writes to the tracker."""


class FindTitledIssue(EffectBase):
    """Look for the issue of exactly this title, open or closed."""

    type: Literal["find_titled_issue"] = "find_titled_issue"
    project: str
    title: str

    LANE: ClassVar[str] = "tracker:write"
    """It stands before a write, and among the writes: what was just opened is there when it looks."""


class LabelIssue(EffectBase):
    """Add and remove labels of an issue; others stay, but for those of the same scope."""

    type: Literal["label_issue"] = "label_issue"
    project: str
    number: int
    add: tuple[str, ...]
    remove: tuple[str, ...] = ()

    LANE: ClassVar[str] = "tracker:write"
    """Writes to the tracker."""


class CloseIssue(EffectBase):
    """Close an issue."""

    type: Literal["close_issue"] = "close_issue"
    project: str
    number: int

    LANE: ClassVar[str] = "tracker:write"
    """Writes to the tracker."""
