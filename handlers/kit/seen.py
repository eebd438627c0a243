"""What people see of a message: where it has blocks, Slack shows those, and `text` is only their notification. Pure."""

from collections.abc import Iterable
from typing import Any, Final

Json = dict[str, Any]

STAND_IN: Final = "This content can't be displayed."
"""What Slack puts into `text` where an integration sent none."""


def texts_seen(message: Json) -> list[str]:
    """The text of a message, and what its blocks say beyond it; attachments are left out.

    Of people's own messages Slack makes blocks that say the same as the text: they are read only where it is empty.
    """
    text = str(message.get("text") or "")
    known = "" if text.strip().rstrip(".") == STAND_IN.rstrip(".") else text
    if known.strip() and not _is_integration(message):
        return [known]
    return [known, *(said for said in block_texts(message.get("blocks") or ()) if said not in known)]


def block_texts(blocks: Iterable[Json]) -> list[str]:
    """What blocks say, from top to bottom: headers, sections with fields, contexts and rich text; no buttons."""
    return [said for block in blocks for said in _said(block) if said.strip()]


def _is_integration(message: Json) -> bool:
    return bool(message.get("bot_id")) or message.get("subtype") == "bot_message"


def _said(block: Json) -> list[str]:
    if block.get("type") == "rich_text":
        return [_rich(part) for part in block.get("elements") or ()]
    of_context = block.get("elements") if block.get("type") == "context" else ()
    return [_plain(part) for part in (block.get("text"), *(block.get("fields") or ()), *(of_context or ()))]


def _plain(part: object) -> str:
    """A text object's words; a markdown block has them bare."""
    return str((part.get("text") if isinstance(part, dict) else part) or "")


def _rich(element: Json) -> str:
    """The words of a part of rich text; of a link, its address and its words."""
    parts = element.get("elements")
    if parts is not None:
        between = "\n" if element.get("type") == "rich_text_list" else ""
        return between.join(_rich(part) for part in parts)
    words = str(element.get("text") or "")
    return f"<{element['url']}|{words}>" if words and element.get("url") else str(element.get("url") or words)
