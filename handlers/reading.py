"""What stands in a modal when it is sent, in one form for all kinds of questions."""

from typing import Any


def state_values(view: dict[str, Any]) -> dict[str, str]:
    """What was typed or chosen, by block id: a text, an option's value, a person's id; empty for nothing."""
    values = (view.get("state") or {}).get("values") or {}
    return {block: _value(element) for block, elements in values.items() for element in elements.values()}


def _value(element: dict[str, Any]) -> str:
    chosen = element.get("selected_option") or {}
    return str(element.get("value") or chosen.get("value") or element.get("selected_user") or "")
