"""What a company may set about product feedback."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, ValidationInfo, field_validator

from workflows.lib.durations import PositiveDuration
from workflows.lib.suggestions import did_you_mean
from workflows.lib.templates import Template
from workflows.policy.fields import (
    Channel,
    Key,
    LabelText,
    OptionText,
    PlaceholderText,
    Project,
    Section,
    Tag,
    Text,
    TitleText,
    Url,
)

_LONGEST_REPLY: Final = 2500
"""Slack shows 3000 characters in one block; the gaps have to be filled yet."""
_MOST_OPTIONS: Final = 100
"""Slack shows no more in one menu."""


class Kind(StrEnum):
    """What kind of feedback it is; the kind decides the way it goes."""

    PRODUCT = "product"
    BUG = "bug"
    FEATURE = "feature"
    REFUND = "refund"
    VENTING = "venting"


class Area(Section):
    """A part of the product, and the channel where those who build it read feedback."""

    label: OptionText = Field(description="How people know the area.")
    channel: Channel = Field(description='Where its cards go: "#name" in quotes, or the id of the channel.')


class KindPolicy(Section):
    """One kind of feedback."""

    label: OptionText = Field(description="Its name in the modal.")
    description: OptionText = Field(description="When to choose it, in a few words.")
    reply: Template = Field(
        description="The reply to the customer that is offered to copy; nobody sends it but a person.",
        min_length=1,
        max_length=_LONGEST_REPLY,
    )


class CallStep(StrEnum):
    """Whom a call for a manager goes to next, when nobody takes it."""

    NEXT_MANAGER = "next manager"
    LEAD = "lead"
    FALLBACK_GROUP = "fallback group"


class ManagerCallPolicy(Section):
    """Who is called after *CC a manager* and *I feel threatened or harassed*, until a manager takes it."""

    threat_follow_up: PositiveDuration = Field(
        description="Nobody took it in this time, and somebody feels threatened: the next one is called, each time."
    )
    follow_up: PositiveDuration = Field(description="The same for *CC a manager*.")
    steps: Annotated[tuple[CallStep, ...], Field(min_length=1, max_length=10)] = Field(
        description="Who is called next, in this order, then from the beginning: next manager, lead, fallback group."
    )
    cc_on_ticket: bool = Field(
        description="Whether the manager of *CC a manager* is made a CC of the ticket. A threat never is."
    )


class WordsInIssues(StrEnum):
    """How a customer's words go into issues, whose project may be public."""

    CONFIDENTIAL = "confidential"
    LEFT_OUT = "left out"
    OPEN = "open"


class Question(Section):
    """A question of the modal."""

    label: LabelText = Field(description="The question.")
    placeholder: PlaceholderText = Field(description="What stands in the empty field.")
    hint: LabelText = Field(description="The small print below it.")


class Questions(Section):
    """What the modal asks."""

    title: TitleText = Field(description="The title of the modal.")
    submit: TitleText = Field(description="The button that sends it.")
    ticket: Question = Field(description="Which ticket.")
    kind: Question = Field(description="What kind of feedback.")
    text: Question = Field(description="What the customer said.")
    area: Question = Field(description="Which part of the product.")
    feature: Question = Field(description="Which one feature it is about, in words to search issues for.")


class FeedbackPolicy(Section):
    """Product feedback: `/feedback`."""

    tag: Tag = Field(description="The tag every such ticket gets, added to those it has.")
    areas: Mapping[Key, Area] = Field(
        description="The areas of the product, merged by key; null takes one out.",
        min_length=1,
        max_length=_MOST_OPTIONS,
    )
    default_area: str = Field(description="The area that is chosen when nobody chooses one.")
    issue_project: Project = Field(description="The project whose issues are searched and opened: its path or number.")
    issues_shown: Annotated[int, Field(ge=0, le=8)] = Field(
        description="How many existing issues are shown to choose from; 0 searches none. Slack has room for 8."
    )
    more_issue_projects: tuple[Project, ...] = Field(
        description="Other projects to whose issues feedback may be added, by their paths; every other one is refused.",
    )
    words_in_issues: WordsInIssues = Field(
        description="confidential: only the project's members see issues and comments with a customer's words; "
        "left out: those do without them; open: everybody who sees the project reads them."
    )
    new_issue_url: Url = Field(description="The page where a customer opens a feature proposal.")
    refund_url: Url = Field(description="The page that says how refunds are handled.")
    harassment_url: Url = Field(description="The page that says what to do when threatened or harassed.")
    acknowledge_within: PositiveDuration = Field(
        description="Not acknowledged by the product team in this time: one reminder in the thread."
    )
    tell_customer_within: PositiveDuration = Field(
        description="The customer not told in this time: one reminder to who submitted it."
    )
    manager_call: ManagerCallPolicy = Field(description="Calling a manager, until one takes it.")
    draft_kept_for: PositiveDuration = Field(description="How long a form that was not finished is kept.")
    text_limit: Annotated[int, Field(ge=100, le=3000)] = Field(
        description="How many characters the text may have; Slack allows 3000."
    )
    kinds: Mapping[Kind, KindPolicy] = Field(description="The five kinds of feedback: their words and replies.")
    bug_advice: Text = Field(description="What the submitter is told about bugs.")
    venting_checklist: Annotated[tuple[Text, ...], Field(min_length=1, max_length=10)] = Field(
        description="What helps with a customer who is angry, shown as a checklist."
    )
    questions: Questions = Field(description="The words of the modal.")

    @property
    def issue_projects(self) -> tuple[str, ...]:
        """Where feedback may be added to an issue."""
        return (self.issue_project, *self.more_issue_projects)

    def channel_of(self, area: str) -> str:
        """Where the cards of an area go; one that has left the policy is read where the default one is."""
        return self.areas.get(area, self.areas[self.default_area]).channel

    @field_validator("default_area")
    @classmethod
    def _among_areas(cls, area: str, info: ValidationInfo) -> str:
        areas = info.data.get("areas")
        if areas is not None and area not in areas:
            raise ValueError(f"“{area[:60]}” is not one of the areas ({', '.join(areas)}){did_you_mean(area, areas)}")
        return area

    @field_validator("kinds")
    @classmethod
    def _all_kinds(cls, kinds: Mapping[Kind, KindPolicy]) -> Mapping[Kind, KindPolicy]:
        missing = [kind.value for kind in Kind if kind not in kinds]
        if missing:
            raise ValueError(f"These kinds are missing: {', '.join(missing)}")
        return kinds
