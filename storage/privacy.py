"""Removing what is known of people: from cases, their stories, what was sent for them, and the people themselves.

The row of a case stays, with its number, kind, state and dates: cases can be counted when nothing else is left.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, String, cast, delete, func, or_, select, update

from storage.rows import every, table
from storage.tables import (
    CaseRow,
    EffectRow,
    EventRow,
    FollowRow,
    InboxRow,
    InboxState,
    PersonRow,
    TimelineRow,
    TimerRow,
)

_CASE, _LINE, _EFFECT, _TIMER = (table(model) for model in (CaseRow, TimelineRow, EffectRow, TimerRow))
_EVENT, _FOLLOW, _INBOX, _PERSON = (table(model) for model in (EventRow, FollowRow, InboxRow, PersonRow))
_NOTHING: dict[str, Any] = {}
_EMPTIED = {"data": _NOTHING, "owner": None, "ticket": None, "open_key": None, "queue_rank": None, "queue_since": None}


def closed_before(connection: Connection, kind: str, before: datetime, limit: int) -> list[str]:
    """The cases of a kind that were closed before this and still hold something; none for which something waits."""
    waiting = select(_EFFECT.c.case_id).where(_EFFECT.c.finished_at.is_(None))
    query = (
        select(_CASE.c.id)
        .where(_CASE.c.kind == kind, _CASE.c.closed_at < before, _CASE.c.id.not_in(waiting))
        .where(func.length(cast(_CASE.c.data, String)) > len("{}"))
        .order_by(_CASE.c.closed_at)
        .limit(limit)
    )
    return list(connection.scalars(query))


def empty_case(connection: Connection, case_id: str) -> None:
    """Take out of a case everything but its number, kind, state and dates."""
    for rows in (_LINE, _EFFECT, _TIMER, _FOLLOW):
        connection.execute(delete(rows).where(rows.c.case_id == case_id))
    connection.execute(update(_CASE).where(_CASE.c.id == case_id).values(**_EMPTIED, version=_CASE.c.version + 1))


def forget_people(connection: Connection, before: datetime) -> int:
    """Drop what Slack said of people it was not asked about since then; returns how many went."""
    return connection.execute(delete(_PERSON).where(_PERSON.c.read_at < before)).rowcount


def people_called(connection: Connection, name: str) -> list[PersonRow]:
    """Whom Slack calls so: by member id, or e-mail address in small letters."""
    return every(connection, PersonRow, select(_PERSON).where(or_(_PERSON.c.id == name, _PERSON.c.email == name)))


def cases_about(connection: Connection, names: Sequence[str]) -> list[CaseRow]:
    """The cases that hold one of these names anywhere, or whose story does, the oldest first."""
    told = select(_LINE.c.case_id).where(or_(*(_holds(column, names) for column in (_LINE.c.actor, _LINE.c.what))))
    about = or_(_holds(_CASE.c.data, names), _CASE.c.owner.in_(names), _CASE.c.id.in_(told))
    return every(connection, CaseRow, select(_CASE).where(about).order_by(_CASE.c.created_at, _CASE.c.id))


def lines_about(connection: Connection, names: Sequence[str]) -> list[TimelineRow]:
    """The lines of stories that hold one of these names."""
    about = or_(*(_holds(column, names) for column in (_LINE.c.actor, _LINE.c.what)))
    return every(connection, TimelineRow, select(_LINE).where(about).order_by(_LINE.c.id))


def effects_about(connection: Connection, names: Sequence[str]) -> list[EffectRow]:
    """What was sent, or waits to be, that holds one of these names."""
    return every(connection, EffectRow, select(_EFFECT).where(_holds(_EFFECT.c.payload, names)).order_by(_EFFECT.c.id))


def change_line(connection: Connection, row: TimelineRow) -> None:
    """Save a line of a story as it is now."""
    connection.execute(update(_LINE).where(_LINE.c.id == row.id).values(actor=row.actor, what=row.what))


def drop_traces(connection: Connection, names: Sequence[str]) -> None:
    """Drop the rest that holds one of these names: what was sent, the keys of events, and the people themselves."""
    connection.execute(delete(_EFFECT).where(_EFFECT.c.finished_at.is_not(None), _holds(_EFFECT.c.payload, names)))
    connection.execute(delete(_EVENT).where(or_(_holds(_EVENT.c.key, names), _holds(_EVENT.c.outcome, names))))
    connection.execute(delete(_PERSON).where(or_(_PERSON.c.id.in_(names), _PERSON.c.email.in_(names))))


def cases_of_ticket(connection: Connection, ticket: str) -> list[CaseRow]:
    """The cases of every kind about this ticket, the oldest first."""
    return every(connection, CaseRow, select(_CASE).where(_CASE.c.ticket == ticket).order_by(_CASE.c.id))


def drop_told(connection: Connection, ticket: str) -> None:
    """Drop what vendors told of a ticket, as far as it was handled."""
    handled = _INBOX.c.state == InboxState.DONE
    connection.execute(delete(_INBOX).where(handled, _holds(_INBOX.c.data, (ticket,))))


def _holds(column: Any, names: Sequence[str]) -> Any:  # noqa: ANN401 - a column of any type, and what is asked of it
    return or_(*(cast(column, String).contains(name, autoescape=True) for name in names))
