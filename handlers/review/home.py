"""The App Home of satisfaction reviews: the beginning of the manager's queue."""

from collections.abc import Sequence
from datetime import datetime

from handlers.kit.blocks import Block
from handlers.kit.context import Desk
from handlers.kit.permissions import Managers
from handlers.review import queue
from workflows.review.model import KIND, WAITING, ReviewCase

MOST_OPEN = 2000


def blocks(desk: Desk, user: str, now: datetime) -> Sequence[Block]:
    """What a manager sees of reviews; others see nothing of them."""
    return queue.home(waiting(desk, user), desk.policy, now) if Managers(desk.policy, desk.slack).includes(user) else []


def waiting(desk: Desk, user: str) -> list[ReviewCase]:
    """What waits for this manager (Slack id), in the order of the queue."""
    return queue.ordered(desk.engine.cases.in_states(KIND, WAITING, MOST_OPEN), user)
