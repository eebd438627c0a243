"""How late something was, when the desk had been down: measured in one way, and said in the same words everywhere."""

from datetime import datetime, timedelta
from typing import Final

from workflows.lib.markup import amount

IN_TIME: Final = timedelta(minutes=2)
"""What comes no later than this is in time."""


def minutes(length: timedelta) -> int:
    """A length in whole minutes."""
    return round(length.total_seconds() / 60)


def minutes_late(meant_for: datetime, now: datetime) -> int:
    """How late something is, in whole minutes; 0 when it is in time."""
    late = now - meant_for
    return minutes(late) if late > IN_TIME else 0


def late(minutes: int) -> str:
    """What a message adds that comes late; nothing when it is in time."""
    return f" (This is {amount(minutes)} late.)" if minutes else ""


def noted(minutes: int) -> str:
    """What a line of a timeline adds; nothing when it is in time."""
    return f", {amount(minutes)} late" if minutes else ""
