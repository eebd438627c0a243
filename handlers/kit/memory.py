"""What a modal remembers between opening and sending: Slack keeps it as the view's `private_metadata`."""

import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from workflows.lib import outside_json


@dataclass(frozen=True)
class Memory:
    """Ids only, never words. Which of them a modal needs depends on what it is about."""

    case: str | None = None
    duplicate: str | None = None
    """The open case that stands in the way of this one."""
    round: int = 0
    """How often the form was sent and came back."""
    channel: str | None = None
    ts: str | None = None
    """The message it was opened from."""
    root: str | None = None
    """The message in whose thread that one stands."""
    reporter: str | None = None
    page: int = 0
    """Which page of a list it shows, counted from 0."""
    source: str | None = None
    """A link to where it came from."""
    kind: str | None = None
    """Which of several forms it is."""
    item: str | None = None
    """What of a list in the policy it is about."""

    @classmethod
    def of(cls, view: dict[str, Any]) -> "Memory":
        """Read it from a view; a view without any, and what another version of the desk kept, is nothing."""
        kept = outside_json.read(view.get("private_metadata") or "{}")
        known = {one.name for one in fields(cls)}
        return cls(**{name: held for name, held in kept.items() if name in known}) if isinstance(kept, dict) else cls()

    @property
    def text(self) -> str:
        """As a view keeps it."""
        return json.dumps({name: held for name, held in asdict(self).items() if held})
