"""What Slack sends, as people mean it: what stands in a modal, and what a message says."""

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any

MARKUP = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def state_values(view: dict[str, Any]) -> dict[str, str]:
    """What was typed or chosen, by block id: a text, an option's value, a person's id; empty for nothing."""
    values = (view.get("state") or {}).get("values") or {}
    return {block: _value(element) for block, elements in values.items() for element in elements.values()}


def people_chosen(body: dict[str, Any]) -> dict[str, list[str]]:
    """Who was chosen (Slack ids), by block id: in a form that was sent, or in a menu just now."""
    values = ((body.get("view") or {}).get("state") or body.get("state") or {}).get("values") or {}
    chosen = [(block, element) for block, elements in values.items() for element in elements.values()]
    if "actions" in body:
        chosen = [(str(action.get("block_id")), action) for action in body["actions"]]
    found = {block: [element.get("selected_user"), *(element.get("selected_users") or ())] for block, element in chosen}
    return {block: [str(person) for person in people if person] for block, people in found.items()}


def moment_of(ts: str) -> datetime:
    """When a message was written, by its ts, in UTC. Slack may tell of it much later."""
    seconds, _, rest = ts.partition(".")
    return datetime.fromtimestamp(int(seconds), UTC) + timedelta(microseconds=int(rest[:6].ljust(6, "0") or 0))


def deleted_message(event: dict[str, Any]) -> tuple[str, str] | None:
    """The channel's id and the ts of a message that somebody deleted; None for other events.

    Where replies hang on it, Slack tells of it as a message that was changed into a tombstone.
    """
    changed = event.get("message") or {}
    if event.get("subtype") == "message_deleted":
        return str(event.get("channel")), str(event.get("deleted_ts"))
    if event.get("subtype") == "message_changed" and changed.get("subtype") == "tombstone":
        return str(event.get("channel")), str(changed.get("ts"))
    return None


def as_read(text: str) -> str:
    """A message's text as people read it: links and mentions without Slack's mark-up."""
    return html.unescape(MARKUP.sub(_as_read, text))


def _value(element: dict[str, Any]) -> str:
    chosen = element.get("selected_option") or {}
    return str(element.get("value") or chosen.get("value") or element.get("selected_user") or "")


def _as_read(markup: re.Match[str]) -> str:
    target, label = markup[1], markup[2]
    if label and target.startswith(("http://", "https://")) and label not in target:
        return f"{label} ({target})"
    if target.startswith("!"):
        return label or f"@{target[1:]}"
    return f"{target[0]}{label}" if label and target.startswith(("@", "#")) else target
