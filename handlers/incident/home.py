"""The incidents in the App Home."""

from collections.abc import Sequence
from datetime import datetime

from handlers.incident import messages, texts
from handlers.kit.blocks import Block, context, divider, section
from handlers.kit.context import Desk

MOST_SHOWN = 10


def blocks(desk: Desk, user: str, _now: datetime) -> Sequence[Block]:
    """The open incidents, one's own first; nothing for guests, and nothing when there is none."""
    cases = messages.open_cases(desk)
    if not cases or desk.outsider({"user": {"id": user}}):
        return []
    own = [case for case in cases if user in {case.owner, case.reporter, case.contact}]
    ordered = [*own, *(case for case in cases if case not in own)]
    lines = [section(texts.line(case, desk.policy)) for case in ordered[:MOST_SHOWN]]
    more = [context(f"…and {len(cases) - MOST_SHOWN} more: `/incident list`.")] if len(cases) > MOST_SHOWN else []
    return [section(f"*Open incidents: {len(cases)}*"), *lines, *more, divider()]
