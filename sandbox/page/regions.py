"""The page as PyView sends it: regions that are each sent only when they changed."""

from collections.abc import Sequence
from typing import Any

import htpy as h

BEFORE = '<div class="window" phx-window-keydown="menu-close" phx-key="Escape">'
AFTER = "</div>"


class Regions:
    """Drawn regions, side by side in one element."""

    def __init__(self, regions: Sequence[h.Node]) -> None:
        self._regions = [str(h.fragment[region]) for region in regions]

    def tree(self) -> dict[str, Any]:
        """As LiveView's protocol has it: what never changes (`s`), and by number what may."""
        between = [""] * (len(self._regions) - 1)
        return {"s": [BEFORE, *between, AFTER], **{str(number): html for number, html in enumerate(self._regions)}}

    def text(self, socket: object = None) -> str:
        """As the first answer has it, before the socket is open."""
        del socket
        return BEFORE + "".join(self._regions) + AFTER
