"""The App Home of feedback: calls for a manager that nobody has taken yet. Nothing is more urgent."""

from collections.abc import Sequence
from datetime import datetime

from handlers.feedback import cards
from handlers.kit.blocks import Block, context, divider, section
from handlers.kit.context import Desk
from handlers.kit.permissions import Managers
from workflows.feedback.model import KIND, WAITING_CALL, FeedbackCase

SHOWN = 5


def blocks(desk: Desk, user: str, _now: datetime) -> Sequence[Block]:
    """The calls a manager may take, threats first; for others, their own."""
    waiting: list[FeedbackCase] = desk.engine.cases.following(KIND, WAITING_CALL)
    if not Managers(desk.policy, desk.slack).includes(user):
        waiting = [case for case in waiting if case.call and user in {case.submitter, *case.call.notified}]
    waiting.sort(key=lambda case: (not (case.call and case.call.threat), case.id))
    if not waiting:
        return []
    shown = [block for case in waiting[:SHOWN] for block in cards.waiting_call(case, desk.policy, user)]
    more = len(waiting) - SHOWN
    rest = [context(f"… and {more} more.")] if more > 0 else []
    return [section("*A manager is called*"), *shown, *rest, divider()]
