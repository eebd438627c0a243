"""Rows for tests of the tables."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlmodel import Session

from storage import outbox
from storage.tables import CaseRow, EffectRow, EffectState, LaneRow

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REAL = datetime(2030, 1, 1, tzinfo=UTC)
"""The machine's time: far from the desk's, so that nothing can mix them up unnoticed."""
LEASE = timedelta(seconds=60)


def add_case(session: Session, case_id: str = "T-1") -> CaseRow:
    """A case to hang things on."""
    row = CaseRow(id=case_id, kind="toy", state="open", created_at=NOW, updated_at=NOW, data={})
    session.add(row)
    session.flush()
    return row


def add_effect(
    session: Session,
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
    )
    return outbox.add_effect(session, row)


def claim(session: Session, holder: str = "me", now: datetime = NOW, real: datetime = REAL) -> str | None:
    """Claim a lane for a minute."""
    return outbox.claim_lane(session, holder, now, real, LEASE)


def free(session: Session, lane: str, holder: str = "me", free_at: datetime | None = None) -> None:
    """Give a lane back."""
    row = outbox.holds_lane(session, lane, holder)
    assert row is not None
    outbox.free_lane(session, row, free_at)


def lane_row(session: Session, name: str) -> LaneRow:
    """A lane as it stands."""
    row = session.get(LaneRow, name)
    assert row is not None
    return row
