"""Blocks, elements and views that Slack takes, for tests to bend."""

from collections.abc import Mapping
from typing import Any

JSON = dict[str, Any]


def plain(text: str = "Words") -> JSON:
    """Return a plain_text object."""
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "*Words*") -> JSON:
    """Return a mrkdwn object."""
    return {"type": "mrkdwn", "text": text}


def options(count: int = 2, label: JSON | None = None) -> list[JSON]:
    """Return this many options with values of their own."""
    return [{"text": label or plain(), "value": f"v{number}"} for number in range(count)]


def confirm(**changes: Any) -> JSON:
    """Return a confirmation."""
    words = {"title": plain(), "text": mrkdwn(), "confirm": plain(), "deny": plain()}
    return {**words, **changes}


def section(**changes: Any) -> JSON:
    """Return a section block."""
    return {"type": "section", "text": mrkdwn(), **changes}


def actions(*elements: JSON) -> JSON:
    """Return an actions block."""
    return {"type": "actions", "elements": list(elements)}


def field(element: JSON, **changes: Any) -> JSON:
    """Return an input block around this element."""
    return {"type": "input", "label": plain(), "element": element, **changes}


def button(**changes: Any) -> JSON:
    """Return a button."""
    return {"type": "button", "text": plain(), **changes}


def select(**changes: Any) -> JSON:
    """Return a static_select."""
    return {"type": "static_select", "options": options(), **changes}


def text_input(**changes: Any) -> JSON:
    """Return a plain_text_input."""
    return {"type": "plain_text_input", **changes}


def modal(*blocks: JSON, **changes: Any) -> JSON:
    """Return a modal that can be submitted."""
    return {"type": "modal", "title": plain(), "submit": plain(), "blocks": list(blocks), **changes}


def home(*blocks: JSON, **changes: Any) -> JSON:
    """Return a Home tab."""
    return {"type": "home", "blocks": list(blocks), **changes}


RICH_TEXT: JSON = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "Said ", "style": {"bold": True}},
                {"type": "text", "text": " "},
                {"type": "link", "url": "https://example.com/a", "text": "here"},
                {"type": "user", "user_id": "U1"},
                {"type": "emoji", "name": "tada"},
                {"type": "broadcast", "range": "here"},
                {"type": "date", "timestamp": 1_720_710_212, "format": "{date_num}", "fallback": "a day"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "indent": 1,
            "elements": [{"type": "rich_text_section", "elements": []}],
        },
        {"type": "rich_text_quote", "elements": [{"type": "channel", "channel_id": "C1"}]},
        {"type": "rich_text_preformatted", "border": 0, "elements": [{"type": "text", "text": "x = 1"}]},
    ],
}

ELEMENTS: Mapping[str, JSON] = {
    "button": button(
        action_id="go",
        url="https://example.com",
        value="v",
        style="primary",
        confirm=confirm(style="danger"),
        accessibility_label="Go on",
    ),
    "image": {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A picture"},
    "overflow": {"type": "overflow", "options": [{**options(1)[0], "url": "https://example.com"}]},
    "checkboxes": {
        "type": "checkboxes",
        "options": options(2, mrkdwn()),
        "initial_options": options(1, mrkdwn()),
    },
    "radio_buttons": {
        "type": "radio_buttons",
        "options": options(2, mrkdwn()),
        "initial_option": options(1, mrkdwn())[0],
        "focus_on_load": True,
    },
    "static_select": select(action_id="pick", placeholder=plain(), initial_option=options()[1], confirm=confirm()),
    "multi_static_select": {
        "type": "multi_static_select",
        "option_groups": [{"label": plain(), "options": options()}],
        "initial_options": options(1),
        "max_selected_items": 1,
    },
    "external_select": {"type": "external_select", "min_query_length": 3, "initial_option": options()[0]},
    "multi_external_select": {"type": "multi_external_select", "initial_options": options()},
    "users_select": {"type": "users_select", "initial_user": "U1"},
    "multi_users_select": {"type": "multi_users_select", "initial_users": ["U1"], "max_selected_items": 3},
    "conversations_select": {
        "type": "conversations_select",
        "default_to_current_conversation": True,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    },
    "multi_conversations_select": {"type": "multi_conversations_select", "initial_conversations": ["C1"]},
    "channels_select": {"type": "channels_select", "initial_channel": "C1"},
    "multi_channels_select": {"type": "multi_channels_select", "initial_channels": ["C1", "C2"]},
    "datepicker": {"type": "datepicker", "initial_date": "2024-02-29", "placeholder": plain()},
    "timepicker": {"type": "timepicker", "initial_time": "23:59", "timezone": "Europe/Berlin"},
    "datetimepicker": {"type": "datetimepicker", "initial_date_time": 1_628_633_820},
    "plain_text_input": text_input(
        action_id="said",
        multiline=True,
        initial_value="Hello",
        min_length=2,
        max_length=5,
        placeholder=plain(),
        dispatch_action_config={"trigger_actions_on": ["on_enter_pressed"]},
    ),
    "number_input": {
        "type": "number_input",
        "is_decimal_allowed": True,
        "min_value": "-1.5",
        "initial_value": "9",
        "max_value": "10",
    },
    "email_text_input": {"type": "email_text_input", "initial_value": "ada@example.com"},
    "url_text_input": {"type": "url_text_input", "initial_value": "https://example.com"},
    "rich_text_input": {"type": "rich_text_input", "initial_value": RICH_TEXT},
    "file_input": {"type": "file_input", "filetypes": ["png"], "max_files": 1},
}
"""One of each element Slack takes, with most of its fields."""

BLOCKS: Mapping[str, JSON] = {
    "section": section(block_id="s", fields=[plain(), mrkdwn()], accessory=button(), expand=True),
    "context": {"type": "context", "elements": [mrkdwn(), ELEMENTS["image"]]},
    "actions": actions(ELEMENTS["button"], ELEMENTS["static_select"], ELEMENTS["overflow"]),
    "input": field(ELEMENTS["plain_text_input"], hint=plain(), optional=True, dispatch_action=True),
    "divider": {"type": "divider"},
    "header": {"type": "header", "text": {**plain(), "emoji": True}},
    "image": {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "A picture", "title": plain()},
    "rich_text": RICH_TEXT,
}
"""One of each block that every surface takes."""
