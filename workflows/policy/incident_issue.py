"""What a company may set about the issue of an incident."""

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from workflows.lib.templates import only
from workflows.policy.fields import Project, Section, Text


class OpenedAt(StrEnum):
    """When the issue of an incident is opened."""

    NEVER = "never"
    START = "start"
    """When its timer starts."""
    PAGE = "page"
    RESOLVE = "resolve"


class IncidentIssuePolicy(Section):
    """The issue of an incident in Support Operations' tracker."""

    opened_at: OpenedAt = Field(
        description="When it is opened: never, at the start of the timer, when somebody is paged, or on Resolve."
    )
    project: Project = Field(description="The project: its path or number.")
    title: Annotated[
        str, Field(min_length=1, max_length=300), AfterValidator(only("case", "level", "systems", "what"))
    ] = Field(description="Its title.")
    labels: tuple[Text, ...] = Field(description="Its labels.")
