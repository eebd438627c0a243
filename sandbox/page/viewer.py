"""What a browser window is looking at, and through whose eyes."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from sandbox.core.model import Json

HOME = "home"
"""The place where the app's home is shown; every other place is a channel's id."""


@dataclass
class Use:
    """An element somebody is about to use: where it stands, its ids, and the value, if it takes one."""

    on: str
    block: str
    action: str
    value: str | None = None
    confirm: Json | None = None


@dataclass
class Viewer:
    """One window of the page, and what it shows."""

    person: str = "alice"
    place: str = ""
    thread: str | None = None
    menu: str | None = None
    """The menu that is open, by its own key; one at a time."""
    editing: tuple[str, str] | None = None
    """The message (channel, ts) that is being changed in the message field."""
    asking: Use | None = None
    """What waits for "Are you sure?"."""
    notice: str | None = None
    drafts: dict[str, str] = field(default_factory=dict)
    """What stands in the message fields, by channel or thread."""
    places: dict[str, str] = field(default_factory=dict)
    """Where each person was last."""
    panel: str = "tickets"
    step: int = 0
    """How many steps of the tour this window has followed."""

    def link(self, **changes: str | None) -> str:
        """The address of what is looked at, with some of it changed."""
        where = {"as": self.person, "in": self.place, "thread": self.thread, **changes}
        return "/?" + urlencode({key: value for key, value in where.items() if value})
