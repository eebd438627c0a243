"""Slack's rich text as HTML: what the composer makes, and what apps may send."""

import htpy as h

from sandbox.core.model import Json
from sandbox.page.reading import Reading, emoji, lines, link

STYLES = {"code": h.code, "strike": h.s, "italic": h.em, "bold": h.strong}


def rich_text(reading: Reading, part: Json) -> h.Node:
    """A part of a rich text block, with everything inside it."""
    inside: list[h.Node] = [rich_text(reading, one) for one in part.get("elements", [])]
    match part["type"]:
        case "rich_text_section":
            return h.p[inside]
        case "rich_text_list":
            rows = [h.li[one] for one in inside]
            return h.ol[rows] if part.get("style") == "ordered" else h.ul[rows]
        case "rich_text_quote":
            return h.blockquote[inside]
        case "rich_text_preformatted":
            return h.pre[inside]
    return _leaf(reading, part)


def _leaf(reading: Reading, leaf: Json) -> h.Node:
    shown: h.Node
    match leaf["type"]:
        case "link":
            shown = link(leaf["url"], leaf.get("text") or leaf["url"])
        case "user" | "usergroup" | "channel" as kind:
            sign = "#" if kind == "channel" else "@"
            shown = h.span(".mention")[sign + reading.name_of(leaf[f"{kind}_id"])]
        case "broadcast":
            shown = h.span(".mention.mine")["@" + leaf["range"]]
        case "date":
            token = f"<!date^{leaf['timestamp']}^{leaf['format']}|{leaf.get('fallback', '')}>"
            shown = list(reading.inline(token))
        case "emoji":
            shown = emoji(f":{leaf['name']}:")
        case _:
            shown = lines(str(leaf.get("text", "")))
    for style, tag in STYLES.items():
        if leaf.get("style", {}).get(style):
            shown = tag[shown]
    return shown
