"""What happened to the tickets of the sandbox's Zendesk, update by update."""

from collections.abc import Iterator
from typing import Any

Record = dict[str, Any]


class History:
    """The audits of each ticket, the oldest first. `ids` are numbers nobody else gets."""

    def __init__(self, ids: Iterator[int]) -> None:
        self._ids = ids
        self._audits: dict[int, list[Record]] = {}

    def of(self, ticket: int) -> list[Record]:
        """The updates of a ticket."""
        return self._audits.get(ticket, [])

    def changed(self, ticket: Record, before: str, after: str, author: int) -> None:
        """Somebody set the status."""
        self._add(ticket, author, [self._status(before, after)])

    def commented(self, ticket: Record, comment: Record) -> None:
        """Somebody wrote a comment."""
        event = {
            "id": comment["id"],
            "type": "Comment",
            **{key: comment[key] for key in ("public", "body", "author_id")},
        }
        self._add(ticket, comment["author_id"], [event])

    def merged(self, ticket: Record, before: str, into: int, author: int) -> None:
        """Somebody merged the ticket, which closes it."""
        said = f"This request was closed and merged into request #{into}."
        comment = {"id": next(self._ids), "type": "Comment", "public": True, "body": said, "author_id": author}
        source = {"from": {}, "to": {"ticket_id": into}, "rel": "merge"}
        self._add(ticket, author, [comment, self._status(before, "closed")], source)

    def _status(self, before: str, after: str) -> Record:
        change = {"field_name": "status", "previous_value": before, "value": after}
        return {"id": next(self._ids), "type": "Change", **change}

    def _add(self, ticket: Record, author: int, events: list[Record], source: Record | None = None) -> None:
        audit = {
            "id": next(self._ids),
            "ticket_id": ticket["id"],
            "created_at": ticket["updated_at"],
            "author_id": author,
            "events": events,
            "via": {"channel": "web", "source": source or {"from": {}, "to": {}, "rel": None}},
        }
        self._audits.setdefault(ticket["id"], []).append(audit)
