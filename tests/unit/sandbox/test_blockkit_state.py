"""What a person filled in: what Slack's client stops, and what no client could have sent."""

from typing import Any

import pytest

from sandbox.blockkit import check_view_state, missing_inputs
from tests.unit.sandbox.blockkit_samples import ELEMENTS, actions, button, field, modal, options, section, text_input

JSON = dict[str, Any]

REQUIRED = "Please complete this required field."


def asked(element: JSON, **changes: Any) -> JSON:
    """Return a modal that asks for this one thing."""
    return modal(field({**element, "action_id": "a"}, block_id="b", **changes))


def filled(kind: str, field_name: str, value: Any) -> dict[str, dict[str, JSON]]:
    """Return the state of that one thing."""
    return {"b": {"a": {"type": kind, field_name: value}}}


@pytest.mark.parametrize(
    ("element", "field_name", "empty"),
    [
        (text_input(), "value", None),
        (text_input(), "value", ""),
        ({"type": "static_select", "options": options()}, "selected_option", None),
        ({"type": "checkboxes", "options": options()}, "selected_options", []),
        ({"type": "multi_users_select"}, "selected_users", []),
        ({"type": "datepicker"}, "selected_date", None),
    ],
)
def test_an_empty_input_is_stopped_unless_it_is_optional(element: JSON, field_name: str, empty: Any) -> None:
    """Empty and required is stopped, with Slack's sentence; empty and optional is sent."""
    values = filled(element["type"], field_name, empty)
    assert missing_inputs(asked(element), values) == {"b": REQUIRED}
    assert missing_inputs(asked(element), {}) == {"b": REQUIRED}
    assert missing_inputs(asked(element, optional=True), values) == {}
    assert missing_inputs(asked(element, optional=True), {}) == {}


@pytest.mark.parametrize(
    ("element", "field_name", "good", "bad", "sentence"),
    [
        (text_input(max_length=5), "value", "12345", "123456", "Use at most 5 characters."),
        (text_input(min_length=3), "value", "123", "12", "Use at least 3 characters."),
        (
            {"type": "multi_users_select", "max_selected_items": 1},
            "selected_users",
            ["U1"],
            ["U1", "U2"],
            "Choose at most 1.",
        ),
        ({"type": "file_input", "max_files": 1}, "files", [{}], [{}, {}], "Add at most 1 files."),
        (ELEMENTS["number_input"], "value", "10", "10.1", "Enter a number of at most 10."),
        (ELEMENTS["number_input"], "value", "-1.5", "-2", "Enter a number of at least -1.5."),
        (ELEMENTS["number_input"], "value", "3", "three", "Enter a number."),
        ({"type": "number_input", "is_decimal_allowed": False}, "value", "3", "3.5", "Enter a whole number."),
        ({"type": "email_text_input"}, "value", "a@example.com", "a@", "Enter an e-mail address."),
        ({"type": "url_text_input"}, "value", "https://a.example", "a", "Enter a web address."),
        ({"type": "datepicker"}, "selected_date", "2024-02-29", "2023-02-29", "Enter a date."),
        ({"type": "timepicker"}, "selected_time", "00:00", "9:00", "Enter a time."),
    ],
)
def test_an_input_that_does_not_fit_is_stopped(
    element: JSON, field_name: str, good: Any, bad: Any, sentence: str
) -> None:
    """What is at a bound is sent, what is beyond it is stopped with a sentence."""
    kind = element["type"]
    assert missing_inputs(asked(element), filled(kind, field_name, good)) == {}
    assert missing_inputs(asked(element), filled(kind, field_name, bad)) == {"b": sentence}
    assert check_view_state(asked(element), filled(kind, field_name, good)) is None
    assert check_view_state(asked(element), filled(kind, field_name, bad)) is not None


def test_a_text_input_without_a_limit_takes_any_length() -> None:
    """Slack's client stops no text, however long, where `max_length` is not set."""
    assert missing_inputs(asked(text_input()), filled("plain_text_input", "value", "x" * 20_000)) == {}


def test_each_input_is_looked_at() -> None:
    """Two inputs that are wrong in two ways give two sentences, by block id."""
    view = modal(
        field(text_input(action_id="a"), block_id="first"),
        section(),
        field(text_input(action_id="a", max_length=1), block_id="second"),
    )
    values = {"second": {"a": {"type": "plain_text_input", "value": "ab"}}}
    assert missing_inputs(view, values) == {"first": REQUIRED, "second": "Use at most 1 characters."}


SELECT = asked({"type": "static_select", "options": options()})


@pytest.mark.parametrize(
    ("values", "line"),
    [
        (
            {"x/y": {}},
            "[ERROR] no block with the `block_id` x/y [json-pointer:/view/state/values/x~1y]",
        ),
        (
            {"b": {"z": {}}},
            "[ERROR] no input with this `action_id` [json-pointer:/view/state/values/b/z]",
        ),
        (
            filled("radio_buttons", "selected_option", options()[0]),
            "[ERROR] must be of the element's type, static_select [json-pointer:/view/state/values/b/a/type]",
        ),
        (
            filled("static_select", "value", "v0"),
            "[ERROR] must hold `selected_option` and no other value [json-pointer:/view/state/values/b/a]",
        ),
        (
            filled("static_select", "selected_option", "v0"),
            "[ERROR] is not what `selected_option` holds [json-pointer:/view/state/values/b/a/selected_option]",
        ),
        (
            filled("static_select", "selected_option", options(3)[2]),
            "[ERROR] is not one of the options [json-pointer:/view/state/values/b/a/selected_option]",
        ),
        ({}, f"[ERROR] {REQUIRED} [json-pointer:/view/state/values/b]"),
    ],
)
def test_values_no_person_could_have_sent_are_named(values: Any, line: str) -> None:
    """Unknown ids, a wrong kind, an option that was not offered and an empty required input are refused."""
    problem = check_view_state(SELECT, values)
    assert problem
    assert problem.messages == (line,)


def test_an_offered_option_may_be_sent_as_slack_completes_it() -> None:
    """Slack adds `emoji` to the text of an option it sends back; it is the same option."""
    chosen = {"text": {"type": "plain_text", "text": "Words", "emoji": True}, "value": "v1"}
    assert check_view_state(SELECT, filled("static_select", "selected_option", chosen)) is None


def test_each_of_several_chosen_options_was_offered() -> None:
    """One stranger among the ticked boxes is refused."""
    view = asked({"type": "checkboxes", "options": options()})
    assert check_view_state(view, filled("checkboxes", "selected_options", options())) is None
    assert check_view_state(view, filled("checkboxes", "selected_options", options(3))) is not None


def test_a_button_holds_no_value() -> None:
    """The state of a view holds inputs and menus, never buttons."""
    view = modal({**actions(button(action_id="a")), "block_id": "b"})
    assert check_view_state(view, {}) is None
    assert check_view_state(view, filled("button", "value", "v")) is not None
