"""Cases, their numbers, their timelines, and the events that were taken."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, col, select

from storage.tables import CaseRow, CounterRow, EventRow, PersonRow, TimelineRow


def next_number(session: Session, name: str) -> int:
    """The next number of this name, from 1; nobody else gets it when the transaction is saved."""
    counter = session.get(CounterRow, name, with_for_update=True)
    if counter is None:
        counter = CounterRow(name=name, value=0)
    counter.value += 1
    session.add(counter)
    session.flush()
    return counter.value


def lock_case(session: Session, case_id: str) -> CaseRow | None:
    """A case, held until the transaction ends: who comes second waits and then sees what the first one did."""
    return session.get(CaseRow, case_id, with_for_update=True)


def read_case(session: Session, case_id: str) -> CaseRow | None:
    """A case as it is now."""
    return session.get(CaseRow, case_id)


def case_with_open_key(session: Session, open_key: str) -> CaseRow | None:
    """The case that holds this key; there is at most one."""
    return session.exec(select(CaseRow).where(CaseRow.open_key == open_key)).first()


def newest_case(session: Session, kind: str, state: str, owner: str) -> CaseRow | None:
    """The newest case of this kind, state and owner."""
    query = select(CaseRow).where(CaseRow.kind == kind, CaseRow.state == state, CaseRow.owner == owner)
    return session.exec(query.order_by(col(CaseRow.created_at).desc(), col(CaseRow.id).desc()).limit(1)).first()


def cases_in_states(session: Session, kind: str, states: Sequence[str], limit: int) -> list[CaseRow]:
    """The cases of a kind that are in one of these states, the oldest first."""
    query = select(CaseRow).where(CaseRow.kind == kind, col(CaseRow.state).in_(states))
    return list(session.exec(query.order_by(col(CaseRow.created_at), col(CaseRow.id)).limit(limit)))


def queue_counts(session: Session, kind: str, owner: str) -> dict[int, int]:
    """How many cases of a kind stand in this owner's queue, by rank: their own, and nobody's."""
    query = select(col(CaseRow.queue_rank), func.count()).where(*_queued(kind, owner)).group_by(col(CaseRow.queue_rank))
    return {rank: count for rank, count in session.exec(query) if rank is not None}


def queued_cases(session: Session, kind: str, owner: str, limit: int, offset: int) -> list[CaseRow]:
    """So many cases of this owner's queue, by rank and then the oldest first."""
    order = (col(CaseRow.queue_rank), col(CaseRow.queue_since), col(CaseRow.created_at), col(CaseRow.id))
    query = select(CaseRow).where(*_queued(kind, owner)).order_by(*order)
    return list(session.exec(query.limit(limit).offset(offset)))


def _queued(kind: str, owner: str) -> tuple[ColumnElement[bool], ...]:
    mine = or_(col(CaseRow.owner) == owner, col(CaseRow.owner).is_(None))
    return col(CaseRow.kind) == kind, mine, col(CaseRow.queue_rank).is_not(None)


def cases_of_ticket(session: Session, kind: str, ticket: str) -> list[CaseRow]:
    """The cases of a kind about this ticket, the oldest first."""
    query = select(CaseRow).where(CaseRow.kind == kind, CaseRow.ticket == ticket)
    return list(session.exec(query.order_by(col(CaseRow.created_at), col(CaseRow.id))))


def cases_to_summarize(
    session: Session, kinds: Sequence[str], owner: str | None, closed_since: datetime | None
) -> list[CaseRow]:
    """The cases of these kinds that are open or were closed since then (None: ever), the oldest first."""
    query = select(CaseRow).where(col(CaseRow.kind).in_(kinds))
    if owner is not None:
        query = query.where(CaseRow.owner == owner)
    if closed_since is not None:
        query = query.where(or_(col(CaseRow.closed_at).is_(None), col(CaseRow.closed_at) >= closed_since))
    return list(session.exec(query.order_by(col(CaseRow.created_at), col(CaseRow.id))))


def add_note(session: Session, case_id: str, at: datetime, actor: str, what: str) -> None:
    """Write a line into a case's timeline."""
    session.add(TimelineRow(case_id=case_id, at=at, actor=actor, what=what))


def timeline(session: Session, case_id: str) -> list[TimelineRow]:
    """Everything that happened to a case, oldest first."""
    query = select(TimelineRow).where(TimelineRow.case_id == case_id).order_by(col(TimelineRow.id))
    return list(session.exec(query))


def claim_event_key(session: Session, key: str, at: datetime) -> EventRow:
    """Claim an event's key; `IntegrityError` when it was taken before.

    The unique key decides, not a look first: two deliveries at once cannot both pass.
    """
    row = EventRow(key=key, at=at, outcome={})
    session.add(row)
    session.flush()
    return row


def claimed_event_key(session: Session, key: str) -> EventRow | None:
    """The event of this key, if it was taken."""
    return session.get(EventRow, key)


def forget_events(session: Session, before: datetime, limit: int = 1000) -> int:
    """Drop the keys of events older than this; returns how many went."""
    old = session.exec(select(EventRow).where(EventRow.at < before).limit(limit)).all()
    for row in old:
        session.delete(row)
    return len(old)


def remember_person(session: Session, person_id: str, email: str | None, data: dict[str, Any], at: datetime) -> None:
    """Keep what Slack said of a person."""
    session.merge(PersonRow(id=person_id, email=email, data=data, read_at=at))


def remembered_person(session: Session, person_id: str) -> PersonRow | None:
    """What Slack last said of a person."""
    return session.get(PersonRow, person_id)


def remembered_person_by_email(session: Session, email: str) -> PersonRow | None:
    """What Slack last said of who has this e-mail address (in lower case)."""
    query = select(PersonRow).where(PersonRow.email == email).order_by(col(PersonRow.read_at).desc())
    return session.exec(query).first()
