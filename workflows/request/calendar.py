"""When changes ship: "Unless otherwise communicated, changes ship on the 1st of the month"."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MORNING = time(9)
"""When the card begins to name the next date."""


def next_ship_day(now: datetime, day: int, zone: ZoneInfo) -> date:
    """The first day of this number that is not past, by the calendar of this zone; `now` is aware.

    On the day itself it is that day: what is signed off in the morning may still go along.
    """
    today = now.astimezone(zone).date()
    if today.day <= day:
        return today.replace(day=day)
    return (today.replace(day=1) + timedelta(days=32)).replace(day=day)


def day_after(ships_on: date, zone: ZoneInfo) -> datetime:
    """The morning after a ship day, in UTC-comparable time: then the next date holds."""
    return datetime.combine(ships_on + timedelta(days=1), MORNING, zone)
