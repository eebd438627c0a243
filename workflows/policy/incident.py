"""What a company may set about incidents."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import time
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, ValidationInfo, field_validator

from workflows.lib.business_time import Calendar, Weekday, WeekTime
from workflows.lib.durations import PositiveDuration, PositiveRealDuration
from workflows.lib.suggestions import did_you_mean
from workflows.lib.templates import gaps
from workflows.policy.feedback import Question
from workflows.policy.fields import (
    Channel,
    Group,
    Key,
    OptionText,
    PersonRef,
    Section,
    Text,
    TimeZone,
    TitleText,
    Url,
)
from workflows.policy.incident_escalation import Step, checked
from workflows.policy.incident_issue import IncidentIssuePolicy

_MOST_SYSTEMS: Final = 99
"""Slack shows 100 options in one menu; one of them is for a system that is not in the sheet."""
_WEEK_TIME: Final = re.compile(r"([A-Za-z]+) +([01]?[0-9]|2[0-3]):([0-5][0-9])", re.ASCII)


def _week_time(value: object) -> WeekTime:
    if isinstance(value, WeekTime):
        return value
    found = _WEEK_TIME.fullmatch(str(value).strip())
    if found is None:
        raise ValueError("A moment of the week is written Sunday 15:00")
    day = Weekday.of(found[1])
    return WeekTime(day, time(int(found[2]), int(found[3])))


def _shown(moment: WeekTime) -> str:
    return f"{moment.day.word} {moment.clock:%H:%M}"


WeekMoment = Annotated[WeekTime, BeforeValidator(_week_time), PlainSerializer(_shown, return_type=str)]
"""A moment of every week: Sunday 15:00."""


def _with_gaps(*known: str) -> AfterValidator:
    def check(text: str) -> str:
        unknown = sorted(gaps(text) - set(known))
        if unknown:
            shown = ", ".join(f"{{{gap}}}" for gap in known)
            raise ValueError(f"There is no {{{unknown[0]}}} to fill in; known are {shown}")
        return text

    return AfterValidator(check)


class Counts(StrEnum):
    """When the clock of a level runs."""

    ALWAYS = "always"
    SUPPORT_HOURS = "support hours"


class SupportHours(Section):
    """Global Support Hours: once a week, in one stretch."""

    time_zone: TimeZone = Field(description="The IANA zone of these hours.")
    opens: WeekMoment = Field(description="When they begin, such as Sunday 15:00.")
    closes: WeekMoment = Field(description="When they end, such as Friday 17:00.")


class LevelPolicy(Section):
    """How critical a system is, and how long a response may take."""

    label: OptionText = Field(description="Its name.")
    wait: PositiveRealDuration = Field(description="How long to wait for a response before somebody is paged.")
    counts: Counts = Field(description="When that clock runs: always, or only in support hours.")
    page_now_outside: bool = Field(description="Whether paging at once is offered outside support hours.")


class SystemPolicy(Section):
    """A system of the criticality sheet."""

    label: OptionText = Field(description="Its name in the menu.")
    level: str = Field(description="How critical it is: one of the levels.")
    aliases: tuple[Text, ...] = Field(description="What else people call it; found in what they write.")

    @property
    def names(self) -> tuple[str, ...]:
        """Everything it is called."""
        return (self.label, *self.aliases)


class OnCallPolicy(Section):
    """Who is on call, for the hour in which the paging service cannot be reached."""

    schedule: Text | None = Field(description="The on-call schedule (id or name) that says who is on call.")
    people: tuple[PersonRef, ...] = Field(description="Who it is when the schedule is not set or cannot be asked.")


class OpeningQuestion(Section):
    """What a message in the channel is answered with."""

    text: Text = Field(description="The question.")
    integrations: bool = Field(description="Whether messages of integrations are read, too.")


class NoReportPolicy(Section):
    """Which messages in the channel are plainly no report, and start no wait."""

    enabled: bool = Field(description="Whether any message is; false: every message starts the wait.")
    ask: bool = Field(
        description="Whether the question is put below such a message, so that one click starts the wait."
    )
    phrases: tuple[Text, ...] = Field(
        description="A message of nothing but these, names, emoji and marks is small talk; capitals do not matter."
    )
    questions: tuple[Text, ...] = Field(
        description="A message that is one question and begins like this asks how something is done ..."
    )
    trouble: tuple[Text, ...] = Field(description="... unless it holds one of these words.")
    responders: bool = Field(description="Whether what a responder writes in the channel is no report.")
    integrations: tuple[Text, ...] = Field(
        description="Integrations that report nothing: the name, bot id (B0123456789) or app id of each."
    )


class IncidentQuestions(Section):
    """What the modal asks."""

    title: TitleText = Field(description="The title of the modal.")
    submit: TitleText = Field(description="The button that sends it.")
    systems: Question = Field(description="Which systems.")
    other: Question = Field(description="The name of a system that is not in the sheet.")
    what: Question = Field(description="What is happening.")
    impact: Question = Field(description="The impact on users and customers.")
    errors: Question = Field(description="Error messages or links to screenshots.")
    steps: Question = Field(description="The steps taken already.")


class IncidentPolicy(Section):
    """The section of incidents: `/incident`."""

    channel: Channel = Field(description='Where incidents are reported: "#name" in quotes, or the channel\'s id.')
    responders: Group | None = Field(
        description="The user group whose answer counts, and which is pinged; null: anybody but the reporter."
    )
    leads: tuple[PersonRef, ...] = Field(
        description="Who is mentioned when nobody acknowledges a page; with none, it is the manager on duty."
    )
    on_call: OnCallPolicy = Field(description="Who is on call.")
    service: Text = Field(description="The paging service's service that is paged: its id or name.")
    page_url: Url | None = Field(description="Where a page is opened by hand; null for none.")
    support_hours: SupportHours = Field(description="Global Support Hours.")
    levels: Mapping[Key, LevelPolicy] = Field(
        description="The levels of criticality, merged by key; the shorter the wait, the more critical.",
        min_length=1,
        max_length=8,
    )
    systems: Mapping[Key, SystemPolicy] = Field(
        description="The criticality sheet, merged by key; null takes a system out.",
        min_length=1,
        max_length=_MOST_SYSTEMS,
    )
    sheet_url: Url | None = Field(description="Where the real sheet is, linked beside the menu; null for none.")
    unknown_system: OptionText = Field(description="The option for a system that is not in the sheet.")
    escalation: Annotated[tuple[Step, ...], AfterValidator(checked)] = Field(
        description="The steps of the escalation: who is called, after how long, and how. Replaced as a whole."
    )
    question: OpeningQuestion = Field(description="What a message in the channel is answered with.")
    unknown_level: Key = Field(
        description="How critical a message counts that names no system of the sheet, until somebody picks one."
    )
    no_report: NoReportPolicy = Field(
        description="Which messages in the channel are plainly no report, and start no wait."
    )
    still_on_it_every: PositiveDuration = Field(
        description="How often it is asked whether somebody is still on an incident that nobody resolves."
    )
    page_title: Annotated[str, Field(min_length=1, max_length=300), _with_gaps("case", "level", "systems", "what")] = (
        Field(description="The title of a page.")
    )
    manual_steps: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=500), _with_gaps("service", "title")], ...],
        Field(min_length=1, max_length=5),
    ] = Field(description="What to do by hand while the paging service cannot be reached.")
    stay_available: Text = Field(description="What the reporter is asked when somebody was paged.")
    issue: IncidentIssuePolicy = Field(description="The issue of an incident in Support Operations' tracker.")
    text_limit: Annotated[int, Field(ge=100, le=3000)] = Field(
        description="How many characters each answer may have; Slack allows 3000."
    )
    questions: IncidentQuestions = Field(description="The words of the modal.")

    @field_validator("systems")
    @classmethod
    def _of_known_levels(cls, systems: Mapping[str, SystemPolicy], info: ValidationInfo) -> Mapping[str, SystemPolicy]:
        for key, system in systems.items():
            levels = info.data.get("levels", {system.level: None})
            if system.level not in levels:
                near = did_you_mean(system.level, levels)
                raise ValueError(f"“{system.level[:60]}”, the level of {key}, is none of {', '.join(levels)}{near}")
        names = Counter(name for system in systems.values() for name in {name.lower() for name in system.names})
        twice = sorted(name for name, times in names.items() if times > 1)
        if twice:
            raise ValueError(f"These names mean more than one system: {', '.join(twice)}")
        return systems

    @field_validator("unknown_level")
    @classmethod
    def _known_level(cls, level: str, info: ValidationInfo) -> str:
        levels = info.data.get("levels", {level: None})
        if level not in levels:
            raise ValueError(f"“{level}” is none of {', '.join(levels)}{did_you_mean(level, levels)}")
        return level

    @cached_property
    def calendar(self) -> Calendar:
        """The support hours."""
        hours = self.support_hours
        return Calendar.of_stretch(ZoneInfo(hours.time_zone), hours.opens, hours.closes)

    @cached_property
    def ranking(self) -> tuple[str, ...]:
        """The levels, the most critical first: the one that pages sooner than any other."""
        return tuple(sorted(self.levels, key=lambda key: self.levels[key].wait.length))

    def highest(self, levels: Iterable[str]) -> str:
        """The most critical of these levels; of none, and of one that has left the policy, the most critical of all."""
        known = {level if level in self.levels else self.ranking[0] for level in levels}
        return next((level for level in self.ranking if level in known), self.ranking[0])
