"""What happened to the issues of the sandbox's GitLab: changes of their states and labels."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

Record = dict[str, Any]

_STATES = {"close": "closed", "reopen": "reopened"}


class History:
    """The events of each issue, the oldest first. `ids` are numbers nobody else gets, `stamp` says when it is."""

    def __init__(self, ids: Iterator[int], stamp: Callable[[], str]) -> None:
        self._ids = ids
        self._stamp = stamp
        self._events: dict[tuple[int, str], list[Record]] = {}

    def of(self, issue: Record, kind: str) -> list[Record]:
        """The events of an issue: of its `state`, or of its `label`s."""
        return self._events.get((issue["id"], kind), [])

    def add(self, issue: Record, action: str, by: Record, before: Sequence[str] | None) -> None:
        """Somebody did something; `before` are the labels the issue had."""
        if action in _STATES:
            self._add(issue, "state", by, {"state": _STATES[action]})
        had, has = set(before if before is not None else issue["labels"]), set(issue["labels"])
        for name in sorted(has - had):
            self._add(issue, "label", by, {"action": "add", "label": {"name": name}})
        for name in sorted(had - has):
            self._add(issue, "label", by, {"action": "remove", "label": {"name": name}})

    def _add(self, issue: Record, kind: str, by: Record, more: Record) -> None:
        user = {key: by[key] for key in ("id", "username", "name")}
        event = {"id": next(self._ids), "user": user, "created_at": self._stamp(), **more}
        self._events.setdefault((issue["id"], kind), []).append(event)
