"""Whether the desk does its work, as /readyz says it: honestly, by what is late."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.service.skew import most_skew
from storage import backlog
from storage.database import Database
from storage.machine_time import clock_skew
from workflows.contract.clock import Clock
from workflows.lib.durations import Duration
from workflows.policy.model import Health as Limits

Report = dict[str, Any]

ALIVE = frozenset({"ok", "tolerated", "not_found", "refused"})
"""Outcomes of a call that show that the vendor answers as it should: a plain No is an answer, too."""


@dataclass(frozen=True)
class VendorRecord:
    """When a call last succeeded; since when all have failed, and when the last one did, if it did."""

    succeeded: datetime | None = None
    failing_since: datetime | None = None
    failed: datetime | None = None


class HealthTracker:
    """The last signs of life of Slack and the vendors, in this process. Times are the desk's.

    A failure that nobody has seen again for `vendor_failing` says nothing any more: the vendor may be well since.
    """

    def __init__(self, clock: Clock, vendor_failing: timedelta) -> None:
        self.clock = clock
        self.vendor_failing = vendor_failing
        self.slack_called_at: datetime | None = None
        self._lock = threading.Lock()
        self._vendors: dict[str, VendorRecord] = {}

    def slack_called(self) -> None:
        """Something came from Slack."""
        self.slack_called_at = self.clock.now()

    def vendor_called(self, vendor: str, outcome: str) -> None:
        """A call to a vendor came to an end; `outcome` is that of `bot.clients.http.Observe`."""
        now = self.clock.now()
        with self._lock:
            known = self._known(vendor, now)
            if outcome in ALIVE:
                self._vendors[vendor] = VendorRecord(succeeded=now)
            else:
                self._vendors[vendor] = replace(known, failing_since=known.failing_since or now, failed=now)

    def vendors(self) -> dict[str, VendorRecord]:
        """By vendor, what its calls have shown."""
        now = self.clock.now()
        with self._lock:
            return {vendor: self._known(vendor, now) for vendor in self._vendors}

    def _known(self, vendor: str, now: datetime) -> VendorRecord:
        record = self._vendors.get(vendor, VendorRecord())
        is_stale = record.failed is not None and now - record.failed > self.vendor_failing
        return replace(record, failing_since=None, failed=None) if is_stale else record


class Health:
    """Says how the desk is. `connected` says whether Slack can reach it now."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        limits: Limits,
        tracker: HealthTracker,
        connected: Callable[[], bool],
        *,
        lease: Duration,
    ) -> None:
        self.database = database
        self.clock = clock
        self.limits = limits
        self.tracker = tracker
        self.connected = connected
        self.most_skew = most_skew(lease)

    def report(self) -> Report:
        """What /readyz answers: `ready`, and for each part whether it is well and why."""
        now = self.clock.now()
        queues = self._queues(now)
        parts = {"database": {"ok": bool(queues)}, "slack": self._slack(now), **queues}
        vendors = {name: self._vendor(record, now) for name, record in sorted(self.tracker.vendors().items())}
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
            with self.database.read_only() as connection:
                timers = backlog.overdue_timers(connection, now)
                effects = backlog.unsent_effects(connection)
                stuck = backlog.stuck_lanes(connection, now, self.clock.real_now())
                webhooks = backlog.unhandled_webhooks(connection)
                skew = clock_skew(connection, self.clock.real_now)
        except SQLAlchemyError:
            return {}
        return {
            "timers": _queue(timers, self.limits.timer_overdue, now),
            "effects": _queue(effects, self.limits.effect_unsent, now),
            "outbox": _queue(stuck, self.limits.outbox_stuck, now),
            "clock": {"ok": abs(skew) <= self.most_skew, "ahead_seconds": round(skew.total_seconds(), 1)},
            "webhooks": _queue(webhooks, self.limits.webhook_unhandled, now),
        }

    def _vendor(self, record: VendorRecord, now: datetime) -> Report:
        since = record.failing_since
        late = since is not None and now - since > self.limits.vendor_failing.length
        return {"ok": not late, "last_success": _stamp(record.succeeded), "failing_since": _stamp(since)}


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
