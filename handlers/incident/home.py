"""The incidents in the App Home."""

from collections.abc import Sequence
from datetime import datetime

from handlers.incident import listing, messages
from handlers.kit.blocks import Block, context, divider, section
from handlers.kit.context import Desk

MOST_SHOWN = 10


def blocks(desk: Desk, user: str, now: datetime) -> Sequence[Block]:
    """The open incidents, one's own first; nothing when there is none."""
    cases = messages.open_cases(desk)
    if not cases:
        return []
    own = [case for case in cases if listing.is_of(case, user)]
    ordered = [*own, *(case for case in cases if case not in own)]
    lines = [section(listing.line(case, desk.policy, now)) for case in ordered[:MOST_SHOWN]]
    more = [context(f"…and {len(cases) - MOST_SHOWN} more: `/incident list`.")] if len(cases) > MOST_SHOWN else []
    return [section(f"*Open incidents: {len(cases)}*"), *lines, *more, divider()]
