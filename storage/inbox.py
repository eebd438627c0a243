"""The inbox: what the vendors told, saved before they were answered and handled afterwards, in order."""

from datetime import datetime

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, col, select

from storage.tables import CaseRow, FollowRow, InboxRow, InboxState, Json


def receive(session: Session, key: str, data: Json, now: datetime) -> bool:
    """Keep what was told; False when this key was told before.

    The unique key decides, not a look first: two deliveries at once cannot both pass.
    """
    insert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    row = InboxRow(key=key, data=data, received_at=now, retry_at=now)
    query = (
        insert(InboxRow)
        .values(**row.model_dump(exclude_none=True))
        .on_conflict_do_nothing()
        .returning(col(InboxRow.id))
    )
    return session.exec(query).first() is not None


def next_due(session: Session, now: datetime) -> InboxRow | None:
    """What was told first and is not handled yet, or None."""
    query = select(InboxRow).where(InboxRow.state == InboxState.WAITING, InboxRow.retry_at <= now)
    return session.exec(query.order_by(col(InboxRow.id)).limit(1)).first()


def next_due_at(session: Session) -> datetime | None:
    """When something has to be handled, or None when all is."""
    return session.exec(select(func.min(InboxRow.retry_at)).where(InboxRow.state == InboxState.WAITING)).one()


def handled(session: Session, row_id: int) -> None:
    """It is done. What it said is in the cases now and is not kept twice; its key is, against a second delivery."""
    row = session.get(InboxRow, row_id)
    if row is not None:
        row.state, row.data = InboxState.DONE, {}
        session.add(row)


def postpone(session: Session, row_id: int, retry_at: datetime) -> None:
    """It could not be handled: look at it again then."""
    row = session.get(InboxRow, row_id)
    if row is not None:
        row.retry_at, row.failures = retry_at, row.failures + 1
        session.add(row)


def forget(session: Session, before: datetime, limit: int = 1000) -> int:
    """Drop what was handled and came before this; returns how many went. No vendor sends again so late."""
    query = select(InboxRow).where(InboxRow.state == InboxState.DONE, InboxRow.received_at < before).limit(limit)
    old = session.exec(query).all()
    for row in old:
        session.delete(row)
    return len(old)


def follow(session: Session, case_id: str, subjects: frozenset[str]) -> None:
    """Make these the things the case follows, and no others."""
    rows = session.exec(select(FollowRow).where(FollowRow.case_id == case_id)).all()
    for row in rows:
        if row.subject not in subjects:
            session.delete(row)
    for subject in sorted(subjects - {row.subject for row in rows}):
        session.add(FollowRow(subject=subject, case_id=case_id))


def followers(session: Session, subjects: tuple[str, ...]) -> list[CaseRow]:
    """The cases that follow one of these things, the oldest first."""
    following = select(FollowRow.case_id).where(col(FollowRow.subject).in_(subjects))
    query = select(CaseRow).where(col(CaseRow.id).in_(following))
    return list(session.exec(query.order_by(col(CaseRow.created_at), col(CaseRow.id))))


def followed_by_open_cases(session: Session, prefix: str) -> list[str]:
    """What begins like this among the things that cases follow which are not over, each once."""
    query = (
        select(FollowRow.subject)
        .join(CaseRow, col(CaseRow.id) == col(FollowRow.case_id))
        .where(col(FollowRow.subject).startswith(prefix, autoescape=True))  # no range: it hangs on the collation
        .where(col(CaseRow.closed_at).is_(None))
        .distinct()
    )
    return sorted(session.exec(query))
