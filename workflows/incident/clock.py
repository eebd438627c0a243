"""The clock of an incident: until when a response is waited for, and when the thread is pinged."""

from datetime import UTC, datetime

from workflows.incident import systems
from workflows.lib import business_time
from workflows.policy.incident import Counts, IncidentPolicy, LevelPolicy
from workflows.policy.model import Policy


def due_at(start: datetime, level: LevelPolicy, policy: IncidentPolicy, percent: int = 100) -> datetime:
    """When so much of the wait is over, in UTC; long clocks stand still outside support hours."""
    length = level.wait.length * percent / 100
    if level.counts is Counts.ALWAYS:
        return start.astimezone(UTC) + length
    return business_time.add(start, length, policy.calendar)


def explain(start: datetime, level: str, policy: Policy) -> str:
    """How the due time was worked out: `8 h (Sun 15:00 to Fri 17:00) from Fri 16:00 ..., weekend skipped`."""
    own = systems.level_policy(level, policy.incident)
    if own.counts is Counts.ALWAYS:
        local = start.astimezone(policy.zone)
        return f"{own.wait.words} from {local:%a %H:%M} {policy.zone.key}, day and night"
    return business_time.explain(start, own.wait.length, policy.incident.calendar)


def is_outside(now: datetime, policy: IncidentPolicy) -> bool:
    """Whether it is outside support hours."""
    return not business_time.is_open(now, policy.calendar)
