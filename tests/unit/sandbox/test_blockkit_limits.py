"""Every limit: taken at the limit, refused one above it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.blockkit import Problem, check_message, check_view
from tests.unit.sandbox.blockkit_samples import (
    ELEMENTS,
    actions,
    button,
    confirm,
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
Build = Callable[[int], JSON]


def image(**changes: Any) -> JSON:
    """Return an image, which is a block and an element."""
    return {**ELEMENTS["image"], **changes}


def url(length: int) -> str:
    """Return a URL of this many characters."""
    return "https://".ljust(length, "x")


def one_option(**changes: Any) -> list[JSON]:
    """Return a list of one option with these changes."""
    return [{**options(1)[0], **changes}]


def group(**changes: Any) -> JSON:
    """Return an option group."""
    return {"label": plain(), "options": options(), **changes}


def texts(build: Callable[[str], JSON]) -> Build:
    """Return what builds the block around a text of n characters."""
    return lambda n: build("x" * n)


def confirming(name: str) -> Build:
    """Return what builds a button whose confirmation has a text of n characters under this name."""
    return texts(lambda words: actions(button(confirm=confirm(**{name: plain(words)}))))


CHARACTERS: list[tuple[str, int, str, Build]] = [
    ("section text", 3000, "/text/text", texts(lambda t: section(text=mrkdwn(t)))),
    ("section field", 2000, "/fields/0/text", texts(lambda t: section(fields=[plain(t)]))),
    ("header", 150, "/text/text", texts(lambda t: {"type": "header", "text": plain(t)})),
    ("context text", 3000, "/elements/0/text", texts(lambda t: {"type": "context", "elements": [plain(t)]})),
    ("block_id", 255, "/block_id", texts(lambda t: section(block_id=t))),
    ("action_id", 255, "/elements/0/action_id", texts(lambda t: actions(button(action_id=t)))),
    ("button text", 75, "/elements/0/text/text", texts(lambda t: actions(button(text=plain(t))))),
    ("button value", 2000, "/elements/0/value", texts(lambda t: actions(button(value=t)))),
    ("button url", 3000, "/elements/0/url", lambda n: actions(button(url=url(n)))),
    (
        "accessibility label",
        75,
        "/elements/0/accessibility_label",
        texts(lambda t: actions(button(accessibility_label=t))),
    ),
    ("image alt_text", 2000, "/alt_text", texts(lambda t: image(alt_text=t))),
    ("image_url", 3000, "/image_url", lambda n: image(image_url=url(n))),
    ("image title", 2000, "/title/text", texts(lambda t: image(title=plain(t)))),
    ("accessory alt_text", 2000, "/accessory/alt_text", texts(lambda t: section(accessory=image(alt_text=t)))),
    ("input label", 2000, "/label/text", texts(lambda t: field(text_input(), label=plain(t)))),
    ("input hint", 2000, "/hint/text", texts(lambda t: field(text_input(), hint=plain(t)))),
    (
        "placeholder",
        150,
        "/element/placeholder/text",
        texts(lambda t: field(text_input(placeholder=plain(t)))),
    ),
    (
        "menu placeholder",
        150,
        "/accessory/placeholder/text",
        texts(lambda t: section(accessory=select(placeholder=plain(t)))),
    ),
    ("initial_value", 3000, "/element/initial_value", texts(lambda t: field(text_input(initial_value=t)))),
    (
        "option text",
        75,
        "/accessory/options/0/text/text",
        texts(lambda t: section(accessory=select(options=one_option(text=plain(t))))),
    ),
    (
        "option value",
        150,
        "/accessory/options/0/value",
        texts(lambda t: section(accessory=select(options=one_option(value=t)))),
    ),
    (
        "option description",
        75,
        "/accessory/options/0/description/text",
        texts(lambda t: section(accessory=select(options=one_option(description=plain(t))))),
    ),
    (
        "radio option text",
        75,
        "/element/options/0/text/text",
        texts(lambda t: field({"type": "radio_buttons", "options": one_option(text=mrkdwn(t))})),
    ),
    (
        "overflow url",
        3000,
        "/accessory/options/0/url",
        lambda n: section(accessory={"type": "overflow", "options": one_option(url=url(n))}),
    ),
    (
        "overflow text",
        75,
        "/accessory/options/0/text/text",
        texts(lambda t: section(accessory={"type": "overflow", "options": one_option(text=plain(t))})),
    ),
    (
        "group label",
        75,
        "/element/option_groups/0/label/text",
        texts(lambda t: field({"type": "static_select", "option_groups": [group(label=plain(t))]})),
    ),
    *(
        (
            f"confirm {name}",
            most,
            f"/elements/0/confirm/{name}/text",
            confirming(name),
        )
        for name, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30))
    ),
]

ITEMS: list[tuple[str, int, str, Build]] = [
    ("fields", 10, "/fields", lambda n: section(fields=[plain()] * n)),
    ("context elements", 10, "/elements", lambda n: {"type": "context", "elements": [mrkdwn()] * n}),
    ("actions elements", 25, "/elements", lambda n: actions(*[button()] * n)),
    ("select options", 100, "/accessory/options", lambda n: section(accessory=select(options=options(n)))),
    (
        "multi-select options",
        100,
        "/element/options",
        lambda n: field({"type": "multi_static_select", "options": options(n)}),
    ),
    (
        "option groups",
        100,
        "/element/option_groups",
        lambda n: field({"type": "static_select", "option_groups": [group(options=options(1))] * n}),
    ),
    (
        "options of a group",
        100,
        "/element/option_groups/0/options",
        lambda n: field({"type": "static_select", "option_groups": [group(options=options(n))]}),
    ),
    *(
        (
            f"{name} options",
            most,
            "/elements/0/options",
            lambda n, name=name: actions({"type": name, "options": options(n)}),
        )
        for name, most in (("radio_buttons", 10), ("checkboxes", 10), ("overflow", 5))
    ),
]


def messages_of(block: JSON) -> tuple[str, ...]:
    """Return what Slack would say to a modal of this block; a message may be too long as a whole."""
    problem = check_view(modal(block))
    return problem.messages if problem else ()


@pytest.mark.parametrize(("name", "most", "pointer", "build"), CHARACTERS, ids=lambda v: str(v)[:24])
def test_a_text_may_be_as_long_as_the_limit_and_no_longer(name: str, most: int, pointer: str, build: Build) -> None:
    """Each text is taken at its limit and refused, with the number, one character above it."""
    assert messages_of(build(most)) == (), name
    sentence = f"[ERROR] must be less than {most + 1} characters [json-pointer:/view/blocks/0{pointer}]"
    assert messages_of(build(most + 1)) == (sentence,)


@pytest.mark.parametrize(("name", "most", "pointer", "build"), ITEMS, ids=lambda v: str(v)[:24])
def test_a_list_holds_from_one_to_the_limit(name: str, most: int, pointer: str, build: Build) -> None:
    """Each list is taken with one item and at its limit, and refused when empty or one above it."""
    at = f"[json-pointer:/view/blocks/0{pointer}]"
    assert messages_of(build(1)) == messages_of(build(most)) == (), name
    assert messages_of(build(most + 1)) == (f"[ERROR] no more than {most} items allowed {at}",)
    assert messages_of(build(0)) == (f"[ERROR] must provide at least 1 items {at}",)


@pytest.mark.parametrize(
    ("element", "name", "low", "high"),
    [
        ("plain_text_input", "max_length", 1, 3000),
        ("plain_text_input", "min_length", 0, 3000),
        ("multi_users_select", "max_selected_items", 1, 100),
        ("file_input", "max_files", 1, 10),
        ("datetimepicker", "initial_date_time", 1_000_000_000, 9_999_999_999),
        ("external_select", "min_query_length", 0, 255),
    ],
)
def test_a_number_stays_between_its_bounds(element: str, name: str, low: int, high: int) -> None:
    """Each number is taken at both bounds and refused just outside them."""
    at = f"[json-pointer:/view/blocks/0/element/{name}]"
    assert messages_of(field({"type": element, name: low})) == ()
    assert messages_of(field({"type": element, name: high})) == ()
    assert messages_of(field({"type": element, name: low - 1})) == (f"[ERROR] must be greater than {low - 1} {at}",)
    assert messages_of(field({"type": element, name: high + 1})) == (f"[ERROR] must be less than {high + 1} {at}",)


def test_a_message_holds_fifty_blocks() -> None:
    """Fifty blocks are taken; fifty-one are refused."""
    divider = {"type": "divider"}
    assert check_message([divider] * 50, "words") is None
    problem = check_message([divider] * 51, "words")
    assert problem
    assert problem.error == "invalid_blocks"
    assert problem.messages == ("[ERROR] no more than 50 items allowed [json-pointer:/blocks]",)


@pytest.mark.parametrize("surface", [modal, home])
def test_a_view_holds_a_hundred_blocks(surface: Callable[..., JSON]) -> None:
    """A hundred blocks are taken in a modal and in a Home tab; a hundred and one are refused."""
    divider = {"type": "divider"}
    assert check_view(surface(*[divider] * 100)) is None
    problem = check_view(surface(*[divider] * 101))
    assert problem
    assert problem.messages == ("[ERROR] no more than 100 items allowed [json-pointer:/view/blocks]",)


def test_a_message_as_a_whole_has_a_limit_that_a_view_does_not_share() -> None:
    """Texts of 13 200 characters, 50 of them counted for each block, are taken; one more is too long."""
    full = [section(text=mrkdwn("x" * 3000))] * 4
    assert check_message([*full, section(text=mrkdwn("x" * 950))], "words") is None
    longer = [*full, section(text=mrkdwn("x" * 900), fields=[plain("x" * 51)])]
    assert check_message(longer, "words") == Problem("msg_blocks_too_long")
    assert check_view(modal(*longer)) is None


def test_a_markdown_block_holds_12_000_characters() -> None:
    """The longest of all texts stands in a message alone; one character more is refused."""
    assert check_message([{"type": "markdown", "text": "x" * 12_000}], "words") is None
    problem = check_message([{"type": "markdown", "text": "x" * 12_001}], "words")
    assert problem
    assert problem.error == "invalid_blocks"


def test_a_view_weighs_at_most_250_kilobytes() -> None:
    """A modal of 250 000 bytes of JSON is taken; one byte more is too large, though every part fits."""
    blocks = [section(text=mrkdwn("x" * 3000))] * 80
    padding = 250_000 - len(json.dumps(modal(*blocks, section(fields=[plain("")] * 10))))
    rest, last = divmod(padding, 10)
    fields = [plain("x" * rest)] * 9
    view = modal(*blocks, section(fields=[*fields, plain("x" * (rest + last))]))
    assert check_view(view) is None
    view["blocks"][-1]["fields"][-1]["text"] += "x"
    assert check_view(view) == Problem("view_too_large")


@pytest.mark.parametrize("name", ["title", "submit", "close"])
def test_the_words_of_a_modal_hold_24_characters(name: str) -> None:
    """Title, submit and close are taken at 24 characters and refused at 25."""
    assert check_view(modal(**{name: plain("x" * 24)})) is None
    problem = check_view(modal(**{name: plain("x" * 25)}))
    assert problem
    assert problem.messages == (f"[ERROR] must be less than 25 characters [json-pointer:/view/{name}/text]",)


@pytest.mark.parametrize(("name", "most"), [("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)])
@pytest.mark.parametrize("surface", [modal, home])
def test_what_an_app_keeps_with_a_view_is_limited(surface: Callable[..., JSON], name: str, most: int) -> None:
    """Metadata and ids may be empty, are taken at their limit and refused one character above it."""
    assert check_view(surface(**{name: ""})) is None
    assert check_view(surface(**{name: "x" * most})) is None
    problem = check_view(surface(**{name: "x" * (most + 1)}))
    assert problem
    assert problem.error == "invalid_arguments"
