"""Where blocks stand while they are drawn: on a message, a home or a modal."""

import re
from dataclasses import dataclass, field

import htpy as h

from sandbox.core.forms import VALUE_KEYS, Values
from sandbox.core.model import Json
from sandbox.page.reading import Reading

MODAL = "modal"


@dataclass(frozen=True)
class Surface:
    """What the blocks belong to. `on` is `channel:ts`, "home" or "modal"; `values` is what was entered so far."""

    reading: Reading
    on: str
    values: Values = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    menu: str | None = None
    """The overflow menu that is open."""
    scope: str = ""
    """Tells the same message in a channel and in a thread apart: an id stands only once in a page."""

    @property
    def in_form(self) -> bool:
        """Whether the blocks are part of one form: a modal is; what stands elsewhere acts by itself."""
        return self.on == MODAL

    def held(self, block: Json, element: Json) -> object:
        """What an element holds: text, an option, an id, or a list of these."""
        state = self.values.get(block["block_id"], {}).get(element["action_id"], {})
        return state.get(VALUE_KEYS.get(element["type"], ""))

    def id_of(self, block: Json, element: Json, *more: object) -> str:
        """An id for the page."""
        parts = [self.scope, self.on, block["block_id"], element["action_id"], *map(str, more)]
        return re.sub(r"[^A-Za-z0-9_-]+", "-", "-".join(filter(None, parts)))

    def click(self, event: str, block: Json, element: Json, value: str | None = None) -> dict[str, h.Attribute]:
        """What makes something clickable use this element."""
        return {
            "phx-click": event,
            "phx-value-on": self.on,
            "phx-value-block": block["block_id"],
            "phx-value-action": element["action_id"],
            "phx-value-option": value,
        }


def name_of(block: Json, element: Json) -> str:
    """The name of an element's field in a form."""
    return f"{block['block_id']}/{element['action_id']}"


def said(text: Json | None) -> str:
    """A text object without its mark-up, for labels that are attributes."""
    return str(text["text"]) if text else ""
