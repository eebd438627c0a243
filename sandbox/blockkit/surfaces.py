"""Whole messages and views, as chat.* and views.* take or refuse them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.blockkit.blocks import blocks_of, elements_of
from sandbox.blockkit.objects import plain
from sandbox.blockkit.shapes import ByType, Chars, Flag, ListOf, Shape, ShapeFault, typed

UPDATE_TEXT = 4000
VIEW_BYTES = 250_000

# Slack refuses long messages with `msg_blocks_too_long` and publishes no number. People measured: about
# 13 200 characters of text, and a little for each block; these two agree with all they reported.
MESSAGE_TEXT = 13_200
BLOCK_COST = 50


@dataclass(frozen=True)
class Problem:
    """Why Slack would refuse a call: `error`, and the lines of its `response_metadata.messages`."""

    error: str
    messages: tuple[str, ...] = ()


def _problem(error: str, faults: Sequence[ShapeFault]) -> Problem | None:
    return Problem(error, tuple(map(str, faults))) if faults else None


def check_message(blocks: Any, text: Any, *, updating: bool = False) -> Problem | None:
    """Say what Slack would find wrong with a message of these blocks (decoded JSON) and this text.

    For chat.postMessage, chat.postEphemeral and a response_url; with `updating` for chat.update, which
    refuses a text above 4000 characters where the others cut it above 40 000.
    """
    return _check_text(blocks, text, updating=updating) or _check_blocks(blocks)


def _check_text(blocks: Any, text: Any, *, updating: bool) -> Problem | None:
    if text is not None and not isinstance(text, str):
        return _problem("invalid_arguments", [ShapeFault("must provide a string", "/text")])
    if not (text or "").strip() and not blocks:
        return Problem("no_text")
    if updating and len(text or "") > UPDATE_TEXT:
        return Problem("msg_too_long")
    return None


def _check_blocks(blocks: Any) -> Problem | None:
    if blocks is None:
        return None
    if not isinstance(blocks, list):
        return Problem("invalid_blocks_format")
    wrong = [*MESSAGE_BLOCKS(blocks, "/blocks")] or [*_ids(blocks, "/blocks")]
    if not wrong and _length(blocks) + BLOCK_COST * len(blocks) > MESSAGE_TEXT:
        return Problem("msg_blocks_too_long")
    return _problem("invalid_blocks", wrong)


def _length(value: Any) -> int:
    """Count the characters of all texts inside."""
    if isinstance(value, list):
        return sum(map(_length, value))
    if not isinstance(value, dict):
        return 0
    own = value.get("text")
    return len(own) if isinstance(own, str) else sum(map(_length, value.values()))


def check_view(view: Any) -> Problem | None:
    """Say what Slack would find wrong with this view (decoded JSON), a modal or a Home tab.

    For views.open, push, update and publish, and for the view in an answer with a `response_action`.
    """
    wrong = [*VIEW(view, "/view")] or [*_across(view)]
    if not wrong and len(json.dumps(view)) > VIEW_BYTES:
        return Problem("view_too_large")
    return _problem("invalid_arguments", wrong)


def _across(view: Mapping[str, Any]) -> Iterator[ShapeFault]:
    """Check what holds between the parts of a view when each fits by itself."""
    yield from _submit(view)
    yield from _ids(view["blocks"], "/view/blocks")
    yield from _focus(view["blocks"])


def _submit(view: Mapping[str, Any]) -> Iterator[ShapeFault]:
    if view["type"] != "modal" or "submit" in view:
        return
    for index, block in enumerate(view["blocks"]):
        if block["type"] == "input":
            yield ShapeFault("must define `submit` to use an `input` block in modals", f"/view/blocks/{index}/input")


def _focus(blocks: Sequence[Mapping[str, Any]]) -> Iterator[ShapeFault]:
    focused = [
        at
        for index, block in enumerate(blocks)
        for element, at in elements_of(block, f"/view/blocks/{index}")
        if element.get("focus_on_load")
    ]
    for at in focused[1:]:
        yield ShapeFault("only one element can set `focus_on_load`", f"{at}/focus_on_load")


def _ids(blocks: Sequence[Mapping[str, Any]], at: str) -> Iterator[ShapeFault]:
    """Block ids are unique on a surface, action ids within a block."""
    yield from _unique("block_id", [(block, f"{at}/{index}") for index, block in enumerate(blocks)])
    for index, block in enumerate(blocks):
        yield from _unique("action_id", [*elements_of(block, f"{at}/{index}")])


def _unique(name: str, parts: Sequence[tuple[Mapping[str, Any], str]]) -> Iterator[ShapeFault]:
    seen: set[str] = set()
    for part, at in parts:
        own = part.get(name)
        if own in seen:
            yield ShapeFault(f'`{name}` "{own}" already exists', f"{at}/{name}")
        elif own is not None:
            seen.add(own)


MESSAGE_BLOCKS = ListOf(blocks_of("message"), most=50, least=0)

OF_EVERY_VIEW: Mapping[str, Shape] = {
    "private_metadata": Chars(3000, blank=True),
    "callback_id": Chars(255, blank=True),
    "external_id": Chars(255, blank=True),
}
OF_MODALS: Mapping[str, Shape] = {
    **OF_EVERY_VIEW,
    "submit": plain(24),
    "close": plain(24),
    "clear_on_close": Flag(),
    "notify_on_close": Flag(),
}
VIEW = ByType(
    {
        "modal": typed(
            "modal", {"title": plain(24), "blocks": ListOf(blocks_of("modal"), most=100, least=0)}, OF_MODALS
        ),
        "home": typed("home", {"blocks": ListOf(blocks_of("home"), most=100, least=0)}, OF_EVERY_VIEW),
    }
)
