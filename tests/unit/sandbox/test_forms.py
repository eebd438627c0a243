"""What a form begins with, and what a person's choice becomes."""

from typing import Any

import pytest

from sandbox.core.errors import Impossible
from sandbox.core.forms import chosen, initial_values, with_ids

OPTIONS = [{"text": {"type": "plain_text", "text": name}, "value": name.lower()} for name in ("Bug", "Refund")]


def find(kind: str, name: str) -> str:
    """Stand for the workspace's directory."""
    return f"{kind}:{name}"


@pytest.mark.parametrize(
    ("element", "state"),
    [
        ({"type": "plain_text_input"}, {"value": None}),
        ({"type": "plain_text_input", "initial_value": "a"}, {"value": "a"}),
        ({"type": "static_select", "initial_option": OPTIONS[0]}, {"selected_option": OPTIONS[0]}),
        ({"type": "checkboxes"}, {"selected_options": []}),
        ({"type": "multi_static_select", "initial_options": OPTIONS}, {"selected_options": OPTIONS}),
        ({"type": "users_select", "initial_user": "U1"}, {"selected_user": "U1"}),
        ({"type": "multi_conversations_select"}, {"selected_conversations": []}),
        ({"type": "datepicker", "initial_date": "2026-11-20"}, {"selected_date": "2026-11-20"}),
        ({"type": "datetimepicker", "initial_date_time": 1}, {"selected_date_time": 1}),
    ],
)
def test_each_kind_begins_with_its_initial_value(element: dict[str, Any], state: dict[str, Any]) -> None:
    """Under Slack's own name for it."""
    block = {"type": "input", "block_id": "b", "element": element | {"action_id": "a"}}
    assert initial_values([block]) == {"b": {"a": {"type": element["type"]} | state}}


@pytest.mark.parametrize(
    ("element", "wanted", "state"),
    [
        ({"type": "plain_text_input"}, "", {"value": None}),
        ({"type": "number_input"}, 7, {"value": "7"}),
        ({"type": "radio_buttons", "options": OPTIONS}, "Bug", {"selected_option": OPTIONS[0]}),
        ({"type": "checkboxes", "options": OPTIONS}, ["Refund"], {"selected_options": [OPTIONS[1]]}),
        ({"type": "checkboxes", "options": OPTIONS}, "Refund", {"selected_options": [OPTIONS[1]]}),
        (
            {"type": "static_select", "option_groups": [{"options": OPTIONS}]},
            "refund",
            {"selected_option": OPTIONS[1]},
        ),
        ({"type": "users_select"}, "alice", {"selected_user": "users_select:alice"}),
        ({"type": "multi_users_select"}, ["a"], {"selected_users": ["multi_users_select:a"]}),
        ({"type": "datepicker"}, "2026-11-20", {"selected_date": "2026-11-20"}),
        ({"type": "timepicker"}, "09:30", {"selected_time": "09:30"}),
        ({"type": "static_select", "options": OPTIONS}, None, {"selected_option": None}),
    ],
)
def test_a_choice_becomes_the_elements_state(element: dict[str, Any], wanted: Any, state: dict[str, Any]) -> None:
    """Options by their text, people by their name, days and times checked."""
    assert chosen(element, wanted, find) == {"type": element["type"]} | state


@pytest.mark.parametrize(
    ("element", "wanted"),
    [
        ({"type": "static_select", "options": OPTIONS}, "Praise"),
        ({"type": "datepicker"}, "tomorrow"),
        ({"type": "timepicker"}, "25:00"),
        ({"type": "datetimepicker"}, "soon"),
    ],
)
def test_what_is_not_offered_cannot_be_chosen(element: dict[str, Any], wanted: str) -> None:
    """The client would not let anybody."""
    with pytest.raises(Impossible):
        chosen(element, wanted, find)


def test_values_stay_only_under_the_same_ids_and_type() -> None:
    """A view that is replaced keeps what still fits."""
    before = [
        {"type": "input", "block_id": "b", "element": {"type": "plain_text_input", "action_id": "a"}},
        {"type": "input", "block_id": "c", "element": {"type": "plain_text_input", "action_id": "a"}},
    ]
    entered = initial_values(before)
    entered["b"]["a"]["value"] = entered["c"]["a"]["value"] = "Ada"
    after = [before[0], {**before[1], "element": {"type": "email_text_input", "action_id": "a"}}]
    kept = initial_values(after, entered)
    assert (kept["b"]["a"]["value"], kept["c"]["a"]["value"]) == ("Ada", None)


def test_missing_ids_are_given_and_given_ones_kept() -> None:
    """As Slack does when it stores blocks."""
    button = {"type": "button", "text": {"type": "plain_text", "text": "Go"}}
    blocks: list[dict[str, Any]] = [{"type": "actions", "block_id": "mine", "elements": [button]}, {"type": "divider"}]
    named = with_ids(blocks, lambda prefix: prefix + "1")
    assert named[0]["block_id"] == "mine"
    assert named[0]["elements"][0]["action_id"] == "a1"
    assert named[1]["block_id"] == "b1"
    assert "action_id" not in button
