"""What the vendors tell: saved first, then told to the cases that follow what it is about.

Nothing is lost between the two: what is not marked as handled is handled again, and each case takes an event of the
same key once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from storage import inbox
from storage.postgresql import TROUBLE
from storage.tables import InboxRow
from storage.turns import Turn, working_for
from workflows.contract.engine import FactHandler
from workflows.contract.facts import FACT, Fact, IncomingFact
from workflows.engine.engine import Engine
from workflows.engine.telemetry import NULL_TELEMETRY, Telemetry

log = structlog.get_logger(__name__)

AFTER_A_FAILURE = timedelta(minutes=1)
"""What could not be handled is tried again after this time, doubled with each failure up to an hour."""

KEPT_FOR = timedelta(days=30)
"""How long a key is remembered. No vendor delivers again after more than two days."""


class Inbox:
    """Takes what the vendors tell, and hands it on."""

    def __init__(
        self, engine: Engine, handlers: Sequence[FactHandler] = (), telemetry: Telemetry = NULL_TELEMETRY
    ) -> None:
        self.engine = engine
        self.handlers = handlers
        self.telemetry = telemetry

    def take(self, incoming: Sequence[IncomingFact], now: datetime) -> int:
        """Save it; returns how much of it is new. Only then may the vendor be answered."""
        with self.engine.database.transaction() as connection:
            new = [inbox.receive(connection, one.key, one.fact.model_dump(mode="json"), now) for one in incoming]
        self.engine.wake()
        return sum(new)

    def handle_due(self, now: datetime) -> int:
        """Hand on everything that is due, in the order it came; returns how much that was."""
        handled = 0
        with working_for(Turn.SWEEP):
            while self._handle_one(now):
                handled += 1
        return handled

    def forget(self, now: datetime) -> int:
        """Drop the keys that nobody can send again; returns how many went."""
        with working_for(Turn.SWEEP), self.engine.database.transaction() as connection:
            return inbox.forget(connection, now - KEPT_FOR)

    def _handle_one(self, now: datetime) -> bool:
        with self.engine.database.read_only() as connection:
            row = inbox.next_due(connection, now)
        if row is None:
            return False
        assert row.id is not None  # noqa: S101 - it was read from the database
        kind = str(row.data.get("type"))
        try:
            self._hand_on(row, now)
        except TROUBLE:  # the database's trouble, not the rule's: it is tried again at once
            raise
        except Exception:  # a broken rule must not hold up what the other vendors tell
            log.exception("webhook_not_handled", kind=kind)
            self.telemetry.fact(kind, "failed")
            self._postpone(row.id, row.failures, now)
        else:
            self.telemetry.fact(kind, "done")
            with self.engine.database.transaction() as connection:
                inbox.handled(connection, row.id)
        return True

    def _hand_on(self, row: InboxRow, now: datetime) -> None:
        incoming = IncomingFact(row.key, FACT.validate_python(row.data))
        for case_id in self._followers(incoming.fact, row.received_at):
            self.engine.submit(case_id, incoming.fact, key=f"{incoming.key}:{case_id}", now=now)
        for handle in self.handlers:
            handle(self.engine, incoming, now)

    def _followers(self, fact: Fact, received_at: datetime) -> list[str]:
        """The cases that follow it, without one that a handler has opened over it in a try that was cut off."""
        with self.engine.database.read_only() as connection:
            rows = inbox.followers(connection, fact.subjects)
        return [row.id for row in rows if row.created_at <= received_at]

    def _postpone(self, row_id: int, failures: int, now: datetime) -> None:
        retry_at = now + min(AFTER_A_FAILURE * 2 ** min(failures, 10), timedelta(hours=1))
        with self.engine.database.transaction() as connection:
            inbox.postpone(connection, row_id, retry_at)
