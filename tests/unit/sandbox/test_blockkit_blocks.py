"""What may stand where, and how the parts of blocks and elements go together."""

from typing import Any

import pytest

from sandbox.blockkit import check_message, check_view
from tests.unit.sandbox.blockkit_samples import (
    BLOCKS,
    ELEMENTS,
    actions,
    button,
    field,
    home,
    modal,
    mrkdwn,
    options,
    plain,
    section,
    select,
    text_input,
)

JSON = dict[str, Any]

CHOICES = {name for name in ELEMENTS if name.endswith(("select", "picker"))} | {"checkboxes", "radio_buttons"}
PLACES = {
    "accessory": (CHOICES - {"datetimepicker"}) | {"button", "overflow", "image"},
    "actions": CHOICES | {"button", "overflow"},
    "input": CHOICES | {name for name in ELEMENTS if name.endswith("_input")},
    "context": {"image"},
}
MODAL_ONLY = {"number_input", "email_text_input", "url_text_input", "file_input"}
NOT_IN_MESSAGES = MODAL_ONLY | {"rich_text_input"}
NOT_IN_HOME = MODAL_ONLY | {"datetimepicker"}


def placed(place: str, element: JSON) -> JSON:
    """Return a block that holds this element at this place."""
    return {
        "accessory": section(accessory=element),
        "actions": actions(element),
        "input": field(element),
        "context": {"type": "context", "elements": [element]},
    }[place]


def faults(*blocks: JSON) -> tuple[str, ...]:
    """Return what Slack would say to a message of these blocks."""
    problem = check_message(list(blocks), "words")
    return problem.messages if problem else ()


def faults_in_modal(*blocks: JSON) -> tuple[str, ...]:
    """Return what Slack would say to a modal of these blocks."""
    problem = check_view(modal(*blocks))
    return problem.messages if problem else ()


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS.keys())
def test_every_surface_takes_the_common_blocks(block: JSON) -> None:
    """A message, a modal and a Home tab all take each of the common blocks."""
    assert check_message([block], "words") is None
    assert check_view(modal(block)) is None
    assert check_view(home(block)) is None


def test_only_a_message_takes_a_markdown_block() -> None:
    """A markdown block is refused in a modal and in a Home tab."""
    markdown = {"type": "markdown", "text": "**Words**"}
    assert faults(markdown) == ()
    assert faults_in_modal(markdown) == ("[ERROR] unsupported type: markdown [json-pointer:/view/blocks/0/type]",)
    assert check_view(home(markdown))


@pytest.mark.parametrize("name", ELEMENTS)
@pytest.mark.parametrize("place", PLACES)
def test_an_element_stands_only_where_slack_lets_it(place: str, name: str) -> None:
    """Each element is taken in a modal at its places and refused, by type, at all others."""
    wrong = faults_in_modal(placed(place, ELEMENTS[name]))
    assert (wrong == ()) == (name in PLACES[place])
    assert all(line.startswith(f"[ERROR] unsupported type: {name} ") for line in wrong)


@pytest.mark.parametrize("name", sorted(PLACES["input"]))
def test_a_surface_takes_only_its_own_inputs(name: str) -> None:
    """Some inputs are for modals alone, and others not for messages or not for Home tabs."""
    block = field(ELEMENTS[name])
    assert (faults(block) == ()) == (name not in NOT_IN_MESSAGES)
    assert (check_view(home(block)) is None) == (name not in NOT_IN_HOME)


@pytest.mark.parametrize(
    ("block", "line"),
    [
        ("words", "[ERROR] must provide an object [json-pointer:/blocks/0]"),
        ({}, "[ERROR] missing required field: type [json-pointer:/blocks/0]"),
        ({"type": 1}, "[ERROR] must provide a string [json-pointer:/blocks/0/type]"),
        ({"type": "video"}, "[ERROR] unsupported type: video [json-pointer:/blocks/0/type]"),
        ({"type": "header"}, "[ERROR] missing required field: text [json-pointer:/blocks/0]"),
        (
            {"type": "section"},
            "[ERROR] must define either `text` or `fields` [json-pointer:/blocks/0/type]",
        ),
        (
            {"type": "header", "text": mrkdwn()},
            "[ERROR] unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
        ),
        (
            section(text={"type": "text", "text": "words"}),
            "[ERROR] unsupported type: text [json-pointer:/blocks/0/text/type]",
        ),
        (section(text="words"), "[ERROR] must provide an object [json-pointer:/blocks/0/text]"),
        (section(text=mrkdwn("")), "[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        (section(text=mrkdwn(" \n")), "[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        (
            section(text={**mrkdwn(), "emoji": True}),
            "[ERROR] invalid additional property: emoji [json-pointer:/blocks/0/text]",
        ),
        (
            section(text={**plain(), "verbatim": True}),
            "[ERROR] invalid additional property: verbatim [json-pointer:/blocks/0/text]",
        ),
        (section(fields=plain()), "[ERROR] must provide an array [json-pointer:/blocks/0/fields]"),
        (
            section(accessory={**ELEMENTS["image"], "slack_file": {"id": "F1"}}),
            "[ERROR] must define exactly one of `image_url` or `slack_file` [json-pointer:/blocks/0/accessory]",
        ),
        (section(expand="yes"), "[ERROR] must provide a boolean [json-pointer:/blocks/0/expand]"),
        (section(accessory=None), "[ERROR] must provide an object [json-pointer:/blocks/0/accessory]"),
        (
            {"type": "image", "alt_text": "A picture"},
            "[ERROR] must define exactly one of `image_url` or `slack_file` [json-pointer:/blocks/0]",
        ),
        (
            {"type": "image", "image_url": "https://example.com/a.png"},
            "[ERROR] missing required field: alt_text [json-pointer:/blocks/0]",
        ),
        (
            {"type": "image", "alt_text": "A picture", "image_url": "a.png"},
            "[ERROR] must be a valid url [json-pointer:/blocks/0/image_url]",
        ),
    ],
)
def test_a_malformed_block_is_refused_in_slacks_words(block: Any, line: str) -> None:
    """The sentence says what is wrong and the JSON pointer where."""
    assert faults(block) == (line,)


@pytest.mark.parametrize(
    ("element", "line"),
    [
        (button(text=mrkdwn()), "unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/text/type]"),
        (button(style="default"), "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]"),
        (button(style=1), "must provide a string [json-pointer:/blocks/0/elements/0/style]"),
        (button(url="example.com"), "must be a valid url [json-pointer:/blocks/0/elements/0/url]"),
        (button(confirm={}), "missing required field: title [json-pointer:/blocks/0/elements/0/confirm]"),
        (
            select(options=options(2, mrkdwn())),
            "unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/options/0/text/type]",
        ),
        (
            select(options=[{**options(1)[0], "url": "https://example.com"}]),
            "invalid additional property: url [json-pointer:/blocks/0/elements/0/options/0]",
        ),
        (
            {"type": "static_select"},
            "must define exactly one of `options` or `option_groups` [json-pointer:/blocks/0/elements/0]",
        ),
        (
            select(option_groups=[{"label": plain(), "options": options()}]),
            "must define exactly one of `options` or `option_groups` [json-pointer:/blocks/0/elements/0]",
        ),
        (
            {**ELEMENTS["multi_static_select"], "initial_options": options(2)},
            "must not be more than `max_selected_items` [json-pointer:/blocks/0/elements/0/initial_options]",
        ),
        (
            {"type": "multi_users_select", "initial_user": "U1"},
            "invalid additional property: initial_user [json-pointer:/blocks/0/elements/0]",
        ),
        (
            {"type": "datepicker", "initial_date": "2023-02-29"},
            "must be a valid date [json-pointer:/blocks/0/elements/0/initial_date]",
        ),
        (
            {"type": "datepicker", "initial_date": "20230228"},
            "must be a valid date [json-pointer:/blocks/0/elements/0/initial_date]",
        ),
        (
            {"type": "timepicker", "initial_time": "24:00"},
            "must be a valid time [json-pointer:/blocks/0/elements/0/initial_time]",
        ),
        (
            {"type": "datetimepicker", "initial_date_time": True},
            "must provide an integer [json-pointer:/blocks/0/elements/0/initial_date_time]",
        ),
    ],
)
def test_a_malformed_element_is_refused_in_slacks_words(element: JSON, line: str) -> None:
    """The first line says what is wrong with the element and where it stands."""
    assert faults(actions(element))[0] == f"[ERROR] {line}"


@pytest.mark.parametrize(
    ("element", "line"),
    [
        (
            text_input(min_length=6, max_length=5),
            "must not be more than `max_length` [json-pointer:/view/blocks/0/element/min_length]",
        ),
        (
            text_input(initial_value="123456", max_length=5),
            "must not be more than `max_length` [json-pointer:/view/blocks/0/element/initial_value]",
        ),
        (
            text_input(initial_value=""),
            "must be more than 0 characters [json-pointer:/view/blocks/0/element/initial_value]",
        ),
        (
            text_input(dispatch_action_config={"trigger_actions_on": ["on_blur"]}),
            (
                "must be a valid enum value "
                "[json-pointer:/view/blocks/0/element/dispatch_action_config/trigger_actions_on/0]"
            ),
        ),
        (
            {"type": "number_input"},
            "missing required field: is_decimal_allowed [json-pointer:/view/blocks/0/element]",
        ),
        (
            {**ELEMENTS["number_input"], "min_value": "9.5"},
            "must not be more than `initial_value` [json-pointer:/view/blocks/0/element/min_value]",
        ),
        (
            {**ELEMENTS["number_input"], "max_value": "ten"},
            "must be a valid number [json-pointer:/view/blocks/0/element/max_value]",
        ),
        (
            {"type": "email_text_input", "initial_value": "ada"},
            "must be a valid email [json-pointer:/view/blocks/0/element/initial_value]",
        ),
    ],
)
def test_a_malformed_input_is_refused_in_slacks_words(element: JSON, line: str) -> None:
    """The line says what is wrong with the input and where it stands."""
    assert faults_in_modal(field(element)) == (f"[ERROR] {line}",)


def test_a_label_and_a_hint_are_plain_text() -> None:
    """Neither the label nor the hint of an input may be mrkdwn."""
    assert faults_in_modal(field(text_input(), label=mrkdwn()))
    assert faults_in_modal(field(text_input(), hint=mrkdwn()))


def test_an_input_of_files_dispatches_nothing() -> None:
    """`dispatch_action` on a file input is the unsupported type of Slack's documentation."""
    assert faults_in_modal(field({"type": "file_input"}, dispatch_action=True)) == (
        "[ERROR] unsupported type: file_input [json-pointer:/view/blocks/0/element/type]",
    )


@pytest.mark.parametrize("other", [{"text": plain("Else"), "value": "v0"}, {"text": plain(), "value": "else"}])
def test_what_is_chosen_at_first_is_one_of_the_options(other: JSON) -> None:
    """An initial option that differs in text or value from every option is refused."""
    for element in (
        select(initial_option=other),
        {"type": "radio_buttons", "options": options(), "initial_option": other},
        {"type": "checkboxes", "options": options(), "initial_options": [options()[0], other]},
        {**ELEMENTS["multi_static_select"], "initial_options": [other]},
    ):
        name = "initial_option" if "initial_option" in element else "initial_options"
        assert faults(actions(element)) == (
            f"[ERROR] `{name}` must match the `options` exactly [json-pointer:/blocks/0/elements/0/{name}]",
        )


def test_two_options_may_share_a_value() -> None:
    """Slack advises against the same value twice, and takes it."""
    assert faults(actions(select(options=[*options(1), *options(1)]))) == ()


def test_a_block_id_stands_once_on_a_surface() -> None:
    """A second block of the same id is refused in a message and in a view."""
    blocks = [section(block_id="a"), section(block_id="b"), section(block_id="a")]
    assert faults(*blocks) == ('[ERROR] `block_id` "a" already exists [json-pointer:/blocks/2/block_id]',)
    assert faults_in_modal(*blocks) == ('[ERROR] `block_id` "a" already exists [json-pointer:/view/blocks/2/block_id]',)


def test_an_action_id_stands_once_in_a_block() -> None:
    """The same action id twice is refused in one block and taken in two."""
    twice = button(action_id="go")
    assert faults(actions(twice, twice)) == (
        '[ERROR] `action_id` "go" already exists [json-pointer:/blocks/0/elements/1/action_id]',
    )
    assert faults(actions(twice), section(accessory=twice)) == ()


def test_all_that_is_wrong_is_said_at_once() -> None:
    """Two wrong blocks and two faults in one element give four lines, in order."""
    lines = faults(section(text=mrkdwn("")), actions(button(style="loud", colour="red", value="")))
    assert [line.split("[json-pointer:")[1] for line in lines] == [
        "/blocks/0/text/text]",
        "/blocks/1/elements/0]",
        "/blocks/1/elements/0/value]",
        "/blocks/1/elements/0/style]",
    ]
