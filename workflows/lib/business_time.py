"""Open time: when a clock runs, when it stands still, and when N open hours have passed.

A `Calendar` says which stretches of the week are open, in one IANA zone. Instants go in and come out aware
and in UTC; only the edges of the open stretches are worked out in the zone, so hours are REAL hours also where
the zone puts its clock forward or back: a working day of 23 hours counts 23.

Edges. An open stretch includes its opening instant and excludes its closing one. `add(t, n)` is the FIRST
instant by which n of open time have passed since t. So 48 h from any time on Saturday end on Wednesday at
00:00 (which is also Tuesday 24:00), and 48 h from Thursday 00:00 end on Friday at 24:00, not on Monday at
00:00: the last moment of open time is the last moment at which the promise is kept, and nothing that happens
on the weekend can still be in time. A sum of nothing stays where it is, even in closed time.

A local time that does not exist (the clock was put forward over it) stands for the instant of the change; one
that comes twice stands for its first. So a day opens once and closes once: who left at 23:30 does not come back when
the clock is put back to 23:00, and who came at 00:30 does not go when it is 00:00 again.
"""

from collections.abc import Collection, Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from typing import Final, Self
from zoneinfo import ZoneInfo

from workflows.lib.durations import Counting, Duration

MIDNIGHT: Final = time(0)
_DAY: Final = timedelta(days=1)
_NOTHING: Final = timedelta(0)
_SHUT_FOR_GOOD: Final = 1000
"""So many closed days in a row mean that a calendar never opens again."""


class Weekday(IntEnum):
    """The days of the week, numbered as `date.weekday()` numbers them."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6

    @classmethod
    def of(cls, name: str) -> Self:
        """Read `Monday`, `monday` or `Mon`. `ValueError` for anything else."""
        for day in cls:
            if name.strip().lower() in {day.word.lower(), day.short.lower()}:
                return day
        raise ValueError(f"“{name[:40]}” is not a day of the week")

    @property
    def word(self) -> str:
        """The name of the day: `Monday`."""
        return self.name.capitalize()

    @property
    def short(self) -> str:
        """The short name of the day: `Mon`."""
        return self.word[:3]


_WEEKEND: Final = frozenset({Weekday.SATURDAY, Weekday.SUNDAY})
MONDAY_TO_FRIDAY: Final = tuple(Weekday(number) for number in range(5))


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """Open from `opens` to `closes` on one day, local time; a `closes` of 00:00 is the end of the day."""

    opens: time = MIDNIGHT
    closes: time = MIDNIGHT

    def __post_init__(self) -> None:
        if self.closes != MIDNIGHT and self.closes <= self.opens:
            raise ValueError(f"Opening hours end after they start: {self}")

    def __str__(self) -> str:
        closes = "24:00" if self.closes == MIDNIGHT else f"{self.closes:%H:%M}"
        return f"{self.opens:%H:%M}-{closes}"


ALL_DAY: Final = Hours()


@dataclass(frozen=True, slots=True)
class WeekTime:
    """A moment of every week, local time: Sunday 15:00."""

    day: Weekday
    clock: time

    def __str__(self) -> str:
        return f"{self.day.short} {self.clock:%H:%M}"


@dataclass(frozen=True)
class Calendar:
    """When the clock runs: for each day of the week its open hours, in one zone, except on holidays.

    `name` says in a few words when that is. `holidays` answers `date in holidays`; these days are closed from
    midnight to midnight, local time.
    """

    name: str
    zone: ZoneInfo
    week: tuple[tuple[Hours, ...], ...]
    holidays: Container[date] = frozenset()

    def __post_init__(self) -> None:
        if len(self.week) != len(Weekday) or not any(self.week):
            raise ValueError("A calendar needs seven days, and at least one of them open")

    @classmethod
    def of_days(
        cls,
        zone: ZoneInfo,
        days: Collection[Weekday] = MONDAY_TO_FRIDAY,
        hours: Hours = ALL_DAY,
        holidays: Container[date] = frozenset(),
    ) -> Self:
        """Open on these days of the week, all day or between the same hours: `Mon-Fri 09:00-17:00`."""
        name = _day_names(days) if hours == ALL_DAY else f"{_day_names(days)} {hours}"
        return cls(name, zone, tuple((hours,) if day in days else () for day in Weekday), holidays)

    @classmethod
    def of_stretch(cls, zone: ZoneInfo, opens: WeekTime, closes: WeekTime) -> Self:
        """Open once a week in one stretch, such as Sunday 15:00 to Friday 17:00; it may run past Sunday."""
        week: list[list[Hours]] = [[] for _ in Weekday]
        if opens.day == closes.day and opens.clock < closes.clock:
            week[opens.day].append(Hours(opens.clock, closes.clock))
        else:
            week[opens.day].append(Hours(opens.clock))
            for number in range(opens.day + 1, opens.day + ((closes.day - opens.day) % 7 or 7)):
                week[number % 7].append(ALL_DAY)
            if closes.clock != MIDNIGHT:
                week[closes.day].insert(0, Hours(MIDNIGHT, closes.clock))
        return cls(f"{opens} to {closes}", zone, tuple(map(tuple, week)))

    def hours(self, day: date) -> tuple[Hours, ...]:
        """Return the open hours of a day, local time; none when it is closed."""
        return () if day in self.holidays else self.week[day.weekday()]

    def stretches(self, instant: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the open stretches that end after an instant, in order, in UTC, at most a day long each.

        `ValueError` when the calendar never opens again, because every day to come is a holiday.
        """
        closed_days = 0
        day = self.local(instant).date()
        while closed_days < _SHUT_FOR_GOOD:
            for hours in self.hours(day):
                closed_days = 0
                opens, closes = self._edges(day, hours)
                if closes > instant:
                    yield opens, closes
            closed_days += 1
            day += _DAY
        raise ValueError(f"The calendar {self.name} does not open again after {day - _SHUT_FOR_GOOD * _DAY}")

    def local(self, instant: datetime) -> datetime:
        """Return the same instant as the clocks of this calendar's zone show it."""
        if instant.tzinfo is None:
            raise ValueError("An instant carries its time zone")
        return instant.astimezone(self.zone)

    def _edges(self, day: date, hours: Hours) -> tuple[datetime, datetime]:
        last = day + _DAY if hours.closes == MIDNIGHT else day
        return _instant(day, hours.opens, self.zone), _instant(last, hours.closes, self.zone)


@dataclass(frozen=True)
class Calendars:
    """The two calendars of a company: its working days, 24 hours each, and the working hours in them."""

    days: Calendar
    hours: Calendar

    def for_counting(self, counting: Counting) -> Calendar | None:
        """Return the calendar by which this is counted; None for real time."""
        return {Counting.BUSINESS_DAYS: self.days, Counting.BUSINESS_HOURS: self.hours}.get(counting)


def is_open(instant: datetime, calendar: Calendar) -> bool:
    """Say whether the clock runs at this instant: at an opening it does, at a closing it does not."""
    opens, _ = next(calendar.stretches(instant))
    return opens <= instant


def next_open(instant: datetime, calendar: Calendar) -> datetime:
    """Return the first open instant that is not before this one, in UTC: itself when it is open."""
    opens, _ = next(calendar.stretches(instant))
    return max(opens, instant).astimezone(UTC)


def add(instant: datetime, length: timedelta, calendar: Calendar) -> datetime:
    """Return the first instant, in UTC, by which so much open time has passed. `length` is not negative."""
    if length < _NOTHING:
        raise ValueError("Open time is only added, not taken away")
    if not length:
        return instant.astimezone(UTC)
    left = length
    for opens, closes in calendar.stretches(instant):
        begin = max(opens, instant.astimezone(UTC))
        if left <= closes - begin:
            return begin + left
        left -= closes - begin
    raise AssertionError("stretches never end")  # pragma: no cover


def between(first: datetime, last: datetime, calendar: Calendar) -> timedelta:
    """Return the open time from one instant to another; negative when the second is the earlier."""
    if last < first:
        return -between(last, first, calendar)
    total = _NOTHING
    for opens, closes in calendar.stretches(first):
        if opens >= last:
            break
        total += min(closes, last) - max(opens, first)
    return total


def due(instant: datetime, span: Duration, calendars: Calendars) -> datetime:
    """Return when a span that begins at an instant is over, in UTC, counted as the span says.

    A business day is 24 hours of working days: one from Friday 17:55 ends on Monday 17:55.
    """
    calendar = calendars.for_counting(span.counting)
    if calendar is None:
        return instant.astimezone(UTC) + span.length
    return add(instant, span.length, calendar)


def explain(instant: datetime, length: timedelta, calendar: Calendar) -> str:
    """Say how `add` counts: `48 h Mon-Fri from Fri 17:55 UTC, weekend skipped`."""
    name = calendar.name if " " not in calendar.name else f"({calendar.name})"
    return f"{_amount(length)} {name} {_explained(instant, length, calendar)}"


def _explained(instant: datetime, length: timedelta, calendar: Calendar) -> str:
    skipped = _skipped(instant, add(instant, length, calendar), calendar)
    return f"from {_shown(instant, calendar)}" + (f", {' and '.join(skipped)} skipped" if skipped else "")


def _shown(instant: datetime, calendar: Calendar) -> str:
    local = calendar.local(instant)
    return f"{Weekday(local.weekday()).short} {local:%H:%M} {calendar.zone.key}"


def _amount(length: timedelta) -> str:
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{number} {unit}" for number, unit in ((hours, "h"), (minutes, "min"), (seconds, "s")) if number]
    return " ".join(parts) or "0 h"


def _skipped(first: datetime, last: datetime, calendar: Calendar) -> list[str]:
    """Name what stood still between two instants: `weekend`, `holiday 25 Dec`, `closed hours`."""
    day, end = calendar.local(first).date(), calendar.local(last).date()
    closed_days: list[Weekday] = []
    holidays: list[str] = []
    closed_hours = False
    while day <= end:
        begins, ends = (_instant(midnight, MIDNIGHT, calendar.zone) for midnight in (day, day + _DAY))
        part = min(ends, last) - max(begins, first)
        if part > between(max(begins, first), min(ends, last), calendar):
            if calendar.hours(day):
                closed_hours = True
            elif calendar.week[day.weekday()]:
                holidays.append(f"{day.day} {day:%b}")
            else:
                closed_days.append(Weekday(day.weekday()))
        day += _DAY
    return [
        *_closed_days_named(closed_days),
        *([f"holiday{'s' * (len(holidays) > 1)} {', '.join(holidays)}"] if holidays else []),
        *(["closed hours"] if closed_hours else []),
    ]


def _closed_days_named(days: Sequence[Weekday]) -> list[str]:
    if not days:
        return []
    if set(days) <= _WEEKEND:
        return ["weekend" if len(days) <= len(_WEEKEND) else "weekends"]
    return [_day_names(frozenset(days))]


def _day_names(days: Collection[Weekday]) -> str:
    """Shorten days that follow each other: `Mon-Fri`, `Mon, Wed-Fri`."""
    runs: list[list[Weekday]] = []
    for day in sorted(set(days)):
        if runs and runs[-1][-1] + 1 == day:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(run[0].short if len(run) == 1 else f"{run[0].short}-{run[-1].short}" for run in runs)


def _instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return the first instant, in UTC, at which the clocks of a zone have reached a local time."""
    local = datetime.combine(day, clock, zone)
    instant = local.astimezone(UTC)
    if _clocks(instant, zone) == local.replace(tzinfo=None):
        return instant
    return _change(local.replace(fold=1).astimezone(UTC), instant, local.replace(tzinfo=None), zone)


def _change(before: datetime, after: datetime, missing: datetime, zone: ZoneInfo) -> datetime:
    """Find the second at which the clocks jump over a local time that does not exist, by halving."""
    low, high = 0, round((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if _clocks(before + timedelta(seconds=middle), zone) < missing:
            low = middle
        else:
            high = middle
    return before + timedelta(seconds=high)


def _clocks(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)
