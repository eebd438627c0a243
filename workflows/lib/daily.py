"""A time of day that comes again each day, in somebody's zone."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def next_time_of_day(now: datetime, at: time, zone: str) -> datetime:
    """When it is next `at` o'clock in a zone (IANA), after `now` (aware); in UTC.

    A time that the clock change leaves out that day is the one an hour later.
    """
    today = now.astimezone(ZoneInfo(zone)).date()
    days = (today + timedelta(days=ahead) for ahead in range(3))
    times = (datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC) for day in days)
    return next(one for one in times if one > now)
