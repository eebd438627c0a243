"""Rows as plain values: read without the bookkeeping of an object mapper, written by statements that are kept.

A statement that is made once, at the top of its module, is compiled once.
"""

from typing import Any, TypeVar

from sqlalchemy import Connection, Executable, Row, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

DIALECTS = ("sqlite", "postgresql")

RowT = TypeVar("RowT", bound=SQLModel)


def table(model: type[SQLModel]) -> Table:
    """The table of a model."""
    found: Table = model.__table__  # type: ignore[attr-defined]  # SQLModel gives one to every model that is a table
    return found


def first(connection: Connection, model: type[RowT], query: Executable, **values: object) -> RowT | None:
    """The first row that is found, as a value; changing it saves nothing."""
    found = connection.execute(query, values).first()
    return None if found is None else _as_value(model, found)


def every(connection: Connection, model: type[RowT], query: Executable, **values: object) -> list[RowT]:
    """All rows that are found, as values."""
    return [_as_value(model, row) for row in connection.execute(query, values)]


def _as_value(model: type[RowT], row: Row[Any]) -> RowT:
    value: RowT = model.model_construct(**row._mapping)  # type: ignore[assignment]  # noqa: SLF001 - the documented name
    return value


def upsert(model: type[SQLModel], *keys: str, change: tuple[str, ...] = ()) -> dict[str, Any]:
    """Inserts, by dialect. One that meets a row with the same `keys` changes these columns of it; without, nothing."""
    inserts: tuple[Any, Any] = sqlite.insert(table(model)), postgresql.insert(table(model))
    if not change:
        made = [insert.on_conflict_do_nothing() for insert in inserts]
    else:
        made = [
            insert.on_conflict_do_update(index_elements=keys, set_={name: insert.excluded[name] for name in change})
            for insert in inserts
        ]
    return dict(zip(DIALECTS, made, strict=True))
