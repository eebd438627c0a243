"""The values in a form's elements: what they begin with, and what a person's choice turns them into."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from sandbox.core.errors import Impossible
from sandbox.core.model import Json

# Where each kind of element keeps its value, and what it begins with.
TEXTS = {"plain_text_input", "email_text_input", "url_text_input", "number_input"}
ONE_OF = {"static_select", "external_select", "radio_buttons"}
SOME_OF = {"multi_static_select", "multi_external_select", "checkboxes"}
ENTITIES = {
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
}
PICKERS = {
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
VALUE_KEYS = (
    dict.fromkeys(TEXTS, "value")
    | dict.fromkeys(ONE_OF, "selected_option")
    | dict.fromkeys(SOME_OF, "selected_options")
    | ENTITIES
    | PICKERS
    | {"rich_text_input": "rich_text_value"}
)
Values = dict[str, dict[str, Json]]
FindEntity = Callable[[str, str], str]


@dataclass(frozen=True)
class Field:
    """An element a person can use, with the block it stands in and the label it is known by."""

    block: Json
    element: Json

    @property
    def kind(self) -> str:
        """The element's type."""
        return str(self.element["type"])

    @property
    def is_input(self) -> bool:
        """Whether it is part of what is submitted."""
        return bool(self.block["type"] == "input")

    @property
    def is_stateful(self) -> bool:
        """Whether it holds a value."""
        return self.kind in VALUE_KEYS

    def names(self) -> list[str]:
        """Return what a person may call it, the most usual first."""
        texts = [
            self.block.get("label") if self.is_input else None,
            self.element.get("text"),
            self.element.get("placeholder"),
            self.block.get("text") if self.block["type"] == "section" else None,
        ]
        shown = [text["text"] for text in texts if isinstance(text, dict)]
        return [*shown, str(self.element.get("action_id", ""))]


def fields(blocks: list[Json]) -> Iterator[Field]:
    """Yield every element of these blocks that a person can use."""
    for block in blocks:
        if block["type"] == "input":
            yield Field(block, block["element"])
        elif block["type"] == "section" and block.get("accessory", {}).get("type") != "image":
            if "accessory" in block:
                yield Field(block, block["accessory"])
        elif block["type"] == "actions":
            for element in block["elements"]:
                yield Field(block, element)


def with_ids(blocks: list[Json], new_id: Callable[[str], str]) -> list[Json]:
    """Give every block and every usable element the id Slack would give it, where it has none."""
    named = [{**block, "block_id": block.get("block_id") or new_id("b")} for block in blocks]
    for block in named:
        if block["type"] == "input":
            block["element"] = _with_action_id(block["element"], new_id)
        if isinstance(block.get("accessory"), dict) and block["accessory"].get("type") != "image":
            block["accessory"] = _with_action_id(block["accessory"], new_id)
        if block["type"] == "actions":
            block["elements"] = [_with_action_id(element, new_id) for element in block["elements"]]
    return named


def _with_action_id(element: Json, new_id: Callable[[str], str]) -> Json:
    return {**element, "action_id": element.get("action_id") or new_id("a")}


def initial_values(blocks: list[Json], kept: Values | None = None) -> Values:
    """Return the state the elements begin with; values in `kept` under the same ids and type stay."""
    values: Values = {}
    for field in fields(blocks):
        if not field.is_stateful:
            continue
        block_id, action_id = field.block["block_id"], field.element["action_id"]
        old = (kept or {}).get(block_id, {}).get(action_id)
        same = old is not None and old["type"] == field.kind
        values.setdefault(block_id, {})[action_id] = old if old and same else _initial(field.element)
    return values


def _initial(element: Json) -> Json:
    kind = element["type"]
    key = VALUE_KEYS[kind]
    given = element.get("initial_" + key.removeprefix("selected_").removeprefix("rich_text_"))
    empty: Any = [] if key.endswith("s") else None
    return {"type": kind, key: given if given is not None else empty}


def options_of(element: Json) -> list[Json]:
    """Return an element's options, those in groups as well."""
    grouped = [option for group in element.get("option_groups", []) for option in group["options"]]
    return [*element.get("options", []), *grouped]


def option_named(options: list[Json], name: str) -> Json:
    """Find an option by the text a person sees (or its value)."""
    for option in options:
        if name in {option["text"]["text"], option.get("value")}:
            return {key: option[key] for key in ("text", "value") if key in option}
    shown = ", ".join(repr(option["text"]["text"]) for option in options)
    raise Impossible(f"There is no option {name!r}; there are {shown or 'none'}.")


def chosen(element: Json, wanted: Any, find: FindEntity, options: list[Json] | None = None) -> Json:
    """Turn a person's choice into the element's state.

    `find(kind, name)` turns the name of a person or channel into its id; `options` are those of an external
    select, which its app just sent.
    """
    kind = element["type"]
    key = VALUE_KEYS[kind]
    many = key.endswith("s")
    if many and not isinstance(wanted, list):
        wanted = [wanted]
    if wanted is None:
        value: Any = None
    elif kind in ONE_OF | SOME_OF:
        offered = options if options is not None else options_of(element)
        value = [option_named(offered, name) for name in wanted] if many else option_named(offered, wanted)
    elif kind in ENTITIES:
        value = [find(kind, name) for name in wanted] if many else find(kind, wanted)
    else:
        value = _typed(kind, wanted)
    return {"type": kind, key: value}


def _typed(kind: str, wanted: Any) -> Any:
    """Check what the client itself would not let a person enter."""
    try:
        if kind == "datepicker":
            return date.fromisoformat(str(wanted)).isoformat()
        if kind == "timepicker":
            return time.fromisoformat(str(wanted)).strftime("%H:%M")
        if kind == "datetimepicker":
            return int(wanted)
    except ValueError as error:
        raise Impossible(f"{wanted!r} cannot be entered into a {kind}.") from error
    # An emptied text field submits null, as in Slack.
    return wanted if kind == "rich_text_input" else str(wanted) or None


def action_state(state: Json) -> Json:
    """Return the part of an element's state that an action carries."""
    return {key: value for key, value in state.items() if key != "type"}
