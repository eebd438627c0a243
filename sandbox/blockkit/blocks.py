"""Blocks: the fields of each, and which of them a message, a modal or a Home tab may hold."""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.blockkit.elements import Surface, by_type, placed
from sandbox.blockkit.objects import SLACK_FILE, plain, text
from sandbox.blockkit.rich_text import RICH_TEXT
from sandbox.blockkit.shapes import (
    NONE,
    ByType,
    Chars,
    Flag,
    ListOf,
    Record,
    Rule,
    Shape,
    ShapeFault,
    exactly_one,
    typed,
)
from sandbox.blockkit.syntax import WEB_URL


def _block(name: str, required: Mapping[str, Shape], optional: Mapping[str, Shape] = NONE, *rules: Rule) -> Record:
    return typed(name, required, {"block_id": Chars(255), **optional}, *rules)


def _text_or_fields(section: Mapping[str, Any], at: str) -> Iterator[ShapeFault]:
    if "text" not in section and "fields" not in section:
        yield ShapeFault("must define either `text` or `fields`", f"{at}/type")


def _no_dispatch_of_files(block: Mapping[str, Any], at: str) -> Iterator[ShapeFault]:
    if block.get("dispatch_action") and block["element"]["type"] == "file_input":
        yield ShapeFault("unsupported type: file_input", f"{at}/element/type")


DIVIDER = _block("divider", NONE)
HEADER = _block("header", {"text": plain(150)})
IMAGE = _block(
    "image",
    {"alt_text": Chars(2000)},
    {"image_url": WEB_URL, "slack_file": SLACK_FILE, "title": plain(2000)},
    exactly_one("image_url", "slack_file"),
)
MARKDOWN = _block("markdown", {"text": Chars(12_000)})


def _section(surface: Surface) -> Record:
    return _block(
        "section",
        NONE,
        {
            "text": text(3000),
            "fields": ListOf(text(2000), most=10),
            "accessory": by_type("section", surface),
            "expand": Flag(),
        },
        _text_or_fields,
    )


def _context(surface: Surface) -> Record:
    # Slack names no limit for one text in a context: a section's is the nearest it does name.
    elements = ByType({**text(3000).shapes, **placed("context", surface)})
    return _block("context", {"elements": ListOf(elements, most=10)})


def _actions(surface: Surface) -> Record:
    return _block("actions", {"elements": ListOf(by_type("actions", surface), most=25)})


def _input(surface: Surface) -> Record:
    return _block(
        "input",
        {"label": plain(2000), "element": by_type("input", surface)},
        {"hint": plain(2000), "optional": Flag(), "dispatch_action": Flag()},
        _no_dispatch_of_files,
    )


def blocks_of(surface: Surface) -> ByType:
    """Describe any one block of those this surface may hold."""
    shapes: dict[str, Record] = {
        "section": _section(surface),
        "context": _context(surface),
        "actions": _actions(surface),
        "input": _input(surface),
        "divider": DIVIDER,
        "header": HEADER,
        "image": IMAGE,
        "rich_text": RICH_TEXT,
    }
    if surface == "message":
        shapes["markdown"] = MARKDOWN
    return ByType(shapes)


def elements_of(block: Mapping[str, Any], at: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Yield the elements of a block that fits, each with its JSON pointer."""
    for name in ("element", "accessory"):
        if name in block:
            yield block[name], f"{at}/{name}"
    if block["type"] in {"actions", "context"}:
        for index, element in enumerate(block["elements"]):
            yield element, f"{at}/elements/{index}"
