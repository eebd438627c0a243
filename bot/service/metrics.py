"""What the desk does, in numbers, for Prometheus. No label names a person, a channel, a ticket or a case."""

from collections.abc import Iterator
from datetime import timedelta

from fastapi import APIRouter, Response
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from storage import backlog
from storage.database import Database
from workflows.contract.clock import Clock
from workflows.engine.telemetry import Telemetry

ACK_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
"""Seconds. Slack gives up after three."""
LATENESS_BUCKETS = (0.5, 1, 5, 15, 60, 120, 300, 900, 3600, 14_400, 86_400)
CALL_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 20)
"""Seconds. A call is given up after twenty."""


class Metrics(Telemetry):
    """Counts what it is told of, in a registry of its own."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.registry = CollectorRegistry()
        self._events = self._counter("desk_events", "Events that happened to cases.", "event", "result")
        self._effects = self._counter("desk_effects", "Tries to send something.", "system", "effect", "outcome")
        self._webhooks = self._counter("desk_webhooks", "Webhooks that came.", "vendor", "outcome")
        self._facts = self._counter("desk_facts", "What webhooks told, handed to the cases.", "fact", "outcome")
        self._calls = self._counter("desk_vendor_calls", "Calls to a vendor.", "vendor", "operation", "outcome")
        self._acks = self._histogram(
            "desk_ack_seconds", "From a request of Slack to its answer.", ACK_BUCKETS, "request", "outcome"
        )
        self._lateness = self._histogram(
            "desk_timer_lateness_seconds", "How long after it was due a timer went off.", LATENESS_BUCKETS
        )
        self._call_seconds = self._histogram(
            "desk_vendor_call_seconds", "How long a call to a vendor took.", CALL_BUCKETS, "vendor", "operation"
        )
        self.registry.register(_Backlog(database, clock))

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(name, meaning, labels, registry=self.registry)

    def _histogram(self, name: str, meaning: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(name, meaning, labels, registry=self.registry, buckets=buckets)

    # ---------------------------------------------------------------------------------- what it is told

    def event(self, what: str, result: str) -> None:
        """An event was taken."""
        self._events.labels(what, result).inc()

    def timer(self, name: str, late: timedelta) -> None:  # noqa: ARG002 - there are too many names for a label
        """A timer went off."""
        self._lateness.observe(max(late.total_seconds(), 0.0))

    def effect(self, what: str, system: str, outcome: str) -> None:
        """An effect was tried."""
        self._effects.labels(system, what, outcome).inc()

    def webhook(self, vendor: str, outcome: str) -> None:
        """A webhook came."""
        self._webhooks.labels(vendor, outcome).inc()

    def fact(self, what: str, outcome: str) -> None:
        """A fact was handled."""
        self._facts.labels(what, outcome).inc()

    def answered(self, request: str, seconds: float, outcome: str) -> None:
        """A request of Slack was answered."""
        self._acks.labels(request, outcome).observe(seconds)

    def vendor_called(self, vendor: str, operation: str, seconds: float, outcome: str) -> None:
        """A call to a vendor came to an end."""
        self._calls.labels(vendor, operation, outcome).inc()
        self._call_seconds.labels(vendor, operation).observe(seconds)

    # -------------------------------------------------------------------------------------- what it tells

    def routes(self) -> APIRouter:
        """The route `GET /metrics`, for Prometheus."""
        routes = APIRouter()

        @routes.get("/metrics")
        def metrics() -> Response:
            return Response(generate_latest(self.registry), media_type=CONTENT_TYPE_LATEST)

        return routes


class _Backlog(Collector):
    """Looks into the database whenever somebody asks for the numbers."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges; without the database just that it does not answer."""
        queues = self._queues()
        yield GaugeMetricFamily("desk_database_up", "Whether the database answers.", value=bool(queues))
        waiting = GaugeMetricFamily("desk_backlog", "How much waits.", labels=["queue"])
        oldest = GaugeMetricFamily("desk_backlog_oldest_seconds", "How long the oldest has waited.", labels=["queue"])
        now = self.clock.now()
        for name, queue in queues.items():
            waiting.add_metric([name], queue.count)
            oldest.add_metric([name], queue.seconds(now))
        yield waiting
        yield oldest

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing: the database is not asked while the desk is put together."""
        return []

    def _queues(self) -> dict[str, backlog.Queue]:
        try:
            with self.database.read_only() as connection:
                return {
                    "timers": backlog.overdue_timers(connection, self.clock.now()),
                    "effects": backlog.unsent_effects(connection),
                    "webhooks": backlog.unhandled_webhooks(connection),
                }
        except SQLAlchemyError:
            return {}
