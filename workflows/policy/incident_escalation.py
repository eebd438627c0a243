"""What a company may set about the steps of an escalation: who is called, after how long, and how."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, Final, Self

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from workflows.lib.durations import Duration, PositiveRealDuration
from workflows.lib.suggestions import did_you_mean
from workflows.policy.fields import Group, PersonRef, Section, Text

_PERCENT: Final = re.compile(r"([0-9]{1,3}) ?%")
WHOLE_WAIT: Final = 100


class How(StrEnum):
    """How somebody is called."""

    THREAD = "thread"
    """Mentioned in the incident's thread."""
    DM = "dm"
    PAGE = "page"


class Party(StrEnum):
    """Who is called, by what they are to incidents."""

    RESPONDERS = "responders"
    ON_CALL = "on_call"
    LEAD = "lead"


class Target(Section):
    """Who is called: a party, who is on call in a schedule, a person, or a user group."""

    party: Party | None = Field(default=None, description="responders, on_call or lead; written as a word.")
    schedule: Text | None = Field(default=None, description="Who is on call in this schedule (id or name).")
    user: PersonRef | None = Field(default=None, description="This person.")
    group: Group | None = Field(default=None, description="This user group.")

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if sum(value is not None for value in (self.party, self.schedule, self.user, self.group)) != 1:
            raise ValueError("Write one of responders, on_call, lead, {schedule: ...}, {user: ...} or {group: ...}")
        return self

    @property
    def key(self) -> str:
        """By what it is looked up."""
        kind = next(name for name in ("party", "schedule", "user", "group") if getattr(self, name) is not None)
        return f"{kind}:{getattr(self, kind)}"

    @property
    def words(self) -> str:
        """As a person says it."""
        match self.party:
            case Party.RESPONDERS:
                return "the responders"
            case Party.ON_CALL:
                return "who is on call"
            case Party.LEAD:
                return "the lead"
        return f"who is on call in {self.schedule}" if self.schedule else str(self.user or f"the group {self.group}")


@dataclass(frozen=True)
class Moment:
    """When a step is taken: a percentage of the wait, or so long after the page was decided."""

    percent: int | None = None
    after_page: Duration | None = None

    def __str__(self) -> str:
        return f"{self.percent}%" if self.after_page is None else str(self.after_page)


def _moment(value: object) -> Moment:
    if isinstance(value, Moment):
        return value
    found = _PERCENT.fullmatch(str(value).strip())
    if found is None:
        try:
            return Moment(after_page=Duration.parse(str(value)))
        except ValueError:
            raise ValueError("A step is taken after a part of the wait, 50%, or a time after the page, 10m") from None
    percent = int(found[1])
    if not 0 < percent <= WHOLE_WAIT:
        raise ValueError("A part of the wait lies between 1% and 100%")
    return Moment(percent=percent)


def _target(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value not in {party.value for party in Party}:
        near = did_you_mean(value, (party.value for party in Party))
        raise ValueError(f"“{value[:60]}” is none of responders, on_call, lead{near}")
    return {"party": value}


def _written(target: Target) -> Any:  # noqa: ANN401 - as YAML has it
    return str(target.party) if target.party else target.model_dump(mode="json", exclude_none=True)


class Step(Section):
    """One step of the escalation."""

    after: Annotated[Moment, BeforeValidator(_moment), PlainSerializer(str, return_type=str)] = Field(
        description="When: a part of the wait, such as 50%; or a time after the page, such as 10m."
    )
    who: tuple[Annotated[Target, BeforeValidator(_target), PlainSerializer(_written)], ...] = Field(
        description="Who is called; with nobody the thread is warned, and nobody is mentioned."
    )
    how: How = Field(description="How: thread, dm or page.")
    times: Annotated[int, Field(ge=1, le=20)] = Field(default=1, description="How often, where it is repeated.")
    every: PositiveRealDuration | None = Field(default=None, description="How long between two of these times.")

    @model_validator(mode="after")
    def _repeats(self) -> Self:
        if self.times > 1 and (self.every is None or self.after.percent is not None):
            raise ValueError("A step that is repeated comes after the page, and says how often with every")
        if not self.who and self.how is How.DM:
            raise ValueError("A DM goes to somebody: say who")
        return self


def checked(steps: Sequence[Step]) -> Sequence[Step]:
    """The steps, when they can work: in their order, with one page, at the end of the wait."""
    pages = [step for step in steps if step.how is How.PAGE]
    if len(pages) != 1 or pages[0].after.percent != WHOLE_WAIT:
        raise ValueError("One step pages, after 100% of the wait: {after: 100%, who: [on_call], how: page}")
    parts = [step.after.percent for step in steps if step.after.percent is not None]
    if parts != sorted(set(parts)) or len(before_page(steps)) != len(parts) - 1:
        raise ValueError("The steps before the page come first, each later than the one before it")
    offsets = [offset for offset, _ in after_page(steps)]
    if offsets != sorted(offsets):
        raise ValueError("The steps after the page come one after another, each when the one before it is over")
    return steps


def before_page(steps: Sequence[Step]) -> list[tuple[int, Step]]:
    """The steps before the page, with the percentage of the wait at which each is taken."""
    first = []
    for step in steps:
        if step.how is How.PAGE:
            break
        if step.after.percent is not None:
            first.append((step.after.percent, step))
    return first


def after_page(steps: Sequence[Step]) -> list[tuple[timedelta, Step]]:
    """The steps after the page, each as often as it is repeated, with the time since the page."""
    return [
        (step.after.after_page.length + number * (step.every.length if step.every else timedelta(0)), step)
        for step in steps
        if step.after.after_page is not None
        for number in range(step.times)
    ]
