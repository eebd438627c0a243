"""The requests in the App Home: mine, what waits for me first, with its buttons."""

from collections.abc import Sequence
from datetime import datetime

from handlers.kit.blocks import Block, actions, context, divider, section
from handlers.kit.context import Desk
from handlers.request import cards, texts
from workflows.contract.case_effects import SummarizeCases
from workflows.contract.events import CaseSummary
from workflows.request.model import KIND, RequestCase

MOST_SHOWN = 8


def blocks(desk: Desk, user: str, now: datetime) -> Sequence[Block]:
    """What somebody asked Support Operations for, while it is underway; nothing where there is none."""
    asked = SummarizeCases(purpose="home", kinds=(KIND,), owner=user, since=now)
    found = [one for one in desk.engine.cases.summaries(asked, desk.policy, now).cases if one.is_open]
    if not found or not desk.may_read({"user": {"id": user}}):
        return []
    ordered = sorted(found, key=lambda one: one.waits_for != "you")
    shown = [block for one in ordered[:MOST_SHOWN] for block in _one(desk, one)]
    more = [context(f"…and {len(found) - MOST_SHOWN} more: `/supportops list`.")] if len(found) > MOST_SHOWN else []
    return [section(f"*Your requests to Support Operations: {len(found)}*"), *shown, *more, divider()]


def _one(desk: Desk, one: CaseSummary) -> list[Block]:
    case = desk.engine.cases.read(one.id) if one.waits_for == "you" else None
    buttons = cards.waiting_buttons(case) if isinstance(case, RequestCase) else []
    return [section(texts.line(one)), *actions(buttons)]
