"""Takes away what is long done, a batch at a time: the tables stay small however long the desk runs.

What a case itself says, its timeline and its numbers, is none of it.
"""

from datetime import datetime

from sqlalchemy import Connection, Delete, and_, bindparam, delete, or_, select

from storage.rows import table
from storage.tables import CaseRow, EffectRow, LaneRow, TimerRow, TimerState

BATCH = 500
"""So many rows of a kind go in one transaction: nobody waits long for it."""

_CASE, _EFFECT, _LANE, _TIMER = (table(model) for model in (CaseRow, EffectRow, LaneRow, TimerRow))


def _effects() -> Delete:
    """What was said once, ever, is remembered as long as its case is open: it must not be said again."""
    before = bindparam("before", type_=_EFFECT.c.finished_at.type)
    over = select(_CASE.c.id).where(_CASE.c.closed_at < bindparam("before", type_=_CASE.c.closed_at.type))
    done = and_(_EFFECT.c.finished_at < before, or_(_EFFECT.c.once_key.is_(None), _EFFECT.c.case_id.in_(over)))
    return delete(_EFFECT).where(_EFFECT.c.id.in_(select(_EFFECT.c.id).where(done).limit(BATCH)))


def _timers() -> Delete:
    before = bindparam("before", type_=_TIMER.c.retry_at.type)
    done = and_(_TIMER.c.state != TimerState.WAITING, _TIMER.c.retry_at < before)
    old = select(_TIMER.c.case_id, _TIMER.c.name).where(done).limit(BATCH).subquery()
    is_old = select(old.c.name).where(old.c.case_id == _TIMER.c.case_id, old.c.name == _TIMER.c.name)
    return delete(_TIMER).where(is_old.exists())


def _lanes() -> Delete:
    """One that an effect is just put into is held by whoever does, and passed over."""
    before = bindparam("before", type_=_LANE.c.free_at.type)
    empty = ~select(_EFFECT.c.id).where(_EFFECT.c.lane == _LANE.c.name).exists()
    idle = and_(empty, _LANE.c.holder.is_(None), or_(_LANE.c.free_at.is_(None), _LANE.c.free_at < before))
    names = select(_LANE.c.name).where(idle).limit(BATCH).with_for_update(skip_locked=True)
    return delete(_LANE).where(_LANE.c.name.in_(names))


_DONE = (_effects(), _timers(), _lanes())


def prune(connection: Connection, before: datetime) -> bool:
    """Take away a batch of what was done before this moment; whether there may be more."""
    return BATCH in [connection.execute(statement, {"before": before}).rowcount for statement in _DONE]
