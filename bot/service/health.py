"""Whether the desk does its work, as /readyz says it: honestly, by what is late."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from storage import backlog
from storage.database import Database
from workflows.contract.ports import Clock
from workflows.lib.durations import Duration
from workflows.policy.model import Health as Limits

Report = dict[str, Any]

ALIVE = frozenset({"ok", "not_found", "refused"})
"""Outcomes of a call that show that the vendor answers as it should: a plain No is an answer, too."""


class HealthTracker:
    """The last signs of life of Slack and the vendors, in this process. Times are the desk's."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.slack_called_at: datetime | None = None
        self._lock = threading.Lock()
        self._vendors: dict[str, tuple[datetime | None, datetime | None]] = {}

    def slack_called(self) -> None:
        """Something came from Slack."""
        self.slack_called_at = self.clock.now()

    def vendor_called(self, vendor: str, outcome: str) -> None:
        """A call to a vendor came to an end; `outcome` is that of `bot.clients.http.Observe`."""
        now = self.clock.now()
        with self._lock:
            succeeded, failing_since = self._vendors.get(vendor, (None, None))
            if outcome in ALIVE:
                self._vendors[vendor] = (now, None)
            else:
                self._vendors[vendor] = (succeeded, failing_since or succeeded or now)

    def vendors(self) -> dict[str, tuple[datetime | None, datetime | None]]:
        """By vendor: when a call last succeeded, and since when none has, if the last one failed."""
        with self._lock:
            return dict(self._vendors)


class Health:
    """Says how the desk is. `connected` says whether Slack can reach it now."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        limits: Limits,
        tracker: HealthTracker,
        connected: Callable[[], bool],
    ) -> None:
        self.database = database
        self.clock = clock
        self.limits = limits
        self.tracker = tracker
        self.connected = connected

    def report(self) -> Report:
        """What /readyz answers: `ready`, and for each part whether it is well and why."""
        now = self.clock.now()
        queues = self._queues(now)
        parts = {"database": {"ok": bool(queues)}, "slack": self._slack(now), **queues}
        vendors = {name: self._vendor(*times, now) for name, times in sorted(self.tracker.vendors().items())}
        ready = all(part["ok"] for part in (*parts.values(), *vendors.values()))
        return {"ready": ready, **parts, "vendors": vendors}

    def _slack(self, now: datetime) -> Report:
        last_event, limit = self.tracker.slack_called_at, self.limits.slack_silent
        silent = limit is not None and last_event is not None and now - last_event > limit.length
        connected = self.connected()
        return {"ok": connected and not silent, "connected": connected, "last_event": _stamp(last_event)}

    def _queues(self, now: datetime) -> dict[str, Report]:
        """What waits in the database; nothing when that cannot be asked."""
        try:
            with self.database.read_only() as session:
                timers = backlog.overdue_timers(session, now)
                effects = backlog.unsent_effects(session)
                webhooks = backlog.unhandled_webhooks(session)
        except SQLAlchemyError:
            return {}
        return {
            "timers": _queue(timers, self.limits.timer_overdue, now),
            "effects": _queue(effects, self.limits.effect_unsent, now),
            "webhooks": _queue(webhooks, self.limits.webhook_unhandled, now),
        }

    def _vendor(self, succeeded: datetime | None, failing_since: datetime | None, now: datetime) -> Report:
        late = failing_since is not None and now - failing_since > self.limits.vendor_failing.length
        return {"ok": not late, "last_success": _stamp(succeeded), "failing_since": _stamp(failing_since)}


def _queue(queue: backlog.Queue, limit: Duration, now: datetime) -> Report:
    seconds = queue.seconds(now)
    limit_seconds = limit.length.total_seconds()
    return {
        "ok": seconds <= limit_seconds,
        "waiting": queue.count,
        "oldest_seconds": round(seconds),
        "limit_seconds": round(limit_seconds),
    }


def _stamp(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
