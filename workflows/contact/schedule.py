"""When a customer has to be contacted, and when who has it is reminded. Pure."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from workflows.contact.model import ContactCase
from workflows.lib import business_time
from workflows.lib.business_time import Calendar, Calendars, Hours
from workflows.policy.model import Policy


@dataclass(frozen=True)
class Planned:
    """A reminder at so many percent of the time. `meant_for` is when that is, `at` when its reader works."""

    percent: int
    meant_for: datetime
    at: datetime


def calendar(policy: Policy) -> Calendar:
    """When the clock of a request runs."""
    contact = policy.contact
    holidays = policy.holidays.holidays if contact.holidays_stand_still else frozenset()
    return Calendar.of_days(contact.zone, contact.days, holidays=holidays)


def due_at(asked_at: datetime, policy: Policy) -> datetime:
    """When the time is over that a manager has, in UTC."""
    return business_time.add(asked_at, policy.contact.within.length, calendar(policy))


def explained(asked_at: datetime, policy: Policy) -> str:
    """How `due_at` counts: `48 h Mon-Fri from Fri 17:55 UTC, weekend skipped`."""
    return business_time.explain(asked_at, policy.contact.within.length, calendar(policy))


def plan(case: ContactCase, policy: Policy) -> tuple[Planned, ...]:
    """The reminders that come, in order: each in its reader's working hours, the last one exactly at its time.

    One that would come no sooner than the next one is left out: nobody is told twice at once.
    """
    if case.asked_at is None or case.due_at is None:
        return ()
    percents = policy.contact.remind_at
    kept: list[Planned] = []
    for percent in reversed(percents):
        meant_for = _share(case.asked_at, percent, policy)
        at = meant_for if percent == percents[-1] else _when_read(meant_for, case, policy)
        if at < (kept[0].at if kept else case.due_at):
            kept.insert(0, Planned(percent, meant_for, at))
    return tuple(kept)


def to_come(case: ContactCase, policy: Policy, now: datetime) -> tuple[Planned, ...]:
    """The reminders that are still to come. What lies behind is nothing to remind somebody of who has it only now."""
    return tuple(one for one in plan(case, policy) if one.percent not in case.reminded and one.at > now)


def is_last(one: Planned, policy: Policy) -> bool:
    """Whether it is the last one before the due time: it waits for nothing, and nobody can snooze it away."""
    return one.percent == policy.contact.remind_at[-1]


@dataclass(frozen=True)
class Snooze:
    """What a snooze comes to: quiet until `until`, when a reminder of its own comes, or (`by_plan`) a planned one."""

    until: datetime
    by_plan: bool


def snooze(case: ContactCase, policy: Policy, now: datetime) -> Snooze:
    """How long it is quiet: as long as the policy says, in the reader's working hours, not beyond the last one."""
    wanted = now + policy.contact.snooze.length
    wake = reads_at(wanted, case, policy)
    kept = [one.at for one in to_come(case, policy, now) if is_last(one, policy) or one.at >= wanted]
    first = min(kept, default=None)
    return Snooze(wake, by_plan=False) if first is None or first > wake else Snooze(first, by_plan=True)


def reads_at(moment: datetime, case: ContactCase, policy: Policy) -> datetime:
    """The first moment, not before this one, at which who has it works."""
    return _when_read(moment, case, policy)


def unclaimed_at(now: datetime, case: ContactCase, policy: Policy) -> datetime:
    """When the owner is mentioned if nobody has claimed it by then, counted from now, in the owner's business hours."""
    return business_time.due(now, policy.contact.unclaimed_after, _calendars(case.owner_zone, policy))


def next_overdue(now: datetime, case: ContactCase, policy: Policy) -> datetime:
    """When who has it is reminded again that it is overdue: the business hours are theirs."""
    counted = business_time.due(now, policy.contact.remind_overdue_every, _calendars(case.zone_of_assignee, policy))
    return _when_read(counted, case, policy)  # the end of a working day is the next morning


def _share(asked_at: datetime, percent: int, policy: Policy) -> datetime:
    return business_time.add(asked_at, policy.contact.within.length * percent / 100, calendar(policy))


def _when_read(moment: datetime, case: ContactCase, policy: Policy) -> datetime:
    zone = case.zone_of_assignee
    return business_time.next_open(moment, _reading_hours(zone, policy)) if zone else moment


def _calendars(zone: str | None, policy: Policy) -> Calendars:
    """The business days and hours of somebody in this zone; the company's own where nobody is known."""
    if zone is None:
        return policy.calendars
    days = Calendar.of_days(_zone(zone), policy.working_time.days, holidays=policy.holidays.holidays)
    return Calendars(days=days, hours=_reading_hours(zone, policy))


def _reading_hours(zone: str, policy: Policy) -> Calendar:
    time = policy.working_time
    return Calendar.of_days(_zone(zone), time.days, Hours(time.start, time.end), policy.holidays.holidays)


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, LookupError, OSError):
        return ZoneInfo("UTC")
