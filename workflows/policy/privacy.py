"""How long what is known of people is kept."""

from collections.abc import Mapping
from enum import StrEnum

from pydantic import Field

from workflows.lib.durations import Duration, PositiveRealDuration
from workflows.policy.fields import Section


class Kept(StrEnum):
    """The processes whose cases are kept for a time of their own, by the beginning of their cases' kinds."""

    FEEDBACK = "feedback"
    CONTACT = "contact"
    INCIDENT = "incident"
    REVIEW = "review"
    REQUEST = "request"
    CSM = "csm"


class PrivacyPolicy(Section):
    """How long what is known of people is kept, after which the desk itself removes it."""

    keep_for: PositiveRealDuration = Field(
        description="After a case was closed. Then its words, names and ticket go; its number, kind and dates stay."
    )
    keep_for_of: Mapping[Kept, PositiveRealDuration] = Field(
        description="Another time for the cases of a process, merged by key; null takes one out."
    )
    keep_people: PositiveRealDuration = Field(
        description="What Slack said of somebody who has done nothing here for this long."
    )

    def kept(self, kind: str) -> Duration:
        """How long closed cases of this kind are kept."""
        return next((span for name, span in self.keep_for_of.items() if kind.startswith(name)), self.keep_for)
