"""The inbox: what the vendors told, saved before they were answered and handled afterwards, in order."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, select, update

from storage.rows import every, first, table, upsert
from storage.tables import CaseRow, FollowRow, InboxRow, InboxState, Json

_INBOX, _FOLLOW, _CASE = table(InboxRow), table(FollowRow), table(CaseRow)
_WAITS = _INBOX.c.state == InboxState.WAITING
_ROW = _INBOX.c.id == bindparam("row_id")

_RECEIVE = {dialect: into.returning(_INBOX.c.id) for dialect, into in upsert(InboxRow).items()}
_NEXT_DUE = select(_INBOX).where(_WAITS, _INBOX.c.retry_at <= bindparam("now")).order_by(_INBOX.c.id).limit(1)
_NEXT_DUE_AT = select(func.min(_INBOX.c.retry_at)).where(_WAITS)
_HANDLED = update(_INBOX).where(_ROW).values(state=InboxState.DONE, data={})
_POSTPONE = update(_INBOX).where(_ROW).values(retry_at=bindparam("until"), failures=_INBOX.c.failures + 1)
_FOLLOW_IT = upsert(FollowRow)
_UNFOLLOW = delete(_FOLLOW).where(
    _FOLLOW.c.case_id == bindparam("of_case"), _FOLLOW.c.subject == bindparam("of_subject")
)


def receive(connection: Connection, key: str, data: Json, now: datetime) -> bool:
    """Keep what was told; False when this key was told before.

    The unique key decides, not a look first: two deliveries at once cannot both pass.
    """
    row = InboxRow(key=key, data=data, received_at=now, retry_at=now)
    values = row.model_dump(exclude={"id"})
    return connection.execute(_RECEIVE[connection.dialect.name], values).first() is not None


def next_due(connection: Connection, now: datetime) -> InboxRow | None:
    """What was told first and is not handled yet, or None."""
    return first(connection, InboxRow, _NEXT_DUE, now=now)


def next_due_at(connection: Connection) -> datetime | None:
    """When something has to be handled, or None when all is."""
    return connection.execute(_NEXT_DUE_AT).scalar()


def handled(connection: Connection, row_id: int) -> None:
    """A webhook is done. The cases know what it said; only its key is kept, against a second delivery."""
    connection.execute(_HANDLED, {"row_id": row_id})


def postpone(connection: Connection, row_id: int, retry_at: datetime) -> None:
    """A webhook could not be handled: look at it again then."""
    connection.execute(_POSTPONE, {"row_id": row_id, "until": retry_at})


def forget(connection: Connection, before: datetime, limit: int = 1000) -> int:
    """Drop what was handled and came before this; returns how many went. No vendor sends again so late."""
    done = _INBOX.c.state == InboxState.DONE
    old = select(_INBOX.c.id).where(done, _INBOX.c.received_at < before).limit(limit)
    return connection.execute(delete(_INBOX).where(_INBOX.c.id.in_(old))).rowcount


def follow(connection: Connection, case_id: str, before: frozenset[str], now: frozenset[str]) -> None:
    """The case followed these things before, and follows these now."""
    for subject in sorted(before - now):
        connection.execute(_UNFOLLOW, {"of_case": case_id, "of_subject": subject})
    for subject in sorted(now - before):
        connection.execute(_FOLLOW_IT[connection.dialect.name], {"subject": subject, "case_id": case_id})


def followers(connection: Connection, subjects: tuple[str, ...]) -> list[CaseRow]:
    """The cases that follow one of these things, the oldest first."""
    following = select(_FOLLOW.c.case_id).where(_FOLLOW.c.subject.in_(subjects))
    query = select(_CASE).where(_CASE.c.id.in_(following))
    return every(connection, CaseRow, query.order_by(_CASE.c.created_at, _CASE.c.id))


def followed_by_open_cases(connection: Connection, prefix: str) -> list[str]:
    """What begins like this among the things that cases follow which are not over, each once."""
    query = (
        select(_FOLLOW.c.subject)
        .join(_CASE, _CASE.c.id == _FOLLOW.c.case_id)
        .where(_FOLLOW.c.subject.startswith(prefix, autoescape=True))  # no range: it hangs on the collation
        .where(_CASE.c.closed_at.is_(None))
        .distinct()
    )
    return sorted(connection.scalars(query))
