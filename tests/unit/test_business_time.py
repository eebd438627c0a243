"""Open time: deadlines that stand still on weekends, nights and holidays, in real hours.

The oracle of the properties is a counter that asks the clocks of the zone minute by minute.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from workflows.lib.business_time import (
    ALL_DAY,
    MONDAY_TO_FRIDAY,
    Calendar,
    Calendars,
    Hours,
    Weekday,
    WeekTime,
    add,
    between,
    due,
    explain,
    is_open,
    next_open,
)
from workflows.lib.durations import Duration
from workflows.lib.holidays import Holidays

UTC_ZONE = ZoneInfo("UTC")
HOUR, MINUTE, NOTHING = timedelta(hours=1), timedelta(minutes=1), timedelta(0)
OFFICE = Hours(time(9), time(17))
WEEKDAYS = Calendar.of_days(UTC_ZONE)
OFFICE_HOURS = Calendar.of_days(UTC_ZONE, hours=OFFICE)
BOTH = Calendars(WEEKDAYS, OFFICE_HOURS)
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
GLOBAL_SUPPORT = Calendar.of_stretch(
    LOS_ANGELES, WeekTime(Weekday.SUNDAY, time(15)), WeekTime(Weekday.FRIDAY, time(17))
)
CHRISTMAS = frozenset({date(2026, 12, 25), date(2026, 12, 28)})


def at(text: str) -> datetime:
    """Read `2026-11-20 17:55` as UTC. 20 November 2026 is a Friday."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-20 17:55", "2026-11-24 17:55"),  # Friday -> Tuesday
        ("2026-11-19 12:00", "2026-11-23 12:00"),  # Thursday -> Monday
        ("2026-11-21 00:00", "2026-11-25 00:00"),  # any time on the weekend -> Wednesday
        ("2026-11-21 13:37", "2026-11-25 00:00"),
        ("2026-11-22 23:59", "2026-11-25 00:00"),
        ("2026-11-23 00:00", "2026-11-25 00:00"),
        ("2026-11-23 00:01", "2026-11-25 00:01"),
        ("2026-11-19 00:00", "2026-11-21 00:00"),  # Thursday 00:00 -> Friday 24:00, the last open moment
        ("2026-11-19 00:01", "2026-11-23 00:01"),
    ],
)
def test_contact_is_due_48_hours_later_monday_to_friday(start: str, end: str) -> None:
    """The weekend stands still; a sum that ends with Friday ends at Friday 24:00."""
    assert add(at(start), 48 * HOUR, WEEKDAYS) == at(end)


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        ("2026-11-20 17:55", "1 business day", "2026-11-23 17:55"),
        ("2026-11-20 17:55", "3 business days", "2026-11-25 17:55"),
        ("2026-11-20 17:55", "48h", "2026-11-22 17:55"),
        ("2026-11-20 17:55", "1 business hour", "2026-11-23 10:00"),
        ("2026-11-20 16:30", "1 business hour", "2026-11-23 09:30"),
        ("2026-11-20 16:00", "1 business hour", "2026-11-20 17:00"),
        ("2026-11-20 03:00", "4 business hours", "2026-11-20 13:00"),
        ("2026-11-16 10:00", "40 business hours", "2026-11-23 10:00"),
        ("2026-11-21 10:00", "0 business days", "2026-11-21 10:00"),
    ],
)
def test_a_span_is_over_when_its_own_way_of_counting_says(start: str, span: str, end: str) -> None:
    """Business days count 24 hours of working days, business hours those between start and end."""
    assert due(at(start), Duration.parse(span), BOTH) == at(end)


@pytest.mark.parametrize(
    ("zone", "start", "hours", "end"),
    [
        # The clocks are put forward on Friday 27 March 2026 at 02:00: 23 hours that day.
        ("Asia/Jerusalem", "2026-03-26 22:00", 23, "2026-03-27 21:00"),
        ("Asia/Jerusalem", "2026-03-26 22:00", 24, "2026-03-29 22:00"),
        # Midnight of Friday 24 April 2026 does not exist: the day begins at 01:00.
        ("Africa/Cairo", "2026-04-23 20:00", 3, "2026-04-23 23:00"),
        ("Africa/Cairo", "2026-04-23 22:00", 23, "2026-04-24 21:00"),
        ("Africa/Cairo", "2026-04-23 22:00", 24, "2026-04-26 22:00"),
        # Thursday 29 October 2026 has 25 hours: 23:00 comes twice.
        ("Africa/Cairo", "2026-10-28 21:00", 49, "2026-10-30 22:00"),
        # Sunday 4 October 2026 has 23.5 hours, outside the week.
        ("Australia/Lord_Howe", "2026-10-02 12:30", 2, "2026-10-04 14:00"),
        # Friday 30 December 2011 was left out altogether.
        ("Pacific/Apia", "2011-12-30 09:00", 2, "2012-01-01 11:00"),
    ],
)
def test_hours_are_real_hours_where_the_clocks_change(zone: str, start: str, hours: int, end: str) -> None:
    """A day of 23 hours counts 23; a midnight that does not exist begins the day all the same."""
    assert add(at(start), hours * HOUR, Calendar.of_days(ZoneInfo(zone))) == at(end)


def test_opening_at_a_time_that_does_not_exist_is_opening_at_the_change() -> None:
    """02:30 is skipped in Berlin on 29 March 2026: open from 03:00, which is 01:00 UTC."""
    calendar = Calendar.of_days(ZoneInfo("Europe/Berlin"), [Weekday.SUNDAY], Hours(time(2, 30), time(4)))
    assert next_open(at("2026-03-28 12:00"), calendar) == at("2026-03-29 01:00")
    assert between(at("2026-03-28 12:00"), at("2026-03-30 12:00"), calendar) == HOUR


def test_global_support_hours_are_one_stretch() -> None:
    """Sunday 15:00 to Friday 17:00 in Los Angeles (UTC-8 in November), nights included."""
    assert is_open(at("2026-11-22 23:00"), GLOBAL_SUPPORT)
    assert not is_open(at("2026-11-22 22:59"), GLOBAL_SUPPORT)
    assert is_open(at("2026-11-21 00:59"), GLOBAL_SUPPORT)
    assert not is_open(at("2026-11-21 01:00"), GLOBAL_SUPPORT)
    assert add(at("2026-11-21 00:00"), 8 * HOUR, GLOBAL_SUPPORT) == at("2026-11-23 06:00")
    assert between(at("2026-11-16 08:00"), at("2026-11-23 08:00"), GLOBAL_SUPPORT) == (5 * 24 + 2) * HOUR


@pytest.mark.parametrize(
    ("opens", "closes", "hours"),
    [
        (WeekTime(Weekday.FRIDAY, time(17)), WeekTime(Weekday.SUNDAY, time(15)), 46),
        (WeekTime(Weekday.SUNDAY, time(15)), WeekTime(Weekday.MONDAY, time(0)), 9),
        (WeekTime(Weekday.TUESDAY, time(9)), WeekTime(Weekday.TUESDAY, time(17)), 8),
        (WeekTime(Weekday.TUESDAY, time(17)), WeekTime(Weekday.TUESDAY, time(9)), 160),
        (WeekTime(Weekday.TUESDAY, time(0)), WeekTime(Weekday.TUESDAY, time(0)), 168),
        (WeekTime(Weekday.SATURDAY, time(22)), WeekTime(Weekday.TUESDAY, time(6)), 56),
    ],
)
def test_a_stretch_may_run_past_the_end_of_the_week(opens: WeekTime, closes: WeekTime, hours: int) -> None:
    """Where it begins and ends, a week holds just as many hours."""
    calendar = Calendar.of_stretch(UTC_ZONE, opens, closes)
    assert between(at("2026-11-18 03:00"), at("2026-11-25 03:00"), calendar) == hours * HOUR


def test_holidays_stand_still_only_where_they_are_named() -> None:
    """Without them Christmas counts like any Friday."""
    with_holidays = Calendar.of_days(UTC_ZONE, holidays=CHRISTMAS)
    assert add(at("2026-12-24 12:00"), 24 * HOUR, WEEKDAYS) == at("2026-12-25 12:00")
    assert add(at("2026-12-24 12:00"), 24 * HOUR, with_holidays) == at("2026-12-29 12:00")


def test_the_public_holidays_of_a_country_are_known() -> None:
    """Unity Day is one in Germany; Epiphany only in some of its parts; days of one's own are added."""
    germany, bavaria = Holidays("DE"), Holidays("DE", "BY", frozenset({date(2026, 12, 24)}))
    assert date(2025, 10, 3) in germany
    assert date(2026, 1, 6) not in germany
    assert date(2026, 1, 6) in bavaria
    assert date(2026, 12, 24) in bavaria
    assert date(2026, 12, 25) not in Holidays()


def test_a_calendar_that_never_opens_again_says_so() -> None:
    """Rather than searching for ever."""

    class EveryDay:
        def __contains__(self, day: object) -> bool:
            return True

    with pytest.raises(ValueError, match="Mon-Fri does not open again"):
        next_open(at("2026-11-20 12:00"), Calendar.of_days(UTC_ZONE, holidays=EveryDay()))


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: Calendar.of_days(UTC_ZONE, []), "at least one of them open"),
        (lambda: Hours(time(17), time(9)), "end after they start"),
        (lambda: add(at("2026-11-20 12:00"), -HOUR, WEEKDAYS), "not taken away"),
        (lambda: is_open(datetime(2026, 11, 20), WEEKDAYS), "time zone"),  # noqa: DTZ001 - the point of it
        (lambda: Weekday.of("Tues"), "not a day of the week"),
    ],
)
def test_what_cannot_be_counted_is_refused(make: Callable[[], object], why: str) -> None:
    """With a sentence that says why."""
    with pytest.raises(ValueError, match=why):
        make()


@pytest.mark.parametrize(
    ("start", "hours", "calendar", "explanation"),
    [
        ("2026-11-20 17:55", 48, WEEKDAYS, "48 h Mon-Fri from Fri 17:55 UTC, weekend skipped"),
        ("2026-11-17 17:55", 48, WEEKDAYS, "48 h Mon-Fri from Tue 17:55 UTC"),
        ("2026-11-19 00:00", 48, WEEKDAYS, "48 h Mon-Fri from Thu 00:00 UTC"),
        ("2026-11-21 12:00", 24, WEEKDAYS, "24 h Mon-Fri from Sat 12:00 UTC, weekend skipped"),
        ("2026-11-20 17:55", 240, WEEKDAYS, "240 h Mon-Fri from Fri 17:55 UTC, weekends skipped"),
        (
            "2026-12-24 12:00",
            24,
            Calendar.of_days(UTC_ZONE, holidays=CHRISTMAS),
            "24 h Mon-Fri from Thu 12:00 UTC, weekend and holidays 25 Dec, 28 Dec skipped",
        ),
        (
            "2026-11-20 16:30",
            1.5,
            OFFICE_HOURS,
            "1 h 30 min (Mon-Fri 09:00-17:00) from Fri 16:30 UTC, weekend and closed hours skipped",
        ),
        (
            "2026-11-21 00:00",
            8,
            GLOBAL_SUPPORT,
            "8 h (Sun 15:00 to Fri 17:00) from Fri 16:00 America/Los_Angeles, weekend and closed hours skipped",
        ),
        (
            "2026-11-17 00:00",
            48,
            Calendar.of_days(UTC_ZONE, [Weekday.MONDAY, Weekday.TUESDAY, Weekday.THURSDAY]),
            "48 h (Mon-Tue, Thu) from Tue 00:00 UTC, Wed skipped",
        ),
    ],
)
def test_a_due_time_explains_itself(start: str, hours: float, calendar: Calendar, explanation: str) -> None:
    """How long, when it counts, from when, and what stood still."""
    assert explain(at(start), hours * HOUR, calendar) == explanation


# ---------------------------------------------------------------------------------------- properties

ZONES = [
    "UTC",
    "America/Los_Angeles",
    "Asia/Jerusalem",
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "America/Havana",
    "Asia/Kolkata",
    "Pacific/Apia",
    "Africa/Casablanca",
]


def half_hours(zone: str) -> Calendar:
    """Opens and closes in the hours that come twice where a clock is put back near midnight."""
    return Calendar.of_days(ZoneInfo(zone), [*MONDAY_TO_FRIDAY, Weekday.SUNDAY], Hours(time(0, 30), time(23, 30)))


CALENDARS = [
    calendar
    for zone in map(ZoneInfo, ZONES)
    for calendar in (
        Calendar.of_days(zone),
        Calendar.of_days(zone, hours=OFFICE, holidays=CHRISTMAS),
        half_hours(zone.key),
        Calendar.of_stretch(zone, WeekTime(Weekday.SUNDAY, time(15)), WeekTime(Weekday.FRIDAY, time(17))),
    )
]
calendars = st.sampled_from(CALENDARS)
# Weeks in which the clocks of some zone change, and ordinary ones; the minute does what the second would.
weeks = st.sampled_from([
    at(monday)
    for monday in ("2026-03-23", "2026-04-20", "2026-10-26", "2026-10-02", "2026-11-16", "2026-12-21", "2011-12-26")
])  # fmt: skip
instants = st.builds(lambda week, minute: week + minute * MINUTE, weeks, st.integers(0, 10 * 24 * 60))
lengths = st.integers(0, 12 * 24 * 60).map(lambda minute: minute * MINUTE)


def counted(first: datetime, last: datetime, calendar: Calendar) -> timedelta:
    """Count the open minutes one by one, as the clocks of the zone show them."""
    total, instant = 0, first
    while instant < last:
        total += clocks_say_open(instant, calendar)
        instant += MINUTE
    return total * MINUTE


def clocks_say_open(instant: datetime, calendar: Calendar) -> bool:
    """Ask the clocks of the zone, knowing nothing of stretches.

    An opening or closing that comes twice happens the first time: an hour that comes again stays as the first ended.
    """
    while (local := instant.astimezone(calendar.zone)).fold:
        instant -= MINUTE
    clock = local.time()
    return local.date() not in calendar.holidays and any(
        hours.opens <= clock and (clock < hours.closes or hours.closes == time(0))
        for hours in calendar.week[local.weekday()]
    )


@given(instants, lengths, calendars)
@example(at("2026-04-23 21:00"), 3 * HOUR, Calendar.of_days(ZoneInfo("Africa/Cairo")))
@example(at("2026-10-29 21:00"), MINUTE, half_hours("Africa/Cairo"))  # closed at 23:30, and it is 23:00 again
@example(at("2026-11-01 05:00"), MINUTE, half_hours("America/Havana"))  # opened at 00:30, and it is 00:00 again
def test_open_time_agrees_with_counting_minutes(first: datetime, length: timedelta, calendar: Calendar) -> None:
    """Stretches worked out in the zone hold just the minutes the clocks call open."""
    assert between(first, first + length, calendar) == counted(first, first + length, calendar)
    assert is_open(first, calendar) == clocks_say_open(first, calendar)


@given(instants, lengths, calendars)
def test_adding_is_undone_by_measuring(instant: datetime, length: timedelta, calendar: Calendar) -> None:
    """Just so much open time lies between the two."""
    assert between(instant, add(instant, length, calendar), calendar) == length


@given(instants, lengths, calendars)
def test_a_due_time_is_the_first_that_will_do(instant: datetime, length: timedelta, calendar: Calendar) -> None:
    """A microsecond earlier something is still missing; so it never lies in closed time."""
    assume(length)
    end = add(instant, length, calendar)
    earlier = end - timedelta(microseconds=1)
    assert between(instant, earlier, calendar) < length
    assert is_open(earlier, calendar)


@given(instants, lengths, lengths, calendars)
def test_adding_twice_is_adding_the_sum(instant: datetime, one: timedelta, two: timedelta, calendar: Calendar) -> None:
    """It does not matter where one stops on the way."""
    assert add(add(instant, one, calendar), two, calendar) == add(instant, one + two, calendar)


@given(instants, instants, lengths, lengths, calendars)
def test_later_or_longer_is_never_due_earlier(
    one: datetime, two: datetime, short: timedelta, long: timedelta, calendar: Calendar
) -> None:
    """Due times keep the order of starts and of lengths."""
    one, two = sorted((one, two))
    short, long = sorted((short, long))
    assert add(one, short, calendar) <= add(two, short, calendar)
    assert add(one, short, calendar) <= add(one, long, calendar)


@given(instants, calendars)
def test_the_next_opening_is_open_and_nothing_lies_before_it(instant: datetime, calendar: Calendar) -> None:
    """An open instant is its own next opening."""
    opening = next_open(instant, calendar)
    assert is_open(opening, calendar)
    assert between(instant, opening, calendar) == NOTHING
    assert (opening == instant) == is_open(instant, calendar)


@given(instants, instants, calendars)
def test_measuring_backwards_is_negative(one: datetime, two: datetime, calendar: Calendar) -> None:
    """So that a late timer can say how late it is."""
    assert between(one, two, calendar) == -between(two, one, calendar)


@given(instants, lengths, calendars)
def test_times_come_out_in_utc(instant: datetime, length: timedelta, calendar: Calendar) -> None:
    """Whatever zone they went in with, and to the same instant."""
    elsewhere = instant.astimezone(ZoneInfo("Asia/Tokyo"))
    for function in (next_open, lambda start, on: add(start, length, on)):
        assert function(elsewhere, calendar) == function(instant, calendar)
        assert function(elsewhere, calendar).tzinfo is UTC
    assert between(elsewhere, elsewhere + length, calendar) == between(instant, instant + length, calendar)


@given(instants, lengths, calendars)
def test_every_due_time_can_explain_itself(instant: datetime, length: timedelta, calendar: Calendar) -> None:
    """And says that something was skipped just when something was."""
    explanation = explain(instant, length, calendar)
    skipped = add(instant, length, calendar) - instant > length
    assert explanation.endswith(" skipped") == skipped


def test_all_day_is_from_midnight_to_midnight() -> None:
    """As a person would write it."""
    assert str(ALL_DAY) == "00:00-24:00"
