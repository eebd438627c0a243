"""The one clock, and the only place that asks what time it is."""

import json
import time
from datetime import UTC, datetime, timedelta
from math import isfinite
from pathlib import Path
from typing import Any, Final

import structlog

log = structlog.get_logger(__name__)

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
FARTHEST: Final = timedelta(days=365 * 100).total_seconds()
"""Seconds. An offset beyond it is no offset."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The desk's time, aware, in UTC."""
        return datetime.now(UTC)

    def real_now(self) -> datetime:
        """Real time, aware, in UTC, also where a test has frozen Python's clocks."""
        return EPOCH + timedelta(seconds=time.clock_gettime(time.CLOCK_REALTIME))


class SharedClock(SystemClock):
    """The machine's clock and an offset from a JSON file, `{"offset_seconds": 3600.0}`, which others move.

    While there is no file, or one that cannot be read, the last known offset holds, at first none. So several
    processes share one desk's time: the sandbox moves it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._offset = timedelta(0)

    def now(self) -> datetime:
        """The desk's time, aware, in UTC."""
        return super().now() + self.offset()

    def offset(self) -> timedelta:
        """How far the desk is ahead of real time."""
        try:
            stat = self._path.stat()
            seen = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
            if seen != self._seen:
                self._offset = _offset(json.loads(self._path.read_text(encoding="utf-8")))
                self._seen = seen
        except FileNotFoundError:
            pass  # not moved yet, or just being replaced
        except (OSError, ValueError) as error:  # half-written: it is read again the next time
            log.debug("clock_file_unreadable", reason=type(error).__name__)
        return self._offset


def _offset(content: Any) -> timedelta:  # noqa: ANN401 - any JSON
    seconds: Any = content.get("offset_seconds") if isinstance(content, dict) else None
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if not is_number or not isfinite(seconds) or abs(seconds) > FARTHEST:
        raise ValueError("This is no offset.")
    return timedelta(seconds=seconds)
