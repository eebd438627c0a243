"""JSON that came from outside, read so that whatever is in it can be saved and sent again."""

import json
import re
from typing import Any, Final

_NOT_STORABLE: Final = re.compile(r"\\u(?:d[89a-f]|0000)", re.IGNORECASE)
"""An escape that may be half a character, or NUL, which a database refuses."""


def read(text: str | bytes) -> Any:  # noqa: ANN401 - what JSON holds
    """What a text of JSON holds. `ValueError` for everything that is none, nested too deeply, or a number too long."""
    written = text if isinstance(text, str) else text.decode()
    try:
        found = json.loads(written)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return _storable(found) if _NOT_STORABLE.search(written) else found


def storable(text: str) -> str:
    """A text without halves of characters (which are left when a text is cut inside one) and NUL."""
    return text.encode(errors="replace").decode().replace("\0", "")


def _storable(value: Any) -> Any:  # noqa: ANN401 - what JSON holds
    match value:
        case str():
            return storable(value)
        case list():
            return [_storable(part) for part in value]
        case dict():
            return {storable(key): _storable(part) for key, part in value.items()}
    return value
