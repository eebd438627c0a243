"""Block Kit's blocks as HTML."""

from collections.abc import Callable

import htpy as h

from sandbox.core.model import Json
from sandbox.page.elements import Attributes, draw, is_group
from sandbox.page.reading import emoji
from sandbox.page.rich_text import rich_text
from sandbox.page.surface import Surface


def draw_blocks(surface: Surface, blocks: list[Json]) -> h.Node:
    """All blocks, in their order."""
    return [DRAWN.get(block["type"], _unknown)(surface, block) for block in blocks]


def _section(surface: Surface, block: Json) -> h.Node:
    reading, accessory = surface.reading, block.get("accessory")
    return h.div(".block.section")[
        h.div(".section-text")[
            reading.text(block.get("text")),
            block.get("fields") and h.div(".fields")[[h.div[reading.text(one)] for one in block["fields"]]],
        ],
        accessory and h.div(".section-side")[draw(surface, block, accessory)],
    ]


def _actions(surface: Surface, block: Json) -> h.Node:
    return h.div(".block.actions")[[draw(surface, block, one) for one in block["elements"]]]


def _context(surface: Surface, block: Json) -> h.Node:
    return h.div(".block.context")[[_context_part(surface, one) for one in block["elements"]]]


def _context_part(surface: Surface, one: Json) -> h.Node:
    if one["type"] == "image":
        return h.img(".tiny", src=one.get("image_url", ""), alt=one.get("alt_text", ""))
    return h.div[surface.reading.text(one)]


def _header(surface: Surface, block: Json) -> h.Node:
    return h.h3(".block.header")[surface.reading.text(block["text"])]


def _divider(_surface: Surface, _block: Json) -> h.Node:
    return h.hr(".block")


def _image(surface: Surface, block: Json) -> h.Node:
    return h.figure(".block.image")[
        block.get("title") and h.figcaption[surface.reading.text(block["title"])],
        h.img(src=block.get("image_url", ""), alt=block.get("alt_text", "")),
    ]


def _markdown(surface: Surface, block: Json) -> h.Node:
    return h.div(".block")[surface.reading.mrkdwn(block["text"])]


def _rich_text(surface: Surface, block: Json) -> h.Node:
    return h.div(".block")[[rich_text(surface.reading, part) for part in block["elements"]]]


def _input(surface: Surface, block: Json) -> h.Node:
    """A question: its label, its field, its hint, and what is wrong with the answer."""
    element, error = block["element"], surface.errors.get(block["block_id"])
    id_ = surface.id_of(block, element)
    more = [f"{id_}-hint"] if "hint" in block else []
    about: Attributes = {"aria-describedby": " ".join([*more, *([f"{id_}-error"] if error else [])]) or None}
    about |= {"aria-invalid": "true" if error else None}
    label = [surface.reading.text(block["label"]), block.get("optional") and h.span(".optional")[" (optional)"]]
    parts: list[h.Node] = [
        draw(surface, block, element, about),
        "hint" in block and h.p(".hint", id=f"{id_}-hint")[surface.reading.text(block["hint"])],
        error and h.p(".error", id=f"{id_}-error")[emoji(error)],
    ]
    if is_group(element):
        return h.fieldset(".block.input", about, id=id_)[h.legend(".label")[label], parts]
    return h.div(class_=["block", "input", {"wrong": bool(error)}])[h.label(".label", for_=id_)[label], parts]


def _unknown(_surface: Surface, block: Json) -> h.Node:
    return h.div(".block.context")[f"[{block['type']}]"]


DRAWN: dict[str, Callable[[Surface, Json], h.Node]] = {
    "section": _section,
    "actions": _actions,
    "context": _context,
    "header": _header,
    "divider": _divider,
    "image": _image,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "input": _input,
}
