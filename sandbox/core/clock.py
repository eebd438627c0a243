"""The desk's clock, which can be moved, and real time, which cannot.

Message times, event times and event retries follow the desk's clock. Trigger ids, ack windows and rate limits
follow real seconds, because the peer's sockets and time-outs do.
"""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def real_seconds() -> float:
    """Return monotonic seconds, also where a test froze Python's clocks (which leaves `clock_gettime` alone)."""
    return time.clock_gettime(time.CLOCK_MONOTONIC)


def real_epoch() -> float:
    """Return the seconds since 1970 UTC by the wall clock, also where a test froze Python's clocks."""
    return time.clock_gettime(time.CLOCK_REALTIME)


class DeskClock(Protocol):
    """The time of the desk, aware, in UTC, and how far it is moved."""

    def now(self) -> datetime:
        """Return the desk's time."""
        ...

    def offset(self) -> float:
        """Return how many seconds the desk is ahead of real time."""
        ...

    def set_offset(self, seconds: float) -> None:
        """Set how many seconds the desk is ahead of real time."""
        ...


class MovedClock:
    """Real time and an offset, held in memory."""

    def __init__(self, offset_seconds: float = 0.0) -> None:
        self._offset = offset_seconds

    def now(self) -> datetime:
        """Return the desk's time, aware, in UTC."""
        return EPOCH + timedelta(seconds=real_epoch() + self.offset())

    def offset(self) -> float:
        """Return how many seconds the desk is ahead of real time."""
        return self._offset

    def set_offset(self, seconds: float) -> None:
        """Set how many seconds the desk is ahead of real time."""
        self._offset = seconds


class ClockFile(MovedClock):
    """The offset stands in a JSON file, `{"offset_seconds": 0.0}`, so that several processes share one clock."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path

    def offset(self) -> float:
        """Return the offset in the file, 0 while there is none."""
        try:
            return float(json.loads(self.path.read_text(encoding="utf-8"))["offset_seconds"])
        except FileNotFoundError:
            return 0.0

    def set_offset(self, seconds: float) -> None:
        """Write the offset, in one step: a reader never sees half a file."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_name(self.path.name + ".new")
        beside.write_text(json.dumps({"offset_seconds": seconds}), encoding="utf-8")
        beside.replace(self.path)
