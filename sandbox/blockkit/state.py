"""What a person filled in: whether a view can hold it, and whether Slack's client would send it.

`values` is `view.state.values` as Slack sends it: by block id, by action id, an object with the element's
type and its value. The view needs the block ids and action ids Slack would have given where it named none.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from sandbox.blockkit.blocks import elements_of
from sandbox.blockkit.objects import all_options
from sandbox.blockkit.shapes import Pattern, ShapeFault
from sandbox.blockkit.surfaces import Problem
from sandbox.blockkit.syntax import DATE, EMAIL, NUMBER, TIME, URL

Values = Mapping[str, Mapping[str, Any]]

VALUE_FIELDS = {
    "plain_text_input": "value",
    "number_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "rich_text_input": "rich_text_value",
    "file_input": "files",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
"""Under which name each kind of element gives its value."""

KINDS: Mapping[str, type] = {
    "rich_text_value": dict,
    "selected_option": dict,
    "selected_date_time": int,
} | dict.fromkeys((field for field in VALUE_FIELDS.values() if field.endswith("s")), list)
"""What each of those holds, where it is not a string."""

OPTIONS_ARE_KNOWN = {"static_select", "multi_static_select", "radio_buttons", "checkboxes"}

SYNTAX: Mapping[str, tuple[Pattern, str]] = {
    "number_input": (NUMBER, "Enter a number."),
    "email_text_input": (EMAIL, "Enter an e-mail address."),
    "url_text_input": (URL, "Enter a web address."),
    "datepicker": (DATE, "Enter a date."),
    "timepicker": (TIME, "Enter a time."),
}


def missing_inputs(view: Mapping[str, Any], values: Values) -> dict[str, str]:
    """Check as Slack's client does before it sends: for each input block that stops it, why."""
    sentences: dict[str, str] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            sentence = _objection(block, _value_of(block, values))
            if sentence:
                sentences[block["block_id"]] = sentence
    return sentences


def _value_of(block: Mapping[str, Any], values: Values) -> Any:
    element = block["element"]
    state = values.get(block["block_id"], {}).get(element["action_id"], {})
    return state.get(VALUE_FIELDS[element["type"]])


def _objection(block: Mapping[str, Any], value: Any) -> str | None:
    if value in (None, "", []):
        return None if block.get("optional") else "Please complete this required field."
    element = block["element"]
    return _syntax_objection(element, value) or _size_objection(element, value)


def _syntax_objection(element: Mapping[str, Any], value: Any) -> str | None:
    if element["type"] not in SYNTAX:
        return None
    pattern, sentence = SYNTAX[element["type"]]
    return None if pattern.accepts(value) else sentence


def _size_objection(element: Mapping[str, Any], value: Any) -> str | None:
    limits = (
        ("max_length", lambda most: len(value) > most, "Use at most {} characters."),
        ("min_length", lambda least: len(value) < least, "Use at least {} characters."),
        ("max_selected_items", lambda most: len(value) > most, "Choose at most {}."),
        ("max_files", lambda most: len(value) > most, "Add at most {} files."),
        ("is_decimal_allowed", lambda allowed: not allowed and "." in value, "Enter a whole number."),
        ("max_value", lambda most: Decimal(value) > Decimal(most), "Enter a number of at most {}."),
        ("min_value", lambda least: Decimal(value) < Decimal(least), "Enter a number of at least {}."),
    )
    for name, breaks, sentence in limits:
        if name in element and breaks(element[name]):
            return sentence.format(element[name])
    return None


def check_view_state(view: Mapping[str, Any], state_values: Values) -> Problem | None:
    """Say what is impossible about these values: no person could have sent them from this view.

    A block or element the view does not have, a value of another element's kind, an option that was not
    offered, or an input that Slack's client would have stopped.
    """
    faults = [*_strangers(view, state_values)] or [*_stopped(view, state_values)]
    return Problem("invalid_arguments", tuple(map(str, faults))) if faults else None


def _strangers(view: Mapping[str, Any], values: Values) -> Iterator[ShapeFault]:
    blocks = {block.get("block_id"): block for block in view["blocks"]}
    for block_id, states in values.items():
        at = f"/view/state/values/{_escaped(block_id)}"
        if block_id not in blocks:
            yield ShapeFault(f"no block with the `block_id` {block_id}", at)
            continue
        elements = {e.get("action_id"): e for e, _ in elements_of(blocks[block_id], at)}
        for action_id, state in states.items():
            yield from _misfit(elements.get(action_id), state, f"{at}/{_escaped(action_id)}")


def _misfit(element: Mapping[str, Any] | None, state: Mapping[str, Any], at: str) -> Iterator[ShapeFault]:
    if element is None or element["type"] not in VALUE_FIELDS:
        yield ShapeFault("no input with this `action_id`", at)
        return
    field = VALUE_FIELDS[element["type"]]
    value = state.get(field)
    if state.get("type") != element["type"]:
        yield ShapeFault(f"must be of the element's type, {element['type']}", f"{at}/type")
    elif state.keys() - {"type", field}:
        yield ShapeFault(f"must hold `{field}` and no other value", at)
    elif value is not None and not isinstance(value, KINDS.get(field, str)):
        yield ShapeFault(f"is not what `{field}` holds", f"{at}/{field}")
    elif element["type"] in OPTIONS_ARE_KNOWN:
        yield from _not_offered(element, value, f"{at}/{field}")


def _not_offered(element: Mapping[str, Any], chosen: Any, at: str) -> Iterator[ShapeFault]:
    picked = chosen if isinstance(chosen, list) else [chosen]
    # Slack fills in `emoji` in what it sends back, so options are told apart by their value alone.
    offered = [option["value"] for option in all_options(element)]
    for option in picked:
        if option is not None and (not isinstance(option, dict) or option.get("value") not in offered):
            yield ShapeFault("is not one of the options", at)


def _stopped(view: Mapping[str, Any], values: Values) -> Iterator[ShapeFault]:
    for block_id, sentence in missing_inputs(view, values).items():
        yield ShapeFault(sentence, f"/view/state/values/{_escaped(block_id)}")


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
