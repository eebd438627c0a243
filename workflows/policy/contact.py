"""What a company may set about manager-contact requests."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, field_validator

from workflows.lib.answers import matches
from workflows.lib.durations import PositiveDuration, PositiveRealDuration
from workflows.lib.templates import only
from workflows.policy.fields import Channel, Day, OptionText, PersonRef, Project, Section, Text, TimeZone, Url

DRAFT_GAPS: Final = ("name", "role", "company", "ticket", "ticket_url", "words", "scheduling_url")
TITLE_GAPS: Final = ("ticket",)
GAP: Final = "..."
OR: Final = "|"
"""What a phrase is written with: up to six words between two others, and either of some words."""
_LONGEST_DRAFT: Final = 2500
"""Slack takes 3000 characters in one field; the gaps have to be filled yet."""

DraftTemplate = Annotated[str, AfterValidator(only(*DRAFT_GAPS))]
TitleTemplate = Annotated[str, AfterValidator(only(*TITLE_GAPS))]


class Way(StrEnum):
    """How a customer is contacted."""

    EMAIL = "email"
    TICKET = "ticket"
    CALL = "call"


class ContactPolicy(Section):
    """Manager-contact requests: `/manager-contact`."""

    channel: Channel = Field(description="Where the cards stand, and whose messages are read for requests.")
    words_in_channel: bool = Field(
        description="Whether the card shows what the customer said. Only for a channel that is private."
    )
    request_fields: tuple[Text, ...] = Field(
        description="The names of the form's field, in a message or an issue's description: `Contact requested: yes`."
    )
    request_phrases: Annotated[tuple[Text, ...], Field(min_length=1)] = Field(
        description="A text with one of these asks for contact; ... is up to six words, of a|b either word will do."
    )
    refusal_phrases: tuple[Text, ...] = Field(description="A text with one of these does not.")
    negations: tuple[Text, ...] = Field(description="Nor does a phrase with one of these words in or just before it.")
    done_phrases: tuple[Text, ...] = Field(description="With one of these it is asked whether contact is still wanted.")
    hint_words: tuple[Text, ...] = Field(
        description="A message with a ticket and one of these may ask for contact: it is asked, with two buttons."
    )
    undecided_values: tuple[Text, ...] = Field(description="What stands in the field of who has not decided: asked.")

    within: PositiveRealDuration = Field(description="The customer is contacted within this time, on the days below.")
    days: Annotated[tuple[Day, ...], Field(min_length=1)] = Field(
        description="The days on which the clock runs, all day long."
    )
    time_zone: TimeZone = Field(description="The IANA zone in which these days begin and end.")
    holidays_stand_still: bool = Field(description="Whether the clock stands still on the policy's holidays, too.")

    remind_at: Annotated[tuple[Annotated[int, Field(ge=1, le=99)], ...], Field(min_length=1, max_length=9)] = Field(
        description="Reminders to who has it, in percent of the time. The last of them does not wait for the morning."
    )
    remind_overdue_every: PositiveDuration = Field(description="How often who has it is reminded when it is overdue.")
    unclaimed_after: PositiveDuration = Field(description="Nobody claimed it in this time: its owner is mentioned.")
    snooze: PositiveRealDuration = Field(description="How long a snoozed reminder waits.")
    due_soon: PositiveRealDuration = Field(
        description="What is due in this time stands under “due soon” in the App Home."
    )

    lead: PersonRef | None = Field(description="Who is told when a request is overdue; null for nobody.")
    leads: Mapping[PersonRef, PersonRef] = Field(description="For some owners somebody else: owner to lead.")

    yes_values: Annotated[tuple[Text, ...], Field(min_length=1)] = Field(
        description="What stands in the feedback form's field when the customer wants contact: an option's tag or "
        "words, or how they begin or end; capitals do not matter."
    )
    no_values: tuple[Text, ...] = Field(
        description="And when they do not. What is neither opens a request that says so: nothing is dropped."
    )
    issue_project: Project = Field(description="The project of the feedback issues: its path or number.")
    issue_title: TitleTemplate = Field(
        description="The exact title of a ticket's feedback issue; it is looked for, and opened when there is none.",
        min_length=1,
        max_length=200,
    )
    issue_labels: tuple[Text, ...] = Field(description="The labels of an issue that is opened.")
    request_label: Text = Field(description="An issue of that project that gets this label asks for contact.")
    contacted_label: Text = Field(description="The label of an issue whose customer was contacted.")

    ways: Mapping[Way, OptionText] = Field(description="The ways to contact a customer, in words.")
    default_way: Way = Field(description="The way that is chosen when the form opens.")
    role: Text = Field(description="What a manager is called, {role} in the draft.")
    scheduling_urls: Mapping[PersonRef, Url] = Field(
        description="Each manager's page to book a call, {scheduling_url} in the draft."
    )
    single_use_links: bool = Field(
        description="Whether a link to that page that books one call is made for each request, and offered instead."
    )
    draft: DraftTemplate = Field(
        description="The message that is offered; nobody sends it but a person.",
        min_length=1,
        max_length=_LONGEST_DRAFT,
    )
    reopen_warning: Text = Field(description="What is said to who wants to reply on the ticket.")
    text_limit: Annotated[int, Field(ge=100, le=3000)] = Field(
        description="How many characters may be typed into a field; Slack allows 3000."
    )

    @field_validator("remind_at")
    @classmethod
    def _in_order(cls, percents: tuple[int, ...]) -> tuple[int, ...]:
        if sorted(set(percents)) != list(percents):
            raise ValueError("Percentages stand here once each, the smallest first: [50, 80, 95]")
        return percents

    @field_validator("ways")
    @classmethod
    def _all_ways(cls, ways: Mapping[Way, str]) -> Mapping[Way, str]:
        missing = [way.value for way in Way if way not in ways]
        if missing:
            raise ValueError(f"These ways are missing: {', '.join(missing)}")
        return ways

    def asks(self, answer: str) -> bool | None:
        """Whether an answer in the form's field asks for contact; None for one that is neither a yes nor a no."""
        said = {value for value in (True, False) if matches(answer, self.yes_values if value else self.no_values)}
        return said.pop() if len(said) == 1 else None

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which the days begin and end."""
        return ZoneInfo(self.time_zone)
