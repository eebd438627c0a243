"""Lengths of time as a person writes them: `10m`, `7 days`, `3 business days`."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from types import MappingProxyType
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


class Counting(Enum):
    """Which time a span counts."""

    REAL = "real time"
    """Every hour, day and night."""
    BUSINESS_DAYS = "business days"
    """The hours of working days, 24 of them a day; other days stand still."""
    BUSINESS_HOURS = "business hours"
    """The hours between start and end of a working day; the rest stands still."""


class Unit(Enum):
    """What a span is counted in."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    BUSINESS_HOUR = "business hour"
    BUSINESS_DAY = "business day"

    @property
    def length(self) -> timedelta:
        """How long one of it is."""
        return _LENGTHS[self]

    @property
    def counting(self) -> Counting:
        """Which time it counts."""
        return _COUNTINGS.get(self, Counting.REAL)


_LENGTHS: Final = MappingProxyType(
    {
        Unit.SECOND: timedelta(seconds=1),
        Unit.MINUTE: timedelta(minutes=1),
        Unit.HOUR: timedelta(hours=1),
        Unit.DAY: timedelta(days=1),
        Unit.WEEK: timedelta(weeks=1),
        Unit.BUSINESS_HOUR: timedelta(hours=1),
        Unit.BUSINESS_DAY: timedelta(hours=24),
    }
)
_COUNTINGS: Final = MappingProxyType(
    {
        Unit.BUSINESS_HOUR: Counting.BUSINESS_HOURS,
        Unit.BUSINESS_DAY: Counting.BUSINESS_DAYS,
    }
)
_SHORT: Final = MappingProxyType(
    {
        Unit.SECOND: "s",
        Unit.MINUTE: "m",
        Unit.HOUR: "h",
        Unit.DAY: "d",
        Unit.WEEK: "w",
    }
)
_UNITS: Final = MappingProxyType(
    {short: unit for unit, short in _SHORT.items()}
    | {unit.value: unit for unit in Unit}
    | {f"{unit.value}s": unit for unit in Unit}
    | {"sec": Unit.SECOND, "secs": Unit.SECOND, "min": Unit.MINUTE, "mins": Unit.MINUTE}
    | {"hr": Unit.HOUR, "hrs": Unit.HOUR}
)
_FORM: Final = re.compile(r"([0-9]{1,9})\s*([a-z]+(?:\s+[a-z]+)?)", re.ASCII)
_LONGEST: Final = timedelta(days=3660)
_SHOWN: Final = 40
EXAMPLES: Final = "Write for example 30s, 10m, 48h, 7 days, 1 business hour or 3 business days"


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time: an amount of one unit. Never negative, at most ten years."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 0 or self.amount > _LONGEST // self.unit.length:
            raise ValueError(f"A length of time lies between nothing and ten years. {EXAMPLES}.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what a person wrote. `ValueError`, a sentence with examples, when it is no length of time."""
        found = _FORM.fullmatch(text.strip().lower())
        unit = _UNITS.get(" ".join(found[2].split())) if found else None
        if found is None or unit is None:
            shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
            raise ValueError(f"“{shown}” is not a length of time. {EXAMPLES}.")
        return cls(int(found[1]), unit)

    @property
    def length(self) -> timedelta:
        """The time to count: real time, or open time for business days and hours (a day is 24 hours)."""
        return self.amount * self.unit.length

    @property
    def counting(self) -> Counting:
        """Which time is counted."""
        return self.unit.counting

    @property
    def words(self) -> str:
        """In words, for a sentence: `1 business hour`, `10 minutes`."""
        return f"{self.amount} {self.unit.value}{'' if self.amount == 1 else 's'}"

    def __str__(self) -> str:
        """Return the form for a policy file: `10m`, `3 business days`; `parse` reads it back."""
        short = _SHORT.get(self.unit)
        return f"{self.amount}{short}" if short else self.words

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401 - pydantic's own signature
        """Tell pydantic: validated from a text, serialised to one."""
        return core_schema.no_info_plain_validator_function(
            cls._validated, serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def _validated(cls, value: object) -> Self:
        if isinstance(value, cls):
            return value
        if isinstance(value, str):
            return cls.parse(value)
        raise ValueError(f"A length of time needs a number and a unit. {EXAMPLES}.")


def _positive(span: Duration) -> Duration:
    if not span.amount:
        raise ValueError(f"This must be longer than nothing. {EXAMPLES}.")
    return span


def _real(span: Duration) -> Duration:
    if span.counting is not Counting.REAL:
        raise ValueError("Business days and hours are not counted here. Write for example 30s, 10m or 4h.")
    return span


PositiveDuration = Annotated[Duration, AfterValidator(_positive)]
"""A span that is longer than nothing."""
RealDuration = Annotated[Duration, AfterValidator(_real)]
"""A span of real time: no business days or hours."""
PositiveRealDuration = Annotated[Duration, AfterValidator(_real), AfterValidator(_positive)]
"""A span of real time that is longer than nothing."""
