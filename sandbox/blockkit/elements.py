"""Block elements: the fields of each, and in which blocks and on which surfaces it may stand."""

from collections.abc import Collection, Mapping, Sized
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from sandbox.blockkit.objects import (
    CONFIRM,
    CONVERSATION_FILTER,
    DISPATCH,
    LIST_OPTION,
    MENU_OPTION,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    SLACK_FILE,
    initial_among_options,
    plain,
)
from sandbox.blockkit.rich_text import RICH_TEXT
from sandbox.blockkit.shapes import (
    NONE,
    ByType,
    Chars,
    Flag,
    Int,
    ListOf,
    Record,
    Rule,
    Shape,
    choice,
    exactly_one,
    not_above,
    typed,
)
from sandbox.blockkit.syntax import DATE, EMAIL, NUMBER, TIME, URL, WEB_URL

Surface = Literal["message", "modal", "home"]
Place = Literal["section", "actions", "input", "context"]


@dataclass(frozen=True)
class Element:
    """What an element looks like, the blocks that may hold it, and the surfaces it works on."""

    name: str
    shape: Record
    places: Collection[Place]
    surfaces: Collection[Surface]


def placed(place: Place, surface: Surface) -> Mapping[str, Record]:
    """Return, by type, the elements that this kind of block may hold on this surface."""
    return {e.name: e.shape for e in ELEMENTS if place in e.places and surface in e.surfaces}


def size(value: Any) -> Any:
    """Return how long a string or list is; a number is its own size."""
    return len(value) if isinstance(value, Sized) else value


ID = Chars(255)
IDS = ListOf(ID, most=100)  # Slack names no limit for people and channels chosen beforehand
SECONDS = Int(1_000_000_000, 9_999_999_999)  # a UNIX time of ten digits

MODAL: tuple[Surface, ...] = ("modal",)
VIEWS: tuple[Surface, ...] = ("modal", "home")
EVERYWHERE: tuple[Surface, ...] = ("message", "modal", "home")

BUTTONS: tuple[Place, ...] = ("section", "actions")
CHOICES: tuple[Place, ...] = ("section", "actions", "input")
INPUT: tuple[Place, ...] = ("input",)

FOCUS: Mapping[str, Shape] = {"action_id": ID, "focus_on_load": Flag()}
PICKER: Mapping[str, Shape] = {**FOCUS, "confirm": CONFIRM}
MENU: Mapping[str, Shape] = {**PICKER, "placeholder": plain(150)}
MENU_OF_MANY: Mapping[str, Shape] = {**MENU, "max_selected_items": Int(1, 100)}
FIELD: Mapping[str, Shape] = {**FOCUS, "placeholder": plain(150), "dispatch_action_config": DISPATCH}

STATIC: Mapping[str, Shape] = {
    "options": ListOf(MENU_OPTION, most=100),
    "option_groups": ListOf(OPTION_GROUP, most=100),
}
EXTERNAL: Mapping[str, Shape] = {"min_query_length": Int(0, 255)}
CONVERSATION: Mapping[str, Shape] = {"default_to_current_conversation": Flag(), "filter": CONVERSATION_FILTER}
ANSWERING: Mapping[str, Shape] = {"response_url_enabled": Flag()}


def _element(
    name: str,
    places: Collection[Place],
    required: Mapping[str, Shape],
    optional: Mapping[str, Shape],
    *rules: Rule,
    surfaces: Collection[Surface] = EVERYWHERE,
) -> Element:
    return Element(name, typed(name, required, optional, *rules), places, surfaces)


ELEMENTS = (
    _element(
        "button",
        BUTTONS,
        {"text": plain(75)},
        {
            "action_id": ID,
            "url": URL,
            "value": Chars(2000),
            "style": choice("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": Chars(75),
        },
    ),
    _element(
        "image",
        ("section", "context"),
        {"alt_text": Chars(2000)},
        {"image_url": WEB_URL, "slack_file": SLACK_FILE},
        exactly_one("image_url", "slack_file"),
    ),
    _element(
        "overflow",
        BUTTONS,
        {"options": ListOf(OVERFLOW_OPTION, most=5)},
        {"action_id": ID, "confirm": CONFIRM},
    ),
    _element(
        "checkboxes",
        CHOICES,
        {"options": ListOf(LIST_OPTION, most=10)},
        {**PICKER, "initial_options": ListOf(LIST_OPTION, most=10)},
        initial_among_options("initial_options"),
    ),
    _element(
        "radio_buttons",
        CHOICES,
        {"options": ListOf(LIST_OPTION, most=10)},
        {**PICKER, "initial_option": LIST_OPTION},
        initial_among_options("initial_option"),
    ),
    _element(
        "static_select",
        CHOICES,
        NONE,
        {**MENU, **STATIC, "initial_option": MENU_OPTION},
        exactly_one("options", "option_groups"),
        initial_among_options("initial_option"),
    ),
    _element(
        "multi_static_select",
        CHOICES,
        NONE,
        {**MENU_OF_MANY, **STATIC, "initial_options": ListOf(MENU_OPTION, most=100)},
        exactly_one("options", "option_groups"),
        initial_among_options("initial_options"),
        not_above("initial_options", "max_selected_items", size),
    ),
    _element("external_select", CHOICES, NONE, {**MENU, **EXTERNAL, "initial_option": MENU_OPTION}),
    _element(
        "multi_external_select",
        CHOICES,
        NONE,
        {**MENU_OF_MANY, **EXTERNAL, "initial_options": ListOf(MENU_OPTION, most=100)},
        not_above("initial_options", "max_selected_items", size),
    ),
    _element("users_select", CHOICES, NONE, {**MENU, "initial_user": ID}),
    _element(
        "multi_users_select",
        CHOICES,
        NONE,
        {**MENU_OF_MANY, "initial_users": IDS},
        not_above("initial_users", "max_selected_items", size),
    ),
    _element(
        "conversations_select",
        CHOICES,
        NONE,
        {**MENU, **CONVERSATION, **ANSWERING, "initial_conversation": ID},
    ),
    _element(
        "multi_conversations_select",
        CHOICES,
        NONE,
        {**MENU_OF_MANY, **CONVERSATION, "initial_conversations": IDS},
        not_above("initial_conversations", "max_selected_items", size),
    ),
    _element("channels_select", CHOICES, NONE, {**MENU, **ANSWERING, "initial_channel": ID}),
    _element(
        "multi_channels_select",
        CHOICES,
        NONE,
        {**MENU_OF_MANY, "initial_channels": IDS},
        not_above("initial_channels", "max_selected_items", size),
    ),
    _element("datepicker", CHOICES, NONE, {**MENU, "initial_date": DATE}),
    _element("timepicker", CHOICES, NONE, {**MENU, "initial_time": TIME, "timezone": ID}),
    _element(
        "datetimepicker",
        ("actions", "input"),
        NONE,
        {**PICKER, "initial_date_time": SECONDS},
        surfaces=("message", "modal"),
    ),
    _element(
        "plain_text_input",
        INPUT,
        NONE,
        {
            **FIELD,
            "multiline": Flag(),
            "initial_value": Chars(3000),
            "min_length": Int(0, 3000),
            "max_length": Int(1, 3000),
        },
        not_above("min_length", "max_length", size),
        not_above("initial_value", "max_length", size),
    ),
    _element(
        "number_input",
        INPUT,
        {"is_decimal_allowed": Flag()},
        {**FIELD, "initial_value": NUMBER, "min_value": NUMBER, "max_value": NUMBER},
        not_above("min_value", "max_value", Decimal),
        not_above("min_value", "initial_value", Decimal),
        not_above("initial_value", "max_value", Decimal),
        surfaces=MODAL,
    ),
    _element(
        "email_text_input",
        INPUT,
        NONE,
        {**FIELD, "initial_value": EMAIL},
        surfaces=MODAL,
    ),
    _element("url_text_input", INPUT, NONE, {**FIELD, "initial_value": URL}, surfaces=MODAL),
    _element("rich_text_input", INPUT, NONE, {**FIELD, "initial_value": RICH_TEXT}, surfaces=VIEWS),
    _element(
        "file_input",
        INPUT,
        NONE,
        {"action_id": ID, "filetypes": ListOf(ID, most=100), "max_files": Int(1, 10)},
        surfaces=MODAL,
    ),
)


def by_type(place: Place, surface: Surface) -> ByType:
    """Describe any one of the elements that this kind of block may hold on this surface."""
    return ByType(placed(place, surface))
