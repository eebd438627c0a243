"""Rows for tests of the tables."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy import Connection, select

from storage import cases, outbox
from storage.rows import first, table
from storage.tables import CaseRow, EffectRow, EffectState, LaneRow

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REAL = datetime(2030, 1, 1, tzinfo=UTC)
"""The machine's time: far from the desk's, so that nothing can mix them up unnoticed."""
LEASE = timedelta(seconds=60)


def add_case(connection: Connection, case_id: str = "T-1", closed_at: datetime | None = None) -> None:
    """A case to hang things on."""
    kept = {"of": "a test"}
    row = CaseRow(id=case_id, kind="toy", state="open", created_at=NOW, updated_at=NOW, closed_at=closed_at, data=kept)
    cases.insert_case(connection, row.model_dump())


def add_effect(
    connection: Connection,
    lane: str,
    *,
    priority: int = 20,
    due_at: datetime = NOW,
    state: EffectState = EffectState.WAITING,
    collapse: str | None = None,
    once: str | None = None,
) -> bool:
    """Put an effect of the case T-1 into the outbox, as the engine does."""
    row = EffectRow(
        mark=uuid4().hex,
        case_id="T-1",
        lane=lane,
        priority=priority,
        payload={"lane": lane, "priority": priority},
        state=state,
        collapse_key=collapse,
        once_key=once,
        created_at=NOW,
        due_at=due_at,
        finished_at=None if state in {EffectState.WAITING, EffectState.SENDING} else NOW,
    )
    return outbox.add_effect(connection, row)


def claim(connection: Connection, holder: str = "me", now: datetime = NOW, real: datetime = REAL) -> str | None:
    """Claim a lane for a minute."""
    return outbox.claim_lane(connection, holder, now, real, LEASE)


def free(connection: Connection, lane: str, holder: str = "me", free_at: datetime | None = None) -> None:
    """Give a lane back."""
    assert outbox.holds_lane(connection, lane, holder)
    outbox.free_lane(connection, lane, free_at)


def lane_row(connection: Connection, name: str) -> LaneRow:
    """A lane as it stands."""
    lanes = table(LaneRow)
    row = first(connection, LaneRow, select(lanes).where(lanes.c.name == name))
    assert row is not None
    return row
