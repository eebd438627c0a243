"""The one clock, as a protocol."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The one clock."""

    def now(self) -> datetime:
        """The desk's time, aware, in UTC: rules, timers, retries. Moved in tests and in the sandbox."""
        ...

    def real_now(self) -> datetime:
        """Real time, aware, in UTC, which nobody moves: only for leases."""
        ...
