"""Slack's composition objects: text, option, confirmation, and the smaller ones."""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.blockkit.shapes import (
    ByType,
    Chars,
    Flag,
    ListOf,
    Record,
    Rule,
    Shape,
    ShapeFault,
    choice,
    exactly_one,
    record,
    typed,
)
from sandbox.blockkit.syntax import URL, WEB_URL


def plain(most: int) -> ByType:
    """Describe a plain_text object of at most this many characters."""
    return ByType({"plain_text": typed("plain_text", {"text": Chars(most)}, {"emoji": Flag()})})


def text(most: int) -> ByType:
    """Describe a plain_text or mrkdwn object of at most this many characters."""
    mrkdwn = typed("mrkdwn", {"text": Chars(most)}, {"verbatim": Flag()})
    return ByType({**plain(most).shapes, "mrkdwn": mrkdwn})


def option(label: Shape, extra: Mapping[str, Shape] | None = None) -> Record:
    """Describe an entry of a menu, checkbox or radio group; `label` is the shape of its texts."""
    return record({"text": label, "value": Chars(150)}, {"description": label, **(extra or {})})


MENU_OPTION = option(plain(75))
LIST_OPTION = option(text(75))  # radio buttons and checkboxes
OVERFLOW_OPTION = option(plain(75), {"url": URL})
OPTION_GROUP = record({"label": plain(75), "options": ListOf(MENU_OPTION, most=100)})

CONFIRM = record(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": choice("primary", "danger")},
)

DISPATCH = record({"trigger_actions_on": ListOf(choice("on_enter_pressed", "on_character_entered"), most=2)})

CONVERSATION_FILTER = record(
    {},
    {
        "include": ListOf(choice("im", "mpim", "private", "public"), most=4),
        "exclude_external_shared_channels": Flag(),
        "exclude_bot_users": Flag(),
    },
)

SLACK_FILE = record({}, {"id": Chars(255), "url": WEB_URL}, exactly_one("id", "url"))


def all_options(element: Mapping[str, Any]) -> list[Any]:
    """List the options of a menu, be they in groups or not."""
    grouped = [option for group in element.get("option_groups", ()) for option in group["options"]]
    return [*element.get("options", ()), *grouped]


def initial_among_options(name: str) -> Rule:
    """Demand that what is chosen at first is among the options, alike in every field."""

    def rule(element: Mapping[str, Any], at: str) -> Iterator[ShapeFault]:
        initial = element.get(name, [])
        chosen = initial if isinstance(initial, list) else [initial]
        if any(option not in all_options(element) for option in chosen):
            yield ShapeFault(f"`{name}` must match the `options` exactly", f"{at}/{name}")

    return rule
