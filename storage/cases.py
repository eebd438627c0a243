"""Cases, their numbers, their timelines, and the events that were taken."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.rows import every, first, table, upsert
from storage.tables import CaseRow, CounterRow, EventRow, PersonRow, TimelineRow

_CASE, _COUNTER, _EVENT, _PERSON, _LINE = (
    table(model) for model in (CaseRow, CounterRow, EventRow, PersonRow, TimelineRow)
)
_OLDEST_FIRST = (_CASE.c.created_at, _CASE.c.id)


def _count_on(insert_: Any) -> Any:  # noqa: ANN401 - the two dialects share no type
    count = insert_.values(name=bindparam("name"), value=1)
    return count.on_conflict_do_update(index_elements=["name"], set_={"value": _COUNTER.c.value + 1}).returning(
        _COUNTER.c.value
    )


_NEXT_NUMBER = {"sqlite": _count_on(sqlite.insert(_COUNTER)), "postgresql": _count_on(postgresql.insert(_COUNTER))}
_READ = select(_CASE).where(_CASE.c.id == bindparam("id"))
_LOCK = _READ.with_for_update()
_WITH_OPEN_KEY = select(_CASE).where(_CASE.c.open_key == bindparam("open_key"))
_INSERT = insert(_CASE)
_CHANGING = {"state", "owner", "ticket", "open_key", "data", "updated_at", "closed_at", "queue_rank", "queue_since"}
_UPDATE = (
    update(_CASE)
    .where(_CASE.c.id == bindparam("case_id"))
    .values({name: bindparam(name) for name in _CHANGING})
    .values(version=_CASE.c.version + 1)
)
_NEWEST = (
    select(_CASE)
    .where(*(_CASE.c[name] == bindparam(name) for name in ("kind", "state", "owner")))
    .order_by(_CASE.c.created_at.desc(), _CASE.c.id.desc())
    .limit(1)
)
_OF_TICKET = (
    select(_CASE)
    .where(_CASE.c.kind == bindparam("kind"), _CASE.c.ticket == bindparam("ticket"))
    .order_by(*_OLDEST_FIRST)
)
_NOTE = insert(_LINE)
_TIMELINE = select(_LINE).where(_LINE.c.case_id == bindparam("case_id")).order_by(_LINE.c.id)
_CLAIM_KEY = insert(_EVENT)
_CLAIMED = select(_EVENT).where(_EVENT.c.key == bindparam("key"))
_ANSWER = update(_EVENT).where(_EVENT.c.key == bindparam("event_key")).values(outcome=bindparam("outcome"))
_PERSON_BY_ID = select(_PERSON).where(_PERSON.c.id == bindparam("id"))
_PERSON_BY_EMAIL = (
    select(_PERSON).where(_PERSON.c.email == bindparam("email")).order_by(_PERSON.c.read_at.desc()).limit(1)
)
_REMEMBER = upsert(PersonRow, "id", change=("email", "data", "read_at"))


def next_number(connection: Connection, name: str) -> int:
    """The next number of this name, from 1; nobody else gets it when the transaction is saved."""
    number: int = connection.execute(_NEXT_NUMBER[connection.dialect.name], {"name": name}).scalar_one()
    return number


def lock_case(connection: Connection, case_id: str) -> CaseRow | None:
    """A case, held until the transaction ends: who comes second waits and then sees what the first one did.

    None for one that was emptied, as `storage.privacy` does.
    """
    return _with_content(first(connection, CaseRow, _LOCK, id=case_id))


def read_case(connection: Connection, case_id: str) -> CaseRow | None:
    """A case as it is now; None for one that was emptied."""
    return _with_content(first(connection, CaseRow, _READ, id=case_id))


def _with_content(row: CaseRow | None) -> CaseRow | None:
    return row if row is not None and row.data else None


def insert_case(connection: Connection, columns: Mapping[str, Any]) -> None:
    """Save a new case; `IntegrityError` when its open key is held."""
    connection.execute(_INSERT, columns)


def change_case(connection: Connection, row: CaseRow, columns: dict[str, Any]) -> None:
    """Save a case with these columns changed, as its next version.

    `IntegrityError` when its open key is held by another.
    """
    connection.execute(_UPDATE, {name: getattr(row, name) for name in _CHANGING} | {"case_id": row.id} | columns)


def case_with_open_key(connection: Connection, open_key: str) -> CaseRow | None:
    """The case that holds this key; there is at most one."""
    return first(connection, CaseRow, _WITH_OPEN_KEY, open_key=open_key)


def newest_case(connection: Connection, kind: str, state: str, owner: str) -> CaseRow | None:
    """The newest case of this kind, state and owner."""
    return first(connection, CaseRow, _NEWEST, kind=kind, state=state, owner=owner)


def cases_in_states(connection: Connection, kind: str, states: Sequence[str], limit: int | None) -> list[CaseRow]:
    """The cases of a kind that are in one of these states, the oldest first; all of them without a `limit`."""
    query = select(_CASE).where(_CASE.c.kind == kind, _CASE.c.state.in_(states))
    found = every(connection, CaseRow, query.order_by(*_OLDEST_FIRST).limit(limit))
    return [row for row in found if row.data]


def queue_counts(connection: Connection, kind: str, owner: str) -> dict[int, int]:
    """How many cases of a kind stand in this owner's queue, by rank: their own, and nobody's."""
    query = select(_CASE.c.queue_rank, func.count()).where(*_queued(kind, owner)).group_by(_CASE.c.queue_rank)
    return {rank: count for rank, count in connection.execute(query) if rank is not None}


def queued_cases(connection: Connection, kind: str, owner: str, limit: int, offset: int) -> list[CaseRow]:
    """Cases of this owner's queue, by rank and then the oldest first: `limit` of them, from `offset` on."""
    query = select(_CASE).where(*_queued(kind, owner))
    query = query.order_by(_CASE.c.queue_rank, _CASE.c.queue_since, *_OLDEST_FIRST)
    return every(connection, CaseRow, query.limit(limit).offset(offset))


def _queued(kind: str, owner: str) -> tuple[ColumnElement[bool], ...]:
    mine = or_(_CASE.c.owner == owner, _CASE.c.owner.is_(None))
    return _CASE.c.kind == kind, mine, _CASE.c.queue_rank.is_not(None)


def cases_of_ticket(connection: Connection, kind: str, ticket: str) -> list[CaseRow]:
    """The cases of a kind about this ticket, the oldest first."""
    return every(connection, CaseRow, _OF_TICKET, kind=kind, ticket=ticket)


def cases_to_summarize(
    connection: Connection,
    kinds: Sequence[str],
    owner: str | None,
    closed_since: datetime | None,
    *,
    unowned: bool = False,
) -> list[CaseRow]:
    """The cases of these kinds that are open or were closed since then (None: ever), the oldest first.

    Those of an owner, where one is named; with `unowned` those nobody owns, too.
    """
    query = select(_CASE).where(_CASE.c.kind.in_(kinds))
    owners = [_CASE.c.owner == owner] if owner is not None else []
    owners += [_CASE.c.owner.is_(None)] if unowned else []
    if owners:
        query = query.where(or_(*owners))
    if closed_since is not None:
        query = query.where(or_(_CASE.c.closed_at.is_(None), _CASE.c.closed_at >= closed_since))
    return [row for row in every(connection, CaseRow, query.order_by(*_OLDEST_FIRST)) if row.data]


def add_note(connection: Connection, case_id: str, at: datetime, actor: str, what: str) -> None:
    """Write a line into a case's timeline."""
    connection.execute(_NOTE, {"case_id": case_id, "at": at, "actor": actor, "what": what})


def timeline(connection: Connection, case_id: str) -> list[TimelineRow]:
    """Everything that happened to a case, oldest first."""
    return every(connection, TimelineRow, _TIMELINE, case_id=case_id)


def claim_event_key(connection: Connection, key: str, at: datetime) -> None:
    """Claim an event's key; `IntegrityError` when it was taken before.

    The unique key decides, not a look first: two deliveries at once cannot both pass.
    """
    connection.execute(_CLAIM_KEY, {"key": key, "at": at, "outcome": {}})


def keep_outcome(connection: Connection, key: str, outcome: dict[str, Any]) -> None:
    """Keep what came of an event: it answers the same event when it comes again."""
    connection.execute(_ANSWER, {"event_key": key, "outcome": outcome})


def claimed_event_key(connection: Connection, key: str) -> EventRow | None:
    """The event of this key, if it was taken."""
    return first(connection, EventRow, _CLAIMED, key=key)


def forget_events(connection: Connection, before: datetime, limit: int) -> int:
    """Drop the keys of events older than this; returns how many went."""
    old = select(_EVENT.c.key).where(_EVENT.c.at < before).limit(limit)
    return connection.execute(delete(_EVENT).where(_EVENT.c.key.in_(old))).rowcount


def remember_person(
    connection: Connection, person_id: str, email: str | None, data: dict[str, Any], at: datetime
) -> None:
    """Keep what Slack said of a person."""
    values = {"id": person_id, "email": email, "data": data, "read_at": at}
    connection.execute(_REMEMBER[connection.dialect.name], values)


def remembered_person(connection: Connection, person_id: str) -> PersonRow | None:
    """What Slack last said of a person."""
    return first(connection, PersonRow, _PERSON_BY_ID, id=person_id)


def remembered_person_by_email(connection: Connection, email: str) -> PersonRow | None:
    """What Slack last said of who has this e-mail address (in lower case)."""
    return first(connection, PersonRow, _PERSON_BY_EMAIL, email=email)
