"""The App Home of satisfaction reviews: the beginning of the manager's queue."""

from collections.abc import Sequence
from datetime import datetime

from handlers.kit.blocks import Block
from handlers.kit.context import Desk
from handlers.kit.permissions import Managers
from handlers.review import queue
from workflows.review.model import KIND


def blocks(desk: Desk, user: str, now: datetime) -> Sequence[Block]:
    """What a manager sees of reviews; others see nothing of them."""
    if not Managers(desk.policy, desk.slack).includes(user):
        return []
    return queue.home(desk.engine.cases.queue(KIND, user, page=0, size=queue.IN_HOME), desk.policy, now)
