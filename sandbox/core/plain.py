"""Blocks and mrkdwn as the text a person reads."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.core.forms import VALUE_KEYS, Values
from sandbox.core.model import Json

TOKEN = re.compile(r"<([^<>]*)>")
MARKS = re.compile(r"(?<![\w*_~`])([*_~`])(?=\S)([^\n]*?\S)\1(?![\w*_~`])")
DATE_FORMATS = {
    "date_num": "%Y-%m-%d",
    "date": "%B %-d, %Y",
    "date_short": "%b %-d, %Y",
    "date_long": "%A, %B %-d, %Y",
    "date_pretty": "%B %-d, %Y",
    "date_short_pretty": "%b %-d, %Y",
    "date_long_pretty": "%A, %B %-d, %Y",
    "time": "%H:%M",
    "time_secs": "%H:%M:%S",
    "day_divider_pretty": "%A, %B %-d",
}


class Reader:
    """Renders for one person: names instead of ids, dates in the person's time zone (an IANA name)."""

    def __init__(self, name_of: Callable[[str], str], time_zone: str) -> None:
        """`name_of` turns the id of a user, channel or user group into its name."""
        self._name_of = name_of
        self._zone = ZoneInfo(time_zone)

    def mrkdwn(self, text: str) -> str:
        """Render mrkdwn: mentions, links and dates as they read, without the marks for bold and so on."""
        shown = TOKEN.sub(lambda match: self._token(match[1]), text)
        for _ in range(2):  # *_both_*
            shown = MARKS.sub(r"\2", shown)
        return unescape(shown)

    def _token(self, token: str) -> str:
        body, _, label = token.partition("|")
        if body.startswith("!date^"):
            return self._date(body, label)
        if body.startswith("!subteam^"):
            return "@" + self._name_of(body.removeprefix("!subteam^"))
        if body.startswith("!"):
            return "@" + body.removeprefix("!")
        if body.startswith(("@", "#")):
            return body[0] + self._name_of(body[1:])
        return f"{label} ({body.removeprefix('mailto:')})" if label else body

    def _date(self, body: str, fallback: str) -> str:
        parts = body.split("^")
        try:
            moment = datetime.fromtimestamp(int(parts[1]), tz=UTC).astimezone(self._zone)
            form = parts[2]
        except (ValueError, IndexError, OverflowError):
            return fallback
        return re.sub(r"\{(\w+)\}", lambda m: moment.strftime(DATE_FORMATS.get(m[1], m[0])), form)

    def text(self, thing: Any) -> str:
        """Render a text object."""
        if not isinstance(thing, dict):
            return ""
        raw = str(thing.get("text", ""))
        return self.mrkdwn(raw) if thing.get("type") == "mrkdwn" else raw

    def blocks(self, blocks: list[Json], values: Values | None = None) -> str:
        """Render blocks, a line or several for each; `values` are what stands in a form's elements."""
        return "\n".join(line for block in blocks if (line := self._block(block, values or {})))

    def _block(self, block: Json, values: Values) -> str:
        kind = block["type"]
        state = values.get(str(block.get("block_id")), {})
        if kind == "divider":
            return "---"
        if kind in {"header", "markdown"}:
            return self.text(block["text"]) if kind == "header" else str(block["text"])
        if kind == "image":
            return f"[image: {block.get('alt_text', '')}]"
        if kind == "input":
            return self._input(block, state)
        if kind == "rich_text":
            return self._rich(block)
        parts = [self.text(block.get("text")), *map(self.text, block.get("fields", []))]
        elements = [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]
        inline = " ".join(self._element(element, state) for element in elements)
        return "\n".join(part for part in [*parts, inline] if part)

    def _input(self, block: Json, state: dict[str, Json]) -> str:
        element = block["element"]
        lines = [f"{self.text(block['label'])}: {self._value(element, state) or ''}".rstrip()]
        offered = element.get("options", []) if element["type"] in {"radio_buttons", "checkboxes"} else []
        lines += [f"  ( ) {self._option(option)}" for option in offered]
        lines += [f"  {self.text(block['hint'])}"] if "hint" in block else []
        return "\n".join(lines)

    def _option(self, option: Json) -> str:
        description = self.text(option.get("description"))
        return self.text(option["text"]) + (f" - {description}" if description else "")

    def _element(self, element: Json, state: dict[str, Json]) -> str:
        kind = element["type"]
        if kind in {"mrkdwn", "plain_text"}:
            return self.text(element)
        if kind == "image":
            return f"[image: {element.get('alt_text', '')}]"
        if kind == "overflow":
            return "[...]"
        label = self.text(element.get("text")) or self._value(element, state)
        return f"[{label or self.text(element.get('placeholder')) or kind}]"

    def _value(self, element: Json, state: dict[str, Json]) -> str:
        """Render what an element holds."""
        held = state.get(str(element.get("action_id")), {})
        value = held.get(VALUE_KEYS.get(element["type"], ""))
        several = value if isinstance(value, list) else [value]
        return ", ".join(self._held(element["type"], one) for one in several if one is not None)

    def _held(self, kind: str, value: Any) -> str:
        if isinstance(value, dict) and "text" in value:
            return self.text(value["text"])
        return self._name_of(str(value)) if "users" in kind or "channels" in kind else str(value)

    def _rich(self, element: Any) -> str:
        """Render rich text: its leaves, in order."""
        kind = element.get("type")
        if kind == "text":
            return str(element["text"])
        if kind == "link":
            return self._token(element["url"] + ("|" + element["text"] if element.get("text") else ""))
        if kind in {"user", "usergroup", "channel"}:
            name = self._name_of(element.get(f"{kind}_id", ""))
            return ("#" if kind == "channel" else "@") + name
        if kind in {"broadcast", "emoji"}:
            return "@" + element["range"] if kind == "broadcast" else f":{element['name']}:"
        parts = [self._rich(part) for part in element.get("elements", [])]
        return ("\n" if kind in {"rich_text", "rich_text_list"} else "").join(parts)


def unescape(text: str) -> str:
    """Undo Slack's escaping of the three control characters."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def escape(text: str) -> str:
    """Escape the three characters that Slack gives a meaning."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mentions(text: str, blocks: list[Json]) -> list[str]:
    """Return whom a message notifies: `U...` and `S...` ids, `channel`, `here`, `everyone`."""
    found: list[str] = []
    for part in [text, *_mrkdwn_texts(blocks)]:
        for match in TOKEN.finditer(part):
            body = match[1].partition("|")[0]
            if body.startswith("@"):
                found.append(body[1:])
            elif body.startswith("!subteam^"):
                found.append(body.removeprefix("!subteam^"))
            elif body in {"!channel", "!here", "!everyone"}:
                found.append(body[1:])
    return list(dict.fromkeys(found))


def _mrkdwn_texts(thing: Any) -> list[str]:
    if isinstance(thing, list):
        return [text for part in thing for text in _mrkdwn_texts(part)]
    if not isinstance(thing, dict):
        return []
    if thing.get("type") == "mrkdwn":
        return [str(thing.get("text", ""))]
    return [text for part in thing.values() for text in _mrkdwn_texts(part)]
