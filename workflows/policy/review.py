"""What a company may set about satisfaction reviews."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from workflows.lib.durations import PositiveRealDuration
from workflows.lib.templates import only
from workflows.policy.fields import Channel, Day, OpensAt, PersonRef, Project, Section, Tag, Text, Url

_MOST_OPTIONS: Final = 100
"""Slack shows no more in one menu."""

TitleTemplate = Annotated[str, AfterValidator(only("ticket")), Field(min_length=1, max_length=200)]


class Tone(StrEnum):
    """How a customer's feedback is meant."""

    GOOD = "good"
    BAD = "bad"
    NEUTRAL = "neutral"


class WeekPlace(StrEnum):
    """Where the week in review goes."""

    POST = "post"
    CANVAS = "canvas"
    DOCUMENT = "document"


class NoSurvey(Section):
    """Tickets that get no survey: a rating of one is recorded, and not acted on."""

    suspended: bool = Field(description="Tickets marked as spam, whose requester is suspended.")
    tags: tuple[Tag, ...] = Field(description="Tickets with one of these tags.")
    organizations: tuple[Text, ...] = Field(description="Tickets of one of these organisations, by their exact names.")


class Digest(Section):
    """The message that lists what waits for a manager."""

    days: Annotated[tuple[Annotated[int, Field(ge=1, le=60)], ...], Field(min_length=1, max_length=9)] = Field(
        description="On these days after a review came, its manager gets the digest: one message, for all of them."
    )
    at: OpensAt = Field(description="At this time of day, where the manager is.")


class Week(Section):
    """The week in review: kudos, counts, themes, and who reviews."""

    into: WeekPlace = Field(description="Where it goes: post (in the channel), canvas or document.")
    channel: Channel = Field(description="Where the week's review is posted.")
    canvas: Text | None = Field(description="The Slack canvas it is written into, by its id, such as F0123456789.")
    document: Text | None = Field(description="The shared document it is written into, by the id in its address.")
    day: Day = Field(description="On this day of the week, in the policy's time zone.")
    at: OpensAt = Field(description="At this time of that day.")
    rotation_url: Url | None = Field(description="The rotation's page, linked there; null for none.")
    unnamed: tuple[PersonRef, ...] = Field(description="People who don't want to be named in kudos.")

    @model_validator(mode="after")
    def _with_its_document(self) -> Self:
        if self.into is WeekPlace.CANVAS and self.canvas is None:
            raise ValueError("The canvas is missing: its id stands at the end of its link, F0123456789")
        if self.into is WeekPlace.DOCUMENT and self.document is None:
            raise ValueError("The document is missing: its id stands in its address, between /d/ and /edit")
        return self


class Rotation(Section):
    """The Reviewing Managers' turns."""

    check_every: PositiveRealDuration = Field(description="How often the schedule is asked who is on duty.")
    check_unowned_every: PositiveRealDuration = Field(
        description="And how often while a review has no owner: the first who is on duty gets it."
    )
    scorecard_days: Annotated[int, Field(ge=0, le=14)] = Field(
        description="So many days before a turn ends, its manager gets a scorecard each morning."
    )


class ReviewPolicy(Section):
    """Satisfaction reviews: `/feedback reviews`."""

    issue_project: Project = Field(description="The project of the feedback issues: its path or number.")
    issue_titles: Mapping[Tone, TitleTemplate] = Field(
        description="The exact title of a ticket's feedback issue, by tone; it is looked for before one is opened."
    )
    issue_labels: Mapping[Tone, tuple[Text, ...]] = Field(description="The labels of a feedback issue, by tone.")
    feedback_labels: Annotated[Mapping[Text, Text], Field(min_length=1, max_length=_MOST_OPTIONS)] = Field(
        description="The labels that say why a bad review was given, and what each means; merged by key."
    )
    no_survey: NoSurvey = Field(description="Tickets that get no survey.")
    respond_within: PositiveRealDuration = Field(description="The first response comes within this time: a target.")
    close_good_after: PositiveRealDuration | None = Field(
        description="A good review nothing happens to is closed after this; null where another bot does it."
    )
    digest: Digest = Field(description="The message that lists what waits for a manager.")
    week: Week = Field(description="The week in review.")
    rotation: Rotation = Field(description="The Reviewing Managers' turns.")
    meta_project: Project = Field(description="The project of the issues in which the team discusses feedback.")
    product_groups: Mapping[Text, Text] = Field(
        description="Product groups that can be made aware, merged by key: a name, and whom the tracker mentions."
    )
    text_limit: Annotated[int, Field(ge=100, le=3000)] = Field(
        description="How many characters may be typed into a field; Slack allows 3000."
    )

    @field_validator("issue_titles", "issue_labels")
    @classmethod
    def _every_tone(cls, by_tone: Mapping[Tone, object]) -> Mapping[Tone, object]:
        missing = [tone.value for tone in Tone if tone not in by_tone]
        if missing:
            raise ValueError(f"These tones are missing: {', '.join(missing)}")
        return by_tone
