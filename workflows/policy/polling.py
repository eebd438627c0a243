"""What a company may set about asking the other systems, where no webhook of theirs reaches the desk."""

from enum import StrEnum

from pydantic import Field

from workflows.lib.durations import Duration, PositiveRealDuration
from workflows.policy.fields import Section


class Topic(StrEnum):
    """What is asked for at intervals. The pages that are open are asked for by the pages' own poller."""

    RATINGS = "ratings"
    TICKETS = "tickets"
    ISSUES = "issues"


class PollingPolicy(Section):
    """How often the other systems are asked for what they could tell by webhook; null for what they do tell."""

    ratings: PositiveRealDuration | None = Field(
        description="How often the ticket system is asked for new feedback of customers."
    )
    tickets: PositiveRealDuration | None = Field(
        description="How often it is asked what happened to the tickets of open cases."
    )
    issues: PositiveRealDuration | None = Field(
        description="How often the tracker is asked what happened to the issues of open cases, and in the feedback "
        "projects."
    )
    pages: PositiveRealDuration | None = Field(
        description="How often the paging service is asked while a page is open; it is asked before each ping anyway."
    )

    def every(self, topic: Topic) -> Duration | None:
        """How often it is asked for this; None: it is told."""
        every: Duration | None = getattr(self, topic.value)
        return every
