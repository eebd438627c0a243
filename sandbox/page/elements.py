"""Block Kit's elements as HTML: what can be pressed, picked and filled in."""

from datetime import UTC, datetime

import htpy as h

from sandbox.core.forms import options_of
from sandbox.core.model import Json
from sandbox.page.reading import emoji
from sandbox.page.surface import Surface, name_of, said

Attributes = dict[str, h.Attribute]

TEXT_FIELDS = {"plain_text_input": "text", "email_text_input": "email", "url_text_input": "url", "number_input": "text"}
PICKERS = {"datepicker": "date", "timepicker": "time", "datetimepicker": "datetime-local"}
LOCAL = "%Y-%m-%dT%H:%M"
LONG = 8
"""More boxes than this scroll."""


def is_group(element: Json) -> bool:
    """Whether it is drawn as several boxes to tick, which have a common legend and no single label."""
    return element["type"] in {"radio_buttons", "checkboxes"} or str(element["type"]).startswith("multi_")


def draw(surface: Surface, block: Json, element: Json, about: Attributes | None = None) -> h.Node:
    """An element. `about` ties a field to its hint and error; None: it has no label beside it."""
    kind = element["type"]
    if kind in {"button", "workflow_button"}:
        return _button(surface, block, element)
    if kind == "overflow":
        return _overflow(surface, block, element)
    if kind == "image":
        return h.img(".accessory", src=element.get("image_url", ""), alt=element.get("alt_text", ""))
    drawn = _boxes(surface, block, element) if is_group(element) else _field(surface, block, element, about)
    return drawn if surface.in_form else _by_itself(surface, block, element, drawn)


def _by_itself(surface: Surface, block: Json, element: Json, drawn: h.Node) -> h.Element:
    """A field that stands outside a modal: the app hears of a change at once."""
    hidden = {"on": surface.on, "block": block["block_id"], "action": element["action_id"]}
    return h.form(
        ".by-itself", {"phx-change": "choose", "phx-submit": "choose"}, id=surface.id_of(block, element, "form")
    )[(h.input(type="hidden", name=name, value=value) for name, value in hidden.items()), drawn]


def _button(surface: Surface, block: Json, element: Json) -> h.Element:
    style = element.get("style", "plain")
    about: Attributes = surface.click("use", block, element) | {"id": surface.id_of(block, element)}
    label = emoji(said(element["text"]))
    if str(element.get("url", "")).startswith(("https://", "http://")):
        return h.a(f".button.{style}", about, href=element["url"], target="_blank", rel="noopener")[label]
    return h.button(f".button.{style}", about, type="button", aria_label=element.get("accessibility_label"))[label]


def _overflow(surface: Surface, block: Json, element: Json) -> h.Element:
    key = surface.id_of(block, element)
    options = [
        h.li(role="none")[
            h.button(surface.click("use", block, element, option["value"]), type="button", role="menuitem")[
                emoji(said(option["text"]))
            ]
        ]
        for option in options_of(element)
    ]
    return h.div(".overflow")[
        menu_button(key, "More actions", opened=surface.menu == key),
        surface.menu == key and h.ul(".menu", role="menu", aria_label="More actions")[options],
    ]


def menu_button(key: str, label: str, *, opened: bool) -> h.Element:
    """The three dots that open a menu."""
    return h.button(
        ".button.plain.dots",
        {"phx-click": "menu", "phx-value-key": key},
        id=key,
        type="button",
        aria_label=label,
        title=label,
        aria_haspopup="menu",
        aria_expanded="true" if opened else "false",
    )["⋯"]


# ----------------------------------------------------------------------------------------------- one field


def _field(surface: Surface, block: Json, element: Json, about: Attributes | None) -> h.Node:
    kind, held = element["type"], surface.held(block, element)
    own: Attributes = {
        "id": surface.id_of(block, element),
        "name": name_of(block, element) if surface.in_form else "value",
        **({"aria-label": _label(block, element)} if about is None else about),
    }
    if kind in PICKERS:
        return h.input(".field", own, type=PICKERS[kind], value=_picked(surface, kind, held))
    if kind.endswith("_select"):
        return _select(surface, element, held, own)
    text = "" if held is None else str(held)
    own |= {"placeholder": emoji(said(element.get("placeholder"))) or None, "phx-debounce": "120"}
    own |= {"maxlength": element.get("max_length"), "autocomplete": "off"}
    if element.get("multiline"):
        return h.textarea(".field", own, rows="5")["\n" + text]
    return h.input(".field", own, type=TEXT_FIELDS.get(kind, "text"), value=text)


def _label(block: Json, element: Json) -> str:
    return said(element.get("placeholder")) or said(block.get("text"))[:80] or str(element["action_id"])


def _picked(surface: Surface, kind: str, held: object) -> str | None:
    if held is None or kind != "datetimepicker":
        return None if held is None else str(held)
    return surface.reading.at(str(held)).strftime(LOCAL)


def entered(surface: Surface, element: Json, values: list[str]) -> object:
    """What a form sent for an element, as a person's choice."""
    if is_group(element) and element["type"] != "radio_buttons":
        return values
    value = values[0] if values else ""
    if element["type"] == "datetimepicker" and value:
        local = datetime.strptime(value, LOCAL).replace(tzinfo=surface.reading.zone)
        return int(local.astimezone(UTC).timestamp())
    if element["type"] in TEXT_FIELDS:
        return value
    return value or None


def _select(surface: Surface, element: Json, held: object, own: Attributes) -> h.Node:
    if element["type"] == "external_select":
        return h.input(".field", own, {"phx-debounce": "blur"}, value=_option_of(held))
    chosen = _option_of(held)
    nothing = h.option(value="", selected=not chosen)[emoji(said(element.get("placeholder"))) or "Choose"]
    return h.select(".field", own)[nothing, _options(surface, element, chosen)]


def _option_of(held: object) -> str:
    """The value of what is chosen: an option's value, or an id."""
    if isinstance(held, dict):
        return str(held.get("value", ""))
    return "" if held is None else str(held)


def _options(surface: Surface, element: Json, chosen: str) -> h.Node:
    if "option_groups" in element:
        return [
            h.optgroup(label=emoji(said(group["label"])))[_option_list(group["options"], chosen)]
            for group in element["option_groups"]
        ]
    return _option_list(offered(surface, element), chosen)


def _option_list(options: list[Json], chosen: str) -> h.Node:
    return [h.option(value=one["value"], selected=one["value"] == chosen)[_shown(one)] for one in options]


def _shown(option: Json) -> str:
    more = emoji(said(option.get("description")))
    return emoji(said(option["text"])) + (f" ({more})" if more else "")


def offered(surface: Surface, element: Json) -> list[Json]:
    """What can be chosen: the app's options, or the people or channels there are."""
    kind, workspace = str(element["type"]), surface.reading.workspace
    if "users" in kind:
        people = [user for user in workspace.users.values() if not user.deleted and not user.is_bot]
        return [_made(user.id, user.real_name) for user in people]
    if "channels" in kind or "conversations" in kind:
        channels = [one for one in workspace.channels.values() if one.kind in {"channel", "group"}]
        return [_made(one.id, f"#{one.name}") for one in channels if not one.is_archived]
    return options_of(element)


def _made(value: str, text: str) -> Json:
    return {"value": value, "text": {"type": "plain_text", "text": text}}


# --------------------------------------------------------------------------------------------- boxes to tick


def _boxes(surface: Surface, block: Json, element: Json) -> h.Node:
    kind = "radio" if element["type"] == "radio_buttons" else "checkbox"
    held = surface.held(block, element)
    ticked = {_option_of(one) for one in (held if isinstance(held, list) else [held])}
    name = name_of(block, element) if surface.in_form else "value"
    return h.div(class_=["boxes", {"long": len(offered(surface, element)) > LONG}])[
        [
            _box(surface, kind, name, surface.id_of(block, element, number), option, ticked)
            for number, option in enumerate(offered(surface, element))
        ]
    ]


def _box(surface: Surface, kind: str, name: str, id_: str, option: Json, ticked: set[str]) -> h.Element:
    value = str(option["value"])
    return h.label(".box", for_=id_)[
        h.input(type=kind, id=id_, name=name, value=value, checked=value in ticked),
        h.span[
            h.span(".box-text")[surface.reading.text(option["text"])],
            option.get("description") and h.small[surface.reading.text(option["description"])],
        ],
    ]
