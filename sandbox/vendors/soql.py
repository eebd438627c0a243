"""The few shapes of SOQL that are asked for, read as strictly as Salesforce reads them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Record = dict[str, Any]

_FIELD = r"[A-Za-z]\w*(?:\.[A-Za-z]\w*)*"
_STRING = r"'(?:[^'\\\n]|\\['\\\"nrtbf_%])*'"
_QUERY = re.compile(
    rf"SELECT (?P<fields>{_FIELD}(?:, {_FIELD})*) FROM (?P<object>\w+)"
    rf"(?: WHERE (?P<field>{_FIELD}) (?P<test>=|LIKE|IN) (?P<value>{_STRING}|\({_STRING}(?:, {_STRING})*\)))?"
    rf"(?: ORDER BY (?P<order>{_FIELD}))?(?: LIMIT (?P<limit>\d+))?",
    re.ASCII,
)
_ESCAPE = re.compile(r"\\(.)")


class SoqlError(Exception):
    """What is wrong with a query, in Salesforce's words."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Soql:
    """A query that could be read."""

    fields: tuple[str, ...]
    table: str
    wanted: Callable[[Record], bool]
    limit: int
    order: str | None

    def run(self, tables: dict[str, list[Record]], known: dict[str, set[str]]) -> list[Record]:
        """The records that are wanted, each with the fields that were asked for."""
        if self.table not in tables:
            raise SoqlError("INVALID_TYPE", f"sObject type '{self.table}' is not supported.")
        for field in (*self.fields, *([self.order] if self.order else [])):
            if field not in known[self.table]:
                raise SoqlError("INVALID_FIELD", f"No such column '{field}' on entity '{self.table}'.")
        found = [record for record in tables[self.table] if self.wanted(record)]
        if self.order:
            found.sort(key=lambda record: str(value_of(record, self.order or "") or "").casefold())
        return [_shaped(record, self.fields, self.table) for record in found[: self.limit]]


def parse(text: str, known: dict[str, set[str]]) -> Soql:
    """Read a query; anything but the few shapes is malformed, a quote that ends a string too soon among it."""
    found = _QUERY.fullmatch(text)
    if found is None:
        raise SoqlError("MALFORMED_QUERY", "unexpected token in the query")
    field, test, value = found["field"], found["test"], found["value"]
    if field and field not in known.get(found["object"], {field}):
        raise SoqlError("INVALID_FIELD", f"No such column '{field}' on entity '{found['object']}'.")
    if field and (test == "IN") != value.startswith("("):
        raise SoqlError("MALFORMED_QUERY", f"unexpected token: {test}")
    wanted = _condition(field, test, value) if field else lambda _record: True
    fields = tuple(found["fields"].split(", "))
    return Soql(fields, found["object"], wanted, int(found["limit"] or 2000), found["order"])


def _condition(field: str, test: str, value: str) -> Callable[[Record], bool]:
    strings = [one[1:-1] for one in re.findall(_STRING, value)]
    if test == "LIKE":
        pattern = re.compile(_like(strings[0]), re.IGNORECASE | re.DOTALL)
        return lambda record: pattern.fullmatch(str(value_of(record, field) or "")) is not None
    plain = {_ESCAPE.sub(r"\1", one).casefold() for one in strings}
    return lambda record: str(value_of(record, field) or "").casefold() in plain


def _like(string: str) -> str:
    """As a regular expression: % is anything, _ is one sign, each unless a backslash stands before it."""
    parts = re.findall(r"\\.|.", string, re.DOTALL)
    return "".join({"%": ".*", "_": "."}.get(part, re.escape(part[-1])) for part in parts)


def value_of(record: Record, path: str) -> Any:
    """A field of a record, or of one it looks up; None where there is none."""
    found: Any = record
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _shaped(record: Record, fields: tuple[str, ...], table: str) -> Record:
    """A record as it is answered: what it looks up is nested, or null."""
    shaped: Record = {"attributes": {"type": table, "url": f"/services/data/v62.0/sobjects/{table}/{record['Id']}"}}
    for field in fields:
        head, _, rest = field.partition(".")
        if not rest:
            shaped[field] = record.get(head)
        elif record.get(head) is None:
            shaped[head] = None
        else:
            shaped.setdefault(head, {"attributes": {"type": head}})[rest] = value_of(record, field)
    return shaped
