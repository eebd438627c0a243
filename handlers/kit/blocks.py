"""Block Kit in small pieces, each within Slack's limits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from workflows.lib.markup import cut

Block = dict[str, Any]
Element = dict[str, Any]

SECTION_LIMIT = 3000
LABEL_LIMIT = 75
TITLE_LIMIT = 24
HINT_LIMIT = 2000
INPUT_LIMIT = 3000


def plain(text: str, limit: int = LABEL_LIMIT) -> Element:
    """Text as it is."""
    return {"type": "plain_text", "text": cut(text, limit), "emoji": True}


def mrkdwn(text: str, limit: int = SECTION_LIMIT) -> Element:
    """Text with Slack's mark-up; whatever a person typed in it has to be escaped already."""
    return {"type": "mrkdwn", "text": cut(text, limit)}


def section(text: str, accessory: Element | None = None) -> Block:
    """A section block: a paragraph of mrkdwn."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return {**block, "accessory": accessory} if accessory else block


def context(*texts: str) -> Block:
    """A context block: a line in small print."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts[:10]]}


def divider() -> Block:
    """A divider block: a line between two parts."""
    return {"type": "divider"}


def button(
    label: str, action: str, value: str, style: Literal["primary", "danger"] | None = None, confirm: str = ""
) -> Element:
    """A button; `confirm` is asked before it acts."""
    element: Element = {"type": "button", "text": plain(label), "action_id": action, "value": value}
    if style:
        element["style"] = style
    if confirm:
        element["confirm"] = {
            "title": plain(label, 100),
            "text": mrkdwn(confirm, 300),
            "confirm": plain("Yes", 30),
            "deny": plain("No", 30),
        }
    return element


def link_button(label: str, url: str, action: str) -> Element:
    """A button that opens a page."""
    return {"type": "button", "text": plain(label), "url": url, "action_id": action}


def actions(elements: Iterable[Element], block_id: str | None = None) -> list[Block]:
    """A row of buttons; nothing when there are none."""
    row = list(elements)
    if not row:
        return []
    block: Block = {"type": "actions", "elements": row}
    return [{**block, "block_id": block_id} if block_id else block]


@dataclass(frozen=True)
class Choice:
    """One option of a menu."""

    value: str
    label: str
    description: str = ""

    def option(self) -> Element:
        """As Slack wants it."""
        option: Element = {"text": plain(self.label), "value": self.value}
        return {**option, "description": plain(self.description)} if self.description else option


def menu(action: str, choices: Sequence[Choice], placeholder: str, chosen: str | None = None) -> Element:
    """A menu of one choice."""
    element: Element = {
        "type": "static_select",
        "action_id": action,
        "placeholder": plain(placeholder, 150),
        "options": [choice.option() for choice in choices],
    }
    return _with_initial(element, choices, chosen)


def multi_menu(action: str, choices: Sequence[Choice], placeholder: str, chosen: Sequence[str] = ()) -> Element:
    """A menu of several choices."""
    element: Element = {
        "type": "multi_static_select",
        "action_id": action,
        "placeholder": plain(placeholder, 150),
        "options": [choice.option() for choice in choices],
    }
    initial = [choice.option() for choice in choices if choice.value in chosen]
    return {**element, "initial_options": initial} if initial else element


def people_menu(action: str, placeholder: str) -> Element:
    """A menu of the people in the workspace."""
    return {"type": "users_select", "action_id": action, "placeholder": plain(placeholder, 150)}


def overflow(action: str, choices: Sequence[Choice]) -> list[Element]:
    """The menu behind the three dots; nothing when there is nothing in it."""
    if not choices:
        return []
    return [{"type": "overflow", "action_id": action, "options": [choice.option() for choice in choices]}]


def radio(action: str, choices: Sequence[Choice], chosen: str | None = None) -> Element:
    """Some choices of which one holds."""
    options = [choice.option() for choice in choices]
    return _with_initial({"type": "radio_buttons", "action_id": action, "options": options}, choices, chosen)


def checkboxes(action: str, choices: Sequence[Choice]) -> Element:
    """Some statements, each of which may be ticked."""
    return {"type": "checkboxes", "action_id": action, "options": [choice.option() for choice in choices]}


def text_input(
    action: str, placeholder: str = "", initial: str = "", *, multiline: bool = False, limit: int | None = None
) -> Element:
    """A field to type into. Without `limit` Slack lets people type more than we take, and we say so kindly."""
    element: Element = {"type": "plain_text_input", "action_id": action, "multiline": multiline}
    if placeholder:
        element["placeholder"] = plain(placeholder, 150)
    if initial.strip():
        element["initial_value"] = initial[: limit or INPUT_LIMIT]
    if limit:
        element["max_length"] = limit
    return element


def field(block_id: str, label: str, element: Element, *, hint: str = "", optional: bool = False) -> Block:
    """A question of a modal."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, HINT_LIMIT),
        "element": element,
        "optional": optional,
    }
    return {**block, "hint": plain(hint, HINT_LIMIT)} if hint else block


def modal(  # a modal has this many parts
    title: str,
    blocks: Sequence[Block],
    *,
    callback: str,
    submit: str | None = None,
    close: str = "Cancel",
    metadata: str = "",
    notify_on_close: bool = False,
) -> dict[str, Any]:
    """A modal view with these blocks and buttons."""
    view: dict[str, Any] = {
        "type": "modal",
        "callback_id": callback,
        "title": plain(title, TITLE_LIMIT),
        "close": plain(close, TITLE_LIMIT),
        "blocks": list(blocks),
        "private_metadata": metadata,
        "notify_on_close": notify_on_close,
    }
    return {**view, "submit": plain(submit, TITLE_LIMIT)} if submit else view


def _with_initial(element: Element, choices: Sequence[Choice], chosen: str | None) -> Element:
    initial = next((choice for choice in choices if choice.value == chosen), None)
    return {**element, "initial_option": initial.option()} if initial else element
